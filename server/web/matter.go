package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// matterVariant is the prefix of the texts that matters other than planning applications have of their own: nobody applies for them,
// nothing is granted or refused.
const matterVariant = "matter"

// worded is the language as a consultation of a kind is written about.
func worded(l *lang.Language, kind consult.ConsultationKind) *lang.Language {
	if kind.Planning() {
		return l
	}
	return l.Variant(matterVariant)
}

// BaseOf is Base for a page about one consultation.
func (w *Web) BaseOf(c *fiber.Ctx, kind consult.ConsultationKind, titleKey string, args ...any) Base {
	b := w.Base(c, titleKey, args...)
	b.Language = worded(b.Language, kind)
	b.Title = b.T(titleKey, args...)
	return b
}

// about makes a page one about a consultation: in the words of its kind, with its own topics.
func (b Base) about(s consult.Subjects) Base {
	b.Language, b.subjects = worded(b.Language, s.Kind), s
	return b
}

// matter reads the consultation an address names where it is no planning application; nil for one that is.
func (w *Web) matter(c *fiber.Ctx) (*consult.CaseView, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil || subjects.Kind.Planning() {
		return nil, err
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), id)
	return &v, err
}

// topic words a topic: of planning by the catalogue, of a form by the question itself. It is the one place that does.
func (b *Base) topic(t consult.Topic) string {
	if q, f, ok := b.subjects.Question(t); ok {
		return q.Text.In(b.Language.Code, f.Language)
	}
	if b.subjects.Kind.Planning() {
		return b.T("topic." + string(t))
	}
	return string(t)
}

// stance words how a comment stands; "" where the consultation asks something else.
func (b *Base) stance(s consult.Stance) string {
	if s == "" {
		return ""
	}
	return b.T("stance." + string(s))
}

// kindText names a kind of consultation; "" for planning, which every page here was about first.
func (b *Base) kindText(k consult.ConsultationKind) string {
	if k.Planning() {
		return ""
	}
	return b.T("consultation_kind." + string(k))
}

// stateTag is StateTag for a Base that is made on the way.
func (b Base) stateTag(s consult.State) Tag { return b.StateTag(s) }

// takesComments tells whether a comment can be made now. A matter whose round has no form was imported and is asked elsewhere.
func takesComments(v consult.CaseView) bool {
	open := v.Window.Status == consult.WindowOpen || v.Window.Status == consult.WindowLate
	return open && (v.Consultation.Kind.Planning() || v.Window.Round.Form > 0)
}

// matterView is what the page of a consultation says that is no planning application.
type matterView struct {
	Kind    string
	Paper   string // address of the paper form; "" = none
	Results string // address of the results; "" = people are still asked
}

// Matter is nil for a planning application.
func (p *consultationPage) Matter() *matterView {
	v, k, b := p.Case, p.Case.Consultation, &p.Base
	if k.Kind.Planning() {
		return nil
	}
	m := &matterView{Kind: b.kindText(k.Kind)}
	path := "/consultations/" + k.ID.String()
	if takesComments(v) {
		m.Paper = path + "/form"
	}
	if len(v.Subjects.Forms) > 0 && v.Window.Status != consult.WindowOpen && v.Window.Status != consult.WindowNotYet {
		m.Results = path + "/results"
	}
	return m
}

// Responses lists what the author answered to a form; nothing of a comment on an application.
func (p *myCommentPage) Responses() []SummaryRow {
	return p.responseRows(p.Mine.Subjects, p.Mine.Comment.Form, p.Mine.Responses)
}

// Responses lists what the author answered to a form.
func (p *officerCommentPage) Responses() []SummaryRow {
	return p.responseRows(p.subjects, p.File.Comment.Form, p.File.Comment.Responses)
}

// responseRows lists answers beside their questions, in the words of the version that was answered.
func (b *Base) responseRows(s consult.Subjects, version int, responses []consult.Response) []SummaryRow {
	v, ok := s.Version(version)
	if !ok || version == 0 {
		return nil
	}
	var rows []SummaryRow
	for _, r := range responses {
		if q, found := v.Form.Question(r.Question); found {
			rows = append(rows, SummaryRow{Key: q.Text.In(b.Language.Code, v.Form.Language), Value: b.answerText(v.Form, q, r), Typed: true})
		}
	}
	return rows
}

// topicBoxes is a group of the consultation's topics.
func (b *Base) topicBoxes(f *Form, name, key string) Choices {
	c := Choices{Field: b.field(name, key)}
	for _, t := range consult.TopicsOf(b.subjects) {
		c.Choices = append(c.Choices, Choice{Value: string(t), Label: b.topic(t), Checked: slices.Contains(f.Values(name), string(t))})
	}
	return c
}
