package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// matter is the one consultation of the demo that is no planning application: it asks questions of its own.
type matter struct {
	Reference   string                   `json:"reference"`
	Kind        consult.ConsultationKind `json:"kind"`
	Title       string                   `json:"title"`
	Summary     string                   `json:"summary"`
	Address     string                   `json:"address"`
	Place       [2]float64               `json:"place"` // metres east and north of the centre
	Service     string                   `json:"service"`
	PromiseDays int                      `json:"promiseDays"`
	Influence   consult.Influence        `json:"influence"`
	Document    struct {
		Name string   `json:"name"`
		Text []string `json:"text"`
	} `json:"document"`
	Begun     moment           `json:"begun"`
	Opens     int              `json:"opens"`
	Closes    int              `json:"closes"`
	Closed    moment           `json:"closed"`
	Form      consult.Form     `json:"form"`
	Responses []matterResponse `json:"responses"`
}

// matterResponse is what one person answered.
type matterResponse struct {
	At        moment             `json:"at"`
	Street    string             `json:"street"`
	Channel   consult.Channel    `json:"channel"` // "" = web
	Language  string             `json:"language"`
	Spot      *[2]float64        `json:"spot"` // of the answer to the last place question, metres from the centre
	Responses []consult.Response `json:"responses"`
	Publish   moment             `json:"publish"` // "" = there are no words to publish
	Answer    *message           `json:"answer"`
}

// asking is a matter that is being played.
type asking struct {
	*run
	matter
	id consult.ID
}

// planMatter makes the steps of the matter.
func (r *run) planMatter() error {
	a := &asking{run: r}
	if err := read("matter.json", &a.matter); err != nil {
		return err
	}
	main := &chain{run: r}
	if err := main.add(a.Begun, false, a.begin); err != nil {
		return err
	}
	if err := main.add(a.Closed, false, func(ctx context.Context) error {
		return a.svc.Advance(ctx, consult.System(), consult.Move{Consultation: a.id, To: consult.ClosedState})
	}); err != nil {
		return err
	}
	for i, one := range a.Responses {
		if err := a.planResponse(one); err != nil {
			return fmt.Errorf("response %d: %w", i+1, err)
		}
	}
	return nil
}

// begin announces the matter, publishes its form and opens its round.
func (a *asking) begin(ctx context.Context) error {
	officer, err := a.actor("planning")
	if err != nil {
		return err
	}
	paragraphs := strings.Join(a.Document.Text, "\n\n")
	i := a.Influence
	i.When = dated(i.When, a.today)
	saved, err := a.svc.Take(ctx, consult.System(), consult.Case{
		Consultation: consult.Consultation{Kind: a.Kind, Title: a.Title, Summary: a.Summary, State: consult.Validated, Address: a.Address,
			Place: a.ground.Centre.move(a.Place[0], a.Place[1]).point(), HasPlace: true, Service: a.Service, PromiseDays: a.PromiseDays,
			Influence: i, Demo: true, Version: 1,
			Application: consult.Application{Authority: Authority, Reference: a.Reference, ReceivedOn: a.day(a.Opens - 10), PublishedOn: a.day(a.Opens - 4), Source: "demo"}},
		Versions:  []consult.ProposalVersion{{Number: 1, Summary: a.Summary}},
		Documents: []consult.Document{{ID: consult.NewID(a.clock.now()), Version: 1, Name: a.Document.Name, Text: paragraphs, Status: consult.PublishDocument}},
		History:   []consult.StateEvent{{To: consult.Validated, At: a.clock.now()}},
	})
	if err != nil {
		return err
	}
	a.id = saved.ID
	a.result.Matters++
	if err := a.svc.SaveForm(ctx, officer, a.id, a.Form, 0); err != nil {
		return err
	}
	if err := a.svc.PublishForm(ctx, officer, a.id, 1); err != nil {
		return err
	}
	return a.svc.Advance(ctx, officer, consult.Move{Consultation: a.id, To: consult.Consulting, Why: "The questions are ready.",
		Round: &consult.Round{Kind: consult.InitialRound, Opens: a.day(a.Opens), Closes: a.day(a.Closes), Version: 1}})
}

// planResponse makes the steps of one person's answers: sent, published, answered.
func (a *asking) planResponse(one matterResponse) error {
	where, err := a.streetOf(one.Street)
	if err != nil {
		return err
	}
	a.people++
	in := consult.CommentInput{Channel: one.Channel, Language: one.Language, Responses: one.Responses,
		Contact: consult.Contact{Name: fmt.Sprintf("Resident %02d of %s", a.people, where.Name), Postcode: where.Postcode}}
	if in.Channel == "" {
		in.Channel = "web"
	}
	if in.Language == "" {
		in.Language = "en"
	}
	if n := len(in.Responses); one.Spot != nil && n > 0 {
		p := a.ground.Centre.move(one.Spot[0], one.Spot[1]).point()
		last := &in.Responses[n-1]
		last.Lat, last.Lon, last.HasPlace = p.Lat, p.Lon, true
	}
	follow := &chain{run: a.run}
	var id consult.ID
	if err := follow.add(one.At, false, func(ctx context.Context) error {
		in.Consultation = a.id
		receipt, err := a.svc.SubmitComment(ctx, consult.Actor{Kind: consult.Visitor}, in)
		if err != nil {
			return fmt.Errorf("%s, answers of %s: %w", a.Reference, one.At, err)
		}
		id = receipt.Comment.ID
		a.result.Comments++
		return nil
	}); err != nil {
		return err
	}
	if one.Publish != "" {
		if err := follow.add(one.Publish, true, func(ctx context.Context) error { return a.publish(ctx, id, in) }); err != nil {
			return err
		}
	}
	if one.Answer == nil {
		return nil
	}
	return follow.add(one.Answer.At, true, func(ctx context.Context) error {
		return (&told{run: a.run, story: story{Reference: a.Reference}, id: a.id}).answer(ctx, id, *one.Answer)
	})
}

// publish lets everybody read the words, unchanged.
func (a *asking) publish(ctx context.Context, id consult.ID, in consult.CommentInput) error {
	officer, err := a.actor("planning")
	if err != nil {
		return err
	}
	if err := a.svc.PublishComment(ctx, officer, consult.Publication{Comment: id, Points: consult.WordsOf(in.Responses)}); err != nil {
		return fmt.Errorf("%s, publication: %w", a.Reference, err)
	}
	return nil
}

// matterLoaded tells whether the matter is there to its end.
func matterLoaded(ctx context.Context, store consult.Store) (bool, error) {
	var m matter
	if err := read("matter.json", &m); err != nil {
		return false, err
	}
	c, err := store.ConsultationByReference(ctx, Authority, m.Reference)
	if consult.KindOf(err) == consult.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	tally, err := store.Tally(ctx, c.ID)
	return tally.Comments >= len(m.Responses) && c.State != consult.Validated && c.State != consult.Consulting, err
}
