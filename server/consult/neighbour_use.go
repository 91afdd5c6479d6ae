package consult

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/geo"
)

// NeighbourDesk is what an officer sees of a round's neighbours.
type NeighbourDesk struct {
	Case     CaseView
	Round    int
	Tally    NeighbourTally
	Searches []NeighbourSearch
	List     []Neighbour
	Total    int
	Listed   int // addresses imported at all
}

// rounds is the number of the last round that neighbours can be listed for: the next one may be prepared before it opens.
func lastPrepared(v CaseView) int {
	if len(v.Rounds) == 0 {
		return 1
	}
	return v.Rounds[len(v.Rounds)-1].Number + 1
}

// currentRound is the round an officer most likely means: the latest.
func currentRound(v CaseView) int {
	if len(v.Rounds) == 0 {
		return 1
	}
	return v.Rounds[len(v.Rounds)-1].Number
}

// NeighbourDesk reads a page of a round's neighbours; round 0 is the latest.
func (s *Service) NeighbourDesk(ctx context.Context, a Actor, f NeighbourFilter) (NeighbourDesk, error) {
	if err := Must(a, RecordOutcome, "read neighbours"); err != nil {
		return NeighbourDesk{}, err
	}
	v, err := s.Case(ctx, a, f.Consultation)
	if err != nil {
		return NeighbourDesk{}, err
	}
	if f.Round < 1 || f.Round > lastPrepared(v) {
		f.Round = currentRound(v)
	}
	d := NeighbourDesk{Case: v, Round: f.Round}
	f.Limit, f.Offset = ClampPage(f.Limit, f.Offset)
	for _, read := range []func() error{
		func() (err error) { d.Tally, err = s.store.NeighbourTally(ctx, f.Consultation, f.Round); return },
		func() (err error) { d.Searches, err = s.store.NeighbourSearches(ctx, f.Consultation, f.Round); return },
		func() (err error) { d.List, d.Total, err = s.store.Neighbours(ctx, f); return },
		func() (err error) { d.Listed, err = s.store.AddressCount(ctx); return },
	} {
		if err := read(); err != nil {
			return d, err
		}
	}
	return d, nil
}

// FindNeighbours looks for the addresses around a site, or in an area drawn by hand, and saves nothing.
func (s *Service) FindNeighbours(ctx context.Context, a Actor, consultation ID, round int, around Surroundings) (Found, error) {
	const op = "find neighbours"
	if err := Must(a, RecordOutcome, op); err != nil {
		return Found{}, err
	}
	v, err := s.Case(ctx, a, consultation)
	if err != nil {
		return Found{}, err
	}
	area, err := surroundings(v, round, around)
	if err != nil {
		return Found{}, err
	}
	known, err := s.store.NeighbourRounds(ctx, consultation)
	if err != nil {
		return Found{}, err
	}
	var found Found
	err = s.store.EachAddress(ctx, geo.Ranges(area.Bounds().Widened(around.Metres), 8), func(x Address) error {
		if !area.Near(x.Place, around.Metres) {
			return nil
		}
		if len(found.Addresses) == MaxFound {
			return fail(Invalid, op, FieldError{Field: "area", Rule: "too_many_addresses", Args: map[string]any{"max": MaxFound}})
		}
		found.take(x, round, known)
		return nil
	})
	slices.SortFunc(found.Addresses, func(a, b FoundAddress) int {
		return cmp.Or(cmp.Compare(a.Postcode, b.Postcode), cmp.Compare(a.Text, b.Text), cmp.Compare(a.UPRN, b.UPRN))
	})
	return found, err
}

// take sorts one address into the answer.
func (f *Found) take(x Address, round int, known map[int]map[string]Neighbour) {
	one := FoundAddress{Address: x}
	for number, list := range known {
		n, there := list[addressKey(x.UPRN, x.Text, x.Postcode)]
		switch {
		case !there:
		case number == round && n.RemovedAt.IsZero():
			one.Here = true
		case number == round:
			one.Taken = true
		case number < round && n.RemovedAt.IsZero():
			one.Before = true
		}
	}
	switch {
	case one.Here:
		f.Here++
	case one.Taken:
		f.Taken++
	case one.Before:
		f.Old++
	default:
		f.New++
	}
	f.Addresses = append(f.Addresses, one)
}

