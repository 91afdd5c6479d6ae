package api

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"github.com/yousaid/yousaid/server/consult"
)

// placeGrid is the grid, in metres, that a comment's place is moved to: a mark may be somebody's door (S31). The same as on pages.
const placeGrid = 25

// Point is what a comment says on one topic.
type Point struct {
	Topic string `json:"topic"`
	Text  string `json:"text"`
}

// CommentPlace is what a comment is about, in words and on the map.
type CommentPlace struct {
	Text string   `json:"text,omitempty"`
	Lat  *float64 `json:"lat,omitempty"`
	Lon  *float64 `json:"lon,omitempty"`
}

// Comment is a published comment. Days are those of the authority's calendar. The author's ward is not among what is published: it
// comes from the postcode of their home.
type Comment struct {
	ID          string        `json:"id"`
	Round       int           `json:"round,omitempty"`
	Version     int           `json:"version"`
	Stance      string        `json:"stance,omitempty"`
	Points      []Point       `json:"points"`
	Place       *CommentPlace `json:"place,omitempty"`
	Name        string        `json:"name,omitempty"`
	Channel     string        `json:"channel"`
	Language    string        `json:"language,omitempty"`
	Late        bool          `json:"late"`
	Redacted    bool          `json:"redacted"`
	ReceivedOn  consult.Date  `json:"received_on"`
	PublishedOn consult.Date  `json:"published_on"`
	Answered    bool          `json:"answered"`
	Supports    int           `json:"supports,omitempty"`
	Thread      string        `json:"thread,omitempty"`
	Page        string        `json:"page"`
	Facts       []FactUnder   `json:"facts,omitempty"` // cards pinned under it
}

// CommentPage is one page of a consultation's published comments, newest first.
type CommentPage struct {
	Items  []Comment `json:"items"`
	Total  int       `json:"total"`
	Offset int       `json:"offset"`
	Limit  int       `json:"limit"`
	Next   string    `json:"next,omitempty"`
}

func (a *API) comment(k consult.Comment) Comment {
	day := a.service.Calendar().Day
	out := Comment{ID: k.ID.String(), Round: k.Round, Version: k.Version, Stance: string(k.Stance), Points: []Point{}, Name: k.NameShown,
		Channel: string(k.Channel), Language: k.Language, Late: k.Late, Redacted: k.Redacted, ReceivedOn: day(k.ReceivedAt),
		PublishedOn: day(k.PublishedAt), Answered: !k.AnsweredAt.IsZero(), Supports: k.Supported.Count, Thread: idOrNone(k.Thread),
		Page: a.baseURL + "/comments/" + k.ID.String()}
	for _, p := range k.Points {
		out.Points = append(out.Points, Point{Topic: string(p.Topic), Text: p.Text})
	}
	if k.PlaceText != "" || k.HasPlace {
		out.Place = &CommentPlace{Text: k.PlaceText}
	}
	if k.HasPlace {
		near := k.Place.Snap(placeGrid)
		out.Place.Lat, out.Place.Lon = &near.Lat, &near.Lon
	}
	return out
}

// Comments lists the published comments of a consultation.
func (a *API) Comments(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	topics := consult.Topics()
	if subjects, err := a.service.Subjects(c.UserContext(), anybody, id); err == nil {
		topics = consult.TopicsOf(subjects)
	}
	q := readQuery(c)
	f := consult.CommentFilter{Consultation: id, Stance: choice(q, "stance", consult.Stances()), Topic: choice(q, "topic", topics),
		Round: q.number("round"), Offset: q.number("offset"), Limit: q.number("limit")}
	if err := q.err(); err != nil {
		return err
	}
	f.Limit, f.Offset = consult.ClampPage(f.Limit, f.Offset)
	list, total, err := a.service.Comments(c.UserContext(), anybody, f)
	if err != nil {
		return err
	}
	page := CommentPage{Items: []Comment{}, Total: total, Offset: f.Offset, Limit: f.Limit}
	ids := make([]consult.ID, len(list))
	for i, k := range list {
		ids[i] = k.ID
	}
	pinned, err := a.service.FactsUnder(c.UserContext(), ids...)
	if err != nil {
		return err
	}
	for _, k := range list {
		one := a.comment(k)
		one.Facts = factsUnder(pinned[k.ID])
		page.Items = append(page.Items, one)
	}
	if end := f.Offset + len(list); len(list) > 0 && end < total {
		page.Next = a.next("/consultations/"+id.String()+"/comments", q, end, f.Limit)
	}
	return a.show(c, page)
}

