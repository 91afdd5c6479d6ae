package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// deskScript is the island that lets officers work by keyboard.
const deskScript = "part/desk-keys/desk-keys.js"

// deskStyle is how the desk's pages look.
const deskStyle = "part/desk-keys/desk-keys.css"

// deskTools are what every page of the desk offers: the forms that keys open, what was done last, and how to take it back.
type deskTools struct {
	Here     string // the page's own address: forms come back to it
	KeysOff  bool
	To       Select
	Note     TextArea
	AssignGo Button
	Snoozes  []Button // the usual days
	Day      DateInput
	Hour     TextInput
	SnoozeGo Button
	Undo     Button
	Done     *actDone // what was just done; nil = nothing
	Keys     []keyHelp
	KeysAt   string // where single keys are switched off
}

// keyHelp is one key and what it does.
type keyHelp struct{ Keys, Does string }

// actDone is what an act did, in words.
type actDone struct {
	Text    string
	Skipped []Link // what was left alone, because colleagues had changed it
	More    string // how many more of these there are; "" = none
	Act     string // to undo it; "" = that was the undoing
}

// tools draws the shared forms; here is the address to come back to.
func (b *Base) tools(read deskRead, here string) deskTools {
	t := deskTools{Here: here, KeysOff: read.Desk.KeysOff, Keys: b.keys(), KeysAt: "/officer/desk#keys"}
	t.To = b.toSelect(nil, read.Choices.Colleagues)
	t.Note = b.TextArea(nil, "note", "desk.note", consult.MaxNote)
	t.Note.Rows = 3
	t.AssignGo = Button{Text: b.T("desk.assign_go")}
	t.Snoozes, t.Day, t.Hour = b.snoozes(nil)
	t.SnoozeGo = Button{Text: b.T("desk.snooze_go"), Secondary: true}
	t.Undo = Button{Text: b.T("desk.undo"), Secondary: true}
	return t
}

// toSelect is who can be given an item: oneself, a service, a colleague, nobody.
func (b *Base) toSelect(f *Form, colleagues []consult.Colleague) Select {
	s := Select{Field: b.field("to", "desk.to"), Options: []Choice{{Value: "me", Label: b.T("desk.to_me")}, {Value: "nobody", Label: b.T("desk.to_nobody")}}}
	for _, service := range consult.DeskServices(colleagues) {
		s.Options = append(s.Options, Choice{Value: "service:" + service, Label: b.T("desk.to_service", "service", service)})
	}
	for _, c := range colleagues {
		if !c.Gone && c.ID != b.Actor.ID {
			s.Options = append(s.Options, Choice{Value: c.ID.String(), Label: b.colleague(c)})
		}
	}
	for i := range s.Options {
		s.Options[i].Checked = s.Options[i].Value == f.Value("to")
	}
	return s
}

// snoozeDays are the days one usually snoozes to; their names are keys of the catalogue.
var snoozeDays = []string{"tomorrow", "monday", "fortnight"}

func (b *Base) snoozes(f *Form) ([]Button, DateInput, TextInput) {
	var list []Button
	for _, name := range snoozeDays {
		list = append(list, Button{Text: b.T("desk.until_" + name), Name: "until", Value: name, Secondary: true})
	}
	hour := b.TextInput(f, "hour", "desk.hour")
	hour.Short = true
	return list, b.DateInput(f, "day", "desk.day"), hour
}

// snoozeDay is the day a usual choice means.
func snoozeDay(name string, today consult.Date, cal consult.Calendar) consult.Date {
	day := today.Add(1)
	switch name {
	case "monday":
		for day.Time().Weekday() != 1 {
			day = day.Add(1)
		}
	case "fortnight":
		day = today.Add(14)
	}
	for !cal.Working(day) {
		day = day.Add(1)
	}
	return day
}

// keys lists what single keys do.
func (b *Base) keys() []keyHelp {
	var list []keyHelp
	for _, k := range []struct{ keys, does string }{{"j", "next"}, {"k", "previous"}, {"o, Enter", "open"}, {"r", "reply"}, {"a", "assign"}, {"s", "snooze"},
		{"e", "off"}, {"x", "select"}, {"u", "undo"}, {"/", "search"}, {"?", "help"}, {"g i", "list"}} {
		list = append(list, keyHelp{k.keys, b.T("desk.key_" + k.does)})
	}
	for _, v := range consult.InboxViews() {
		list = append(list, keyHelp{"g " + viewKeys[v], b.T("desk.key_view", "view", b.viewText(v))})
	}
	return list
}

