package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// concernChanges is what was done to concerns lately, with what takes it back. Part "concern-changes".
type concernChanges struct {
	Page   View
	Action string
	From   string // the concern whose page it stands on; "" = the case's
	List   []concernChangeView
}

type concernChangeView struct {
	Value  string // the act's id
	Text   string
	By     string
	At     time.Time
	Undone bool
	Undo   *Button // nil = nothing to undo, or not this reader's to undo
}

// concernChanges words recent acts.
func (b *Base) concernChanges(consultation, concern consult.ID, list []consult.ConcernChange) concernChanges {
	v := concernChanges{Page: b, Action: officerConcernsHref(consultation) + "/undo"}
	if concern != 0 {
		v.From = concern.String()
	}
	for _, h := range list {
		line := concernChangeView{Value: h.ID.String(), Text: b.concernAct(h), By: h.By, At: h.At, Undone: !h.UndoneAt.IsZero()}
		if h.CanUndo() && b.Can(string(consult.Reply)) {
			line.Undo = &Button{Text: b.T("officer_concern.undo"), Name: "change", Value: line.Value, Secondary: true}
		}
		v.List = append(v.List, line)
	}
	return v
}

// concernAct says what was done.
func (b *Base) concernAct(h consult.ConcernChange) string {
	title, other := h.Title, h.OtherTitle
	if title == "" { // the concern is gone: undoing took it away
		title = b.T("officer_concern.gone", "title", h.Became.Title+h.Was.Title)
	}
	if other == "" {
		other = b.T("officer_concern.gone", "title", h.Became.Title)
	}
	key := "officer_concern.act_" + string(h.Act)
	if h.Act == consult.ConcernRenamed && h.Was.Title == h.Became.Title {
		switch {
		case h.Was.Shown == 0 && h.Became.Shown != 0:
			key = "officer_concern.act_shown"
		case h.Was.Shown != 0 && h.Became.Shown == 0:
			key = "officer_concern.act_hidden"
		default:
			key = "officer_concern.act_service"
		}
	}
	return b.T(key, "n", h.Points, "title", title, "other", other, "was", h.Was.Title, "became", h.Became.Title)
}

// lastAct says what was just done, on the page one returns to after doing it.
func (b *Base) lastAct(q *Form, list []consult.ConcernChange) string {
	if q.Value("done") == "" || len(list) == 0 {
		return ""
	}
	return b.T("officer_concern.done", "act", b.concernAct(list[0]))
}

// UndoConcern takes an act back and returns to the page it was asked from.
func (w *Web) UndoConcern(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	change, err := f.ID("change")
	if err != nil {
		return err
	}
	if err := w.Service.UndoConcernChange(c.UserContext(), w.actor(c), change); err != nil {
		if consult.KindOf(err) == consult.Conflict {
			return w.officerConcerns(c, f, err)
		}
		return err
	}
	back := officerConcernsHref(id)
	if from, err := consult.ParseID(f.Value("from")); err == nil {
		if _, err := w.Service.ConcernKnown(c.UserContext(), w.actor(c), from); err == nil {
			back = officerConcernHref(from)
		}
	}
	return c.Redirect(back+"?done=1", fiber.StatusSeeOther)
}
