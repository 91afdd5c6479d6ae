package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
)

// several is a flag that may be given more than once.
type several []string

func (s *several) String() string { return strings.Join(*s, ",") }

// Set implements flag.Value.
func (s *several) Set(value string) error {
	*s = append(*s, value)
	return nil
}

// deadlines computes the last day for comments that the law leaves after notices. It needs no store.
func deadlines(set *flag.FlagSet) runner {
	var events, dates several
	set.Var(&events, "event", "how people were told: "+words(consult.PublicityKinds())+"; may be repeated, each with its --date")
	set.Var(&dates, "date", "the day of the event, YYYY-MM-DD; it is day 1")
	round := set.String("round", string(consult.InitialRound), "kind of the round: "+words(consult.RoundKinds()))
	eia := set.Bool("eia", false, "the application comes with an environmental statement")
	asJSON := set.Bool("json", false, "print one JSON object instead")
	return func(_ context.Context, _ server.Config, args []string, out io.Writer) error {
		if len(args) > 0 || len(events) == 0 || len(events) != len(dates) {
			return errors.New("usage: yousaid deadlines --event KIND --date YYYY-MM-DD [--event KIND --date YYYY-MM-DD …] [--eia] [--round KIND] [--json]")
		}
		if !slices.Contains(consult.RoundKinds(), consult.RoundKind(*round)) {
			return fmt.Errorf("there is no round of kind %q; there are %s", *round, words(consult.RoundKinds()))
		}
		calendar := consult.England()
		var periods []consult.Period
		for i, event := range events {
			p, err := period(calendar, event, dates[i], consult.RoundKind(*round), *eia)
			if err != nil {
				return err
			}
			periods = append(periods, p)
		}
		if *asJSON {
			return printDeadlines(out, calendar, periods)
		}
		last := latest(periods)
		_, err := fmt.Fprintf(out, "%s\n%s\n", last.Last, sentence(calendar, last, len(periods)))
		return err
	}
}

// period counts one event's period; its errors are for whoever typed it.
func period(calendar consult.Calendar, event, date string, round consult.RoundKind, eia bool) (consult.Period, error) {
	if !slices.Contains(consult.PublicityKinds(), consult.PublicityKind(event)) {
		return consult.Period{}, fmt.Errorf("there is no event %q; there are %s", event, words(consult.PublicityKinds()))
	}
	on, err := consult.ParseDate(date)
	if err != nil {
		return consult.Period{}, fmt.Errorf("%q is no day; write it as 2026-04-02", date)
	}
	p, err := calendar.Count(consult.PublicityKind(event), on, round, eia)
	if err != nil {
		return consult.Period{}, fmt.Errorf("the period after the %s of %s leaves the table of bank holidays, which reaches from %s to %s: not computed",
			event, on, calendar.From, calendar.To)
	}
	return p, nil
}

// latest is the period that ends last, the first of those.
func latest(periods []consult.Period) consult.Period {
	last := periods[0]
	for _, p := range periods[1:] {
		if p.Last > last.Last {
			last = p
		}
	}
	return last
}

// sentence says how a period was counted and when it is over.
func sentence(calendar consult.Calendar, p consult.Period, of int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d days from the %s of %s, that day counted", p.Days, p.Kind, p.On)
	if of > 1 {
		fmt.Fprintf(&b, ", the latest of %d notices", of)
	}
	switch {
	case len(p.Disregarded) > 0:
		fmt.Fprintf(&b, "; public holidays disregarded: %s", words(p.Disregarded))
	default:
		b.WriteString("; no public holidays disregarded")
	}
	fmt.Fprintf(&b, "; closes at midnight Europe/London, %s", calendar.End(p.Last).Format(time.RFC3339))
	return b.String()
}

// deadline is one period for programs.
type deadline struct {
	Event       consult.PublicityKind `json:"event"`
	Date        consult.Date          `json:"date"`
	Days        int                   `json:"days"`
	Disregarded []consult.Date        `json:"disregarded"`
	LastDay     consult.Date          `json:"last_day"`
}

func printDeadlines(out io.Writer, calendar consult.Calendar, periods []consult.Period) error {
	last := latest(periods).Last
	answer := struct {
		LastDay consult.Date `json:"last_day"`
		Closes  string       `json:"closes"` // the moment, RFC 3339
		Events  []deadline   `json:"events"`
	}{LastDay: last, Closes: calendar.End(last).Format(time.RFC3339)}
	for _, p := range periods {
		answer.Events = append(answer.Events, deadline{p.Kind, p.On, p.Days, append([]consult.Date{}, p.Disregarded...), p.Last})
	}
	return json.NewEncoder(out).Encode(answer)
}

// words lists values of a vocabulary in one line.
func words[T ~string](values []T) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return strings.Join(list, ", ")
}
