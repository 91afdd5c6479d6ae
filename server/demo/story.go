package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// told is a story that is being played: what later steps need to know of earlier ones.
type told struct {
	*run
	story
	site      spot
	id        consult.ID
	documents map[string]consult.ID
	said      map[moment]consult.ID // comments, by when they were made
}

// lastState is where the story ends.
func (s story) lastState() consult.State {
	if len(s.Moves) == 0 {
		return consult.Validated
	}
	return s.Moves[len(s.Moves)-1].To
}

// plan makes the steps of a story.
func (r *run) plan(s story) error {
	t := &told{run: r, story: s, site: r.ground.Centre.move(s.Place[0], s.Place[1]), documents: map[string]consult.ID{}, said: map[moment]consult.ID{}}
	main := &chain{run: r}
	published := moment(fmt.Sprintf("%dd 09:00", s.Published))
	if err := main.add(published, false, t.begin); err != nil {
		return err
	}
	if err := t.planTerms(main); err != nil {
		return err
	}
	for _, m := range s.Moves {
		if err := main.add(m.At, false, func(ctx context.Context) error { return t.move(ctx, m) }); err != nil {
			return err
		}
		if err := t.planAmendment(main, m); err != nil {
			return err
		}
	}
	if err := t.planConsulted(); err != nil {
		return err
	}
	if err := t.planCouncillor(); err != nil {
		return err
	}
	if err := t.planFacts(); err != nil {
		return err
	}
	for _, th := range s.Threads {
		if err := t.planThread(th); err != nil {
			return fmt.Errorf("thread %q: %w", th.Title, err)
		}
	}
	for i, c := range s.Comments {
		if err := t.planComment(c); err != nil {
			return fmt.Errorf("comment %d: %w", i+1, err)
		}
	}
	if err := t.planConcerns(); err != nil {
		return err
	}
	if err := t.planModeration(); err != nil {
		return err
	}
	if err := t.planLateItems(); err != nil || len(s.Outcomes) == 0 {
		return err
	}
	return (&chain{run: r}).add(s.PublishedAt, true, t.publishOutcomes)
}

// begin publishes the application, validated.
func (t *told) begin(ctx context.Context) error {
	c, err := t.toCase()
	if err != nil {
		return fmt.Errorf("%s: %w", t.Reference, err)
	}
	result, err := t.svc.Take(ctx, consult.System(), c)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Reference, err)
	}
	t.id = result.ID
	t.result.Consultations++
	return t.publicise(ctx, &t.Round, consult.InitialRound, 1)
}

// publicise records how people were told of a round. Holidays can make the law's period longer than the story's round; then the
// notices were given some days before it opened.
func (t *told) publicise(ctx context.Context, r *round, kind consult.RoundKind, number int) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	for _, p := range r.Publicity {
		on, closes := t.day(r.Opens), t.day(r.Closes)
		for {
			last, err := t.calendar.LastDay(p.Kind, on, kind, false)
			if err != nil {
				return fmt.Errorf("%s: %w", t.Reference, err)
			}
			if last <= closes {
				break
			}
			on = on.Add(-1)
		}
		if err := t.svc.RecordPublicity(ctx, officer, consult.Publicity{Consultation: t.id, Round: number, Kind: p.Kind, On: on,
			Evidence: p.Evidence}); err != nil {
			return fmt.Errorf("%s: %w", t.Reference, err)
		}
	}
	return nil
}

// toCase is the application as it was on the day it was published.
func (t *told) toCase() (consult.Case, error) {
	first := t.Proposal
	first.Summary, first.Description, first.Received = t.Summary, t.Description, t.Received
	v, err := t.version(first)
	if err != nil {
		return consult.Case{}, err
	}
	v.Number = 1
	k := consult.Consultation{
		Kind: consult.PlanningApplication, Title: t.Title, Summary: t.Summary, State: consult.Validated, Address: t.Address,
		Postcode: t.Postcode, Place: t.site.point(), HasPlace: true, Service: "Planning", PromiseDays: t.PromiseDays, Demo: true, Version: 1,
		Influence: consult.Influence{Fixed: t.dated(t.Influence.Fixed), Open: t.dated(t.Influence.Open),
			Decider: t.dated(t.Influence.Decider), When: t.dated(t.Influence.When), Rules: t.dated(t.Influence.Rules)},
		Application: consult.Application{
			Authority: Authority, Reference: t.Reference, Type: t.Type, Description: t.Description, Scale: t.Scale,
			ReceivedOn: t.day(t.Received), ValidatedOn: t.day(t.Validated), PublishedOn: t.day(t.Published), DecisionDue: t.day(t.Due),
			Source: "demo",
		},
	}
	c := consult.Case{Consultation: k, Versions: []consult.ProposalVersion{v}, Documents: t.papers()}
	c.Rounds = []consult.Round{*t.roundOf(&t.Round, consult.InitialRound, 1)}
	c.History = []consult.StateEvent{
		{To: consult.Received, At: t.midnight(t.Received)},
		{From: consult.Received, To: consult.Validated, At: t.midnight(t.Validated)},
	}
	return c, nil
}

