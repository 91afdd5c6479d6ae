package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// ConcernAnswer is one version of the authority's answer to a concern.
type ConcernAnswer struct {
	ID           string        `json:"id"`
	Version      int           `json:"version"`
	Body         string        `json:"body"`
	Language     string        `json:"language"`
	Changed      string        `json:"changed,omitempty"` // what is different from the version before
	Service      string        `json:"service"`
	Title        string        `json:"title,omitempty"` // the role of who answers
	PublishedAt  string        `json:"published_at"`
	Translations []Translation `json:"translations,omitempty"` // checked by a person
	Verdicts     *Verdicts     `json:"verdicts,omitempty"`     // of the current version, once there are ten
}

// Translation is an answer in another language.
type Translation struct {
	Language string `json:"language"`
	Body     string `json:"body"`
}

// Verdicts is what those who asked said of an answer.
type Verdicts struct {
	Yes    int `json:"yes"`
	Partly int `json:"partly"`
	No     int `json:"no"`
}

// ConcernWithAnswer is a concern with its answer in every version, the current one first.
type ConcernWithAnswer struct {
	Concern
	Answers []ConcernAnswer `json:"answers"`
}

func answerOf(x consult.Answer) ConcernAnswer {
	a := ConcernAnswer{ID: x.ID.String(), Version: x.Version, Body: x.Body, Language: x.Language, Changed: x.Changed, Service: x.Service, Title: x.Title,
		PublishedAt: x.PublishedAt.UTC().Format(time.RFC3339)}
	for _, t := range x.Translations {
		a.Translations = append(a.Translations, Translation{t.Language, t.Body})
	}
	return a
}

// Concern answers what people asked with what the authority answered. One that went into another leads there.
func (a *API) Concern(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	v, err := a.service.PublicConcern(c.UserContext(), anybody, id, 0)
	if err != nil {
		return err
	}
	out := ConcernWithAnswer{Concern: a.concern(v.Concern, v.Consultation), Answers: []ConcernAnswer{}}
	p, found, err := a.service.AnswerTo(c.UserContext(), v.Concern.ID)
	if err != nil {
		return err
	}
	if found {
		current := answerOf(p.Answer)
		if p.Told {
			f := p.Figures.Verdicts
			current.Verdicts = &Verdicts{f[consult.VerdictYes], f[consult.VerdictPartly], f[consult.VerdictNo]}
		}
		out.AnsweredAt = &current.PublishedAt
		out.Answers = append(out.Answers, current)
		for _, x := range p.Earlier {
			out.Answers = append(out.Answers, answerOf(x))
		}
	}
	return a.show(c, out)
}
