package web

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// promiseTerms is what a consultation promises, said before somebody writes: part "promise-terms".
type promiseTerms struct {
	Lead  []string // who answers, within how many days; what days are
	Not   []silentTopic
	Title string // of the list of topics without a promise
}

type silentTopic struct{ Topic, Reason string }

// promiseTerms words what is promised. Only topics that can be written about are named.
func (b *Base) promiseTerms(t consult.CaseTerms) promiseTerms {
	v := promiseTerms{Title: b.T("promise.not")}
	if t.Consultation == 0 {
		return v
	}
	key := "promise.first"
	if t.Service == "" {
		key = "promise.first_nobody"
	}
	v.Lead = append(v.Lead, b.T(key, "service", t.Service, "n", t.First))
	if t.Next != t.First {
		v.Lead = append(v.Lead, b.T("promise.next", "n", t.Next))
	}
	if t.Close > 0 {
		v.Lead = append(v.Lead, b.T("promise.close", "n", t.Close))
	}
	if t.Shuts > 0 {
		v.Lead = append(v.Lead, b.T("promise.hours", "opens", b.minutes(t.Opens), "shuts", b.minutes(t.Shuts)))
	}
	for _, topic := range consult.TopicsOf(b.subjects) {
		if reason := t.Silence(topic); reason != "" {
			v.Not = append(v.Not, silentTopic{b.topic(topic), reason})
		}
	}
	return v
}

// minutes words a time of the day.
func (b *Base) minutes(n int) string {
	return b.Language.Clock(time.Date(2026, 1, 2, 0, n, 0, 0, b.Language.Zone()))
}

// promiseView is how one point's promise stands, in words: part "promise". The first sentence says what somebody wants to know.
type promiseView struct {
	*Base
	Topic string // "" = there is one point only, or it is a question
	Name  string // names it in forms
	Tag   Tag
	Text  []string
	Words string // a pause's own words, as the officer wrote them
	Want  string // address at which an answer can be wanted after all; "" = it cannot
	Go    Button
	On    *Link // the message it is about
}

// promiseView words a promise for anybody who may read it.
func (b *Base) promiseView(p consult.PointPromise, now time.Time) promiseView {
	v := promiseView{Base: b, Name: string(p.Ref.Topic)}
	if p.Ref.Topic != "" {
		v.Topic = b.topic(p.Ref.Topic)
	}
	switch p.State {
	case consult.PointPaused:
		v.Tag = Tag{Text: b.T("promise.tag_paused"), Kind: "held"}
		v.Text = append(v.Text, b.T("promise.paused", "date", b.Language.Date(p.PausedSince), "why", b.T("pause_reason."+p.PausedFor)), b.T("promise.paused_rests"))
		v.Words = p.PausedWords
	case consult.PointAnswered:
		v.Tag = Tag{Text: b.T("promise.tag_answered"), Kind: "done"}
		v.Text = b.answeredText(p.Promise, now)
	case consult.PointClosed:
		v.Tag = Tag{Text: b.T("promise.tag_closed")}
		v.Text = append(v.Text, b.T("promise.closed", "date", b.Language.Date(p.EndedAt), "why", b.T("close_reason."+p.ClosedFor)))
	default:
		v.Tag, v.Text = b.openText(p.Promise, now)
	}
	if p.State == consult.PointOpen && !p.CloseDue.IsZero() {
		v.Text = append(v.Text, b.T("promise.settled_by", "when", b.due(p.CloseDue, p.Terms)))
	}
	return v
}

// openText says until when an answer is due, and honestly when it is late.
func (b *Base) openText(p consult.Promise, now time.Time) (Tag, []string) {
	due := p.Due()
	tag, text := Tag{Text: b.T("promise.tag_open"), Kind: "wait"}, []string(nil)
	if !p.Since.Equal(p.AskedAt) {
		text = append(text, b.T("promise.reopened", "date", b.Language.Date(p.Since)))
	}
	switch {
	case due.IsZero():
		return Tag{Text: b.T("promise.tag_unpromised")}, append(text, b.T("promise.unpromised"))
	case now.After(due):
		return Tag{Text: b.T("promise.tag_late"), Kind: "closing"}, append(text, b.T("promise.late", "when", b.due(due, p.Terms)))
	}
	return tag, append(text, b.T("promise.by", "when", b.due(due, p.Terms)))
}

