package web

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const flagsPath = "/officer/flags"

// flagsPage lists what waits for a moderator.
type flagsPage struct {
	Base
	Items []flaggedItem
	Pages Pagination
}

type flaggedItem struct {
	Href, Kind, Excerpt string
	Heading             Link
	Count               string // "3 readers"; "" = an objection alone
	Objection           bool
	Rules               []string
	Since               string
}

const flagsPerPage = 25

// Flags shows it.
func (w *Web) Flags(c *fiber.Ctx) error {
	number := PageNumber(ReadQuery(c))
	list, total, err := w.Service.FlagDesk(c.UserContext(), w.actor(c), (number-1)*flagsPerPage)
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "officer-flags", drawFlags(w.StaffBase(c, "officer_flags.title"), list, total, number))
}

func drawFlags(b Base, list []consult.FlaggedThing, total, number int) *flagsPage {
	p := &flagsPage{Base: b, Pages: Paginate(number, total, flagsPerPage, url.Values{})}
	for _, f := range list {
		item := flaggedItem{Href: flagsPath + "/" + f.Thing.String(), Kind: p.T("moderation." + string(f.Kind)), Excerpt: f.Excerpt, Objection: f.Objection,
			Heading: Link{Href: "/officer/consultations/" + f.Consultation.String(), Text: f.Heading}, Since: p.Language.DateTime(f.Since)}
		if f.Flags > 0 {
			item.Count = p.T("officer_flags.flags", "n", f.Flags)
		}
		for _, rule := range f.Rules {
			item.Rules = append(item.Rules, p.T("rule."+rule))
		}
		p.Items = append(p.Items, item)
	}
	return p
}

// officerFlagPage is where a moderator decides about one thing.
type officerFlagPage struct {
	Base
	Thing      thingView
	Subject    Link
	Desk       *Link // the comment on the desk
	Flags      []flagView
	Pages      Pagination
	Objections []objectionView
	Decisions  []decisionView
	Signals    []signalView
	Meanwhile  bool // somebody else decided while this was being typed
	Rule       Choices
	Reason     TextArea
	Hide       *Button
	Keep       *Button
	Restore    *Button
	Uphold     *Button
	Second     bool // the objection is for somebody else to decide
}

type flagView struct {
	Rule, Words string
	At          time.Time
	Looked      bool
}

type objectionView struct {
	Words   string
	At      time.Time
	Outcome string // "" = waits
}

// OfficerFlag shows it.
func (w *Web) OfficerFlag(c *fiber.Ctx) error { return w.officerFlag(c, nil, nil) }

func (w *Web) officerFlag(c *fiber.Ctx, f *Form, wrong error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	number := PageNumber(ReadQuery(c))
	file, err := w.Service.ThingFile(c.UserContext(), w.actor(c), id, (number-1)*flagsPerPage)
	if err != nil {
		return err
	}
	b, err := w.aboutThing(c, w.StaffBase(c, "officer_flag.title", "reference", id.String()).WithErrors(wrong), file.Thing)
	if err != nil {
		return err
	}
	p := drawOfficerFlag(b, file, f, number)
	if p.Signals, err = w.signalsAround(c, &p.Base, file.Thing.Consultation.ID, id); err != nil {
		return err
	}
	if consult.KindOf(wrong) == consult.Conflict {
		p.Meanwhile = true
		return w.Pages.Page(c, fiber.StatusConflict, "officer-flag", p)
	}
	return shown(w, c, "officer-flag", p, nil)
}

func drawOfficerFlag(b Base, file consult.ThingFile, f *Form, number int) *officerFlagPage {
	t := file.Thing
	p := &officerFlagPage{Base: b, Thing: b.thingView(t, file.Words), Decisions: b.decisionViews(file.Decisions, ""),
		Subject: Link{Href: "/officer/consultations/" + t.Consultation.ID.String(), Text: t.Consultation.Title},
		Pages:   Paginate(number, file.FlagCount, flagsPerPage, url.Values{})}
	p.Path = flagsPath + "/" + t.ID.String()
	p.Back = &Link{Href: flagsPath, Text: p.T("officer_flag.back")}
	if t.Comment != nil {
		p.Desk = &Link{Href: "/officer/comments/" + t.ID.String(), Text: p.T("officer_flag.comment")}
	}
	for _, flag := range file.Flags {
		p.Flags = append(p.Flags, flagView{Rule: p.T("rule." + flag.Rule), Words: flag.Words, At: flag.At, Looked: !flag.DecidedAt.IsZero()})
	}
	for _, o := range file.Objections {
		v := objectionView{Words: o.Words, At: o.At}
		if !o.DecidedAt.IsZero() {
			v.Outcome = p.T("moderation.act." + string(o.Outcome))
		}
		p.Objections = append(p.Objections, v)
	}
	rule, reason := t.Rule()
	f = values(f, map[string]string{"rule": rule, "reason": reason})
	p.Rule = Radios(&p.Base, f, "rule", "officer_flag.rule", consult.HideRules(), "rule.")
	p.Reason = p.TextArea(f, "reason", "officer_flag.reason", consult.MaxRuling)
	p.Reason.Rows = 4
	p.offer(file)
	return p
}

// offer shows the buttons that make sense now.
func (p *officerFlagPage) offer(file consult.ThingFile) {
	button := func(act consult.Act, key string) *Button {
		return &Button{Text: p.T(key), Name: "do", Value: string(act), Secondary: act != consult.ActHidden, Warning: act == consult.ActHidden}
	}
	t := file.Thing
	if t.Readable() || t.Message != nil && t.Message.State == consult.MessageHeld {
		p.Hide = button(consult.ActHidden, "officer_flag.hide")
	}
	if !t.Readable() && (t.Hiding != nil || t.Message != nil) {
		p.Restore = button(consult.ActRestored, "officer_flag.restore")
	}
	if file.Waiting() > 0 && t.Readable() {
		p.Keep = button(consult.ActKept, "officer_flag.keep")
	}
	if o := file.Objection(); o != nil {
		p.Second = p.Actor.Kind == consult.Signed && o.Officer == p.Actor.ID
		if !p.Second {
			p.Uphold = button(consult.ActUpheld, "officer_flag.uphold")
		}
	}
}

// OfficerDecide keeps what a moderator decides.
func (w *Web) OfficerDecide(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	m := consult.Moderation{Thing: id, Act: Choose(f, "do", []consult.Act{consult.ActHidden, consult.ActRestored, consult.ActKept, consult.ActUpheld}),
		Rule: Choose(f, "rule", consult.HideRules()), Reason: f.Text("reason", consult.MaxRuling)}
	if err = f.Err("moderate"); err == nil {
		err = w.Service.Moderate(c.UserContext(), w.actor(c), m)
	}
	if refused(err) {
		return w.officerFlag(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(flagsPath+"/"+id.String(), fiber.StatusSeeOther)
}
