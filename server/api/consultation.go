package api

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// nearRadius is how far "near" reaches where no radius is given, in metres; the same as on the pages.
const nearRadius = 2000

// Place is a position in degrees (WGS 84).
type Place struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Ward is an area by its GSS code.
type Ward struct {
	Code string `json:"code"`
	Name string `json:"name,omitempty"`
}

// Round is one period of consultation; both days belong to it.
type Round struct {
	Number   int          `json:"number"`
	Kind     string       `json:"kind"`
	Opens    consult.Date `json:"opens"`
	Closes   consult.Date `json:"closes"`
	Question string       `json:"question,omitempty"`
	Version  int          `json:"version"`
}

func roundOf(r consult.Round) *Round {
	if r.Number == 0 {
		return nil
	}
	return &Round{Number: r.Number, Kind: string(r.Kind), Opens: r.Opens, Closes: r.Closes, Question: r.Question, Version: r.Version}
}

// ConsultationLine is what a list says of a consultation.
type ConsultationLine struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Title     string `json:"title"`
	State     string `json:"state"`
	Authority string `json:"authority"`
	Reference string `json:"reference"`
	Type      string `json:"type,omitempty"`
	Address   string `json:"address,omitempty"`
	Postcode  string `json:"postcode,omitempty"`
	Ward      *Ward  `json:"ward,omitempty"`
	Place     *Place `json:"place,omitempty"`
	Demo      bool   `json:"demo"`
	Page      string `json:"page"`
}

func (a *API) consultationLine(k consult.Consultation, wardName string) ConsultationLine {
	l := ConsultationLine{
		ID: k.ID.String(), Kind: string(k.Kind), Title: k.Title, State: string(k.State), Authority: k.Application.Authority,
		Reference: k.Application.Reference, Type: k.Application.Type, Address: k.Address, Postcode: k.Postcode, Demo: k.Demo,
		Page: a.baseURL + "/consultations/" + k.ID.String(),
	}
	if k.WardCode != "" {
		l.Ward = &Ward{Code: k.WardCode, Name: wardName}
	}
	if k.HasPlace {
		l.Place = &Place{Lat: k.Place.Lat, Lon: k.Place.Lon}
	}
	return l
}

// ConsultationCard is one entry of the list.
type ConsultationCard struct {
	ConsultationLine
	Round    *Round   `json:"round,omitempty"` // the latest
	Comments int      `json:"comments"`
	Answers  int      `json:"answers"`
	Metres   *float64 `json:"metres,omitempty"` // from the place asked for
}

// ConsultationPage is one page of the list.
type ConsultationPage struct {
	Items  []ConsultationCard `json:"items"`
	Total  int                `json:"total"`
	Offset int                `json:"offset"`
	Limit  int                `json:"limit"`
	Next   string             `json:"next,omitempty"`
}

// Consultations lists and searches, newest first, or nearest first around a place.
func (a *API) Consultations(c *fiber.Ctx) error {
	q := readQuery(c)
	filter, err := a.consultationFilter(c, q)
	if err != nil {
		return err
	}
	found, err := a.service.Search(c.UserContext(), filter)
	if err != nil {
		return err
	}
	page := ConsultationPage{Items: []ConsultationCard{}, Total: found.Total, Offset: found.Offset, Limit: found.Limit}
	for _, card := range found.Cards {
		item := ConsultationCard{ConsultationLine: a.consultationLine(card.Consultation, card.WardName), Round: roundOf(card.Round),
			Comments: card.Comments, Answers: card.Answers}
		if filter.Radius > 0 {
			item.Metres = &card.Metres
		}
		page.Items = append(page.Items, item)
	}
	if end := found.Offset + len(found.Cards); len(found.Cards) > 0 && end < found.Total {
		page.Next = a.next("/consultations", q, end, found.Limit)
	}
	return a.show(c, page)
}