func (t *told) dated(text string) string { return dated(text, t.today) }

// version makes one version of the proposal.
func (t *told) version(p proposal) (v consult.ProposalVersion, err error) {
	v = consult.ProposalVersion{Summary: t.dated(p.Summary), Description: p.Description, ReceivedOn: t.day(p.Received)}
	if v.Boundary, err = p.boundary(t.site); err != nil {
		return v, err
	}
	v.Massing, err = p.massing(t.site)
	return v, err
}

func (t *told) roundOf(r *round, kind consult.RoundKind, number int) *consult.Round {
	return &consult.Round{Number: number, Kind: kind, Opens: t.day(r.Opens), Closes: t.day(r.Closes), Question: t.dated(r.Question), Version: number}
}

// papers are the documents at the beginning, with what replaces what: all of them, where no change of the proposal brings any later.
func (t *told) papers() []consult.Document {
	if t.amends() {
		return t.papersOf(1)
	}
	return t.papersOf(0)
}

// papersOf are the documents of one version; 0 means every one.
func (t *told) papersOf(version int) []consult.Document {
	at := t.clock.now()
	var list []consult.Document
	for _, d := range t.Documents {
		if version != 0 && max(d.Version, 1) != version {
			continue
		}
		id := consult.NewID(at)
		t.documents[d.Name] = id
		paragraphs := make([]string, len(d.Text))
		for i, p := range d.Text {
			paragraphs[i] = t.dated(p)
		}
		list = append(list, consult.Document{ID: id, Version: max(d.Version, 1), Name: d.Name, Type: d.Type,
			Text: strings.Join(paragraphs, "\n\n"), Replaces: t.documents[d.Replaces], Status: consult.PublishDocument})
	}
	return list
}

// move takes the application one state on, with its new version or round.
func (t *told) move(ctx context.Context, m move) error {
	if m.Amendment != nil {
		return t.amend(ctx, m)
	}
	next := consult.Move{Consultation: t.id, To: m.To, Why: t.dated(m.Why)}
	if d := t.Decision; d != nil && m.To == consult.Decided {
		next.Ruling = consult.Ruling{Decision: d.Result, By: d.By, On: t.day(d.Day)}
	}
	if m.Proposal != nil {
		v, err := t.version(*m.Proposal)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Reference, err)
		}
		v.Number = 2
		next.Version = &v
	}
	if m.Round != nil {
		next.Round = t.roundOf(m.Round, consult.AmendmentRound, 2)
		next.Round.Consultation = t.id
		if err := t.publicise(ctx, m.Round, consult.AmendmentRound, 2); err != nil {
			return err
		}
	}
	who := consult.System()
	if m.To != consult.ClosedState { // a date does that
		var err error
		if who, err = t.actor("planning"); err != nil {
			return err
		}
	}
	if m.To == consult.InCommittee {
		next.CommitteeOn = t.day(m.Committee)
	}
	if m.To == consult.Assessed {
		if err := t.weigh(ctx); err != nil {
			return err
		}
	}
	if err := t.svc.Advance(ctx, who, next); err != nil {
		return fmt.Errorf("%s to %s: %w", t.Reference, m.To, err)
	}
	return nil
}

// publishOutcomes records what every topic's comments did and publishes it.
func (t *told) publishOutcomes(ctx context.Context) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	for _, o := range t.Outcomes {
		condition, err := t.condition(ctx, officer, o.Condition)
		if err != nil {
			return err
		}
		if err := t.svc.RecordOutcome(ctx, officer, consult.Outcome{Consultation: t.id, Topic: o.Topic, YouSaid: o.YouSaid, WeDid: o.WeDid,
			Effect: o.Effect, Version: o.Version, Condition: condition, Reference: o.Reference}); err != nil {
			return fmt.Errorf("%s, outcome %s: %w", t.Reference, o.Topic, err)
		}
	}
	if _, err := t.svc.PublishOutcomes(ctx, officer, t.id); err != nil {
		return fmt.Errorf("%s: %w", t.Reference, err)
	}
	return nil
}

// streetOf finds a street of the ground.
func (r *run) streetOf(name string) (street, error) {
	i := slices.IndexFunc(r.ground.Streets, func(s street) bool { return s.Name == name })
	if i < 0 {
		return street{}, fmt.Errorf("no street %q", name)
	}
	return r.ground.Streets[i], nil
}
