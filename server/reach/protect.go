package reach

import "slices"

// The rule of disclosure control: no count from 1 to Smallest-1 is shown, every other one is rounded to the nearest Step.
// The two fit together: a shown 10 always stands for 8 to 12, like any other (the short first bin of "below 5, round to 5"
// is why OpenSAFELY moved to these numbers).
const (
	Smallest = 8
	Step     = 5
	slack    = Step / 2 // a rounded count is this far from the true one at most
)

// Count is a number of people that may be seen. The zero Count is withheld. Only this file makes one out of a true number.
type Count struct {
	value int
	shown bool
}

// Value is the rounded count; shown is false when it is withheld, and then there is no number to be had.
func (c Count) Value() (n int, shown bool) { return c.value, c.shown }

// round applies the rule to one count that stands alone.
func round(n int) Count {
	if n < 0 || n > 0 && n < Smallest {
		return Count{}
	}
	return Count{value: (n + slack) / Step * Step, shown: true}
}

// Share is a part of a whole in per cent, 0 to 100, made from shown counts only.
type Share struct {
	Percent int
	Known   bool
}

// share divides shown counts; whole per cent, because a decimal would tell apart counts that rounding made equal.
func share(part, whole Count) Share {
	if !part.shown || !whole.shown || whole.value == 0 {
		return Share{}
	}
	return Share{Percent: min((part.value*100+whole.value/2)/whole.value, 100), Known: true}
}

// Row is one line of a table.
type Row struct {
	Code    string // the machine's word: a stance, a ward code, a day; Unknown where there is none
	Name    string // the proper name of a ward; "" where the catalogue words the code
	Missing bool   // no answer to the question: skipped, prefer not to say, not asked
	Count   Count
	Share   Share // of the table's Whole

	// Against the people who live there; zero where no figures of theirs are held.
	Population int
	Rate       Rate
	Ratio      Ratio
}

// Table is one protected table; a chart of it is drawn from the same rows.
type Table struct {
	Name   string // "time", "stance", "topic", "ward", "channel", "answered", "promise", "outcome", or an equality question
	Unit   string // table "time": "day", "week" or "month"
	Rows   []Row
	Whole  Count // what the shares are shares of
	Hidden bool  // nothing of it may be shown: not even its rows, which would tell who is not 0
}

// tally is a true count on its way into a table.
type tally struct {
	code, name string
	n          int
	missing    bool
}

// protect makes a table of true counts. In a partition every comment falls into exactly one row, so that withheld rows could be
// had by subtraction from the whole, which the public pages tell exactly: withhold takes that away.
func protect(name string, counts []tally, whole int, partition bool) Table {
	t := Table{Name: name, Whole: round(whole), Rows: make([]Row, len(counts))}
	shown := make([]bool, len(counts))
	for i, c := range counts {
		shown[i] = t.Whole.shown && round(c.n).shown
	}
	if partition {
		withhold(counts, shown, whole)
	}
	for i, c := range counts {
		row := Row{Code: c.code, Name: c.name, Missing: c.missing}
		if shown[i] {
			row.Count = round(c.n)
		}
		row.Share = share(row.Count, t.Whole)
		t.Rows[i] = row
	}
	if len(counts) > 0 && !slices.Contains(shown, true) {
		t.Rows, t.Hidden = nil, true
	}
	return t
}
