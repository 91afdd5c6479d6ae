package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// deskBulkPage shows what an act would do with many items before it does it.
type deskBulkPage struct {
	Base
	deskTools
	Do      consult.DeskActKind
	Carried []Kept // the selection, and what is to be done
	Count   int
	Cut     bool     // there are more than one act takes
	States  []string // "12 belong to nobody", "3 rest"
	Assign  bool     // asks who
	Snooze  bool     // asks until when
	Show    Button
	Chosen  []Kept // who, or until when
	Planned bool
	Would   string // what pressing the button does
	Same    string // how many are so already; "" = none
	Skipped string // how many colleagues changed since; "" = none
	Go      Button
	Nothing bool // nothing is selected
}

// bulk is a selection and what is to be done with it.
type bulk struct {
	items []consult.ID
	all   bool
	seen  time.Time
	order consult.DeskOrder
	f     *Form
}

// DeskBulk shows the selection, asks for what is missing, and says what would change.
func (w *Web) DeskBulk(c *fiber.Ctx) error {
	f := ReadQuery(c)
	chosen, err := w.readBulk(c, f)
	if err != nil {
		return err
	}
	p, err := w.deskBulk(c, chosen, nil)
	return shown(w, c, "officer-bulk", p, err)
}

// DeskBulkDo does it.
func (w *Web) DeskBulkDo(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	chosen, err := w.readBulk(c, f)
	if err != nil {
		return err
	}
	o := chosen.order
	o.Items, o.Version, o.Seen = chosen.items, -1, chosen.seen
	done, err := consult.DeskDone{}, f.Err("work on items")
	if err == nil {
		done, err = w.Service.WorkOn(c.UserContext(), w.actor(c), o)
	}
	switch {
	case err == nil, consult.KindOf(err) == consult.Conflict:
		return c.Redirect(backWith(backOf(f, "/officer"), doneQuery("did", done)), fiber.StatusSeeOther)
	case consult.KindOf(err) != consult.Invalid:
		return err
	}
	p, failed := w.deskBulk(c, chosen, err)
	return shown(w, c, "officer-bulk", p, failed)
}

// readBulk reads a selection: ticked lines, or everything of a view that had come in when the selection was first shown.
func (w *Web) readBulk(c *fiber.Ctx, f *Form) (bulk, error) {
	v := bulk{f: f, all: f.Value("all") == "yes", seen: w.now(), order: w.readOrder(c, f)}
	if n, err := strconv.ParseInt(f.Value("seen"), 10, 64); err == nil && n > 0 {
		v.seen = time.UnixMicro(n)
	}
	for _, name := range append([]string{"view", "all", "seen", "item"}, filterNames...) {
		f.Has(name)
	}
	if v.all {
		var err error
		v.items, err = w.Service.InboxItems(c.UserContext(), w.actor(c), inboxFilter(f), v.seen)
		return v, err
	}
	had := map[consult.ID]bool{}
	for _, text := range f.Values("item") {
		if id, err := consult.ParseID(text); err == nil && !had[id] {
			had[id] = true
			v.items = append(v.items, id)
		}
	}
	return v, nil
}

