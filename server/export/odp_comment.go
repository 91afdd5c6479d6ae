package export

import (
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// ODPComments are what people and consultees said.
type ODPComments struct {
	Public     *ODPPublicComments     `json:"public,omitempty"`
	Specialist *ODPSpecialistComments `json:"specialist,omitempty"`
}

// ODPSpecialistComments are the published answers of consultees, one entry each.
type ODPSpecialistComments struct {
	Summary  ODPSpecialistSummary `json:"summary"`
	Comments []ODPSpecialist      `json:"comments"`
}

// ODPSpecialistSummary counts consultees and their published answers. Those that have no comment are not among ODP's sentiments: they are
// counted in the addition, and not listed.
type ODPSpecialistSummary struct {
	Consulted int            `json:"totalConsulted"`
	Total     int            `json:"totalComments"`
	Sentiment map[string]int `json:"sentiment"`
	YouSaid   struct {
		NoComment int `json:"noComment"`
	} `json:"yousaid"`
}

// ODPSpecialist is one consultee with what it answered. Its name is the organisation's, never a person's.
type ODPSpecialist struct {
	ID             string `json:"id"`
	Specialism     string `json:"organisationSpecialism"`
	Reason         string `json:"reason,omitempty"`
	FirstConsulted string `json:"firstConsultedAt,omitempty"`
	Name           struct {
		SingleLine string `json:"singleLine"`
	} `json:"name"`
	Comments []ODPSpecialistComment `json:"comments"`
}

// ODPSpecialistComment is one published answer, as it was redacted, with the conditions it asks for at its end.
type ODPSpecialistComment struct {
	ID        string      `json:"id"`
	Sentiment string      `json:"sentiment"`
	Redacted  string      `json:"commentRedacted"`
	Metadata  odpMetadata `json:"metadata"`
}

type odpMetadata struct {
	SubmittedAt string `json:"submittedAt"`
	ValidatedAt string `json:"validatedAt"`
	PublishedAt string `json:"publishedAt"`
}

// ODPPublicComments are the published comments of the public.
type ODPPublicComments struct {
	Summary  ODPSummary   `json:"summary"`
	Comments []ODPComment `json:"comments"`
}

// ODPSummary counts published comments.
type ODPSummary struct {
	Total     int            `json:"totalComments"`
	Sentiment map[string]int `json:"sentiment"`
}

// SummaryOf counts the published comments of a tally.
func SummaryOf(t consult.Tally) ODPSummary {
	out := ODPSummary{Total: t.Published, Sentiment: map[string]int{}}
	for _, s := range consult.Stances() {
		out.Sentiment[string(s)] = t.Stances[s]
	}
	return out
}

// ODPComment is a published comment in its redacted form (PublicCommentRedacted). It carries no address, and a name only where the author
// shows it.
type ODPComment struct {
	ID              string     `json:"id"`
	Sentiment       string     `json:"sentiment"`
	CommentRedacted []ODPPoint `json:"commentRedacted"`
	Author          struct {
		Name struct {
			SingleLine string `json:"singleLine"`
		} `json:"name"`
	} `json:"author"`
	Metadata odpMetadata     `json:"metadata"`
	YouSaid  CommentAddition `json:"yousaid"`
}

// ODPPoint is what a comment says on one topic.
type ODPPoint struct {
	Topic    string `json:"topic"`
	Question string `json:"question"`
	Comment  string `json:"comment"`
}

// CommentAddition is what ODP has no member for.
type CommentAddition struct {
	Page      string        `json:"page"`
	Round     int           `json:"round,omitempty"` // 0 = outside any round
	Version   int           `json:"version"`         // of the proposal the author was shown
	Late      bool          `json:"late"`
	Channel   string        `json:"channel"`
	Language  string        `json:"language,omitempty"`
	Redacted  bool          `json:"redacted"`
	NameShown bool          `json:"nameShown"`
	Answered  bool          `json:"answered"`
	Place     *CommentPlace `json:"place,omitempty"`
}

// CommentPlace is what a comment is about. A position is moved to the middle of a cell: a mark may be somebody's door.
type CommentPlace struct {
	Text string   `json:"text,omitempty"`
	Lat  *float64 `json:"lat,omitempty"`
	Lon  *float64 `json:"lon,omitempty"`
}

// Comment writes a published comment. It was checked when it was published: ODP's validatedAt is that moment.
func (o ODP) Comment(k consult.Comment) ODPComment {
	out := ODPComment{ID: k.ID.String(), Sentiment: string(k.Stance), CommentRedacted: []ODPPoint{}}
	for _, p := range k.Points {
		out.CommentRedacted = append(out.CommentRedacted, ODPPoint{string(p.Topic), o.Words("topic." + string(p.Topic)), p.Text})
	}
	out.Author.Name.SingleLine = k.NameShown
	if k.NameShown == "" {
		out.Author.Name.SingleLine = o.Words("exchange.no_name")
	}
	out.Metadata = odpMetadata{exactly(k.ReceivedAt), exactly(k.PublishedAt), exactly(k.PublishedAt)}
	out.YouSaid = CommentAddition{Page: o.Site + "/comments/" + k.ID.String(), Round: k.Round, Version: k.Version, Late: k.Late,
		Channel: string(k.Channel), Language: k.Language, Redacted: k.Redacted, NameShown: k.NameShown != "", Answered: !k.AnsweredAt.IsZero()}
	if k.PlaceText != "" || k.HasPlace {
		out.YouSaid.Place = &CommentPlace{Text: k.PlaceText}
	}
	if k.HasPlace {
		near := k.Place.Snap(cell)
		out.YouSaid.Place.Lat, out.YouSaid.Place.Lon = &near.Lat, &near.Lon
	}
	return out
}

// exactly writes a moment with all it has: the order of comments is told by it.
func exactly(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// Specialists writes what consultees answered.
func Specialists(asked []consult.Consultee, responses []consult.ConsulteeResponse, t consult.ConsulteeTally) ODPSpecialistComments {
	out := ODPSpecialistComments{Comments: []ODPSpecialist{}}
	out.Summary.Consulted, out.Summary.Sentiment = t.Consulted, map[string]int{}
	for _, o := range []consult.Opinion{consult.Approved, consult.AmendmentsNeeded, consult.Objected} {
		out.Summary.Sentiment[string(o)] = t.Opinions[o]
		out.Summary.Total += t.Opinions[o]
	}
	out.Summary.YouSaid.NoComment = t.Opinions[consult.NoComment]
	for _, r := range responses {
		if r.Opinion == consult.NoComment || r.PublishedAt.IsZero() {
			continue
		}
		text := r.Text
		if r.Conditions != "" {
			text += "\n\n" + r.Conditions
		}
		one := ODPSpecialistComment{ID: r.ID.String(), Sentiment: string(r.Opinion), Redacted: text,
			Metadata: odpMetadata{exactly(r.ReceivedAt), exactly(r.PublishedAt), exactly(r.PublishedAt)}}
		i := slices.IndexFunc(out.Comments, func(s ODPSpecialist) bool { return s.ID == r.Consultee.String() })
		if i < 0 {
			i = len(out.Comments)
			out.Comments = append(out.Comments, specialist(r, asked))
		}
		out.Comments[i].Comments = append(out.Comments[i].Comments, one)
	}
	return out
}

func specialist(r consult.ConsulteeResponse, asked []consult.Consultee) ODPSpecialist {
	s := ODPSpecialist{ID: r.Consultee.String(), Specialism: r.Name}
	s.Name.SingleLine = r.Name
	for _, c := range asked {
		if c.ID == r.Consultee {
			s.Reason, s.FirstConsulted = c.Why, midday(c.ConsultedOn)
		}
	}
	return s
}
