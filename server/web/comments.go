package web

import (
	"cmp"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// commentsPage lists the published comments of one application.
type commentsPage struct {
	Base
	Subject       Link
	Stance, Topic Select
	Filter        Button
	Comments      []commentView
	Total         int
	Hidden        int // published before, and hidden now
	Decisions     string
	Pages         Pagination
	supporting
}

// commentView is one published comment.
type commentView struct {
	Href, ID   string
	Stance     string
	Name       string // "" = a resident
	Place      string
	Channel    string
	Language   string
	Points     []pointView
	At         consult.Date
	Late       bool
	Redacted   bool
	Answered   bool
	ThreadHref string
	Version    string // the round and the version it was made in; "" = outside any round
	Stands     int    // the latest round in which its author said that it still stands
	Updated    bool   // it took the place of an earlier one
	Support    SupportLine
	FlagHref   string // where a reader tells a moderator; "" = not offered
}

type pointView struct{ Topic, Text string }

const commentsPerPage = 20

// Comments lists.
func (w *Web) Comments(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	f := ReadQuery(c)
	number := PageNumber(f)
	filter := consult.CommentFilter{Consultation: id, Stance: Choose(f, "stance", consult.Stances()), Topic: Choose(f, "topic", consult.TopicsOf(v.Subjects)),
		Limit: commentsPerPage, Offset: (number - 1) * commentsPerPage}
	list, total, err := w.Service.Comments(c.UserContext(), w.actor(c), filter)
	if err != nil {
		return err
	}
	k := v.Consultation
	p := &commentsPage{Base: w.Base(c, "comments.title", "title", k.Title).about(v.Subjects), Total: total, Subject: Link{Href: "/consultations/" + id.String(), Text: k.Title}}
	p.Demo, p.NoIndex = p.Demo || k.Demo, true
	p.Path = p.Subject.Href + "/comments"
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("document.back")}
	if v.Subjects.Kind.Planning() {
		p.Stance = chosen(&p.Base, filter.Stance, "stance", "comments.stance", "comments.any_stance", consult.Stances(), "stance.")
	}
	p.Topic = p.topicSelect(filter.Topic)
	p.Filter = Button{Text: p.T("comments.filter"), Secondary: true}
	if p.Hidden, err = w.Service.HiddenComments(c.UserContext(), id); err != nil {
		return err
	}
	open := p.mayTakePart(k.State, v.Posting)
	p.Decisions, p.supporting = p.Subject.Href+"/moderation", p.supports(c, open)
	for _, comment := range list {
		p.Comments = append(p.Comments, p.commentChoices(p.commentView(comment, w.Service.Calendar()), comment, open))
	}
	query := url.Values{}
	if filter.Stance != "" {
		query.Set("stance", string(filter.Stance))
	}
	if filter.Topic != "" {
		query.Set("topic", string(filter.Topic))
	}
	p.Pages = Paginate(number, total, commentsPerPage, query)
	return w.Pages.Page(c, fiber.StatusOK, "comments", p)
}

// chosen is a select whose first option takes everything.
func chosen[T ~string](b *Base, value T, name, key, anyKey string, allowed []T, prefix string) Select {
	s := Select{Field: b.field(name, key), Options: []Choice{{Label: b.T(anyKey)}}}
	for _, a := range allowed {
		s.Options = append(s.Options, Choice{Value: string(a), Label: b.T(prefix + string(a)), Checked: a == value})
	}
	return s
}

// topicSelect is a select of the consultation's topics.
func (b *Base) topicSelect(value consult.Topic) Select {
	s := Select{Field: b.field("topic", "comments.topic"), Options: []Choice{{Label: b.T("comments.any_topic")}}}
	for _, t := range consult.TopicsOf(b.subjects) {
		s.Options = append(s.Options, Choice{Value: string(t), Label: b.topic(t), Checked: t == value})
	}
	return s
}

func (b *Base) commentView(c consult.Comment, calendar consult.Calendar) commentView {
	v := commentView{Href: "/comments/" + c.ID.String(), ID: c.ID.String(), Stance: cmp.Or(b.stance(c.Stance), b.T("comment.answers")), Name: c.NameShown,
		Place: c.PlaceText, Channel: b.T("channel." + string(c.Channel)), Language: c.Language, At: calendar.Day(c.ReceivedAt),
		Late: c.Late, Redacted: c.Redacted, Answered: !c.AnsweredAt.IsZero(), Stands: c.Stands, Updated: c.Replaces != 0}
	if c.Round > 0 && c.Version > 0 {
		v.Version = b.T("comment.version", "round", c.Round, "version", c.Version)
	}
	if c.Thread != 0 {
		v.ThreadHref = threadHref(c.Thread, 0)
	}
	for _, p := range c.Points {
		v.Points = append(v.Points, pointView{b.topic(p.Topic), p.Text})
	}
	return v
}

// commentChoices adds what a reader can do with a published comment.
func (b *Base) commentChoices(v commentView, c consult.Comment, open bool) commentView {
	v.Support = supportOf(c.ID, "comment-"+v.ID, c.Supported, open && !c.Supported.Wrote)
	if b.Actor.Kind == consult.Visitor && !c.Supported.Wrote {
		v.FlagHref = "/flag/" + v.ID
	}
	return v
}

// commentPage is one published comment.
type commentPage struct {
	Base
	supporting
	Comment commentView
	Subject Link
	Sketch  *Sketch
	Steps   []trailStep // its way so far
	Facts   []pinnedFact
}

// Comment shows one published comment beside its place.
func (w *Web) Comment(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	actor := w.actor(c)
	comment, k, err := w.Service.PublishedComment(c.UserContext(), actor, id)
	if consult.KindOf(err) == consult.NotFound {
		return w.commentStub(c, id, err)
	}
	if err != nil {
		return err
	}
	if comment.ID != id { // its author has put a newer one in its place
		return c.Redirect("/comments/"+comment.ID.String(), fiber.StatusSeeOther)
	}
	p := &commentPage{Base: w.Base(c, "comment.title", "reference", id.String()), Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}}
	p.Demo, p.NoIndex = p.Demo || k.Demo, true
	p.Back = &Link{Href: p.Subject.Href + "/comments", Text: p.T("comment.back")}
	subjects, err := w.Service.Subjects(c.UserContext(), actor, k.ID)
	if err != nil {
		return err
	}
	p.Base = p.about(subjects)
	posting, _, err := w.Service.Posting(c.UserContext(), actor, k.ID)
	if err != nil {
		return err
	}
	open := p.mayTakePart(k.State, posting)
	p.Comment = p.commentChoices(p.commentView(comment, w.Service.Calendar()), comment, open)
	p.supporting = p.supports(c, open)
	trail, err := w.Service.Trail(c.UserContext(), comment, k, comment.Points)
	if err != nil {
		return err
	}
	p.Steps = p.trailSteps(trail, k.ID, "")
	p.shareComment(id, k)
	facts, err := w.Service.FactsUnder(c.UserContext(), id)
	if err != nil {
		return err
	}
	p.Facts = pinnedFacts(facts[id])
	if comment.HasPlace {
		v, err := w.Service.Case(c.UserContext(), actor, k.ID)
		if err != nil {
			return err
		}
		p.Sketch = p.sketch(v.Current, comment.Place.Snap(commentSnap), true, p.T("comment.sketch"))
	}
	return w.Pages.Page(c, fiber.StatusOK, "comment", p)
}

// commentSnap is the grid, in metres, that a published place is moved to: a mark may be somebody's door (S31).
const commentSnap = 25
