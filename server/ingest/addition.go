package ingest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// addition is what an export of this program adds to an Open Digital Planning file, under "yousaid": what the vocabulary has no member
// for. docs/exchange.md describes it. Only what it says in the expected form is taken.
type addition struct {
	ID          string            `json:"id"` // of the consultation, on the site that wrote it
	Authority   string            `json:"authority"`
	Title       string            `json:"title"`
	Summary     string            `json:"summary"`
	State       string            `json:"state"`
	Service     string            `json:"service"`
	PromiseDays int               `json:"promiseDays"`
	RegisterURL string            `json:"registerUrl"`
	Scale       string            `json:"scale"`
	EIA         bool              `json:"eia"`
	DecidedBy   string            `json:"decidedBy"`
	CalledInOn  string            `json:"calledInOn"`
	Influence   consult.Influence `json:"influence"`
	Rounds      []additionRound   `json:"rounds"`
	Versions    []additionVersion `json:"versions"`
	Moves       []additionMove    `json:"moves"`
}

type additionRound struct {
	Number   int    `json:"number"`
	Kind     string `json:"kind"`
	Opens    string `json:"opens"`
	Closes   string `json:"closes"`
	Question string `json:"question"`
	Version  int    `json:"version"`
}

type additionVersion struct {
	Number      int             `json:"number"`
	Summary     string          `json:"summary"`
	Description string          `json:"description"`
	ReceivedOn  string          `json:"receivedOn"`
	Boundary    json.RawMessage `json:"boundary"`
	Massing     json.RawMessage `json:"massing"`
}

type additionMove struct {
	From string `json:"from"`
	To   string `json:"to"`
	On   string `json:"on"`
	Why  string `json:"why"`
	By   string `json:"by"`
}

// limits of texts and lists of an addition.
const (
	maxParts    = 100  // rounds, versions, moves
	maxQuestion = 2000 // characters
)

// clean makes an addition fit to be kept: texts plain and cut, days that are none left out, unknown words dropped.
func (e *addition) clean() *addition {
	if e == nil {
		return nil
	}
	for _, text := range []*string{&e.Title, &e.Service, &e.Authority} {
		*text = line(*text)
	}
	e.Title, e.Service = cut(e.Title, maxTitle), cut(e.Service, maxReference)
	e.Summary = cut(plain(e.Summary), maxDescription)
	if prefix, code, ok := strings.Cut(e.Authority, ":"); !ok || slug(prefix) != prefix || !authorityCode.MatchString(code) {
		e.Authority = ""
	}
	e.RegisterURL, _ = webAddress(e.RegisterURL)
	if !slices.Contains([]string{"major", "minor"}, e.Scale) {
		e.Scale = ""
	}
	if !slices.Contains(consult.DecisionMakers(), e.DecidedBy) {
		e.DecidedBy = ""
	}
	if !slices.Contains(consult.States(), consult.State(e.State)) {
		e.State = ""
	}
	if e.PromiseDays < 0 || e.PromiseDays > 366 {
		e.PromiseDays = 0
	}
	i := &e.Influence
	for _, text := range []*string{&i.Fixed, &i.Open, &i.Decider, &i.When, &i.Rules} {
		*text = cut(plain(*text), maxQuestion)
	}
	e.cleanParts()
	return e
}

func (e *addition) cleanParts() {
	next := 0
	e.Rounds = slices.DeleteFunc(e.Rounds, func(r additionRound) bool {
		wrong := r.Number != next+1 || next == maxParts || !isDay(r.Opens) || !isDay(r.Closes) || r.Closes < r.Opens
		if !wrong {
			next++
		}
		return wrong
	})
	for i := range e.Rounds {
		r := &e.Rounds[i]
		r.Question = cut(plain(r.Question), maxQuestion)
		kinds := []string{string(consult.InitialRound), string(consult.AmendmentRound), string(consult.FurtherRound), string(consult.ReadvertRound)}
		if !slices.Contains(kinds, r.Kind) {
			r.Kind = kinds[min(i, 1)]
		}
	}
	next = 0
	e.Versions = slices.DeleteFunc(e.Versions, func(v additionVersion) bool {
		wrong := v.Number != next+1 || next == maxParts
		if !wrong {
			next++
		}
		return wrong
	})
	for i := range e.Versions {
		e.Versions[i].clean()
	}
	e.Moves = slices.DeleteFunc(e.Moves, func(m additionMove) bool {
		known := slices.Contains(consult.States(), consult.State(m.To)) && (m.From == "" || slices.Contains(consult.States(), consult.State(m.From)))
		return !known || !isDay(m.On)
	})
	e.Moves = e.Moves[:min(len(e.Moves), maxParts)]
	for i := range e.Moves {
		e.Moves[i].Why, e.Moves[i].By = cut(plain(e.Moves[i].Why), maxWhy), cut(line(e.Moves[i].By), maxReference)
	}
}

