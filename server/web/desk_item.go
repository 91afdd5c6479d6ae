package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// deskItemPage is the desk's side of an item: to whom it belongs, until when it rests, what colleagues wrote about it.
type deskItemPage struct {
	Base
	deskTools
	Item     string
	Open     Link // the comment or thread itself
	Subject  Link
	About    []string
	With     string
	Rests    string
	Mine     bool
	Version  int
	Path     string
	Changed  string // who was faster, and what it is now; "" = nobody
	Back2    string // the list to come back to
	Wake     *Button
	Off      Button
	Body     TextArea // a note
	Mentions Choices
	Key      string
	NoteGo   Button
	Notes    []noteView
	Pages    Pagination
	Timeline Link
}

// noteView is what a colleague wrote.
type noteView struct {
	Who, At string
	Body    string // "" = forgotten
	Act     bool   // it explains a hand-over
	Named   []string
}

// DeskItem shows it.
func (w *Web) DeskItem(c *fiber.Ctx) error {
	p, err := w.deskItem(c, nil, nil)
	return shown(w, c, "officer-item", p, err)
}

// deskItem draws the page again with what was typed and what is wrong with it: a broken rule, or somebody who was faster.
func (w *Web) deskItem(c *fiber.Ctx, f *Form, wrong error) (*deskItemPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	query := ReadQuery(c)
	number := PageNumber(query)
	file, err := w.Service.DeskFile(c.UserContext(), w.actor(c), id, (number-1)*consult.NotesPerPage)
	if err != nil {
		return nil, err
	}
	own, err := w.Service.MyDesk(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "desk.item_title", "item", file.Item.String()).WithErrors(wrong)
	p := drawDeskItem(b, file, deskRead{Choices: choicesOf{Colleagues: file.Colleagues}, Desk: own, Now: w.now()}, f, number)
	if consult.KindOf(wrong) == consult.Conflict {
		p.Changed = p.T("desk.faster", "who", p.who(file.ChangedBy, file.Colleagues), "at", p.Language.DateTime(file.ChangedAt), "with", p.With)
	}
	from := f
	if f == nil {
		from = query
	}
	p.Back2 = backOf(from, "/officer")
	p.Back = &Link{Href: p.Back2, Text: p.T("inbox.back")}
	p.Here = p.Path + "?" + url.Values{"back": {p.Back2}}.Encode()
	p.Done, err = w.doneOf(c, query)
	return p, err
}

func drawDeskItem(b Base, file consult.DeskFile, read deskRead, f *Form, number int) *deskItemPage {
	p := &deskItemPage{Base: b, Item: file.Item.String(), Path: itemHref(file.Item), Version: file.Version}
	p.Demo = p.Demo || file.Matter.Demo
	p.deskTools = p.tools(read, p.Path)
	p.Subject = Link{Href: "/officer/consultations/" + file.Matter.ID.String(), Text: file.Matter.Title}
	if file.What == consult.DeskDialog {
		p.Open = Link{Href: threadHref(file.Item, 0), Text: file.Thread.Title}
		if file.Thread.Title == "" {
			p.Open.Text = p.T("desk.open_thread")
		}
	} else {
		p.Open = Link{Href: "/officer/comments/" + file.Item.String(), Text: p.T("desk.open_comment")}
		p.About = append(p.About, p.T("comment_state."+string(file.Comment.State)))
	}
	lies := file.Assignment
	lies.Service = file.Whose()
	p.With, p.Mine = p.with(lies, file.Colleagues), lies.Officer == p.Actor.ID && p.Actor.ID != 0
	if lies.Snoozed.After(read.Now) {
		p.Rests = p.T("desk.rests", "at", p.Language.DateTime(lies.Snoozed))
		p.Wake = &Button{Text: p.T("desk.wake"), Name: "do", Value: string(consult.ActWake), Secondary: true}
	}
	p.Off = Button{Text: p.T("desk.bulk_off"), Name: "do", Value: string(consult.ActOff), Secondary: true}
	p.To = p.toSelect(f, file.Colleagues)
	p.Note = p.TextArea(f, "note", "desk.note", consult.MaxNote)
	p.Note.Rows = 3
	p.Snoozes, p.Day, p.Hour = p.snoozes(f)
	p.drawNotes(file, f, number)
	p.Timeline = Link{Href: p.Path + "/timeline", Text: p.T("desk.timeline")}
	p.Scripts = append(p.Scripts, deskScript)
	p.Styles = append(p.Styles, deskStyle)
	return p
}

