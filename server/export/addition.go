package export

import (
	"encoding/json"

	"github.com/yousaid/yousaid/server/consult"
)

// Addition is what Open Digital Planning has no member for: rounds, versions, influence, moves and what came of it. The importer takes
// back what is the case's own record; docs/exchange.md says which.
type Addition struct {
	Addition    int                `json:"addition"` // its version
	ID          string             `json:"id"`
	Page        string             `json:"page"`
	Authority   string             `json:"authority"`
	Title       string             `json:"title"`
	Summary     string             `json:"summary,omitempty"`
	State       string             `json:"state"`
	Service     string             `json:"service,omitempty"`
	PromiseDays int                `json:"promiseDays,omitempty"`
	RegisterURL string             `json:"registerUrl,omitempty"`
	Scale       string             `json:"scale,omitempty"`
	EIA         bool               `json:"eia"`
	Demo        bool               `json:"demo"` // invented, for a demonstration
	DecidedBy   string             `json:"decidedBy,omitempty"`
	CalledInOn  consult.Date       `json:"calledInOn,omitempty"`
	Influence   *consult.Influence `json:"influence,omitempty"`
	Rounds      []AdditionRound    `json:"rounds"`
	Publicity   []AdditionNotice   `json:"publicity"`
	Versions    []AdditionVersion  `json:"versions"`
	Moves       []AdditionMove     `json:"moves"`
	Outcomes    []AdditionOutcome  `json:"outcomes"`
}

// AdditionRound is one period of consultation; both days belong to it.
type AdditionRound struct {
	Number   int          `json:"number"`
	Kind     string       `json:"kind"`
	Opens    consult.Date `json:"opens"`
	Closes   consult.Date `json:"closes"`
	Question string       `json:"question,omitempty"`
	Version  int          `json:"version"`
}

// AdditionNotice is one event that told people of a round.
type AdditionNotice struct {
	Round int          `json:"round"`
	Kind  string       `json:"kind"`
	On    consult.Date `json:"on"`
}

// AdditionVersion is what is proposed.
type AdditionVersion struct {
	Number      int             `json:"number"`
	Summary     string          `json:"summary,omitempty"`
	Description string          `json:"description,omitempty"`
	ReceivedOn  consult.Date    `json:"receivedOn,omitempty"`
	Boundary    json.RawMessage `json:"boundary,omitempty"`
	Massing     json.RawMessage `json:"massing,omitempty"`
}

// AdditionMove is one step of the case.
type AdditionMove struct {
	From string       `json:"from,omitempty"`
	To   string       `json:"to"`
	On   consult.Date `json:"on"`
	Why  string       `json:"why,omitempty"`
	By   string       `json:"by,omitempty"` // service and role
}

// AdditionOutcome is "you said, we did" on one topic.
type AdditionOutcome struct {
	Topic       string       `json:"topic"`
	YouSaid     string       `json:"youSaid"`
	WeDid       string       `json:"weDid"`
	Effect      string       `json:"effect"`
	Reference   string       `json:"reference,omitempty"`
	PublishedOn consult.Date `json:"publishedOn"`
}

func (o ODP) addition(c consult.ExchangeCase) Addition {
	k := c.Consultation
	out := Addition{Addition: 1, ID: k.ID.String(), Page: o.Site + "/consultations/" + k.ID.String(), Authority: k.Application.Authority,
		Title: k.Title, Summary: k.Summary, State: string(k.State), Service: k.Service, PromiseDays: k.PromiseDays,
		RegisterURL: k.Application.RegisterURL, Scale: k.Application.Scale, EIA: k.Application.EIA, Demo: k.Demo,
		DecidedBy: k.Application.DecidedBy, CalledInOn: movedOn(c, consult.CalledIn, o.Calendar),
		Rounds: []AdditionRound{}, Publicity: []AdditionNotice{}, Versions: []AdditionVersion{}, Moves: []AdditionMove{}, Outcomes: []AdditionOutcome{}}
	if k.Influence != (consult.Influence{}) {
		out.Influence = &k.Influence
	}
	for _, r := range c.Rounds {
		out.Rounds = append(out.Rounds, AdditionRound{r.Number, string(r.Kind), r.Opens, r.Closes, r.Question, r.Version})
	}
	for _, p := range c.Publicity {
		out.Publicity = append(out.Publicity, AdditionNotice{p.Round, string(p.Kind), p.On})
	}
	for _, v := range c.Versions {
		out.Versions = append(out.Versions, AdditionVersion{v.Number, v.Summary, v.Description, v.ReceivedOn, v.Boundary, v.Massing})
	}
	for _, e := range c.History {
		out.Moves = append(out.Moves, AdditionMove{string(e.From), string(e.To), o.Calendar.Day(e.At), e.Why, e.By})
	}
	for _, u := range c.Outcomes {
		out.Outcomes = append(out.Outcomes, AdditionOutcome{string(u.Topic), u.YouSaid, u.WeDid, string(u.Effect), u.Reference,
			o.Calendar.Day(u.PublishedAt)})
	}
	return out
}
