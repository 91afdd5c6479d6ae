package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// deskTimelinePage is everything that was done with an item, and every time somebody opened it.
type deskTimelinePage struct {
	Base
	Item  Link
	Rows  []timelineView
	Total int
	Pages Pagination
}

type timelineView struct {
	At      string
	What    string
	Who     string
	Changed string // from whom to whom, or until when; "" = nothing of that kind
	Detail  string // a code of the log, worded where the catalogue has words
	Undone  bool
}

// DeskTimeline shows it.
func (w *Web) DeskTimeline(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	number := PageNumber(ReadQuery(c))
	item, rows, total, err := w.Service.Timeline(c.UserContext(), w.actor(c), id, (number-1)*consult.TimelinePerPage)
	if err != nil {
		return err
	}
	colleagues, err := w.Service.Colleagues(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	p := drawTimeline(w.StaffBase(c, "timeline.title", "item", item.Item.String()), item, rows, total, colleagues, number)
	return w.Pages.Page(c, fiber.StatusOK, "officer-timeline", p)
}

func drawTimeline(b Base, item consult.DeskItem, rows []consult.TimelineRow, total int, colleagues []consult.Colleague, number int) *deskTimelinePage {
	p := &deskTimelinePage{Base: b, Item: Link{Href: itemHref(item.Item), Text: b.T("desk.item_title", "item", item.Item.String())}, Total: total}
	p.Back = &p.Item
	for _, r := range rows {
		v := timelineView{At: p.Language.DateTime(r.At), What: p.action(r.Action), Who: p.doer(r, colleagues)}
		if r.Act != nil {
			v.Changed, v.Undone = p.changed(r, item, colleagues), !r.Act.Undone.IsZero() && r.Action != "desk.undo"
			if r.Act.Rule != "" {
				v.Detail = p.T("timeline.by_rule", "rule", r.Act.Rule)
			}
		} else {
			v.Detail = p.detail(r.Detail)
		}
		p.Rows = append(p.Rows, v)
	}
	p.Pages = Paginate(number, total, consult.TimelinePerPage, url.Values{})
	return p
}

// action is an entry of the log in plain words; one that nobody worded yet stands as the log has it.
func (b *Base) action(code string) string {
	if key := "timeline." + strings.ReplaceAll(code, ".", "_"); b.Language.Has(key) {
		return b.T(key)
	}
	return b.T("timeline.other", "action", strings.ReplaceAll(code, ".", ": "))
}

// doer is who acted: an officer by name and service, for staff only, or what sort of actor.
func (b *Base) doer(r consult.TimelineRow, colleagues []consult.Colleague) string {
	for _, c := range colleagues {
		if r.ActorKind == consult.Signed && c.ID == r.Actor {
			return b.T("timeline.officer", "name", c.Name, "service", c.Service, "title", c.Title)
		}
	}
	return b.T("record.by_" + string(r.ActorKind))
}

// changed says what an act changed of the item.
func (b *Base) changed(r consult.TimelineRow, item consult.DeskItem, colleagues []consult.Colleague) string {
	from, to := r.From, r.To
	if r.Action == "desk.undo" {
		from, to = to, from
	}
	if from.Officer == to.Officer && from.Service == to.Service {
		if to.Snoozed.IsZero() {
			return ""
		}
		return b.T("desk.rests", "at", b.Language.DateTime(to.Snoozed))
	}
	for _, a := range []*consult.Assignment{&from, &to} {
		if a.Service == "" {
			a.Service = item.Home
		}
	}
	return b.T("timeline.from_to", "from", b.with(from, colleagues), "to", b.with(to, colleagues))
}

// detail words the log's codes: reasons and rules that the catalogue knows.
func (b *Base) detail(codes string) string {
	var words []string
	for _, code := range strings.Split(codes, ",") {
		word := code
		for _, prefix := range []string{"redaction.", "rule.", "topic."} {
			if b.Language.Has(prefix + code) {
				word = b.T(prefix + code)
				break
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}