// answeredText says how long the first answer took and what had been promised.
func (b *Base) answeredText(p consult.Promise, now time.Time) []string {
	text := []string{b.T("promise.answered", "n", p.Days)}
	if p.Days == 0 {
		text[0] = b.T("promise.answered_at_once")
	}
	if kept, known := p.Kept(now); known {
		first := p.Terms.First
		if p.Further {
			first = p.Terms.Next
		}
		key := "promise.broken"
		if kept {
			key = "promise.kept"
		}
		text = append(text, b.T(key, "n", first))
	}
	return text
}

// due words a due moment: the day, and the hour where the office shuts before midnight.
func (b *Base) due(t time.Time, terms consult.PromiseTerms) string {
	if terms.Shuts == 0 {
		return b.T("promise.day", "date", b.Language.Date(t.Add(-1)))
	}
	return b.T("promise.moment", "date", b.Language.Date(t), "time", b.Language.Clock(t))
}

// promiseViews words the promises of a comment for its author, in the order of its words.
func (b *Base) promiseViews(list []consult.PointPromise, now time.Time) []promiseView {
	order := consult.TopicsOf(b.subjects)
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y consult.PointPromise) int {
		return slices.Index(order, x.Ref.Topic) - slices.Index(order, y.Ref.Topic)
	})
	var views []promiseView
	for _, p := range list {
		if !consult.Void(p.ClosedFor) {
			views = append(views, b.promiseView(p, now))
		}
	}
	return views
}

// drawPromises adds to the author's page how the promise of each point stands.
func (p *myCommentPage) drawPromises(mine consult.MyComment, now time.Time) {
	p.Promises = p.promiseViews(mine.Promises, now)
	var first time.Time
	for _, point := range mine.Promises {
		if due := point.Due(); !due.IsZero() && (first.IsZero() || due.Before(first)) {
			first = due
			p.Due = p.due(due, point.Terms)
		}
		for i := range p.Promises {
			if p.Promises[i].Name == string(point.Ref.Topic) && point.Reopens() {
				p.Promises[i].Want = "/my-comment/" + mine.Token + "/want"
				p.Promises[i].Go = Button{Text: p.T("promise.want"), Name: "point", Value: string(point.Ref.Topic), Secondary: true}
			}
		}
	}
}

// WantAnswer re-opens a point of the author's comment.
func (w *Web) WantAnswer(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	token, topic := c.Params("token"), consult.Topic(f.Line("point", consult.MaxName))
	if err := f.Err("want an answer"); err != nil {
		return err
	}
	if err := w.Service.WantAnswer(c.UserContext(), token, topic); err != nil {
		return err
	}
	return c.Redirect("/my-comment/"+token+"#promise", fiber.StatusSeeOther)
}

// drawPromises adds to a thread what waits in it, and how the last question that was settled came out.
func (p *threadPage) drawPromises(v consult.ThreadView, now time.Time) {
	messages := map[consult.ID]consult.Message{}
	for _, m := range v.Messages {
		messages[m.ID] = m
	}
	shown := slices.Clone(v.Promises)
	slices.SortFunc(shown, func(x, y consult.PointPromise) int {
		return int(messages[x.Ref.Source].Seq - messages[y.Ref.Source].Seq)
	})
	for i, point := range shown {
		if !point.Waits() && i < len(shown)-1 {
			continue
		}
		m := messages[point.Ref.Source]
		view := p.promiseView(point, now)
		view.On = &Link{Href: threadHref(m.Thread, m.Seq), Text: p.T("promise.question")}
		if point.Reopens() && p.Actor.ID != 0 && m.Visitor == p.Actor.ID {
			view.Want = "/threads/" + m.Thread.String() + "/want"
			view.Go = Button{Text: p.T("promise.want"), Name: "message", Value: m.ID.String(), Secondary: true}
		}
		p.Promises = append(p.Promises, view)
		if p.Can("reply") && point.Waits() && p.Clock == nil {
			p.Clock = p.promiseDesk(nil, m.ID, []consult.PointPromise{point}, now)
			p.Clock.Points = nil // it is in the list above
		}
	}
}

// WantMessageAnswer re-opens a question, for the browser that asked it.
func (w *Web) WantMessageAnswer(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := f.ID("message")
	if err != nil {
		return err
	}
	m, err := w.Service.WantMessageAnswer(c.UserContext(), w.visitor(c), id)
	if err != nil {
		return err
	}
	return c.Redirect(threadHref(m.Thread, m.Seq), fiber.StatusSeeOther)
}
