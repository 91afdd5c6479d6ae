package ogc

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

func applications() Collection {
	return Collection{
		ID: "applications", Geometry: "any", Properties: properties(siteFields()), Time: []string{"listed_on"},
		items: func(ctx context.Context, s *Source, q Query, each func(Feature) error) (Page, error) {
			return s.sites(ctx, q, false, each)
		},
		item: func(ctx context.Context, s *Source, id string) (Feature, error) { return s.site(ctx, id, false) },
	}
}

func applicationPoints() Collection {
	return Collection{
		ID: "application-points", Geometry: "point", Properties: properties(siteFields()), Time: []string{"listed_on"},
		items: func(ctx context.Context, s *Source, q Query, each func(Feature) error) (Page, error) {
			return s.sites(ctx, q, true, each)
		},
		item: func(ctx context.Context, s *Source, id string) (Feature, error) { return s.site(ctx, id, true) },
	}
}

func (s *Source) sites(ctx context.Context, q Query, points bool, each func(Feature) error) (Page, error) {
	fields := siteFields()
	found, err := s.Service.Sites(ctx, q.filter, q.Frame, points, func(v consult.Site) error { return each(s.siteFeature(fields, v, points)) })
	return pageOf(found), err
}

func (s *Source) site(ctx context.Context, id string, points bool) (Feature, error) {
	key, err := consult.ParseID(id)
	if err != nil {
		return Feature{}, err
	}
	v, err := s.Service.SiteOf(ctx, key)
	return s.siteFeature(siteFields(), v, points), err
}

func (s *Source) siteFeature(fields []field[consult.Site], v consult.Site, points bool) Feature {
	f := Feature{ID: v.Consultation.ID.String(), Place: v.Geometry(), Values: values(s, fields, v)}
	if points {
		f.Place = v.Pin()
	}
	return f
}

// publicStates are the states a visitor can meet.
func publicStates() []string {
	var list []string
	for _, s := range consult.States() {
		if s.Public() {
			list = append(list, string(s))
		}
	}
	return list
}

// What a consultation says, from whatever it hangs on.

func referenceOf[T any](take func(T) consult.Consultation) field[T] {
	return line("reference", func(v T) string { return take(v).Application.Reference }).
		asked(func(f *consult.FeatureFilter, value string) bool { f.Reference = value; return true })
}

func authorityOf[T any](take func(T) consult.Consultation) field[T] {
	return line("authority", func(v T) string { return take(v).Application.Authority }).
		asked(func(f *consult.FeatureFilter, value string) bool { f.Authority = value; return true })
}

func stateOf[T any](take func(T) consult.Consultation) field[T] {
	return line("state", func(v T) string { return string(take(v).State) }).of(publicStates()).
		asked(func(f *consult.FeatureFilter, value string) bool { f.State = consult.State(value); return true })
}

func wardOf[T any](take func(T) consult.Consultation) field[T] {
	return line("ward", func(v T) string { return take(v).WardCode }).
		asked(func(f *consult.FeatureFilter, value string) bool { f.Ward = value; return true })
}

func titleOf[T any](take func(T) consult.Consultation) field[T] {
	return line("title", func(v T) string { return take(v).Title })
}

// consultationOf is the id that the feature of the collection applications has.
func consultationOf[T any](take func(T) consult.Consultation) field[T] {
	return line("consultation", func(v T) string { return take(v).ID.String() }).
		asked(func(f *consult.FeatureFilter, value string) bool {
			id, err := consult.ParseID(value)
			f.Consultation = id
			return err == nil
		})
}

func siteFields() []field[consult.Site] {
	k := func(v consult.Site) consult.Consultation { return v.Consultation }
	a := func(v consult.Site) consult.Application { return v.Consultation.Application }
	type site = consult.Site
	return []field[site]{
		referenceOf(k), authorityOf(k), titleOf(k), stateOf(k),
		line("kind", func(v site) string { return string(k(v).Kind) }).of(texts(consult.ConsultationKinds())).
			asked(func(f *consult.FeatureFilter, value string) bool {
				f.Kind = consult.ConsultationKind(value)
				return true
			}),
		line("type", func(v site) string { return a(v).Type }).
			asked(func(f *consult.FeatureFilter, value string) bool { f.Type = value; return true }),
		line("summary", func(v site) string { return k(v).Summary }),
		line("description", func(v site) string { return a(v).Description }),
		line("address", func(v site) string { return k(v).Address }),
		line("postcode", func(v site) string { return k(v).Postcode }),
		wardOf(k),
		line("service", func(v site) string { return k(v).Service }),
		day("listed_on", func(v site) consult.Date { return k(v).ListedOn() }),
		day("received_on", func(v site) consult.Date { return a(v).ReceivedOn }),
		day("validated_on", func(v site) consult.Date { return a(v).ValidatedOn }),
		day("committee_on", func(v site) consult.Date { return a(v).CommitteeOn }),
		day("decision_due", func(v site) consult.Date { return a(v).DecisionDue }),
		line("decision", func(v site) string { return a(v).Decision }),
		day("decided_on", func(v site) consult.Date { return a(v).DecidedOn }),
		line("decided_by", func(v site) string { return a(v).DecidedBy }),
		day("withdrawn_on", func(v site) consult.Date { return a(v).WithdrawnOn }),
		number("version", func(v site) int { return k(v).Version }),
		flag("demo", func(v site) bool { return k(v).Demo }),
		link("page", func(s *Source, v site) string { return s.BaseURL + "/consultations/" + k(v).ID.String() }),
		link("register_url", func(_ *Source, v site) string { return a(v).RegisterURL }),
	}
}
