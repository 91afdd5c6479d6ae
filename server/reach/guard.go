package reach

import (
	"math/bits"
	"slices"
)

// guard decides which selections of a crowd may be shown. Whoever sees the figures of two that differ by one person sees that
// person; so of two selections whose records differ by fewer than the crowd's least, the one of higher rank is not shown when the
// other is. This holds for any two, whatever they ask for; docs/methodology.md tells what it does not hold for.
type guard struct {
	crowd
	known map[selection]bool
	work  int // records that may still be looked at; a decision that needs more is "no"
}

// maxWork bounds one decision to about a second.
const maxWork = 200_000_000

func newGuard(c crowd) *guard {
	return &guard{crowd: c, known: map[selection]bool{}, work: maxWork}
}

// shows tells whether no shown selection of lower rank comes too close.
func (g *guard) shows(s selection) bool { return g.free(s) && g.work > 0 }

// free is shows of a decision whose work has not run out. It ends because ranks only fall.
func (g *guard) free(s selection) bool {
	if free, known := g.known[s]; known || g.work <= 0 {
		return free
	}
	free := true
	mine := g.group(s)
	for other := range g.neighbours(mine) {
		if free && other != s.choice {
			free = !slices.ContainsFunc(g.rivals(s, mine.size(), other), g.free)
		}
	}
	g.known[s] = free
	return free
}

// rank puts the selections in the order in which they are preferred: those within one consultation first, then those with fewer
// conditions. Two selections of equal rank that are not the same have no record in common.
func (s selection) rank() int {
	mask := 0
	for i, asked := range []bool{s.ward != "", s.channel != "", s.stance != "", s.topic != 0, !s.whole} {
		if asked {
			mask |= 1 << i
		}
	}
	everywhere := 0
	if s.consultation == 0 {
		everywhere = 1
	}
	return everywhere<<30 | bits.OnesCount(uint(mask))<<24 | mask<<16 | int(s.topic)
}

// neighbours lists the choices that take all of a group but fewer than least. Every selection that differs from the group by fewer
// belongs to one of them.
func (c crowd) neighbours(mine group) map[choice]group {
	enough := mine.size() - c.least + 1
	found := map[choice]group{{}: mine}
	for _, narrow := range narrowings {
		next := map[choice]group{}
		for what, inside := range found {
			next[what] = inside
			narrower := map[choice]group{}
			for _, m := range inside {
				for _, n := range narrow(what, m.traits) {
					narrower[n] = append(narrower[n], m)
				}
			}
			for n, g := range narrower {
				if g.size() >= enough {
					next[n] = g
				}
			}
		}
		found = next
	}
	return found
}

// narrowings give, one trait each, the choices that ask for one thing more and still take a record. Nobody can ask for the
// records without a ward.
var narrowings = []func(choice, traits) []choice{
	func(c choice, t traits) []choice { c.consultation = t.consultation; return []choice{c} },
	func(c choice, t traits) []choice { c.channel = t.channel; return []choice{c} },
	func(c choice, t traits) []choice { c.stance = t.stance; return []choice{c} },
	func(c choice, t traits) []choice {
		if t.ward == "" {
			return nil
		}
		c.ward = t.ward
		return []choice{c}
	},
	func(c choice, t traits) []choice {
		var all []choice
		for rest := t.topics; rest != 0; rest &= rest - 1 {
			c.topic = rest & -rest
			all = append(all, c)
		}
		return all
	},
}

// rivals lists the stretches of weeks of another choice that differ by too few from the selection, which holds `mine` records, and
// have the lower rank.
func (g *guard) rivals(s selection, mine int, other choice) []selection {
	g.work -= 2 * len(g.near(other))
	all, shared := g.weeks(other, nil), g.weeks(other, s.takes)
	steps := g.steps(all)
	// change[i] is what the difference grows by with step i: a record of the other's own adds one, a shared one takes one away.
	change, size := make([]int, len(steps)), make([]int, len(steps))
	for i, step := range steps {
		for week := step.from; week <= step.to; week++ {
			change[i] += all[week] - 2*shared[week]
			size[i] += all[week]
		}
	}
	var found []selection
	for from := range steps {
		difference, people := mine, 0
		for to := from; to < len(steps); to++ {
			difference, people = difference+change[to], people+size[to]
			rival := selection{choice: other, window: window{steps[from].from, steps[to].to}, whole: from == 0 && to == len(steps)-1}
			if !rival.whole && !g.open {
				continue // who waits for steps to fill cannot choose among them
			}
			if difference > 0 && difference < g.least && people >= Smallest && rival.rank() < s.rank() {
				found = append(found, rival)
			}
		}
	}
	return found
}
