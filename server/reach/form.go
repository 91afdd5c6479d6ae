package reach

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// FormReport is what may be seen of the answers to a form. Every number in it is protected.
type FormReport struct {
	Withheld  Reason
	From, To  consult.Date // the days that are counted; "" = all
	Total     Count        // responses
	Questions []QuestionFigure
}

// QuestionFigure is one question's figures. Table has a row for every value that can be chosen, in the form's order, and one (NoAnswer)
// for those who gave none; of a scale the rows are its steps, of a ranking how often an option was put first, of words and places
// whether there are any.
type QuestionFigure struct {
	Question consult.Question
	Table    Table
	Answered Count
	Mean     Statistic // scale: of the steps
	Median   Statistic // scale: the step below and above which half of the answers lie, the lower one of two
	Ranks    []RankRow // ranking: highest Borda first
}

// Codes of rows that are no option's.
const (
	NoAnswer  = "no-answer"
	YesAnswer = "answered"
)

// Statistic is a number made of many people's answers. It is rounded so that five people could change theirs without its moving
// further than the rounding: Unit is at least Step times the scale's width over the number of answers, the next of 0.1, 0.2, 0.5, 1, ….
type Statistic struct {
	Value, Unit float64
	Shown       bool
}

// RankRow is one option of a ranking.
type RankRow struct {
	Code  string
	Rank  Statistic // mean place among those who placed it, 1 = first
	Borda Statistic // mean points per ranking: of n places the first gives n points, the last 1, not placed 0 (Borda 1781)
}

// FormSource is what the figures of a form are made of; consult.ReachSource is one.
type FormSource interface {
	Source
	EachResponseRow(ctx context.Context, consultation consult.ID, each func(consult.ResponseRow) error) error
}

// MeasureForm computes and protects what an analyst may see of the answers to one consultation's form, under the same rules as
// Measure: another selection that comes too close keeps this one back.
func MeasureForm(ctx context.Context, source FormSource, subjects consult.Subjects, f consult.ReachFilter, now time.Time,
	calendar consult.Calendar) (FormReport, error) {
	g := newGathering(choiceOf(f), now, calendar)
	if err := source.EachReachRow(ctx, consult.ReachFilter{}, g.add); err != nil {
		return FormReport{}, err
	}
	g.crowd = newCrowd(g.count, Smallest, true, calendar.Day(now))
	s := g.crowd.selects(choiceOf(f), f.From, f.To)
	r := FormReport{Withheld: g.crowd.judge(s)}
	r.From, r.To = s.days(f)
	if r.Withheld != Shown {
		return r, nil
	}
	a := newAnswers(subjects)
	err := source.EachResponseRow(ctx, f.Consultation, func(row consult.ResponseRow) error {
		if s.takes(g.traits(row.Row)) {
			a.add(row)
		}
		return nil
	})
	a.tell(&r)
	return r, err
}

// TellForm protects the figures of all answers to a form: what everybody may see once nobody is asked any more. There is one such
// selection, so that no other can be set against it.
func TellForm(ctx context.Context, subjects consult.Subjects, each func(context.Context, func(consult.ResponseRow) error) error) (FormReport, error) {
	a := newAnswers(subjects)
	err := each(ctx, func(row consult.ResponseRow) error { a.add(row); return nil })
	r := FormReport{}
	if a.n > 0 && a.n < Smallest {
		r.Withheld = TooFew
		return r, err
	}
	a.tell(&r)
	return r, err
}

// answers counts the responses to the questions of a form's newest version; answers to earlier ones count where the question is the
// same, by its id.
type answers struct {
	questions []consult.Question
	n         int
	given     []int            // answers to each question
	values    []map[string]int // how often each value was given
	ranks     []map[string]placing
}

// placing is how often an option was placed, and the sum of its places.
type placing struct{ n, sum int }

func newAnswers(subjects consult.Subjects) *answers {
	a := &answers{}
	if v, ok := subjects.Version(0); ok {
		a.questions = v.Form.Questions()
	}
	for range a.questions {
		a.given = append(a.given, 0)
		a.values = append(a.values, map[string]int{})
		a.ranks = append(a.ranks, map[string]placing{})
	}
	return a
}

