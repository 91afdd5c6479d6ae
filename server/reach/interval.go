package reach

import "math"

// z95 is the standard normal quantile of a two-sided 95 % interval.
const z95 = 1.959963984540054

// wilson is Wilson's score interval at 95 % for x successes in n trials, without continuity correction (Wilson 1927). n must be
// positive and 0 ≤ x ≤ n.
func wilson(x, n float64) (low, high float64) {
	p := x / n
	centre := p + z95*z95/(2*n)
	reach := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	scale := 1 + z95*z95/n
	return max(0, (centre-reach)/scale), min(1, (centre+reach)/scale)
}

// Ratio is the representation ratio of a group: its share of the answers over its share of the people who live there; 1 is
// proportionate. Low and High bound it by Wilson's interval, widened by what rounding hides. One decimal each.
type Ratio struct {
	Value, Low, High float64
	Known            bool
}

// Under and Over tell that the whole interval lies outside 0.8 to 1.25: only then is a difference worth a word.
func (r Ratio) Under() bool { return r.Known && r.High < 0.8 }

// Over is Under's other side.
func (r Ratio) Over() bool { return r.Known && r.Low > 1.25 }

// ratio compares a shown count of all shown answers with a population share. rows is how many rounded counts answered is the sum of.
func ratio(group Count, answered, rows, population, people int) Ratio {
	if !group.shown || answered <= 0 || population <= 0 || people <= 0 {
		return Ratio{}
	}
	q := float64(population) / float64(people)
	x, n, off := float64(group.value), float64(answered), float64(rows*slack)
	low, _ := wilson(max(x-slack, 0), n+off)
	few := max(n-off, 1)
	_, high := wilson(min(x+slack, few), few)
	return Ratio{Value: tenth(x / n / q), Low: tenth(low / q), High: tenth(high / q), Known: true}
}

// Rate is responses per 10,000 residents, one decimal, from a shown count.
type Rate struct {
	Value float64
	Known bool
}

func rate(count Count, population int) Rate {
	if !count.shown || population <= 0 {
		return Rate{}
	}
	return Rate{Value: tenth(float64(count.value) * 10_000 / float64(population)), Known: true}
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }
