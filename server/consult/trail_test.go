package consult

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// noon is midday of a day in spring 2026.
func noon(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 12, 0, 0, 0, time.UTC)
}

// told writes a trail in one line: kinds with their days, what is still to come in brackets.
func told(steps []TrailStep) string {
	var words []string
	for _, s := range steps {
		w := string(s.Kind)
		if s.On != "" {
			w += " " + string(s.On[5:])
		}
		switch s.Kind {
		case TrailGrouped:
			w += fmt.Sprintf(" %d %v", s.Concern.ID, s.Topics)
		case TrailReceived:
			w += fmt.Sprintf(" round %d version %d", s.Round, s.Version)
		case TrailCited:
			w += fmt.Sprintf(" paragraph %d %v", s.Paragraph, s.Topics)
			if s.Whole {
				w += " whole"
			}
		case TrailLed:
			w += strings.TrimRight(fmt.Sprintf(" %v %s version %d condition %d", s.Topics, s.Effect, s.Version, s.Condition.Number), " ")
		case TrailDecided, TrailAppeal:
			w += " " + s.Decision
		}
		if s.Late {
			w += " late"
		}
		if s.Advised {
			w += " advised"
		}
		if !s.Done {
			w = "[" + string(s.Kind) + "]"
		}
		words = append(words, w)
	}
	return strings.Join(words, ", ")
}

// aWay is a comment on light and noise that went the whole way.
func aWay() TrailFacts {
	mine, other := ID(1), ID(2)
	kind := PermissionCondition
	return TrailFacts{
		Comment: Comment{ID: mine, Round: 1, Version: 1, State: CommentPublished, ReceivedAt: noon(3, 1), PublishedAt: noon(3, 2),
			AnsweredAt: noon(3, 4), Thread: 9},
		Topics: []Topic{"light", "noise"}, Covered: []Topic{"light", "noise"},
		Consultation: Consultation{State: Decided, Application: Application{Decision: "granted", DecidedOn: "2026-05-20"}},
		ReportSince:  "2026-05-01",
		Report: Report{
			Paragraphs: []Paragraph{
				{Number: 1, Cites: []Cite{{Comment: other, Topic: "light"}}},
				{Number: 2, Cites: []Cite{{Comment: mine, Topic: "light"}, {Topic: "noise"}}},
				{Number: 3, Cites: []Cite{{Topic: "noise"}}},
				{Number: 1, Late: true, UpdatedAt: noon(5, 9), Cites: []Cite{{Comment: mine, Topic: "noise"}}},
			},
			Conditions: []Condition{
				{ID: 21, Kind: kind, Number: 7, UpdatedAt: noon(4, 28), Cites: []Cite{{Comment: mine, Topic: "noise"}}},
				{ID: 22, Kind: kind, Number: 8, UpdatedAt: noon(5, 12), Cites: []Cite{{Topic: "noise"}}},
				{ID: 23, Kind: kind, Number: 9, Cites: []Cite{{Comment: other, Topic: "noise"}}},
			},
		},
		Outcomes: []Outcome{
			{Topic: "light", Effect: Changed, Version: 2, PublishedAt: noon(6, 1)},
			{Topic: "noise", Effect: Conditioned, Condition: 21, PublishedAt: noon(6, 1)},
			{Topic: "traffic", Effect: NotChanged, PublishedAt: noon(6, 1)},
			{Topic: "light", Effect: NotChanged}, // a draft
		},
	}
}