func (a *answers) add(row consult.ResponseRow) {
	a.n++
	for i, q := range a.questions {
		at := slices.IndexFunc(row.Responses, func(r consult.Response) bool { return r.Question == q.ID })
		if at < 0 {
			continue
		}
		r := row.Responses[at]
		a.given[i]++
		switch q.Kind {
		case consult.ChoiceQuestion:
			for _, v := range r.Chosen {
				a.values[i][v]++
			}
		case consult.ScaleQuestion:
			a.values[i][scaleValue(r)]++
		case consult.RankingQuestion:
			a.place(i, r.Ranked)
		default:
			a.values[i][YesAnswer]++
		}
	}
}

func scaleValue(r consult.Response) string {
	if r.DontKnow {
		return consult.DontKnowValue
	}
	return strconv.Itoa(r.Step)
}

func (a *answers) place(question int, ranked []string) {
	for i, option := range ranked {
		if i == 0 {
			a.values[question][option]++
		}
		p := a.ranks[question][option]
		a.ranks[question][option] = placing{p.n + 1, p.sum + i + 1}
	}
}

func (a *answers) tell(r *FormReport) {
	r.Total = round(a.n)
	for i, q := range a.questions {
		f := QuestionFigure{Question: q, Answered: round(a.given[i])}
		counts := make([]tally, 0, 12)
		for _, code := range codesOf(q) {
			counts = append(counts, tally{code: code, n: a.values[i][code]})
			delete(a.values[i], code)
		}
		if older := allOf(a.values[i]); older > 0 {
			counts = append(counts, tally{code: Unknown, n: older}) // options that only an earlier version had
		}
		counts = append(counts, tally{code: NoAnswer, n: a.n - a.given[i], missing: true})
		f.Table = protect(q.ID, counts, a.n, !q.Several)
		switch q.Kind {
		case consult.ScaleQuestion:
			f.Mean, f.Median = scaleStatistics(counts, q.Steps)
		case consult.RankingQuestion:
			f.Ranks = rankRows(q, a.ranks[i], a.given[i])
		}
		r.Questions = append(r.Questions, f)
	}
}

// codesOf lists the values of a question in the order of its rows.
func codesOf(q consult.Question) []string {
	switch q.Kind {
	case consult.ChoiceQuestion, consult.RankingQuestion:
		return q.Values()
	case consult.ScaleQuestion:
		var codes []string
		for n := 1; n <= q.Steps; n++ {
			codes = append(codes, strconv.Itoa(n))
		}
		if q.DontKnow {
			codes = append(codes, consult.DontKnowValue)
		}
		return codes
	}
	return []string{YesAnswer}
}

func allOf(counts map[string]int) int {
	n := 0
	for _, k := range counts {
		n += k
	}
	return n
}

// scaleStatistics are the mean and the median of those who chose a step.
func scaleStatistics(counts []tally, steps int) (mean, median Statistic) {
	n, total := 0, 0
	for i := range steps {
		n += counts[i].n
		total += counts[i].n * (i + 1)
	}
	if n < Smallest {
		return mean, median
	}
	below := 0
	for i := range steps {
		if below += counts[i].n; 2*below >= n {
			median = Statistic{Value: float64(i + 1), Unit: 1, Shown: true}
			break
		}
	}
	return statistic(float64(total)/float64(n), n, steps-1), median
}

// rankRows orders the options by their shown Borda points; equal ones stay in the form's order.
func rankRows(q consult.Question, placed map[string]placing, rankings int) []RankRow {
	var rows []RankRow
	for _, o := range q.Options {
		p, row := placed[o.ID], RankRow{Code: o.ID}
		if p.n >= Smallest {
			row.Rank = statistic(float64(p.sum)/float64(p.n), p.n, q.Ranks()-1)
		}
		if rankings >= Smallest && (p.n == 0 || p.n >= Smallest) {
			points := p.n*(q.Ranks()+1) - p.sum
			row.Borda = statistic(float64(points)/float64(rankings), rankings, q.Ranks())
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b RankRow) int { return cmp.Compare(b.Borda.Value, a.Borda.Value) })
	return rows
}

// statistic rounds a mean of n people's values that can lie width apart.
func statistic(value float64, n, width int) Statistic {
	least := float64(Step*width) / float64(n)
	for scale := 0.1; ; scale *= 10 {
		for _, unit := range []float64{scale, 2 * scale, 5 * scale} {
			if unit >= least {
				// Through a whole number of tenths, so that 0.30000000000000004 is not printed.
				tenths := math.Round(math.Round(value/unit) * unit * 10)
				return Statistic{Value: tenths / 10, Unit: math.Round(unit*10) / 10, Shown: true}
			}
		}
	}
}
