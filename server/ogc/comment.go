package ogc

import (
	"context"
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// comments are those anybody may read. Their places are Site.PublicPlace: never a home.
func comments() Collection {
	return Collection{
		ID: "published-comments", Geometry: "point", Properties: properties(commentFields()), Time: []string{"published_on"},
		items: func(ctx context.Context, s *Source, q Query, each func(Feature) error) (Page, error) {
			fields := commentFields()
			found, err := s.Service.PublishedComments(ctx, q.filter, q.Frame, func(v consult.PublishedComment) error {
				return each(s.commentFeature(fields, v))
			})
			return pageOf(found), err
		},
		item: func(ctx context.Context, s *Source, id string) (Feature, error) {
			key, err := consult.ParseID(id)
			if err != nil {
				return Feature{}, err
			}
			v, err := s.Service.PublishedCommentOf(ctx, key)
			return s.commentFeature(commentFields(), v), err
		},
	}
}

func (s *Source) commentFeature(fields []field[consult.PublishedComment], v consult.PublishedComment) Feature {
	return Feature{ID: v.Comment.ID.String(), Place: v.Place, Values: values(s, fields, v)}
}

func roundNumber(f *consult.FeatureFilter, value string) bool {
	n, err := strconv.Atoi(value)
	f.Round = n
	return err == nil && n > 0 && n < 10_000
}

// located says where a comment's place comes from.
var located = map[bool]string{true: "place", false: "site"}

func commentFields() []field[consult.PublishedComment] {
	type comment = consult.PublishedComment
	k := func(v comment) consult.Consultation { return v.Site.Consultation }
	return []field[comment]{
		consultationOf(k), referenceOf(k), authorityOf(k), wardOf(k),
		number("round", func(v comment) int { return v.Comment.Round }).asked(roundNumber),
		number("version", func(v comment) int { return v.Comment.Version }),
		line("stance", func(v comment) string { return string(v.Comment.Stance) }).of(texts(consult.Stances())).
			asked(func(f *consult.FeatureFilter, value string) bool { f.Stance = consult.Stance(value); return true }),
		topicsField(),
		line("text", func(v comment) string {
			var said []string
			for _, p := range v.Comment.Points {
				said = append(said, p.Text)
			}
			return strings.Join(said, "\n\n")
		}),
		line("place", func(v comment) string { return v.Comment.PlaceText }),
		line("located", func(v comment) string { return located[v.OnSite] }).of([]string{"place", "site"}),
		line("name", func(v comment) string { return v.Comment.NameShown }),
		line("channel", func(v comment) string { return string(v.Comment.Channel) }).of(texts(consult.Channels())),
		line("language", func(v comment) string { return v.Comment.Language }),
		flag("late", func(v comment) bool { return v.Comment.Late }),
		flag("redacted", func(v comment) bool { return v.Comment.Redacted }),
		flag("answered", func(v comment) bool { return !v.Comment.AnsweredAt.IsZero() }),
		{Property{Name: "received_on", Type: "string", Format: "date"}, func(s *Source, v comment) any {
			return string(s.Service.Calendar().Day(v.Comment.ReceivedAt))
		}},
		{Property{Name: "published_on", Type: "string", Format: "date"}, func(s *Source, v comment) any {
			return string(s.Service.Calendar().Day(v.Comment.PublishedAt))
		}},
		flag("demo", func(v comment) bool { return k(v).Demo }),
		link("page", func(s *Source, v comment) string { return s.BaseURL + "/comments/" + v.Comment.ID.String() }),
	}
}

// topicsField lists a comment's topics with commas; one of them may be asked for.
func topicsField() field[consult.PublishedComment] {
	f := line("topics", func(v consult.PublishedComment) string {
		var topics []string
		for _, p := range v.Comment.Points {
			topics = append(topics, string(p.Topic))
		}
		return strings.Join(topics, ",")
	})
	return f.asked(func(f *consult.FeatureFilter, value string) bool {
		for _, t := range consult.Topics() {
			if string(t) == value {
				f.Topic = t
				return true
			}
		}
		return false
	})
}
