package web

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// decisionView is one line of the moderators' log as everybody reads it.
type decisionView struct {
	At   time.Time
	What Link // what it is about; without an address where this page is about that alone
	Act  string
	Rule string // "" = none
	By   string
	Why  string // of a switch; the reasons of things stand beside them
}

// decisionViews words the log.
func (b *Base) decisionViews(list []consult.Decision, linked string) []decisionView {
	var views []decisionView
	for _, d := range list {
		v := decisionView{At: d.At, Act: b.T("moderation.act." + string(d.Act)), By: d.By, Why: d.Reason}
		if v.By == "" {
			v.By = b.T("moderation.by_program")
		}
		if d.Rule != "" {
			v.Rule = b.T("rule." + d.Rule)
		}
		switch {
		case d.Thing == d.Consultation:
			v.What.Text = b.T("moderation.postings")
		case linked != "":
			v.What = Link{Href: linked + d.Thing.String(), Text: d.Thing.String()}
		}
		views = append(views, v)
	}
	return views
}

// moderationPage is what was decided about one thing and, for its author, the way to object.
type moderationPage struct {
	Base
	Thing     thingView
	Decisions []decisionView
	Objected  string // what became of the author's objection; "" = none was made
	Object    *objectForm
	All       string // address of the consultation's log
}

type objectForm struct {
	Action string
	Words  TextArea
	Send   Button
}

// Moderation shows what was decided about a thing.
func (w *Web) Moderation(c *fiber.Ctx) error {
	p, err := w.moderationView(c, nil, nil)
	return shown(w, c, "moderation", p, err)
}

func (w *Web) moderationView(c *fiber.Ctx, f *Form, invalid error) (*moderationPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	h, err := w.Service.ThingHistory(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	return w.drawModeration(c, h, "/moderation/"+id.String(), f, invalid)
}

// MyModeration is the same for the author of a comment, on whatever device.
func (w *Web) MyModeration(c *fiber.Ctx) error {
	NoReferrer(c)
	p, err := w.myModerationView(c, nil, nil)
	return shown(w, c, "moderation", p, err)
}

func (w *Web) myModerationView(c *fiber.Ctx, f *Form, invalid error) (*moderationPage, error) {
	h, err := w.Service.MyHistory(c.UserContext(), c.Params("token"))
	if err != nil {
		return nil, err
	}
	p, err := w.drawModeration(c, h, "/my-comment/"+c.Params("token")+"/moderation", f, invalid)
	if err == nil {
		p.Back = &Link{Href: "/my-comment/" + c.Params("token"), Text: p.T("site.back")}
	}
	return p, err
}

func (w *Web) drawModeration(c *fiber.Ctx, h consult.ThingHistory, action string, f *Form, invalid error) (*moderationPage, error) {
	b, err := w.aboutThing(c, w.Base(c, "moderation.title", "reference", h.Thing.ID.String()).WithErrors(invalid), h.Thing)
	if err != nil {
		return nil, err
	}
	return drawModeration(b, h, action, f), nil
}

func drawModeration(b Base, h consult.ThingHistory, action string, f *Form) *moderationPage {
	p := &moderationPage{Base: b, Thing: b.thingView(h.Thing, nil), Decisions: b.decisionViews(h.Decisions, ""),
		All: "/consultations/" + h.Thing.Consultation.ID.String() + "/moderation"}
	p.Path = action
	p.Back = &Link{Href: p.Thing.Href, Text: p.T("flag.back")}
	if o := h.Objection; o != nil {
		p.Objected = p.T("moderation.objected", "at", p.Language.DateTime(o.At))
		if !o.DecidedAt.IsZero() {
			p.Objected = p.T("moderation.objected_"+string(o.Outcome), "authority", p.Site.Authority)
		}
	}
	if h.MayObject {
		p.Object = &objectForm{Action: action, Words: p.TextArea(f, "words", "moderation.object_words", consult.MaxObjection),
			Send: Button{Text: p.T("moderation.object_send")}}
	}
	return p
}

// Object receives what an author says against a decision, from the browser that wrote the message or comment.
func (w *Web) Object(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	return w.object(c, func(words string) error { return w.Service.Object(c.UserContext(), w.actor(c), id, words) }, w.moderationView)
}

// MyObject receives it by a comment's own page.
func (w *Web) MyObject(c *fiber.Ctx) error {
	NoReferrer(c)
	return w.object(c, func(words string) error { return w.Service.ObjectMine(c.UserContext(), c.Params("token"), words) }, w.myModerationView)
}

func (w *Web) object(c *fiber.Ctx, keep func(string) error, again func(*fiber.Ctx, *Form, error) (*moderationPage, error)) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	words := f.Text("words", consult.MaxObjection)
	if err = f.Err("object"); err == nil {
		err = keep(words)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := again(c, f, err)
		return shown(w, c, "moderation", p, failed)
	}
	if err != nil && consult.KindOf(err) != consult.Conflict { // sent twice: the page says that it arrived
		return err
	}
	return c.Redirect(c.Path(), fiber.StatusSeeOther)
}