// consultationFilter reads the search. As on the pages a postcode finds what is near it; where we do not know the postcode, the
// applications whose own begins with it.
func (a *API) consultationFilter(c *fiber.Ctx, q *query) (consult.Filter, error) {
	f := consult.Filter{Words: q.line("q"), Ward: q.line("ward"), Kind: q.line("kind"), Offset: q.number("offset"), Limit: q.number("limit")}
	f.States = choices(q, "state", publicStates())
	f.Near, f.Radius = q.around()
	if consult.Length(f.Words) > 200 {
		q.fail("q", "too_long")
	}
	postcode := q.line("postcode")
	code, ok := consult.PartialPostcode(postcode)
	switch {
	case postcode == "":
		return f, q.err()
	case !ok:
		q.fail("postcode", "postcode_part")
	case f.Radius > 0:
		q.fail("postcode", "one_place")
	}
	if err := q.err(); err != nil {
		return f, err
	}
	place, err := a.service.Locate(c.UserContext(), code)
	switch {
	case err == nil:
		f.Near, f.Radius = place, nearRadius
	case consult.KindOf(err) == consult.NotFound:
		f.Postcode = code
	default:
		return f, err
	}
	return f, nil
}

func publicStates() (list []consult.State) {
	for _, s := range consult.States() {
		if s.Public() {
			list = append(list, s)
		}
	}
	return list
}

// Consultation is everything public about one.
type Consultation struct {
	ConsultationLine
	Summary     string            `json:"summary,omitempty"`
	Influence   consult.Influence `json:"influence"`
	Service     string            `json:"service,omitempty"`
	PromiseDays int               `json:"promise_days"`
	Version     int               `json:"version"`
	UpdatedAt   *string           `json:"updated_at,omitempty"`
	Application Application       `json:"application"`
	Window      Window            `json:"window"`
	Rounds      []Round           `json:"rounds"`
	Versions    []Version         `json:"versions"`
	Documents   []Document        `json:"documents"`
	Tally       Tally             `json:"tally"`
	Outcomes    []Outcome         `json:"outcomes"`
	Form        *Form             `json:"form,omitempty"`
}

// Form is the published questions of a consultation that is no planning application.
type Form struct {
	Version    int          `json:"version"`
	Definition consult.Form `json:"definition"`
}

// Application is the planning record; the names are those of Open Digital Planning and PADS.
type Application struct {
	Description string       `json:"description,omitempty"`
	Scale       string       `json:"scale,omitempty"`
	UPRN        string       `json:"uprn,omitempty"`
	ReceivedOn  consult.Date `json:"received_on,omitempty"`
	ValidatedOn consult.Date `json:"validated_on,omitempty"`
	PublishedOn consult.Date `json:"published_on,omitempty"`
	DecisionDue consult.Date `json:"decision_due,omitempty"`
	Decision    string       `json:"decision,omitempty"`
	DecidedOn   consult.Date `json:"decided_on,omitempty"`
	DecidedBy   string       `json:"decided_by,omitempty"`
	WithdrawnOn consult.Date `json:"withdrawn_on,omitempty"`
	RegisterURL string       `json:"register_url,omitempty"`
}

// Window says whether a comment can be made now.
type Window struct {
	Status   string `json:"status"`
	Round    int    `json:"round,omitempty"`
	DaysLeft int    `json:"days_left,omitempty"`
}

// Version is what is proposed, with its shapes as GeoJSON.
type Version struct {
	Number      int             `json:"number"`
	Summary     string          `json:"summary,omitempty"`
	Description string          `json:"description,omitempty"`
	ReceivedOn  consult.Date    `json:"received_on,omitempty"`
	Boundary    json.RawMessage `json:"boundary,omitempty"`
	Massing     json.RawMessage `json:"massing,omitempty"`
}

// Document is a published file or text and where it can be read.
type Document struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Type     string `json:"type,omitempty"`
	URL      string `json:"url"`
	Replaces string `json:"replaces,omitempty"`
}

