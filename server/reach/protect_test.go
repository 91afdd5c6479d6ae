package reach

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestN04NoCountFrom1To7IsShownAndOthersAreRoundedTo5(t *testing.T) {
	want := map[int]int{0: 0, 8: 10, 12: 10, 13: 15, 17: 15, 18: 20, 22: 20, 23: 25, 447: 445, 448: 450}
	for n, rounded := range want {
		if got, shown := round(n).Value(); !shown || got != rounded {
			t.Errorf("round(%d) = %d, %v; want %d", n, got, shown, rounded)
		}
	}
	for n := 1; n <= 7; n++ {
		if got, shown := round(n).Value(); shown || got != 0 {
			t.Errorf("round(%d) = %d, %v; want it withheld", n, got, shown)
		}
	}
}

// Every shown number stands for five true ones, the smallest too: no short first bin.
func TestEveryShownNumberStandsForFiveTrueOnes(t *testing.T) {
	stands := map[int]int{}
	for n := 1; n <= 102; n++ {
		if v, shown := round(n).Value(); shown {
			stands[v]++
		}
	}
	for v, n := range stands {
		if n != Step {
			t.Errorf("%d stands for %d true counts, want %d", v, n, Step)
		}
	}
}

func counts(ns ...int) []tally {
	list := make([]tally, len(ns))
	for i, n := range ns {
		list[i] = tally{code: fmt.Sprint(i), n: n}
	}
	return list
}

func sum(list []tally) (n int) {
	for _, c := range list {
		n += c.n
	}
	return n
}

func TestPartitionHidesWhatSubtractionWouldTell(t *testing.T) {
	for name, c := range map[string]struct{ in, want []int }{
		"nothing small":                                        {[]int{20, 30, 0}, []int{20, 30, 0}},
		"OpenSAFELY's column (reach.md O-12)":                  {[]int{3, 8, 16, 23}, []int{-1, 10, 15, 25}},
		"one small beside one that rounding does not blur":     {[]int{1, 8, 20}, []int{-1, 10, 20}},
		"one small, alone with one at the edge: nothing left":  {[]int{1, 8}, nil},
		"two small that fill the whole at their most":          {[]int{7, 7}, nil},
		"two small with room between them":                     {[]int{4, 6, 0}, []int{-1, -1, 0}},
		"a small one that the rest gives away takes a second":  {[]int{7, 12, 12}, []int{-1, -1, 10}},
		"many ones whose whole is the least they can be":       {[]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0}, nil},
		"a whole below the threshold":                          {[]int{3, 2}, nil},
		"nobody":                                               {[]int{0, 0}, []int{0, 0}},
		"shown zeros stay when the small ones cannot be told":  {[]int{5, 6, 0, 0}, []int{-1, -1, 0, 0}},
		"the smallest shown row is the second one to be taken": {[]int{7, 22, 12, 22}, []int{-1, 20, -1, 20}},
	} {
		list := counts(c.in...)
		table := protect("x", list, sum(list), true)
		if c.want == nil {
			if !table.Hidden || table.Rows != nil {
				t.Errorf("%s: %v shows %v, want the whole table withheld", name, c.in, table.cells())
			}
			continue
		}
		for i, want := range c.want {
			if got := table.cells()[fmt.Sprint(i)]; got != want {
				t.Errorf("%s: %v row %d = %d, want %d", name, c.in, i, got, want)
			}
		}
	}
}

// The attacker of this test knows the true whole and works by plain enumeration of sums, not by the formula of attack.go.
func TestNoWithheldCountCanBeWorkedOutFromItsTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.IntRange(0, 9)
		list := counts(rapid.SliceOfN(rapid.OneOf(small, rapid.IntRange(0, 30)), 1, 8).Draw(t, "counts")...)
		whole := sum(list)
		table := protect("x", list, whole, true)
		for i, row := range table.Rows {
			if _, shown := row.Count.Value(); shown {
				continue
			}
			if possible := enumerate(table.Rows, list, i, whole); len(possible) < narrowest {
				t.Fatalf("%v shows %v: row %d can only be %v", list, table.cells(), i, possible)
			}
		}
	})
}

// enumerate finds the values row `at` can have: for each, whether the other rows can make up the rest of the whole.
func enumerate(rows []Row, truth []tally, at, whole int) (possible []int) {
	ceiling := Smallest - 1
	for i, row := range rows {
		if _, shown := row.Count.Value(); !shown && truth[i].n >= Smallest {
			ceiling = whole // the reader may think of any hidden row that it is a large one
		}
	}
	rest := map[int]bool{0: true} // sums the other rows can have
	for i, row := range rows {
		if i == at {
			continue
		}
		next := map[int]bool{}
		for v := 0; v <= whole; v++ {
			shownAs, shown := row.Count.Value()
			fits := !shown && v >= 1 && v <= ceiling
			if shown {
				r, ok := round(v).Value()
				fits = ok && r == shownAs
			}
			for s := range rest {
				if fits && s+v <= whole {
					next[s+v] = true
				}
			}
		}
		rest = next
	}
	for v := 1; v <= ceiling; v++ {
		if rest[whole-v] {
			possible = append(possible, v)
		}
	}
	return possible
}

func TestSharesComeFromShownCountsOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := counts(rapid.SliceOfN(rapid.IntRange(0, 40), 1, 6).Draw(t, "counts")...)
		table := protect("x", list, sum(list), true)
		whole, wholeShown := table.Whole.Value()
		for _, row := range table.Rows {
			n, shown := row.Count.Value()
			if row.Share.Known != (shown && wholeShown && whole > 0) {
				t.Fatalf("%v: share %v beside count %v of %v", list, row.Share, row.Count, table.Whole)
			}
			if !row.Share.Known {
				continue
			}
			if exact := float64(n) * 100 / float64(whole); float64(row.Share.Percent)-exact > 0.5 || exact-float64(row.Share.Percent) > 0.5 {
				t.Fatalf("%v: share %d %%, the shown counts make %v %%", list, row.Share.Percent, exact)
			}
		}
	})
}