// stubPage stands in the place of a comment that had been published and is hidden.
type stubPage struct {
	Base
	Thing     thingView
	Subject   Link
	Decisions string // address of what was decided about it
}

// commentStub shows it where a published comment is asked for that is hidden now.
func (w *Web) commentStub(c *fiber.Ctx, id consult.ID, notFound error) error {
	t, err := w.Service.Stub(c.UserContext(), w.actor(c), id)
	if consult.KindOf(err) == consult.NotFound {
		return notFound
	}
	if err != nil {
		return err
	}
	b, err := w.aboutThing(c, w.Base(c, "comment.title", "reference", id.String()), t)
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "comment-stub", drawStub(b, t))
}

func drawStub(b Base, t consult.Thing) *stubPage {
	p := &stubPage{Base: b, Thing: b.thingView(t, nil), Subject: Link{Href: "/consultations/" + t.Consultation.ID.String(), Text: t.Consultation.Title}}
	p.Back = &Link{Href: p.Subject.Href + "/comments", Text: p.T("comment.back")}
	p.Decisions = "/moderation/" + t.ID.String()
	return p
}

// decisionsPage is the log of one consultation.
type decisionsPage struct {
	Base
	Posting   *postingBanner
	Decisions []decisionView
	Pages     Pagination
}

const decisionsPerPage = 50

// Decisions shows it.
func (w *Web) Decisions(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	number := PageNumber(ReadQuery(c))
	l, err := w.Service.DecisionLog(c.UserContext(), w.actor(c), id, (number-1)*decisionsPerPage)
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "decisions", drawDecisions(w.BaseOf(c, l.Consultation.Kind, "moderation_log.title", "title", l.Consultation.Title), l, number))
}

func drawDecisions(b Base, l consult.DecisionLog, number int) *decisionsPage {
	k := l.Consultation
	p := &decisionsPage{Base: b, Decisions: b.decisionViews(l.Decisions, "/moderation/"), Posting: b.postingBanner(l.Posting),
		Pages: Paginate(number, l.Total, decisionsPerPage, url.Values{})}
	p.Demo, p.NoIndex = p.Demo || k.Demo, true
	p.Path = "/consultations/" + k.ID.String() + "/moderation"
	p.Back = &Link{Href: "/consultations/" + k.ID.String(), Text: p.T("moderation_log.back")}
	return p
}

// postingBanner says that residents' messages are paused, or wait for a moderator, and why. Part "posting".
type postingBanner struct{ Text, Why, More string }

// postingBanner is nil while messages are open as usual.
func (b *Base) postingBanner(p consult.Posting) *postingBanner {
	v := &postingBanner{Why: p.Reason}
	switch {
	case p.Paused():
		v.Text, v.More = b.T("posting.paused"), b.T("posting.paused_comment")
	case p.Released():
		v.Text = b.T("posting.released")
	default:
		return nil
	}
	return v
}