func (p *deskItemPage) drawNotes(file consult.DeskFile, f *Form, number int) {
	p.Body = p.TextArea(f, "body", "desk.note_body", consult.MaxNote)
	p.Body.Rows = 4
	p.Mentions = Choices{Field: p.field("mention", "desk.mention")}
	for _, c := range file.Colleagues {
		if c.Gone || c.ID == p.Actor.ID {
			continue
		}
		choice := Choice{Value: c.ID.String(), Label: p.colleague(c)}
		for _, v := range f.Values("mention") {
			choice.Checked = choice.Checked || v == choice.Value
		}
		p.Mentions.Choices = append(p.Mentions.Choices, choice)
	}
	if p.Key = f.Value(keyField); p.Key == "" {
		p.Key = NewKey()
	}
	p.NoteGo = Button{Text: p.T("desk.note_go")}
	for _, n := range file.Notes {
		v := noteView{Who: p.who(n.By, file.Colleagues), At: p.Language.DateTime(n.At), Body: n.Body, Act: n.Act != 0}
		for _, m := range n.Mentions {
			v.Named = append(v.Named, p.who(m, file.Colleagues))
		}
		p.Notes = append(p.Notes, v)
	}
	p.Pages = Paginate(number, file.Total, consult.NotesPerPage, url.Values{})
}

// WorkOnItem assigns, hands over, snoozes or wakes one item.
func (w *Web) WorkOnItem(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	file, err := w.Service.DeskFile(c.UserContext(), w.actor(c), id, 0)
	if err != nil {
		return err
	}
	o := w.readOrder(c, f)
	o.Items, o.Version = []consult.ID{file.Item}, -1
	if version, err := strconv.Atoi(f.Value("version")); err == nil {
		f.Has("version")
		o.Version = version
	}
	done, err := consult.DeskDone{}, f.Err("work on item")
	if err == nil {
		done, err = w.Service.WorkOn(c.UserContext(), w.actor(c), o)
	}
	return w.deskItemDone(c, f, doneQuery("did", done), err)
}

// WriteNote keeps a note about an item.
func (w *Web) WriteNote(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	in := consult.NoteInput{Item: id, Body: f.Text("body", consult.MaxNote), Key: f.Key()}
	for _, v := range f.Values("mention") {
		officer, err := consult.ParseID(v)
		if err != nil {
			f.Fail("mention", "choice")
			break
		}
		in.Mentions = append(in.Mentions, officer)
	}
	f.Has("mention")
	err = f.Err("write note")
	if err == nil {
		err = w.Service.WriteNote(c.UserContext(), w.actor(c), in)
	}
	if err == nil {
		return c.Redirect(itemHref(id)+"?"+url.Values{"back": {backOf(f, "/officer")}}.Encode()+"#notes", fiber.StatusSeeOther)
	}
	return w.deskItemDone(c, f, nil, err)
}

func (w *Web) deskItemDone(c *fiber.Ctx, f *Form, told url.Values, err error) error {
	if kind := consult.KindOf(err); err != nil && (kind == consult.Invalid || kind == consult.Conflict) {
		p, failed := w.deskItem(c, f, err)
		if failed != nil {
			return failed
		}
		return w.Pages.Page(c, Status(kind, c.Method()), "officer-item", p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(backWith(backOf(f, "/officer"), told), fiber.StatusSeeOther)
}

// readOrder reads what is to be done, whatever the items.
func (w *Web) readOrder(c *fiber.Ctx, f *Form) consult.DeskOrder {
	o := consult.DeskOrder{Kind: consult.DeskActKind(f.Line("do", 20)), Note: f.Text("note", consult.MaxNote)}
	f.Has("back")
	switch o.Kind {
	case consult.ActAssign:
		w.readTo(c, f, &o)
	case consult.ActSnooze:
		o.Day, o.Hour = f.Date("day"), westernDigits(f.Line("hour", 5))
		if name := Choose(f, "until", snoozeDays); name != "" {
			o.Day, o.Hour = snoozeDay(name, w.today(), w.Service.Calendar()), ""
		}
	}
	return o
}

// readTo reads who gets it.
func (w *Web) readTo(c *fiber.Ctx, f *Form, o *consult.DeskOrder) {
	to := f.Line("to", 200)
	switch service, isService := strings.CutPrefix(to, "service:"); {
	case to == "me":
		o.Officer = w.actor(c).ID
	case to == "nobody":
		o.Kind = consult.ActUnassign
	case isService:
		o.Kind, o.Service = consult.ActHandOver, service
	default:
		id, err := consult.ParseID(to)
		if err != nil {
			f.Fail("to", "to_required")
		}
		o.Officer = id
	}
}

// UndoWork takes back what an officer did, the latest of it where the form names nothing.
func (w *Web) UndoWork(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	var act consult.ID
	if f.Has("act") && f.Value("act") != "" {
		if act, err = f.ID("act"); err != nil {
			return err
		}
	}
	back := backOf(f, "/officer")
	done, err := w.Service.UndoWork(c.UserContext(), w.actor(c), act)
	switch {
	case err == nil:
		return c.Redirect(backWith(back, doneQuery("undid", done)), fiber.StatusSeeOther)
	case consult.KindOf(err) == consult.NotFound, consult.KindOf(err) == consult.Conflict:
		return c.Redirect(backWith(back, url.Values{"undid": {"none"}}), fiber.StatusSeeOther)
	}
	return err
}
