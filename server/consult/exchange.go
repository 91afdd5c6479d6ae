package consult

import (
	"context"
	"slices"
)

// ExchangeCase is one public consultation as other systems are handed it: its record and what was published, without threads, drafts or
// anybody's contact.
type ExchangeCase struct {
	Consultation Consultation
	WardName     string
	Rounds       []Round
	Versions     []ProposalVersion
	Documents    []Document // published ones
	History      []StateEvent
	Publicity    []Publicity
	Tally        Tally
	Outcomes     []Outcome // published ones
}

// Current is the proposal version that counts; zero for none.
func (c ExchangeCase) Current() ProposalVersion {
	for _, v := range c.Versions {
		if v.Number == c.Consultation.Version {
			return v
		}
	}
	return ProposalVersion{}
}

// LatestRound is the round with the highest number, zero for none.
func (c ExchangeCase) LatestRound() Round {
	if len(c.Rounds) == 0 {
		return Round{}
	}
	return c.Rounds[len(c.Rounds)-1]
}

// Exchange reads one page of public consultations as other systems are handed them, in the order of Search.
func (s *Service) Exchange(ctx context.Context, f Filter) (list []ExchangeCase, total int, err error) {
	page, err := s.Search(ctx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, card := range page.Cards {
		c, err := s.exchanged(ctx, card.Consultation, card.WardName)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, c)
	}
	return list, page.Total, nil
}

// EachExchange hands over every public consultation that the filter takes, oldest listed last, one at a time: what it holds in memory does
// not grow with how many there are. Offset and limit of the filter are ignored.
func (s *Service) EachExchange(ctx context.Context, f Filter, each func(ExchangeCase) error) error {
	seen := map[ID]bool{} // a consultation published meanwhile moves the pages
	for f.Offset, f.Limit = 0, 100; ; f.Offset += 100 {
		page, err := s.Search(ctx, f)
		if err != nil || len(page.Cards) == 0 {
			return err
		}
		for _, card := range page.Cards {
			if seen[card.Consultation.ID] {
				continue
			}
			seen[card.Consultation.ID] = true
			c, err := s.exchanged(ctx, card.Consultation, card.WardName)
			if err == nil {
				err = each(c)
			}
			if err != nil {
				return err
			}
		}
		if f.Offset+len(page.Cards) >= page.Total {
			return nil
		}
	}
}

// ExchangeByReference reads one public consultation by the reference of its application, or by its id. NotFound where several
// authorities gave the same reference: only the id tells them apart.
func (s *Service) ExchangeByReference(ctx context.Context, reference string) (ExchangeCase, error) {
	page, err := s.Search(ctx, Filter{Reference: reference, Limit: 2})
	if err != nil {
		return ExchangeCase{}, err
	}
	if len(page.Cards) == 1 {
		return s.exchanged(ctx, page.Cards[0].Consultation, page.Cards[0].WardName)
	}
	const op = "read consultation"
	id, err := ParseID(reference)
	if err != nil || len(page.Cards) > 1 {
		return ExchangeCase{}, fail(NotFound, op)
	}
	c, err := s.visible(ctx, Actor{}, id)
	if err != nil {
		return ExchangeCase{}, err
	}
	_, names, err := s.wardIndex(ctx)
	if err != nil {
		return ExchangeCase{}, err
	}
	return s.exchanged(ctx, c, names[c.WardCode])
}

// exchanged reads the parts.
func (s *Service) exchanged(ctx context.Context, k Consultation, wardName string) (ExchangeCase, error) {
	c := ExchangeCase{Consultation: k, WardName: wardName}
	for _, read := range []func() error{
		func() (err error) { c.Rounds, err = s.store.Rounds(ctx, k.ID); return },
		func() (err error) { c.Versions, err = s.store.Versions(ctx, k.ID); return },
		func() (err error) { c.Documents, err = s.store.Documents(ctx, k.ID); return },
		func() (err error) { c.History, err = s.store.StateEvents(ctx, k.ID); return },
		func() (err error) { c.Publicity, err = s.store.Publicity(ctx, k.ID); return },
		func() (err error) { c.Tally, err = s.store.Tally(ctx, k.ID); return },
		func() (err error) { c.Outcomes, err = s.Outcomes(ctx, k.ID); return },
	} {
		if err := read(); err != nil {
			return c, err
		}
	}
	c.Documents = slices.DeleteFunc(c.Documents, func(d Document) bool { return d.Status != PublishDocument })
	return c, nil
}

// EachExchangeComment streams the published comments of a public consultation, oldest first.
func (s *Service) EachExchangeComment(ctx context.Context, consultation ID, each func(Comment) error) error {
	if _, err := s.visible(ctx, Actor{}, consultation); err != nil {
		return err
	}
	return s.store.EachComment(ctx, CommentFilter{Consultation: consultation}, each)
}
