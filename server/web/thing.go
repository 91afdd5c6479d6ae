package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// thingView is a comment or a message outside the page where it stands. Part "thing".
type thingView struct {
	ID       string
	Kind     string // "A comment", "A message"
	Href     string // where it stands
	Name     string // "" = a resident
	Official bool
	At       time.Time
	Points   []pointView // of a comment
	Body     string      // of a message
	Language string
	Stub     string // says that it cannot be read; "" = it can
	Rule     string // in words
	Reason   string
	Readable bool // for whoever looks at this page
}

// thingHref is where a thing stands.
func thingHref(t consult.Thing) string {
	if t.Message != nil {
		return "/threads/" + t.Message.Thread.String()
	}
	return "/comments/" + t.ID.String()
}

// thingAnchor is its id there.
func thingAnchor(t consult.Thing) string {
	if t.Message != nil {
		return "message-" + strconv.FormatInt(t.Message.Seq, 10)
	}
	return "comment-" + t.ID.String()
}

// messageBy is the id of the line that says who wrote a message.
func messageBy(seq int64) string { return "message-" + strconv.FormatInt(seq, 10) + "-by" }

// thingView draws a thing. words are those of a comment that the reader may see although it cannot be read by everybody; nil = its own.
func (b *Base) thingView(t consult.Thing, words []consult.CommentPoint) thingView {
	v := thingView{ID: t.ID.String(), Kind: b.T("moderation." + string(t.Kind())), Href: thingHref(t) + "#" + thingAnchor(t), Official: t.Official(),
		Readable: t.Readable()}
	rule, reason := t.Rule()
	if rule != "" {
		v.Rule, v.Reason = b.T("rule."+rule), reason
	}
	if c := t.Comment; c != nil {
		v.Href, v.Name, v.At, v.Language = thingHref(t), c.NameShown, c.ReceivedAt, c.Language
		if t.Hiding != nil {
			v.Stub = b.T("moderation.hidden_comment")
		}
		if words == nil {
			words = c.Points
		}
		for _, p := range words {
			v.Points = append(v.Points, pointView{b.topic(p.Topic), p.Text})
		}
		return v
	}
	m := t.Message
	v.Name, v.At, v.Body, v.Language = m.Name, m.CreatedAt, m.Body, m.Language
	if v.Official {
		v.Name = m.Service
	}
	switch m.State {
	case consult.MessageHidden:
		v.Stub = b.T("moderation.hidden_message")
	case consult.MessageHeld:
		v.Stub = b.T("moderation.held_message")
	}
	return v
}

// aboutThing words a page by the consultation a thing belongs to.
func (w *Web) aboutThing(c *fiber.Ctx, b Base, t consult.Thing) (Base, error) {
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), t.Consultation.ID)
	if err != nil {
		return b, err
	}
	b = b.about(subjects)
	b.Demo, b.NoIndex = b.Demo || t.Consultation.Demo, true
	return b, nil
}
