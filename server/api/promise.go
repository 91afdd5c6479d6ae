package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// PromiseTerms are what a consultation promises, in working days.
type PromiseTerms struct {
	Service string            `json:"service,omitempty"` // who answers
	First   int               `json:"first_days"`
	Next    int               `json:"next_days"`
	Close   int               `json:"close_days,omitempty"` // absent = not promised
	Silent  []UnpromisedTopic `json:"not_promised,omitempty"`
}

// UnpromisedTopic is a topic on which no answer is promised.
type UnpromisedTopic struct {
	Topic  string `json:"topic"`
	Reason string `json:"reason"`
}

// PromiseFigures count points; Points is the sum of the seven after it.
type PromiseFigures struct {
	Code          *string `json:"code,omitempty"` // topic or service; "" = questions in threads, or no service named; small-parts = parts taken together
	Points        int     `json:"points"`
	Kept          int     `json:"kept"`
	Late          int     `json:"late"`
	Overdue       int     `json:"overdue"`
	Open          int     `json:"open"`
	Paused        int     `json:"paused"`
	Closed        int     `json:"closed"`
	Unpromised    int     `json:"unpromised"`
	Median        *int    `json:"median_working_days,omitempty"` // absent = too few points, or not reached yet
	NinetyPercent *int    `json:"ninety_percent_working_days,omitempty"`
}

// PausedFor is how many points' clocks were paused for a reason.
type PausedFor struct {
	Reason string `json:"reason"`
	Points int    `json:"points"`
}

// PromiseRecord is what became of a consultation's promises.
type PromiseRecord struct {
	Terms    PromiseTerms     `json:"terms"`
	Total    PromiseFigures   `json:"total"`
	Topics   []PromiseFigures `json:"topics"`
	Services []PromiseFigures `json:"services"`
	Pauses   []PausedFor      `json:"pauses"`
	Page     string           `json:"page"`
}

// Promises tells what a consultation promises and how it was kept.
func (a *API) Promises(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	terms, err := a.service.PromiseTerms(c.UserContext(), anybody, id)
	if err != nil {
		return err
	}
	tally := reach.NewPromiseTally(a.service.Calendar(), a.service.Now())
	if _, err := a.service.EachPromise(c.UserContext(), anybody, id, tally.Add); err != nil {
		return err
	}
	r := tally.Record()
	out := PromiseRecord{Terms: promiseTerms(terms), Total: promiseFigures(r.Total), Topics: promiseParts(r.Topics), Services: promiseParts(r.Services),
		Pauses: []PausedFor{}, Page: a.baseURL + "/consultations/" + id.String() + "/promises"}
	for _, p := range r.Pauses {
		out.Pauses = append(out.Pauses, PausedFor{p.Reason, p.Points})
	}
	return a.show(c, out)
}

func promiseTerms(t consult.CaseTerms) PromiseTerms {
	out := PromiseTerms{Service: t.Service, First: t.First, Next: t.Next, Close: t.Close}
	for _, s := range t.Silent {
		out.Silent = append(out.Silent, UnpromisedTopic{string(s.Topic), s.Reason})
	}
	return out
}

func promiseParts(parts []reach.PromiseFigures) []PromiseFigures {
	list := []PromiseFigures{}
	for _, f := range parts {
		row := promiseFigures(f)
		row.Code = &f.Code
		list = append(list, row)
	}
	return list
}

func promiseFigures(f reach.PromiseFigures) PromiseFigures {
	return PromiseFigures{Points: f.Points, Kept: f.Kept, Late: f.Late, Overdue: f.Overdue, Open: f.Open, Paused: f.Paused, Closed: f.Closed,
		Unpromised: f.Unpromised, Median: waited(f.Median), NinetyPercent: waited(f.NinetyPercent)}
}

func waited(w reach.Wait) *int {
	if !w.Shown || !w.Reached {
		return nil
	}
	return &w.Days
}
