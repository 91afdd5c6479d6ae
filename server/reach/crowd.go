package reach

import (
	"maps"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

// traits are what a selection can tell apart about one record.
type traits struct {
	consultation consult.ID
	ward         string
	channel      consult.Channel
	stance       consult.Stance
	topics       topicSet
	week         int
}

// topicSet has one bit per topic of consult.Topics.
type topicSet uint16

func topicsOf(topics []consult.Topic) topicSet {
	var s topicSet
	for _, t := range topics {
		s |= topicBit(t)
	}
	return s
}

// topicBit is 0 for a topic outside the vocabulary.
func topicBit(t consult.Topic) topicSet {
	if i := slices.Index(consult.Topics(), t); i >= 0 {
		return 1 << i
	}
	return 0
}

// weekOf numbers the weeks, Monday to Sunday, from that of 1 January 1900, the first day consult takes.
func weekOf(d consult.Date) int { return consult.Date("1900-01-01").Until(d) / 7 }

// firstDay is the Monday of a week.
func firstDay(week int) consult.Date { return consult.Date("1900-01-01").Add(week * 7) }

// crowd is a population of records, counted by their traits.
type crowd struct {
	members group
	least   int          // how many records a step in time holds, and two selections differ by, at the least
	open    bool         // the latest records count at once; otherwise they wait until their step is full and its weeks are over
	today   consult.Date // by the authority's calendar

	of   map[consult.ID]group // the members by consultation, and by ward: most choices ask for one
	from map[string]group
}

func newCrowd(count map[traits]int, least int, open bool, today consult.Date) crowd {
	c := crowd{least: least, open: open, today: today, of: map[consult.ID]group{}, from: map[string]group{}}
	for t, n := range count {
		m := member{t, n}
		c.members = append(c.members, m)
		c.of[t.consultation] = append(c.of[t.consultation], m)
		c.from[t.ward] = append(c.from[t.ward], m)
	}
	return c
}

// near is a part of the crowd that holds every record of a choice.
func (c crowd) near(what choice) group {
	switch {
	case what.consultation != 0:
		return c.of[what.consultation]
	case what.ward != "":
		return c.from[what.ward]
	}
	return c.members
}

// choice is what a selection asks for, days aside; zero values ask for everything.
type choice struct {
	consultation consult.ID
	ward         string
	channel      consult.Channel
	stance       consult.Stance
	topic        topicSet
}

func choiceOf(f consult.ReachFilter) choice {
	return choice{consultation: f.Consultation, ward: f.Ward, channel: f.Channel, stance: f.Stance, topic: topicBit(f.Topic)}
}

func (c choice) takes(t traits) bool {
	return (c.consultation == 0 || c.consultation == t.consultation) && (c.ward == "" || c.ward == t.ward) &&
		(c.channel == "" || c.channel == t.channel) && (c.stance == "" || c.stance == t.stance) &&
		(c.topic == 0 || c.topic&t.topics != 0)
}

// window is a range of weeks, both included.
type window struct{ from, to int }

func (w window) holds(week int) bool { return w.from <= week && week <= w.to }

// steps cuts the weeks in which the chosen records came into stretches of at least c.least records each. Selections begin and end
// where a stretch does, so that no two of one choice differ by fewer.
func (c crowd) steps(byWeek map[int]int) []window {
	var all []window
	n, from := 0, 0
	for _, week := range slices.Sorted(maps.Keys(byWeek)) {
		if n == 0 {
			from = week
		}
		if n += byWeek[week]; n >= c.least && (c.open || firstDay(week+1) <= c.today) {
			all = append(all, window{from, week})
			n = 0
		}
	}
	if n > 0 && c.open {
		if len(all) == 0 {
			return []window{{from, weekOf(c.today)}}
		}
		all[len(all)-1].to = slices.Max(slices.Collect(maps.Keys(byWeek)))
	}
	return all
}

// selection is a choice and the stretch of weeks it shows.
type selection struct {
	choice
	window
	whole bool // every week: no limit in time
}

func (s selection) takes(t traits) bool { return s.choice.takes(t) && s.holds(t.week) }

// selects widens the days asked for to the whole steps they touch. A selection of no records is empty: its window holds no week.
func (c crowd) selects(what choice, from, to consult.Date) selection {
	steps := c.steps(c.weeks(what, nil))
	s := selection{choice: what, window: window{0, -1}}
	touched := 0
	for _, step := range steps {
		if from != "" && step.to < weekOf(from) || to != "" && step.from > weekOf(to) {
			continue
		}
		if touched++; touched == 1 {
			s.from = step.from
		}
		s.to = step.to
	}
	s.whole = touched == len(steps)
	return s
}

// weeks counts the records of a choice by week; only those for which also holds, where it is given.
func (c crowd) weeks(what choice, also func(traits) bool) map[int]int {
	byWeek := map[int]int{}
	for _, m := range c.near(what) {
		if what.takes(m.traits) && (also == nil || also(m.traits)) {
			byWeek[m.week] += m.n
		}
	}
	return byWeek
}

func (c crowd) size(s selection) int { return c.group(s).size() }

func (c crowd) group(s selection) group {
	var g group
	for _, m := range c.near(s.choice) {
		if s.takes(m.traits) {
			g = append(g, m)
		}
	}
	return g
}

// group is a part of a crowd: so many records of the same traits, each once.
type group []member

type member struct {
	traits
	n int
}

func (g group) size() int {
	n := 0
	for _, m := range g {
		n += m.n
	}
	return n
}
