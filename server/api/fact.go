package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// FactUnder is a fact card pinned under a message or a comment.
type FactUnder struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"` // "claim" or "correction"
	Claim    string `json:"claim"`
	Answer   string `json:"answer"` // in a sentence or two
	Service  string `json:"service"`
	Language string `json:"language,omitempty"`
}

func factsUnder(list []consult.Fact) []FactUnder {
	var under []FactUnder
	for _, f := range list {
		under = append(under, FactUnder{ID: f.ID.String(), Kind: string(f.Kind), Claim: f.Claim, Answer: f.Short, Service: f.Service, Language: f.Language})
	}
	return under
}

// FactSource is what an answer rests on.
type FactSource struct {
	Title    string `json:"title"`
	URL      string `json:"url,omitempty"`
	Document string `json:"document,omitempty"`
}

// Fact is a whole fact card.
type Fact struct {
	FactUnder
	Consultation string       `json:"consultation,omitempty"` // absent = it holds everywhere
	State        string       `json:"state"`                  // "published" or "retired"
	Version      int          `json:"version"`
	Text         []string     `json:"text"` // the whole answer, by paragraphs
	Sources      []FactSource `json:"sources"`
	WrittenAt    *string      `json:"written_at"`
	ReviewOn     consult.Date `json:"review_on"`
	Retired      string       `json:"retired,omitempty"` // why it was taken back
	Page         string       `json:"page"`
}

func (a *API) fact(f consult.Fact) Fact {
	out := Fact{FactUnder: factsUnder([]consult.Fact{f})[0], Consultation: idOrNone(f.Consultation), State: string(f.State), Version: f.Version,
		Text: f.Paragraphs(), Sources: []FactSource{}, WrittenAt: moment(f.UpdatedAt), ReviewOn: f.ReviewOn, Retired: f.RetiredWhy,
		Page: a.baseURL + "/facts/" + f.ID.String()}
	for _, s := range f.Sources {
		out.Sources = append(out.Sources, FactSource{Title: s.Title, URL: s.URL, Document: idOrNone(s.Document)})
	}
	return out
}

// FactList is the published cards of a consultation and those that hold everywhere, latest words first.
type FactList struct {
	Items []Fact `json:"items"`
}

// Facts lists them.
func (a *API) Facts(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	_, facts, err := a.service.PublicFacts(c.UserContext(), anybody, id)
	if err != nil {
		return err
	}
	list := FactList{Items: []Fact{}}
	for _, f := range facts {
		list.Items = append(list.Items, a.fact(f))
	}
	return a.show(c, list)
}

// Fact shows one, also after it was taken back.
func (a *API) Fact(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f, _, err := a.service.PublicFact(c.UserContext(), anybody, id)
	if err != nil {
		return err
	}
	return a.show(c, a.fact(f))
}