func (w *Web) deskBulk(c *fiber.Ctx, v bulk, invalid error) (*deskBulkPage, error) {
	items, err := w.Service.DeskItems(c.UserContext(), w.actor(c), v.items)
	if err != nil {
		return nil, err
	}
	colleagues, err := w.Service.Colleagues(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	own, err := w.Service.MyDesk(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	var plan *consult.DeskDone
	if invalid == nil && v.chosen() && len(items) > 0 {
		o := v.order
		o.Items, o.Seen = v.items, v.seen
		done, err := consult.DeskDone{}, v.f.Err("plan work")
		if err == nil {
			done, err = w.Service.PlanWork(c.UserContext(), w.actor(c), o)
		}
		switch {
		case err == nil:
			plan = &done
		case consult.KindOf(err) != consult.Invalid:
			return nil, err
		}
		invalid = err
	}
	b := w.StaffBase(c, "desk.bulk_title").WithErrors(invalid)
	return drawBulkPage(b, v, items, plan, deskRead{Choices: choicesOf{Colleagues: colleagues}, Desk: own, Now: w.now()}), nil
}

// chosen tells whether the form says who, or until when, where the act asks for it.
func (v bulk) chosen() bool {
	switch v.order.Kind {
	case consult.ActAssign:
		return v.f.Value("to") != ""
	case consult.ActSnooze:
		return v.f.Value("until")+v.f.Value("day-day")+v.f.Value("day-month")+v.f.Value("day-year") != ""
	}
	return true
}

func drawBulkPage(b Base, v bulk, items []consult.DeskItem, plan *consult.DeskDone, read deskRead) *deskBulkPage {
	f := v.f
	p := &deskBulkPage{Base: b, Count: len(items), Cut: v.all && len(items) == consult.MaxBulk, Nothing: len(items) == 0}
	p.deskTools = p.tools(read, backOf(f, "/officer?"+viewQuery(f).Encode()))
	p.Back = &Link{Href: p.Here, Text: p.T("inbox.back")}
	p.Styles = append(p.Styles, deskStyle)
	p.Do = consult.DeskActKind(f.Value("do"))
	p.To = p.toSelect(f, read.Choices.Colleagues)
	p.Note = p.TextArea(f, "note", "desk.note", consult.MaxNote)
	p.Note.Rows = 3
	p.Snoozes, p.Day, p.Hour = p.snoozes(f)
	p.Assign, p.Snooze = p.Do == consult.ActAssign, p.Do == consult.ActSnooze
	p.Show = Button{Text: p.T("desk.preview"), Secondary: true}
	p.carry(v)
	p.states(items, read)
	if plan == nil {
		return p
	}
	p.Planned = true
	p.Would = p.T("desk.would", "what", p.actText(plan.Act, read.Choices.Colleagues))
	if plan.Same > 0 {
		p.Same = p.T("desk.same", "n", plan.Same)
	}
	if len(plan.Skipped) > 0 {
		p.Skipped = p.T("desk.changed_since", "n", len(plan.Skipped))
	}
	p.Go = Button{Text: p.T("desk.bulk_go", "n", plan.Changed)}
	for _, name := range []string{"to", "note", "until", "day-day", "day-month", "day-year", "hour"} {
		if value := f.Value(name); value != "" {
			p.Chosen = append(p.Chosen, Kept{Name: name, Value: value})
		}
	}
	return p
}

// carry takes the selection and what was chosen along to the next step.
func (p *deskBulkPage) carry(v bulk) {
	p.Carried = append(p.Carried, Kept{Name: "do", Value: string(p.Do)}, Kept{Name: "back", Value: p.Here},
		Kept{Name: "seen", Value: strconv.FormatInt(v.seen.UnixMicro(), 10)})
	if !v.all {
		for _, id := range v.items {
			p.Carried = append(p.Carried, Kept{Name: "item", Value: id.String()})
		}
		return
	}
	p.Carried = append(p.Carried, Kept{Name: "all", Value: "yes"})
	query := viewQuery(v.f)
	for _, name := range append([]string{"view"}, filterNames...) {
		if value := query.Get(name); value != "" {
			p.Carried = append(p.Carried, Kept{Name: name, Value: value})
		}
	}
}

// states says how the items lie now.
func (p *deskBulkPage) states(items []consult.DeskItem, read deskRead) {
	with, rests := map[string]int{}, 0
	var order []string
	for _, i := range items {
		a := i.Assignment
		a.Service = i.Whose()
		text := p.with(a, read.Choices.Colleagues)
		if with[text] == 0 {
			order = append(order, text)
		}
		with[text]++
		if a.Snoozed.After(read.Now) {
			rests++
		}
	}
	for i, text := range order {
		if i == 10 {
			break
		}
		p.States = append(p.States, p.T("desk.lies", "n", with[text], "with", text))
	}
	if rests > 0 {
		p.States = append(p.States, p.T("desk.lie_resting", "n", rests))
	}
}