func itemHref(id consult.ID) string { return "/officer/items/" + id.String() }

// backOf reads where a form comes back to: a page of the desk, never another site.
func backOf(f *Form, otherwise string) string {
	back := f.Value("back")
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.ContainsAny(back, "\\\n") ||
		u.Path != "/officer" && !strings.HasPrefix(u.Path, "/officer/") && !strings.HasPrefix(u.Path, "/threads/") {
		return otherwise
	}
	return back
}

// backWith is the way back with what was done, for the page there to say.
func backWith(back string, query url.Values) string {
	u, err := url.Parse(back)
	if err != nil {
		return "/officer"
	}
	q := u.Query()
	for _, name := range []string{"did", "undid", "left", "more"} {
		q.Del(name)
	}
	for name, values := range query {
		q[name] = values
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// doneOf words what was done on the way to this page, as its address says.
func (w *Web) doneOf(c *fiber.Ctx, f *Form) (*actDone, error) {
	b := w.StaffBase(c, "inbox.title")
	if f.Value("did") == "none" {
		return &actDone{Text: b.T("desk.did_nothing")}, nil
	}
	if f.Value("undid") == "none" {
		return &actDone{Text: b.T("desk.nothing_to_undo")}, nil
	}
	undone := f.Value("undid") != ""
	id, err := consult.ParseID(f.Value("did") + f.Value("undid"))
	if err != nil {
		return nil, nil
	}
	act, err := w.Service.Worked(c.UserContext(), w.actor(c), id)
	if consult.KindOf(err) == consult.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	colleagues, err := w.Service.Colleagues(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	d := b.done(act, colleagues, undone)
	var left []consult.ID
	for _, v := range f.Values("left") {
		if item, err := consult.ParseID(v); err == nil && len(left) < leftNamed {
			left = append(left, item)
		}
	}
	items, err := w.Service.DeskItems(c.UserContext(), w.actor(c), left)
	if err != nil {
		return nil, err
	}
	b.leftAlone(d, items, colleagues, f.Value("more"))
	return d, nil
}

// leftNamed is how many of the items an act left alone are named.
const leftNamed = 20

func (b *Base) done(act consult.DeskAct, colleagues []consult.Colleague, undone bool) *actDone {
	d := &actDone{Text: b.actText(act, colleagues)}
	if undone {
		d.Text = b.T("desk.undone", "what", d.Text)
	} else if act.Undone.IsZero() {
		d.Act = act.ID.String()
	}
	return d
}

// leftAlone names what colleagues had changed, and who.
func (b *Base) leftAlone(d *actDone, items []consult.DeskItem, colleagues []consult.Colleague, more string) {
	for _, i := range items {
		text := b.T("desk.left_item", "item", i.Item.String(), "who", b.who(i.ChangedBy, colleagues), "at", b.Language.DateTime(i.ChangedAt))
		d.Skipped = append(d.Skipped, Link{Href: itemHref(i.Item), Text: text})
	}
	if n, err := strconv.Atoi(more); err == nil && n > 0 {
		d.More = b.T("desk.left_more", "n", n)
	}
}

// who names an officer for other staff; 0 is the site itself.
func (b *Base) who(officer consult.ID, colleagues []consult.Colleague) string {
	for _, c := range colleagues {
		if c.ID == officer && officer != 0 {
			return b.T("desk.colleague", "name", c.Name, "service", c.Service)
		}
	}
	return b.T("desk.by_site")
}

// doneQuery is what the page to come back to is told of an act.
func doneQuery(name string, done consult.DeskDone) url.Values {
	q := url.Values{name: {done.Act.ID.String()}}
	if done.Changed == 0 && name == "did" {
		q.Set(name, "none")
	}
	for i, skip := range done.Skipped {
		if i == leftNamed {
			q.Set("more", strconv.Itoa(len(done.Skipped)-leftNamed))
			break
		}
		q.Add("left", skip.Item.String())
	}
	return q
}

// actText says what an act did with how many items.
func (b *Base) actText(act consult.DeskAct, colleagues []consult.Colleague) string {
	switch act.Kind {
	case consult.ActSnooze:
		return b.T("desk.did_snooze", "n", act.Items, "at", b.Language.DateTime(act.Until))
	case consult.ActAssign, consult.ActHandOver, consult.ActRoute, consult.ActCarry:
		return b.T("desk.did_"+string(act.Kind), "n", act.Items, "who", b.with(consult.Assignment{Officer: act.Officer, Service: act.Service}, colleagues))
	}
	return b.T("desk.did_"+string(act.Kind), "n", act.Items)
}
