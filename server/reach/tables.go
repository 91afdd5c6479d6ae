package reach

import (
	"cmp"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

// tell fills a report with the figures of a selection that may be shown.
func (g *gathering) tell(r *Report, s selection, names map[string]string, residents residents, promises map[consult.ID]int) {
	n := g.crowd.size(s)
	mine := g.crowd.group(s)
	waits := g.waits(s.window)
	r.Total = round(n)
	wards := protect("ward", mine.byWard(names), n, true)
	residents.rates(wards.Rows)
	promise := protect("promise", promiseCounts(waits, promises), n, true)
	r.Tables = []Table{
		g.overTime(s, n),
		protect("stance", mine.by(words(consult.Stances()), func(t traits) string { return string(t.stance) }), n, true),
		protect("topic", mine.byTopic(), n, false),
		wards,
		protect("channel", mine.by(words(consult.Channels()), func(t traits) string { return string(t.channel) }), n, true),
		protect("answered", split(g.answered, s.window, n), n, true),
		promise,
		protect("outcome", split(g.outcome, s.window, n), n, true),
	}
	r.Kept = keptShare(promise)
	if n >= Smallest {
		r.Wait.Shown = true
		r.Wait.Days, r.Wait.Reached = medianWait(waits)
	}
}

func words[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, w := range list {
		all[i] = string(w)
	}
	return all
}

// by counts a group by a word of a closed vocabulary; words outside it come last, under Unknown.
func (g group) by(codes []string, word func(traits) string) []tally {
	counts := make([]tally, 0, len(codes)+1)
	for _, code := range codes {
		counts = append(counts, tally{code: code})
	}
	other := tally{code: Unknown}
	for _, m := range g {
		if i := slices.Index(codes, word(m.traits)); i >= 0 {
			counts[i].n += m.n
		} else {
			other.n += m.n
		}
	}
	if other.n > 0 {
		counts = append(counts, other)
	}
	return counts
}

// byTopic counts comments, not points: one comment may stand in several rows.
func (g group) byTopic() []tally {
	var counts []tally
	for _, topic := range consult.Topics() {
		c := tally{code: string(topic)}
		for _, m := range g {
			if m.topics&topicBit(topic) != 0 {
				c.n += m.n
			}
		}
		counts = append(counts, c)
	}
	return counts
}

// byWard lists the wards somebody spoke from, by name: an order by number would tell what is withheld.
func (g group) byWard(names map[string]string) []tally {
	byCode := map[string]int{}
	for _, m := range g {
		byCode[m.ward] += m.n
	}
	var counts []tally
	for code, n := range byCode {
		if code != "" {
			counts = append(counts, tally{code: code, name: cmp.Or(names[code], code), n: n})
		}
	}
	slices.SortFunc(counts, func(a, b tally) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.code, b.code)) })
	if n := byCode[""]; n > 0 {
		counts = append(counts, tally{code: Unknown, n: n})
	}
	return counts
}

// split parts a selection into those counted in yes and the rest.
func split(yes map[int]int, in window, n int) []tally {
	k := 0
	for week, m := range yes {
		if in.holds(week) {
			k += m
		}
	}
	return []tally{{code: "yes", n: k}, {code: "no", n: n - k}}
}

// The codes of the table "promise".
const (
	promiseKept    = "kept"    // answered in time
	promiseBroken  = "broken"  // answered late, or not answered though it was due
	promiseRunning = "running" // not answered, not yet due
)

func promiseCounts(waits map[wait]int, promises map[consult.ID]int) []tally {
	counts := []tally{{code: promiseKept}, {code: promiseBroken}, {code: promiseRunning}}
	for w, n := range waits {
		switch {
		case w.days > promises[w.consultation]:
			counts[1].n += n
		case w.answered:
			counts[0].n += n
		default:
			counts[2].n += n
		}
	}
	return counts
}

// keptShare is the share of kept promises among those whose day has come, from the shown counts of the table "promise".
func keptShare(promise Table) Share {
	if promise.Hidden {
		return Share{}
	}
	kept, broken := promise.Rows[0].Count, promise.Rows[1].Count
	return share(kept, Count{value: kept.value + broken.value, shown: kept.shown && broken.shown})
}

// Longest spans that are still shown by day, and by week.
const (
	daysByDay  = 28
	daysByWeek = 53 * 7
)

// overTime counts comments by day, week or month of receipt, whichever keeps the table readable. Periods without one are rows too.
func (g *gathering) overTime(s selection, n int) Table {
	byStart := map[consult.Date]int{}
	first, last := consult.Date(""), consult.Date("")
	for day, k := range g.byDay {
		if k > 0 && s.holds(weekOf(day)) {
			if first == "" || day < first {
				first = day
			}
			last = max(last, day)
		}
	}
	unit := unitFor(first, last)
	for day, k := range g.byDay {
		if s.holds(weekOf(day)) {
			byStart[unit.start(day)] += k
		}
	}
	var counts []tally
	if first != "" {
		for start := unit.start(first); start <= last; start = unit.next(start) {
			counts = append(counts, tally{code: string(start), n: byStart[start]})
		}
	}
	t := protect("time", counts, n, true)
	t.Unit = string(unit)
	return t
}

// period is the unit of a table over time.
type period string

func unitFor(first, last consult.Date) period {
	switch days := first.Until(last); {
	case days < daysByDay:
		return "day"
	case days < daysByWeek:
		return "week"
	}
	return "month"
}

// start is the first day of the period a day lies in: it is the row's code.
func (p period) start(d consult.Date) consult.Date {
	switch p {
	case "week":
		return firstDay(weekOf(d))
	case "month":
		return d[:len("2006-01")] + "-01"
	}
	return d
}

func (p period) next(start consult.Date) consult.Date {
	switch p {
	case "week":
		return start.Add(7)
	case "month":
		return p.start(start.Add(31))
	}
	return start.Add(1)
}