// Receipt is what the sender of a comment gets. OwnPage is a secret of the author: it shows the comment, what was answered and what
// came of it, and ends its mail, without an account.
type Receipt struct {
	ID         string  `json:"id"`
	State      string  `json:"state"`
	Round      int     `json:"round,omitempty"`
	Version    int     `json:"version"`
	Late       bool    `json:"late"`
	ReceivedAt *string `json:"received_at"`
	AnswerDue  *string `json:"answer_due,omitempty"`
	OwnPage    string  `json:"own_page"`
}

// SubmitComment receives a formal comment.
func (a *API) SubmitComment(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	d, err := readDocument(c)
	if err != nil {
		return err
	}
	in := readComment(d)
	if err := d.err(); err != nil {
		return err
	}
	in.Consultation = id
	if in.Key, err = idempotencyKey(c); err != nil {
		return err
	}
	actor := a.writer(c)
	if actor.Kind != consult.ByBearer {
		actor = consult.Actor{Kind: anybody.Kind, From: actor.From} // as on the pages: a comment is not tied to a browser
	}
	receipt, err := a.service.SubmitComment(c.UserContext(), actor, in)
	if err != nil {
		return inDocument(err, in)
	}
	k := receipt.Comment
	own := a.baseURL + "/my-comment/" + receipt.Token
	return made(c, receipt.Again, own, Receipt{ID: k.ID.String(), State: string(k.State), Round: k.Round, Version: k.Version, Late: k.Late,
		ReceivedAt: moment(k.ReceivedAt), AnswerDue: moment(k.AnswerDue), OwnPage: own})
}

// maxPoints lets the domain, which knows eight topics, say what is wrong with a few more.
const maxPoints = 16

func readComment(d *document) consult.CommentInput {
	in := consult.CommentInput{Stance: consult.Stance(d.line("stance")), ShowName: d.flag("show_name"), Channel: "api", Language: d.language()}
	for _, p := range d.objects("points", maxPoints) {
		in.Points = append(in.Points, consult.CommentPoint{Topic: consult.Topic(p.line("topic")), Text: p.text("text")})
	}
	in.Responses = readResponses(d)
	place := d.object("place")
	in.PlaceText = place.line("text")
	lat, hasLat := place.number("lat")
	lon, hasLon := place.number("lon")
	in.Place.Lat, in.Place.Lon, in.HasPlace = lat, lon, hasLat && hasLon
	if hasLat != hasLon {
		d.fail("place", "place_pair")
	}
	contact := d.object("contact")
	in.Contact = consult.Contact{Name: contact.line("name"), Address: contact.line("address"), Postcode: contact.line("postcode"),
		Email: contact.line("email"), Phone: contact.line("phone")}
	return in
}

// language reads a language tag (BCP 47); English where none is given.
func (d *document) language() string {
	raw := d.line("language")
	if raw == "" {
		return "en"
	}
	tag, err := language.Parse(raw)
	if err != nil || len(raw) > 35 { // RFC 5646, 4.4.1
		d.fail("language", "language")
		return ""
	}
	return tag.String()
}

// inDocument names the fields of a refused comment as the document does; the domain names them as the form.
func inDocument(err error, in consult.CommentInput) error {
	var bad *consult.Error
	if !errors.As(err, &bad) || len(bad.Fields) == 0 {
		return err
	}
	renamed := *bad
	renamed.Fields = nil
	for _, f := range bad.Fields {
		topic, isText := strings.CutPrefix(f.Field, "text-")
		question, isAnswer := strings.CutPrefix(f.Field, "q-")
		switch {
		case isAnswer:
			question, _, _ = strings.Cut(question, "--")
			f.Field = "responses." + question
		case isText && len(in.Responses) > 0:
			f.Field = "responses." + topic
		case isText:
			f.Field = "points." + topic
		case f.Field == "topics":
			f.Field = "points"
		case contactFields[f.Field]:
			f.Field = "contact." + f.Field
		}
		renamed.Fields = append(renamed.Fields, f)
	}
	return &renamed
}

var contactFields = map[string]bool{"name": true, "address": true, "postcode": true, "email": true, "phone": true}