func (v *additionVersion) clean() {
	v.Summary, v.Description = cut(plain(v.Summary), maxDescription), cut(plain(v.Description), maxDescription)
	if !isDay(v.ReceivedOn) {
		v.ReceivedOn = ""
	}
	if g, err := geo.ParseGeoJSON(v.Boundary, geo.DefaultLimits()); err == nil && g.Kind() != geo.KindPoint {
		v.Boundary = g.GeoJSON()
	} else {
		v.Boundary = nil
	}
	if m, err := geo.ParseMassing(v.Massing, geo.DefaultLimits()); err == nil {
		v.Massing = m.GeoJSON()
	} else {
		v.Massing = nil
	}
}

func isDay(s string) bool {
	_, err := consult.ParseDate(s)
	return err == nil
}

// later tells whether the addition's state counts more than the one read from the dates: where both agree that it is between the last round
// and the decision, or that it is over, only the site that wrote it knows which station it is.
func (e *addition) later(read consult.State) bool {
	switch consult.State(e.State) {
	case consult.Amended, consult.Assessed, consult.InCommittee, consult.CalledIn:
		return !read.Settled() && read.Public()
	case consult.Archived:
		return read.Settled()
	case consult.AppealDecided:
		return read == consult.Appealed
	}
	return false
}

// extend puts what the addition says into the case.
func (e *addition) extend(c *consult.Case, zone *time.Location) {
	k := &c.Consultation
	k.Title, k.Summary = orElse(e.Title, k.Title), orElse(e.Summary, k.Summary)
	k.Service, k.PromiseDays, k.Influence = orElse(e.Service, k.Service), e.PromiseDays, e.Influence
	a := &k.Application
	a.Scale, a.EIA = orElse(e.Scale, a.Scale), e.EIA
	a.RegisterURL, a.DecidedBy = orElse(e.RegisterURL, a.RegisterURL), e.DecidedBy // ODP has a place for officers and committees only
	if len(e.Rounds) > 0 {
		c.Rounds = nil
	}
	for _, r := range e.Rounds {
		c.Rounds = append(c.Rounds, consult.Round{Number: r.Number, Kind: consult.RoundKind(r.Kind), Opens: consult.Date(r.Opens),
			Closes: consult.Date(r.Closes), Question: r.Question, Version: min(max(r.Version, 1), max(len(e.Versions), 1))})
	}
	if len(e.Versions) > 0 {
		c.Versions = nil
		k.Version = len(e.Versions)
	}
	for _, v := range e.Versions {
		c.Versions = append(c.Versions, consult.ProposalVersion{Number: v.Number, Summary: v.Summary, Description: v.Description,
			Boundary: v.Boundary, Massing: v.Massing, ReceivedOn: consult.Date(v.ReceivedOn)})
	}
	if len(e.Moves) > 0 {
		c.History = nil
	}
	for _, m := range e.Moves {
		t := consult.Date(m.On).Time()
		at := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
		c.History = append(c.History, consult.StateEvent{From: consult.State(m.From), To: consult.State(m.To), At: at, Why: m.Why, By: m.By})
	}
}

// published tells whether the site that wrote it showed the case to everybody.
func (e *addition) published() bool { return e != nil && consult.State(e.State).Public() }

// periods are the addition's rounds as a record has them.
func (e *addition) periods() []period {
	list := make([]period, len(e.Rounds))
	for i, r := range e.Rounds {
		list[i] = period{consult.Date(r.Opens), consult.Date(r.Closes)}
	}
	return list
}
