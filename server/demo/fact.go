package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// factStory is the demo's fact cards.
type factStory struct {
	Case  string     `json:"case"` // reference of the application
	Cards []factCard `json:"cards"`
}

type factCard struct {
	By         string           `json:"by"`
	Everywhere bool             `json:"everywhere"` // it is about no single application
	Kind       consult.FactKind `json:"kind"`
	At         moment           `json:"at"`
	Claim      string           `json:"claim"`
	Short      string           `json:"short"`
	Answer     string           `json:"answer"`
	Phrasings  []string         `json:"phrasings"`
	Sources    []struct {
		Title    string `json:"title"`
		URL      string `json:"url"`
		Document string `json:"document"` // by name
	} `json:"sources"`
	Review int      `json:"review"` // days from now
	Pins   []string `json:"pins"`   // how the messages begin
}

// planFacts makes the steps of a story on which claims go round.
func (t *told) planFacts() error {
	var s factStory
	if err := read("facts.json", &s); err != nil || s.Case != t.Reference {
		return err
	}
	for _, card := range s.Cards {
		c := &chain{run: t.run}
		if err := c.add(card.At, true, func(ctx context.Context) error { return t.writeFact(ctx, card) }); err != nil {
			return fmt.Errorf("fact card %q: %w", card.Claim, err)
		}
	}
	return nil
}

// writeFact writes a card, pins it and publishes it.
func (t *told) writeFact(ctx context.Context, card factCard) error {
	officer, err := t.actor(card.By)
	if err != nil {
		return err
	}
	f := consult.Fact{Consultation: t.id, Kind: card.Kind, Claim: card.Claim, Short: card.Short, Answer: card.Answer, Phrasings: card.Phrasings,
		Language: "en", Service: officer.Service, ReviewOn: t.today.Add(card.Review)}
	if card.Everywhere {
		f.Consultation = 0
	}
	for _, source := range card.Sources {
		f.Sources = append(f.Sources, consult.FactSource{Title: source.Title, URL: source.URL, Document: t.documents[source.Document]})
	}
	id, err := t.svc.WriteFact(ctx, officer, f, consult.FactTelling{})
	if err != nil {
		return err
	}
	said, err := t.store.Utterances(ctx, t.id, 1000)
	if err != nil {
		return err
	}
	for _, begins := range card.Pins {
		i := slices.IndexFunc(said, func(u consult.Utterance) bool { return strings.HasPrefix(u.Text, begins) })
		if i < 0 {
			return fmt.Errorf("no message begins %q", begins)
		}
		if _, err := t.svc.PinFact(ctx, officer, id, []consult.ID{said[i].Subject}); err != nil {
			return err
		}
	}
	return t.svc.PublishFact(ctx, officer, id, 1, consult.FactTelling{Authors: true})
}
