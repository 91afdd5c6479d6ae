package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// givenAnswer is one version of the authority's answer to a concern as everybody reads it. Part "answer".
type givenAnswer struct {
	Version  string // which one, and of when
	Changed  string // what is different from the version before; "" = it is the first
	Body     string
	Language string
	Original *answerText // what a translation was made from; nil = this is it
	Service  string
	Role     string
	At       time.Time
	Figures  string        // what those who asked said of it; "" = too few have
	Earlier  []givenAnswer // newest first
}

type answerText struct{ Body, Language string }

// givenAnswer words a version for the reader's language.
func (b *Base) givenAnswer(x consult.Answer) givenAnswer {
	v := givenAnswer{Changed: x.Changed, Service: x.Service, Role: x.Title, At: x.PublishedAt}
	var translated bool
	if v.Body, v.Language, translated = x.In(b.Language.Code); translated {
		v.Original = &answerText{x.Body, x.Language}
	}
	if x.Version > 1 {
		v.Version = b.T("answer.version", "n", x.Version)
	}
	return v
}

// publicAnswer is the current version with the earlier ones, and what those who asked said.
func (b *Base) publicAnswer(p consult.PublicAnswer) *givenAnswer {
	v := b.givenAnswer(p.Answer)
	for _, x := range p.Earlier {
		earlier := b.givenAnswer(x)
		earlier.Version = b.T("answer.version", "n", x.Version)
		v.Earlier = append(v.Earlier, earlier)
	}
	if p.Told {
		v.Figures = b.verdictFigures(p.Figures)
	}
	return &v
}

func (b *Base) verdictFigures(f consult.AnswerFigures) string {
	number := func(v consult.VerdictValue) string { return b.Language.Number(int64(f.Verdicts[v])) }
	return b.T("answer.figures", "n", f.Said(), "yes", number(consult.VerdictYes), "partly", number(consult.VerdictPartly), "no", number(consult.VerdictNo))
}

// answerTo reads the answer to a concern that the reader may know of; nil = there is none yet.
func (w *Web) answerTo(c *fiber.Ctx, b *Base, concern consult.ID) (*givenAnswer, error) {
	p, found, err := w.Service.AnswerTo(c.UserContext(), concern)
	if err != nil || !found {
		return nil, err
	}
	return b.publicAnswer(p), nil
}

// Answer leads from a message that carries an answer to the concern it answers, for everybody.
func (w *Web) Answer(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	concern, err := w.Service.AnsweredConcern(c.UserContext(), id)
	if err != nil {
		return err
	}
	return c.Redirect(concernHref(concern)+"#answer", fiber.StatusSeeOther)
}

// answeredConcerns adds to the concerns of a list when they were answered.
func (w *Web) answeredConcerns(c *fiber.Ctx, list []concernView) error {
	concerns := make([]consult.Concern, len(list))
	for i, v := range list {
		id, err := consult.ParseID(v.ID)
		if err != nil {
			return err
		}
		concerns[i].ID = id
	}
	_, public, err := w.Service.AnswerStates(c.UserContext(), w.actor(c), concerns)
	for i, k := range concerns {
		list[i].AnsweredAt = public[k.ID].PublishedAt
	}
	return err
}
