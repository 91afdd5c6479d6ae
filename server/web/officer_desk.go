package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerDeskPage is an officer's own desk: keys, absence, saved views.
type officerDeskPage struct {
	Base
	Keys    []keyHelp
	KeysOn  Choices
	Away    DateInput
	IsAway  string
	Save    Button
	Here    *Button // end the absence
	Views   []savedViewLine
	Routing *Link
}

type savedViewLine struct {
	Link
	ID     string
	Shared string // "" = nobody else sees it
	Own    bool
	Remove Button
}

// OfficerDesk shows it.
func (w *Web) OfficerDesk(c *fiber.Ctx) error {
	p, err := w.officerDesk(c, nil, nil)
	return shown(w, c, "officer-desk", p, err)
}

func (w *Web) officerDesk(c *fiber.Ctx, f *Form, invalid error) (*officerDeskPage, error) {
	d, err := w.Service.MyDesk(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	views, err := w.Service.SavedViews(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	if d.Away.Before(w.now()) {
		d.Away = consult.OfficerDesk{}.Away
	}
	return drawOfficerDesk(w.StaffBase(c, "desk.own_title").WithErrors(invalid), d, views, f), nil
}

func drawOfficerDesk(b Base, d consult.OfficerDesk, views []consult.SavedView, f *Form) *officerDeskPage {
	p := &officerDeskPage{Base: b, Keys: b.keys(), Save: Button{Text: b.T("site.save")}}
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Styles = append(p.Styles, deskStyle)
	on := "on"
	if d.KeysOff {
		on = "off"
	}
	f = values(f, map[string]string{"keys": on})
	p.KeysOn = Radios(&p.Base, f, "keys", "desk.keys", []string{"on", "off"}, "desk.keys_")
	p.Away = p.DateInput(f, "away", "desk.away")
	if !d.Away.IsZero() {
		p.IsAway = p.Language.Date(d.Away.Add(-1))
		p.Here = &Button{Text: p.T("desk.back_here"), Name: "here", Value: "yes", Secondary: true}
	}
	for _, v := range views {
		query, _ := savedFilter(v)
		line := savedViewLine{Link: Link{Href: "/officer?" + viewQuery(query).Encode(), Text: v.Name}, ID: v.ID.String(), Own: v.Officer == p.Actor.ID,
			Remove: Button{Text: p.T("desk.view_remove"), Secondary: true}}
		if v.Service != "" {
			line.Shared = p.T("desk.view_shared", "service", v.Service)
		}
		p.Views = append(p.Views, line)
	}
	if p.Can(string(consult.Route)) {
		p.Routing = &Link{Href: "/officer/routing", Text: p.T("routing.title")}
	}
	return p
}

// OfficerDeskSave keeps whether single keys work, and until when the officer is away.
func (w *Web) OfficerDeskSave(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	away := f.Date("away")
	own, err := w.Service.MyDesk(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	if away == "" && !f.Has("here") && own.Away.After(w.now()) { // saving the keys does not end an absence
		away = w.Service.Calendar().Day(own.Away.Add(-1))
	}
	if f.Has("here") {
		away = ""
	}
	keys := Choose(f, "keys", []string{"on", "off"})
	err = f.Err("set up own desk")
	if err == nil {
		err = w.Service.SetMyDesk(c.UserContext(), w.actor(c), away, keys == "off")
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerDesk(c, f, err)
		return shown(w, c, "officer-desk", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/desk", fiber.StatusSeeOther)
}

// SaveView keeps a filter of the inbox under a name.
func (w *Web) SaveView(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	name, share := f.Line("name", consult.MaxViewName), len(ChooseMany(f, "share", []string{"yes"})) > 0
	query := viewQuery(f)
	for _, name := range append([]string{"view"}, filterNames...) {
		f.Has(name)
	}
	err = f.Err("save view")
	if err == nil {
		_, err = w.Service.SaveView(c.UserContext(), w.actor(c), name, query.Encode(), share)
	}
	if consult.KindOf(err) == consult.Closed {
		f.Fail("name", "views_many", "max", consult.MaxViews)
		err = f.Err("save view")
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.inboxView(c, f, err)
		return shown(w, c, "inbox", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer?"+query.Encode(), fiber.StatusSeeOther)
}

// RemoveView forgets one of the officer's own.
func (w *Web) RemoveView(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err := w.Service.RemoveView(c.UserContext(), w.actor(c), id); err != nil {
		return err
	}
	return c.Redirect("/officer/desk#views", fiber.StatusSeeOther)
}
