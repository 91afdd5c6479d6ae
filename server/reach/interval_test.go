package reach

import (
	"math"
	"testing"
)

// reach.md O-1, computed with R.
func TestWilsonMatchesR(t *testing.T) {
	for _, c := range []struct{ x, n, low, high float64 }{
		{81, 263, 0.25528852, 0.36620958},
		{15, 148, 0.06238640, 0.16048724},
		{0, 20, 0, 0.16112516},
		{1, 29, 0.00611321, 0.17175522},
	} {
		low, high := wilson(c.x, c.n)
		if math.Abs(low-c.low) > 1e-8 || math.Abs(high-c.high) > 1e-8 {
			t.Errorf("wilson(%v, %v) = %.8f, %.8f; want %.8f, %.8f", c.x, c.n, low, high, c.low, c.high)
		}
	}
}

// Be Heard's health-inequalities consultation against Census 2011 (reach.md 1.1): 18 Muslims among 447 where they are 21.8 % of
// the city.
func TestRatioSaysUnderOnlyWhenTheWholeIntervalDoes(t *testing.T) {
	under := ratio(round(18), 445, 2, 218, 1000)
	if !under.Under() || under.Over() || under.Value != 0.2 {
		t.Errorf("20 of 445 against 21.8 %%: %+v", under)
	}
	fair := ratio(round(100), 445, 2, 218, 1000)
	if fair.Under() || fair.Over() || fair.Low > fair.Value || fair.Value > fair.High {
		t.Errorf("100 of 445 against 21.8 %%: %+v", fair)
	}
	if over := ratio(round(300), 445, 2, 218, 1000); !over.Over() {
		t.Errorf("300 of 445 against 21.8 %%: %+v", over)
	}
}

func TestRatioAndRateNeedAShownCountAndResidents(t *testing.T) {
	for name, r := range map[string]Ratio{
		"withheld":      ratio(round(3), 100, 2, 10, 100),
		"no residents":  ratio(round(30), 100, 2, 0, 100),
		"nobody at all": ratio(round(30), 0, 2, 10, 100),
	} {
		if r != (Ratio{}) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := rate(round(41), 25_120); r != (Rate{Value: 15.9, Known: true}) {
		t.Errorf("40 of 25,120: %+v", r)
	}
	if r := rate(round(3), 25_120); r.Known {
		t.Errorf("withheld: %+v", r)
	}
}