// Tally is how many have spoken. Stances and topics count published comments.
type Tally struct {
	Comments  int                    `json:"comments"`
	Published int                    `json:"published"`
	Stances   map[consult.Stance]int `json:"stances"`
	Topics    map[consult.Topic]int  `json:"topics"`
	Messages  int                    `json:"messages"`
	Answers   int                    `json:"answers"`
}

// Outcome is "you said, we did" for one topic.
type Outcome struct {
	Topic       string  `json:"topic"`
	YouSaid     string  `json:"you_said"`
	WeDid       string  `json:"we_did"`
	Effect      string  `json:"effect"`
	Reference   string  `json:"reference,omitempty"`
	PublishedAt *string `json:"published_at"`
}

// Consultation shows one.
func (a *API) Consultation(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	v, err := a.service.Case(c.UserContext(), anybody, id)
	if err != nil {
		return err
	}
	return a.show(c, a.consultation(v))
}

func (a *API) consultation(v consult.CaseView) Consultation {
	k := v.Consultation
	out := Consultation{
		ConsultationLine: a.consultationLine(k, v.WardName), Summary: k.Summary, Influence: k.Influence, Service: k.Service,
		PromiseDays: k.Promise(), Version: k.Version, UpdatedAt: moment(k.UpdatedAt), Application: applicationOf(k.Application),
		Window: Window{Status: string(v.Window.Status), Round: v.Window.Round.Number, DaysLeft: v.Window.DaysLeft},
		Rounds: []Round{}, Versions: []Version{}, Documents: []Document{}, Tally: tallyOf(v.Tally, v.Subjects), Outcomes: []Outcome{},
	}
	if version, ok := v.Subjects.Version(v.Window.Round.Form); ok {
		out.Form = &Form{Version: version.Number, Definition: version.Form}
	}
	for _, r := range v.Rounds {
		out.Rounds = append(out.Rounds, *roundOf(r))
	}
	for _, pv := range v.Versions {
		out.Versions = append(out.Versions, Version{Number: pv.Number, Summary: pv.Summary, Description: pv.Description,
			ReceivedOn: pv.ReceivedOn, Boundary: pv.Boundary, Massing: pv.Massing})
	}
	for _, d := range v.Documents {
		url := d.URL
		if url == "" {
			url = a.baseURL + "/documents/" + d.ID.String()
		}
		out.Documents = append(out.Documents, Document{ID: d.ID.String(), Version: d.Version, Name: d.Name, Type: d.Type, URL: url,
			Replaces: idOrNone(d.Replaces)})
	}
	for _, o := range v.Outcomes {
		out.Outcomes = append(out.Outcomes, Outcome{Topic: string(o.Topic), YouSaid: o.YouSaid, WeDid: o.WeDid, Effect: string(o.Effect),
			Reference: o.Reference, PublishedAt: moment(o.PublishedAt)})
	}
	return out
}

func applicationOf(p consult.Application) Application {
	return Application{Description: p.Description, Scale: p.Scale, UPRN: p.UPRN, ReceivedOn: p.ReceivedOn, ValidatedOn: p.ValidatedOn,
		PublishedOn: p.PublishedOn, DecisionDue: p.DecisionDue, Decision: p.Decision, DecidedOn: p.DecidedOn, DecidedBy: p.DecidedBy,
		WithdrawnOn: p.WithdrawnOn, RegisterURL: p.RegisterURL}
}

func tallyOf(t consult.Tally, subjects consult.Subjects) Tally {
	out := Tally{Comments: t.Comments, Published: t.Published, Stances: map[consult.Stance]int{}, Topics: map[consult.Topic]int{},
		Messages: t.Messages, Answers: t.Answers}
	for _, s := range consult.Stances() {
		out.Stances[s] = t.Stances[s]
	}
	for _, p := range consult.TopicsOf(subjects) {
		out.Topics[p] = t.Topics[p]
	}
	return out
}
