package web

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// concernsPage is what people asked, in the authority's plain words.
type concernsPage struct {
	Base
	Subject  Link
	Concerns []concernView
	Pages    Pagination
}

// concernView is one concern as everybody reads it. The part "concern-answer" draws the state of its answer from it.
type concernView struct {
	ID      string
	Link    Link
	People  string
	Service string // who answers

	AnsweredAt time.Time    // zero = not yet
	Answer     *givenAnswer // on its own page; nil = not yet
}

const concernsPerPage = 25

// Concerns lists what people asked.
func (w *Web) Concerns(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	list, k, err := w.Service.PublicConcerns(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	p := drawConcerns(w.Base(c, "concern.list_title", "title", k.Title), k, list, PageNumber(ReadQuery(c)))
	if err := w.answeredConcerns(c, p.Concerns); err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "concerns", p)
}

func drawConcerns(b Base, k consult.Consultation, list []consult.Concern, number int) *concernsPage {
	p := &concernsPage{Base: b, Subject: Link{"/consultations/" + k.ID.String(), k.Title}}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{p.Subject.Href, p.T("document.back")}
	from := min((number-1)*concernsPerPage, len(list))
	for _, c := range list[from:min(from+concernsPerPage, len(list))] {
		p.Concerns = append(p.Concerns, p.concernView(c, k))
	}
	p.Pages = Paginate(number, len(list), concernsPerPage, url.Values{})
	return p
}

// concernView words a concern. Only published words are counted: what nobody can read yet points at nobody.
func (b *Base) concernView(c consult.Concern, k consult.Consultation) concernView {
	v := concernView{ID: c.ID.String(), Link: Link{concernHref(c.ID), c.Title}, People: b.T("concern.people", "n", c.Published), Service: c.Service}
	if v.Service == "" {
		v.Service = k.Service
	}
	return v
}

func concernHref(id consult.ID) string { return "/concerns/" + id.String() }

// concernPage is one concern with the published points behind it.
type concernPage struct {
	Base
	Subject Link
	Concern concernView
	Points  []concernPointView
	Pages   Pagination
}

// concernPointView is one published point.
type concernPointView struct {
	Said     string // stance and topic
	At       consult.Date
	Text     string
	Language string
	Open     Link
}

// Concern shows one concern.
func (w *Web) Concern(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	number := PageNumber(ReadQuery(c))
	v, err := w.Service.PublicConcern(c.UserContext(), w.actor(c), id, (number-1)*consult.ConcernPointsPage)
	if err != nil {
		return err
	}
	if v.Concern.ID != id { // it went into another one
		return c.Redirect(concernHref(v.Concern.ID), fiber.StatusSeeOther)
	}
	p := drawConcern(w.Base(c, "concern.title").about(v.Subjects), v, number, w.Service.Calendar())
	p.Concern.Answer, err = w.answerTo(c, &p.Base, id)
	return shown(w, c, "concern", p, err)
}

func drawConcern(b Base, v consult.PublicConcern, number int, cal consult.Calendar) *concernPage {
	k := v.Consultation
	p := &concernPage{Base: b, Subject: Link{"/consultations/" + k.ID.String(), k.Title}, Concern: b.concernView(v.Concern, k)}
	p.Title, p.Demo, p.NoIndex = v.Concern.Title, p.Demo || k.Demo, true
	p.Back = &Link{p.Subject.Href + "/concerns", p.T("concern.back")}
	for _, pt := range v.Points {
		view := concernPointView{At: cal.Day(pt.SaidAt), Text: excerpt(pt.Text, pointExcerpt), Language: pt.Language}
		if pt.Ref.Topic == "" {
			view.Said, view.Open = p.T("concern.message"), Link{threadHref(pt.Thread, pt.Seq), p.T("concern.open_message")}
		} else {
			view.Said = p.topic(pt.Ref.Topic)
			if s := p.stance(pt.Stance); s != "" {
				view.Said = s + " · " + view.Said
			}
			view.Open = Link{"/comments/" + pt.Ref.Source.String(), p.T("concern.open_comment")}
		}
		p.Points = append(p.Points, view)
	}
	p.Pages = Paginate(number, v.Total, consult.ConcernPointsPage, url.Values{})
	p.sharing(concernHref(v.Concern.ID), v.Concern.Title, p.Concern.People, k)
	return p
}

// concernsAsked is the way to what people asked about a consultation; nil = nothing is shown yet.
func (w *Web) concernsAsked(c *fiber.Ctx, b *Base, id consult.ID) (*Link, error) {
	n, err := w.Service.ConcernsShown(c.UserContext(), id)
	if err != nil || n == 0 {
		return nil, err
	}
	return &Link{"/consultations/" + id.String() + "/concerns", b.T("concern.asked", "n", n)}, nil
}

// standsIn are the concerns of an author's points, by the topic's name. One that only officers may know of has no address.
func (b *Base) standsIn(concerns map[consult.Topic][]consult.Concern) map[string][]Link {
	found := map[string][]Link{}
	for topic, list := range concerns {
		name := b.topic(topic)
		for _, c := range list {
			if c.Shown() {
				found[name] = append(found[name], Link{concernHref(c.ID), c.Title})
			} else {
				found[name] = append(found[name], Link{})
			}
		}
	}
	return found
}