func TestTrail(t *testing.T) {
	const begin = "received 03-01 round 1 version 1, published 03-02, answered 03-04, "
	const cited = "cited 05-01 paragraph 2 [light], cited 05-01 paragraph 3 [noise] whole, cited 05-09 paragraph 1 [noise] late, "
	for _, row := range []struct {
		name string
		edit func(*TrailFacts)
		want string
	}{
		{"the whole way", func(*TrailFacts) {}, begin + cited +
			"led 05-12 [noise]  version 0 condition 8, decided 05-20 granted, led 06-01 [light] changed version 2 condition 0, led 06-01 [noise] conditioned version 0 condition 7"},
		{"just arrived", func(f *TrailFacts) {
			*f = TrailFacts{Comment: Comment{ID: 1, Round: 2, Version: 2, State: CommentReceived, ReceivedAt: noon(3, 1)}, Topics: []Topic{"light"}}
		}, "received 03-01 round 2 version 2, [published], [answered], [led], [decided]"},
		{"late and outside any round", func(f *TrailFacts) {
			*f = TrailFacts{Comment: Comment{ID: 1, Version: 1, Late: true, State: CommentPublished, ReceivedAt: noon(3, 1), PublishedAt: noon(3, 9)}}
		}, "received 03-01 round 0 version 1 late, published 03-09, [answered], [led], [decided]"},
		{"the report is not finished", func(f *TrailFacts) {
			f.ReportSince, f.Outcomes, f.Consultation = "", nil, Consultation{State: ClosedState}
		}, begin + "[led], [decided]"},
		{"a committee will decide", func(f *TrailFacts) {
			f.Outcomes, f.Consultation = nil, Consultation{State: InCommittee}
		}, begin + "cited 05-01 paragraph 2 [light], cited 05-01 paragraph 3 [noise] whole, led 05-01 [noise]  version 0 condition 7 advised, " +
			"cited 05-09 paragraph 1 [noise] late, led 05-12 [noise]  version 0 condition 8 advised, [led], [decided]"},
		{"came after the report", func(f *TrailFacts) { f.Covered, f.Report.Paragraphs = nil, f.Report.Paragraphs[2:3] }, begin +
			"decided 05-20 granted, led 06-01 [light] changed version 2 condition 0, led 06-01 [noise] conditioned version 0 condition 7"},
		{"withheld", func(f *TrailFacts) {
			f.Comment.State, f.Comment.PublishedAt, f.Report, f.Outcomes = CommentWithheld, time.Time{}, Report{}, nil
		}, "received 03-01 round 1 version 1, withheld, answered 03-04, decided 05-20 granted, [led]"},
		{"withdrawn by its author", func(f *TrailFacts) { f.Comment.State, f.Comment.WithdrawnAt = CommentWithdrawn, noon(3, 20) },
			"received 03-01 round 1 version 1, published 03-02, withdrawn 03-20"},
		{"superseded before it was published", func(f *TrailFacts) {
			f.Comment.State, f.Comment.PublishedAt, f.Comment.ReplacedBy = CommentSuperseded, time.Time{}, 3
		}, "received 03-01 round 1 version 1, superseded"},
		{"the application was withdrawn", func(f *TrailFacts) {
			f.ReportSince, f.Outcomes, f.Consultation = "", nil, Consultation{State: Withdrawn}
		}, begin + "[led]"},
		{"appealed", func(f *TrailFacts) {
			f.Report, f.Outcomes = Report{}, nil
			f.Consultation.Application.Decision, f.Consultation.Application.Appeal = "refused", Appeal{Decision: "allowed", DecidedOn: "2026-09-30"}
		}, begin + "decided 05-20 refused, appeal-decided 09-30 allowed, [led]"},
	} {
		f := aWay()
		row.edit(&f)
		if got := told(TrailOf(f)); got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", row.name, got, row.want)
		}
	}
}

func TestAVersionKnowsWhatItAnswers(t *testing.T) {
	outcomes := aWay().Outcomes
	if got := LedTo(2, outcomes); len(got) != 1 || got[0].Topic != "light" {
		t.Errorf("version 2: %+v", got)
	}
	if got := LedTo(0, outcomes); got != nil {
		t.Errorf("no version: %+v", got)
	}
}

func TestReportSince(t *testing.T) {
	step := func(from, to State, day int) StateEvent { return StateEvent{From: from, To: to, At: noon(5, day)} }
	assessed := step(ClosedState, Assessed, 1)
	for _, row := range []struct {
		name    string
		history []StateEvent
		want    Date
	}{
		{"never assessed", []StateEvent{step(Consulting, ClosedState, 1)}, ""},
		{"assessed", []StateEvent{assessed}, "2026-05-01"},
		{"decided and archived", []StateEvent{assessed, step(Assessed, Decided, 3), step(Decided, Archived, 9)}, "2026-05-01"},
		{"sent back by the committee", []StateEvent{assessed, step(Assessed, InCommittee, 3), step(InCommittee, Assessed, 9)}, "2026-05-01"},
		{"amended after it", []StateEvent{assessed, step(Assessed, Amended, 3)}, ""},
		{"and assessed once more", []StateEvent{assessed, step(Assessed, Amended, 3), step(ClosedState, Assessed, 9)}, "2026-05-09"},
	} {
		if got := ReportSince(row.history, "", Calendar{}); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
	if got := ReportSince(nil, "2020-05-01", Calendar{}); got != "2020-05-01" {
		t.Errorf("imported as decided: %q", got)
	}
}

func TestAConcernIsAStationOnceEverybodyMayReadIt(t *testing.T) {
	f := TrailFacts{Comment: Comment{ID: 1, Round: 1, Version: 1, State: CommentPublished, ReceivedAt: noon(3, 1), PublishedAt: noon(3, 2), AnsweredAt: noon(3, 6)},
		Topics: []Topic{"light", "noise"}, Concerns: map[Topic][]Concern{
			"light": {{ID: 31, JoinedAt: noon(3, 3), ShownAt: noon(3, 4)}, {ID: 32, JoinedAt: noon(3, 3)}},
			"noise": {{ID: 31, JoinedAt: noon(3, 5), ShownAt: noon(3, 4)}, {ID: 33, JoinedAt: noon(3, 3), ShownAt: noon(3, 3), MergedInto: 31}},
		}}
	want := "received 03-01 round 1 version 1, published 03-02, grouped 03-05 31 [light noise], answered 03-06, [led], [decided]"
	if got := told(TrailOf(f)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	f.Comment.State = CommentWithdrawn
	if got := told(TrailOf(f)); strings.Contains(got, "grouped") {
		t.Errorf("a withdrawn comment stands in a concern: %s", got)
	}
}
