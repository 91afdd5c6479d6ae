package reach

// narrowest is the fewest whole numbers a withheld count must be able to be.
const narrowest = 3

// withhold hides further rows of a partition until no withheld one can be worked out, and all of them when that cannot be
// reached. Each time the smallest row still shown goes: it costs the reader least.
func withhold(counts []tally, shown []bool, whole int) {
	for attack(counts, shown, whole) < narrowest {
		next := -1
		for i, c := range counts {
			if shown[i] && c.n > 0 && (next < 0 || c.n < counts[next].n) {
				next = i
			}
		}
		if next < 0 {
			clear(shown)
			return
		}
		shown[next] = false
	}
}

// attack is how many whole numbers the most exposed withheld count of a partition can still be, for a reader who knows the whole
// exactly, knows the rule, and takes every withheld count for a small one unless a large one was hidden too. Without a withheld
// count nothing is exposed.
func attack(counts []tally, shown []bool, whole int) int {
	hidden, most := 0, Smallest-1
	lowest, highest := whole, whole // what the withheld counts can sum to
	for i, c := range counts {
		switch {
		case !shown[i]:
			if hidden++; c.n >= Smallest || c.n == 0 {
				most = whole
			}
		case c.n > 0:
			v := round(c.n).value
			lowest -= v + slack
			highest -= max(v-slack, Smallest)
		}
	}
	if hidden == 0 {
		return narrowest
	}
	low := max(1, lowest-(hidden-1)*most)
	high := min(most, highest-(hidden-1))
	return high - low + 1
}
