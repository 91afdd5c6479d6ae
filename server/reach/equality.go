package reach

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

// equalityStep is how many equality answers must be new before figures about them move on. A table that moves with every answer
// tells each answer to whoever compares yesterday's with today's.
const equalityStep = 10

// The rows of an equality table that are no answers.
const (
	PreferNot = "prefer-not"
	Skipped   = "skipped"
	NotAsked  = "not-asked" // commented without coming to the questions, or since the last step
)

// Equality is who took part against who lives there. It follows the filter's consultation and ward only: answers are kept without
// any link to a comment, so stance, topic, channel and day of a comment cannot be asked for.
type Equality struct {
	Withheld Reason
	To       consult.Date // the last day that is counted
	Tables   []Table      // one per question, in the order of consult.EqualityQuestions
	Source   string       // of the residents' figures; "" = none are held
	Vintage  string
}

func measureEquality(ctx context.Context, source Source, f consult.ReachFilter, g *gathering, who residents) (Equality, error) {
	answers, err := source.Equality(ctx, consult.ReachFilter{})
	if err != nil {
		return Equality{}, err
	}
	count := map[traits]int{}
	for _, a := range answers {
		count[traitsOf(a)]++
	}
	c := newCrowd(count, equalityStep, false, g.crowd.today)
	s := c.selects(choice{consultation: f.Consultation, ward: f.Ward}, "", "")
	e := Equality{Source: who.source, Vintage: who.vintage}
	if c.size(s) == 0 {
		e.Withheld = NotYet
		return e, nil
	}
	if e.Withheld = c.judge(s); e.Withheld != Shown {
		return e, nil
	}
	e.To = firstDay(s.to + 1).Add(-1)
	answers = slices.DeleteFunc(answers, func(a consult.EqualityAnswers) bool {
		return !s.takes(traitsOf(a))
	})
	// Comments of the same weeks: live numbers beside frozen ones would move the table after all.
	commented := g.crowd.size(selection{choice: s.choice, window: window{0, s.to}})
	notAsked := max(commented-len(answers), 0)
	for _, q := range consult.EqualityQuestions() {
		t := protect(q.Name, answerCounts(q, answers, notAsked), len(answers)+notAsked, true)
		who.compare(&t, f.Ward)
		e.Tables = append(e.Tables, t)
	}
	return e, nil
}

func traitsOf(a consult.EqualityAnswers) traits {
	return traits{consultation: a.Consultation, ward: a.WardCode, week: weekOf(a.RecordedOn)}
}

// answerCounts counts the answers to one question.
func answerCounts(q consult.EqualityQuestion, answers []consult.EqualityAnswers, notAsked int) []tally {
	counts := make([]tally, 0, len(q.Codes)+2)
	for _, code := range q.Codes {
		counts = append(counts, tally{code: code, missing: code == PreferNot})
	}
	counts = append(counts, tally{code: Skipped, missing: true}, tally{code: NotAsked, n: notAsked, missing: true})
	for _, a := range answers {
		code := answerTo(q.Name, a)
		i := slices.IndexFunc(counts, func(c tally) bool { return c.code == code })
		if i < 0 {
			i = len(q.Codes) // a code of another version of the question is no answer to this one
		}
		counts[i].n++
	}
	return counts
}

func answerTo(question string, a consult.EqualityAnswers) string {
	given := map[string]string{"age": a.AgeBand, "sex": a.Sex, "ethnic": a.EthnicGroup, "disability": a.Disability}[question]
	if given == "" {
		return Skipped
	}
	return given
}

// residents are how many people live where, by group.
type residents struct {
	people          map[string]map[string]int // by ward code, then group; "" = everybody
	source, vintage string
}

// PopulationBenchmark is the name under which residents' figures are kept. A group is "<question>:<code>", as "age:16-24".
const PopulationBenchmark = "population"

// readResidents keeps the figures of wards only: those of a city beside its wards would count everybody twice.
func readResidents(ctx context.Context, source Source, wards map[string]string) (residents, error) {
	rows, err := source.Benchmarks(ctx, PopulationBenchmark)
	r := residents{people: map[string]map[string]int{}}
	for _, b := range rows {
		if _, known := wards[b.AreaCode]; !known {
			continue
		}
		if r.people[b.AreaCode] == nil {
			r.people[b.AreaCode] = map[string]int{}
		}
		r.people[b.AreaCode][b.Group] = b.Population
		r.source, r.vintage = b.Source, b.Vintage
	}
	return r, err
}

// count is how many people of a group live in a ward, or in all wards.
func (r residents) count(ward, group string) int {
	if ward != "" {
		return r.people[ward][group]
	}
	n := 0
	for _, groups := range r.people {
		n += groups[group]
	}
	return n
}

// rates sets the rows of a table of wards against everybody who lives there.
func (r residents) rates(rows []Row) {
	for i := range rows {
		if rows[i].Code != Unknown {
			rows[i].Population = r.count(rows[i].Code, "")
			rows[i].Rate = rate(rows[i].Count, rows[i].Population)
		}
	}
}

// compare turns an equality table's shares into shares of those who answered and sets them against the residents of the same
// groups. Where an answer is withheld, or a group's residents are unknown, there is no ratio: its base would be wrong.
func (r residents) compare(t *Table, ward string) {
	if t.Hidden {
		return
	}
	answered, rows, people := Count{shown: true}, 0, 0
	complete := true
	for i := range t.Rows {
		row := &t.Rows[i]
		row.Share = Share{}
		if row.Missing {
			continue
		}
		row.Population = r.count(ward, t.Name+":"+row.Code)
		complete = complete && row.Population > 0
		answered.value, answered.shown = answered.value+row.Count.value, answered.shown && row.Count.shown
		people, rows = people+row.Population, rows+1
	}
	t.Whole = answered
	for i := range t.Rows {
		row := &t.Rows[i]
		if row.Missing {
			continue
		}
		row.Share = share(row.Count, answered)
		if answered.shown && complete {
			row.Ratio = ratio(row.Count, answered.value, rows, row.Population, people)
		}
	}
}
