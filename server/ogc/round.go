package ogc

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

func rounds() Collection {
	return Collection{
		ID: "consultation-rounds", Geometry: "any", Properties: properties(roundFields()), Time: []string{"opens", "closes"},
		items: func(ctx context.Context, s *Source, q Query, each func(Feature) error) (Page, error) {
			fields := roundFields()
			found, err := s.Service.RoundSites(ctx, q.filter, q.Frame, func(v consult.RoundSite) error { return each(s.roundFeature(fields, v)) })
			return pageOf(found), err
		},
		item: func(ctx context.Context, s *Source, id string) (Feature, error) {
			key, err := consult.ParseID(id)
			if err != nil {
				return Feature{}, err
			}
			v, err := s.Service.RoundSiteOf(ctx, key)
			return s.roundFeature(roundFields(), v), err
		},
	}
}

func (s *Source) roundFeature(fields []field[consult.RoundSite], v consult.RoundSite) Feature {
	return Feature{ID: v.Round.ID.String(), Place: v.Site.Geometry(), Values: values(s, fields, v)}
}

func roundKinds() []string {
	return texts([]consult.RoundKind{consult.InitialRound, consult.AmendmentRound, consult.FurtherRound, consult.ReadvertRound})
}

func roundFields() []field[consult.RoundSite] {
	type round = consult.RoundSite
	k := func(v round) consult.Consultation { return v.Site.Consultation }
	return []field[round]{
		consultationOf(k), referenceOf(k), authorityOf(k), titleOf(k), stateOf(k), wardOf(k),
		number("number", func(v round) int { return v.Round.Number }).asked(roundNumber),
		line("round_kind", func(v round) string { return string(v.Round.Kind) }).of(roundKinds()).
			asked(func(f *consult.FeatureFilter, value string) bool { f.RoundKind = consult.RoundKind(value); return true }),
		day("opens", func(v round) consult.Date { return v.Round.Opens }),
		day("closes", func(v round) consult.Date { return v.Round.Closes }),
		line("question", func(v round) string { return v.Round.Question }),
		number("version", func(v round) int { return v.Round.Version }),
		flag("demo", func(v round) bool { return k(v).Demo }),
		link("page", func(s *Source, v round) string { return s.BaseURL + "/consultations/" + k(v).ID.String() }),
	}
}