// surroundings is the area a search means.
func surroundings(v CaseView, round int, around Surroundings) (geo.Geometry, error) {
	const op = "find neighbours"
	var bad check
	if round < 1 || round > lastPrepared(v) {
		bad.add("round", "choice")
	}
	if !(around.Metres >= 0 && around.Metres <= MaxMetres) {
		bad.add("metres", "number", "low", 0, "high", MaxMetres)
	}
	raw, rule := around.Area, "area"
	if len(raw) == 0 {
		raw, rule = v.Current.Boundary, "no_boundary"
	}
	area, err := geo.ParseGeoJSON(raw, geo.DefaultLimits())
	if err != nil || area.IsZero() || len(around.Area) > 0 && area.Kind() == geo.KindPoint {
		bad.add("area", rule)
	}
	return area, bad.err(op)
}

// AddNeighbours puts the addresses of a search on a round's list; onlyNew leaves those out that an earlier round had. seen is how
// many the officer was shown: Invalid when the list has changed since.
func (s *Service) AddNeighbours(ctx context.Context, a Actor, consultation ID, round int, around Surroundings, onlyNew bool, seen int) (int, error) {
	const op = "add neighbours"
	found, err := s.FindNeighbours(ctx, a, consultation, round, around)
	if err != nil {
		return 0, err
	}
	c, err := s.store.Consultation(ctx, consultation)
	if err != nil {
		return 0, err
	}
	var bad check
	if seen != len(found.Addresses) {
		bad.add("area", "changed_since")
	}
	if c.State.Settled() {
		bad.add("state", "settled")
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "neighbours.add", consultation)
	search := &NeighbourSearch{ID: NewID(ch.At), Consultation: consultation, Round: round, Surroundings: around, Found: len(found.Addresses), At: ch.At}
	var list []Neighbour
	for _, x := range found.Addresses {
		if x.Here || x.Taken || onlyNew && x.Before {
			continue
		}
		list = append(list, Neighbour{ID: NewID(ch.At), Consultation: consultation, Round: round, Key: addressKey(x.UPRN, x.Text, x.Postcode),
			UPRN: x.UPRN, Address: x.Text, Postcode: x.Postcode, Search: search.ID, AddedAt: ch.At})
	}
	if len(list) == 0 {
		return 0, fail(Invalid, op, FieldError{Field: "area", Rule: "no_addresses"})
	}
	return s.store.SaveNeighbours(ctx, list, search, ch)
}

// AddNeighbour puts one typed address on a round's list.
func (s *Service) AddNeighbour(ctx context.Context, a Actor, consultation ID, round int, address, postcode string) error {
	const op = "add neighbour"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	v, err := s.Case(ctx, a, consultation)
	if err != nil {
		return err
	}
	var bad check
	address = strings.TrimSpace(address)
	bad.line("address", address, MaxAddress, true)
	code, ok := NormalPostcode(postcode)
	if !ok {
		bad.add("postcode", "postcode")
	}
	if round < 1 || round > lastPrepared(v) {
		bad.add("round", "choice")
	}
	if v.Consultation.State.Settled() {
		bad.add("state", "settled")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "neighbours.add", consultation)
	n, err := s.store.SaveNeighbours(ctx, []Neighbour{{ID: NewID(ch.At), Consultation: consultation, Round: round,
		Key: addressKey("", address, code), Address: address, Postcode: code, AddedAt: ch.At}}, nil, ch)
	if err == nil && n == 0 {
		err = fail(Invalid, op, FieldError{Field: "address", Rule: "already_listed"})
	}
	return err
}

// RemoveNeighbour takes an address off a round's list, with the reason.
func (s *Service) RemoveNeighbour(ctx context.Context, a Actor, consultation, neighbour ID, why string) error {
	const op = "remove neighbour"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	var bad check
	bad.line("why", why, 300, true)
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.RemoveNeighbour(ctx, consultation, neighbour, strings.TrimSpace(why), s.change(a, "neighbours.remove", neighbour))
}
