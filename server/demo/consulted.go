package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// groups are those consulted besides the public: whom officers pick from, and who was asked in which story.
type groups struct {
	Directory []struct {
		Name     string                `json:"name"`
		Kind     consult.ConsulteeKind `json:"kind"`
		Email    string                `json:"email"`
		Address  string                `json:"address"`
		Postcode string                `json:"postcode"`
	} `json:"directory"`
	Cases map[string]struct {
		Street     string     `json:"street"` // neighbours: houses of this street, from here, a step apart, in metres from the centre
		Houses     int        `json:"houses"`
		From       [2]float64 `json:"from"`
		Step       [2]float64 `json:"step"`
		Metres     float64    `json:"metres"` // around the site, for the list of neighbours
		Listed     moment     `json:"listed"`
		Asked      moment     `json:"asked"`
		Due        int        `json:"due"`
		Consultees []asked    `json:"consultees"`
	} `json:"cases"`
}

// asked is one consultee, by its name in the directory.
type asked struct {
	Name   string `json:"name"`
	Why    string `json:"why"`
	Answer *struct {
		At         moment          `json:"at"`
		Opinion    consult.Opinion `json:"opinion"`
		Text       string          `json:"text"`
		Conditions string          `json:"conditions"`
		Publish    moment          `json:"publish"`
	} `json:"answer"`
}

// planConsulted makes the steps of a story in which neighbours are listed and consultees asked.
func (t *told) planConsulted() error {
	var g groups
	if err := read("consulted.json", &g); err != nil {
		return err
	}
	one, ok := g.Cases[t.Reference]
	if !ok {
		return nil
	}
	if one.Houses > 0 {
		if err := (&chain{run: t.run}).add(one.Listed, true, func(ctx context.Context) error {
			return t.listNeighbours(ctx, one.Street, one.Houses, one.From, one.Step, one.Metres)
		}); err != nil {
			return err
		}
	}
	if len(one.Consultees) == 0 {
		return nil
	}
	if err := (&chain{run: t.run}).add(one.Asked, true, func(ctx context.Context) error {
		return t.askConsultees(ctx, g, one.Consultees, t.day(one.Due))
	}); err != nil {
		return err
	}
	for _, c := range one.Consultees {
		if c.Answer == nil {
			continue
		}
		answers := &chain{run: t.run}
		if err := answers.add(c.Answer.At, false, func(ctx context.Context) error { return t.answerAs(ctx, c) }); err != nil {
			return err
		}
		if err := answers.add(c.Answer.Publish, true, func(ctx context.Context) error { return t.publishAs(ctx, c) }); err != nil {
			return err
		}
	}
	return nil
}

// listNeighbours imports the houses of a street and puts those around the site on the list.
func (t *told) listNeighbours(ctx context.Context, street string, houses int, from, step [2]float64, metres float64) error {
	where, err := t.streetOf(street)
	if err != nil {
		return err
	}
	var list []consult.Address
	for n := range houses {
		at := t.ground.Centre.move(from[0]+float64(n)*step[0], from[1]+float64(n)*step[1])
		list = append(list, consult.Address{UPRN: fmt.Sprintf("1000999%05d", n+1), Text: fmt.Sprintf("%d %s, Bordesley Green", n+1, street),
			Postcode: where.Postcode, Place: at.point()})
	}
	if _, _, _, err := t.svc.TakeAddresses(ctx, consult.System(), list); err != nil {
		return err
	}
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	around := consult.Surroundings{Metres: metres}
	found, err := t.svc.FindNeighbours(ctx, officer, t.id, 1, around)
	if err != nil {
		return fmt.Errorf("%s, neighbours: %w", t.Reference, err)
	}
	if _, err := t.svc.AddNeighbours(ctx, officer, t.id, 1, around, false, len(found.Addresses)); err != nil {
		return fmt.Errorf("%s, neighbours: %w", t.Reference, err)
	}
	return nil
}

// askConsultees fills the directory, which is the same every time, and asks.
func (t *told) askConsultees(ctx context.Context, g groups, whom []asked, due consult.Date) error {
	entries := map[string]consult.DirectoryEntry{}
	var directory []consult.DirectoryEntry
	for _, d := range g.Directory {
		e := consult.DirectoryEntry{Name: d.Name, Kind: d.Kind, ConsulteeContact: consult.ConsulteeContact{Email: d.Email, Address: d.Address, Postcode: d.Postcode}}
		directory, entries[d.Name] = append(directory, e), e
	}
	if _, _, _, err := t.svc.TakeDirectory(ctx, consult.System(), directory); err != nil {
		return err
	}
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	for _, c := range whom {
		e, known := entries[c.Name]
		if !known {
			return fmt.Errorf("%s: %q is not in the directory", t.Reference, c.Name)
		}
		if _, err := t.svc.AddConsultee(ctx, officer, consult.Consultee{Consultation: t.id, Kind: e.Kind, Name: e.Name, Why: c.Why, DueOn: due},
			e.ConsulteeContact, false); err != nil {
			return fmt.Errorf("%s, %s: %w", t.Reference, c.Name, err)
		}
	}
	_, err = t.svc.AskConsultees(ctx, officer, t.id)
	return err
}

// consulteeNamed finds one that was asked.
func (t *told) consulteeNamed(ctx context.Context, officer consult.Actor, name string) (consult.Consultee, error) {
	_, list, _, err := t.svc.Consultees(ctx, officer, t.id)
	if err != nil {
		return consult.Consultee{}, err
	}
	for _, c := range list {
		if c.Name == name {
			return c, nil
		}
	}
	return consult.Consultee{}, fmt.Errorf("%s: %q was not asked", t.Reference, name)
}

// answerAs keeps what a consultee said.
func (t *told) answerAs(ctx context.Context, a asked) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	c, err := t.consulteeNamed(ctx, officer, a.Name)
	if err != nil {
		return err
	}
	return t.svc.RecordConsulteeAnswer(ctx, officer, c.ID, consult.ConsulteeAnswer{Opinion: a.Answer.Opinion, Text: a.Answer.Text, Conditions: a.Answer.Conditions})
}

// publishAs shows it to the public, unchanged.
func (t *told) publishAs(ctx context.Context, a asked) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	c, err := t.consulteeNamed(ctx, officer, a.Name)
	if err != nil {
		return err
	}
	return t.svc.PublishConsulteeAnswer(ctx, officer, consult.ConsulteePublication{Consultee: c.ID, Asking: c.Asking, Text: a.Answer.Text, Condition: a.Answer.Conditions})
}
