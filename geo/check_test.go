package geo

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// gridRing draws a ring with corners on whole degrees between low and high,
// where rings touch, fold and cross all the time. Products of such numbers are
// exact, so the second opinions below are, too. Half of the rings have their
// corners in order around their middle, which makes most of those simple.
func gridRing(t *rapid.T, low, high int, label string) orb.Ring {
	degree := rapid.IntRange(low, high)
	var ring orb.Ring
	var middle orb.Point
	n := rapid.IntRange(3, 8).Draw(t, label)
	for range n {
		p := orb.Point{float64(degree.Draw(t, "x")), float64(degree.Draw(t, "y"))}
		ring = append(ring, p)
		middle[0] += p[0] / float64(n)
		middle[1] += p[1] / float64(n)
	}
	if rapid.Bool().Draw(t, "in order") {
		slices.SortFunc(ring, func(p, q orb.Point) int {
			return cmp.Compare(math.Atan2(p[1]-middle[1], p[0]-middle[0]), math.Atan2(q[1]-middle[1], q[0]-middle[0]))
		})
	}
	return append(ring, ring[0])
}

func ringText(ring orb.Ring) string {
	var at []string
	for _, p := range ring {
		at = append(at, fmt.Sprintf("[%v,%v]", p[0], p[1]))
	}
	return strings.Join(at, ",")
}

// simple looks at every pair of edges: a ring is simple when no two of them
// share a place but the end of one that is the beginning of the next.
func simple(ring orb.Ring) bool {
	var corners orb.Ring
	for _, p := range ring[:len(ring)-1] {
		if len(corners) == 0 || corners[len(corners)-1] != p {
			corners = append(corners, p)
		}
	}
	for len(corners) > 1 && corners[0] == corners[len(corners)-1] {
		corners = corners[:len(corners)-1]
	}
	n := len(corners)
	if n < 3 {
		return false
	}
	for i := range n {
		for j := range i {
			a, b, c, d := corners[i], corners[(i+1)%n], corners[j], corners[(j+1)%n]
			shared := 0
			if b == c || a == d {
				shared = 1
			}
			if commonPlaces(a, b, c, d) > shared {
				return false
			}
		}
	}
	return true
}

// commonPlaces is how many places two edges share: 0, 1, or 2 for a stretch.
func commonPlaces(a, b, c, d orb.Point) int {
	cross := func(o, p, q orb.Point) float64 { return (p[0]-o[0])*(q[1]-o[1]) - (p[1]-o[1])*(q[0]-o[0]) }
	on := func(p, q, r orb.Point) bool { // r on the edge p q
		return cross(p, q, r) == 0 && min(p[0], q[0]) <= r[0] && r[0] <= max(p[0], q[0]) && min(p[1], q[1]) <= r[1] && r[1] <= max(p[1], q[1])
	}
	ends := map[orb.Point]bool{}
	for _, hit := range []struct {
		at orb.Point
		ok bool
	}{{c, on(a, b, c)}, {d, on(a, b, d)}, {a, on(c, d, a)}, {b, on(c, d, b)}} {
		if hit.ok {
			ends[hit.at] = true
		}
	}
	if len(ends) == 0 && cross(a, b, c)*cross(a, b, d) < 0 && cross(c, d, a)*cross(c, d, b) < 0 {
		return 1
	}
	return len(ends)
}

func TestSweepAgreesWithLookingAtEveryPairOfEdges(t *testing.T) {
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		ring := gridRing(t, 1, 5, "corners")
		_, err := ParseGeoJSON([]byte(polygonOf(ringText(ring))), Limits{})
		if want := simple(ring); (err == nil) != want {
			t.Fatalf("%v is simple: %v, the parser says %v", ring, want, err)
		}
		if err == nil {
			taken++
		}
	})
	if taken == 0 {
		t.Error("no ring was simple: the test tried one side only")
	}
}

// samplesOf gives places all over the grid that lie on no line between two of
// its corners with more than a few tenths of a degree between them.
func samplesOf(side int) []orb.Point {
	var out []orb.Point
	for x := 1.0; x < float64(side); x += 0.24 {
		for y := 1.0; y < float64(side); y += 0.26 {
			out = append(out, orb.Point{x + 0.0137, y + 0.0071})
		}
	}
	return out
}

// What is taken keeps its promise: holes lie inside, parts share no ground.
func TestTakenRingsMakeSenseTogether(t *testing.T) {
	const side = 6
	places := samplesOf(side)
	taken := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 10 { // few pairs are taken: without many, both kinds of answer would not come up
			first := gridRing(t, 1, side, "corners of the first")
			second := gridRing(t, rapid.IntRange(1, 3).Draw(t, "inset"), rapid.IntRange(4, side).Draw(t, "far inset"), "corners of the second")
			if simple(first) && simple(second) {
				checkPair(t, first, second, places, taken)
			}
		}
	})
	if taken["hole"] == 0 || taken["parts"] == 0 {
		t.Errorf("taken were %v: the test tried one side only", taken)
	}
}

// cross reports whether an edge of p goes through one of q from side to side,
// which means common ground, however little: too little for the places above.
func cross(p, q orb.Ring) bool {
	for i := 1; i < len(p); i++ {
		for j := 1; j < len(q); j++ {
			a, b, c, d := p[i-1], p[i], q[j-1], q[j]
			if commonPlaces(a, b, c, d) == 1 && commonPlaces(a, a, c, d)+commonPlaces(b, b, c, d)+commonPlaces(c, c, a, b)+commonPlaces(d, d, a, b) == 0 {
				return true
			}
		}
	}
	return false
}

func checkPair(t *rapid.T, first, second orb.Ring, places []orb.Point, taken map[string]int) {
	var in, between, beyond bool // of the second, inside the first; of the first alone; of the second alone
	for _, p := range places {
		a, b := locate(first, p) == inside, locate(second, p) == inside
		in = in || a && b
		between = between || a && !b
		beyond = beyond || b && !a
	}
	_, err := ParseGeoJSON([]byte(polygonOf(ringText(first), ringText(second))), Limits{})
	lies := in && between && !beyond && !sharesEdges(first, second) && !cross(first, second)
	if err == nil && (beyond || !between) || err != nil && lies {
		t.Fatalf("%v with the hole %v: %v (ground beyond: %v)", first, second, err, beyond)
	}
	if err == nil {
		taken["hole"]++
	}
	_, err = ParseGeoJSON([]byte(`{"type":"MultiPolygon","coordinates":[[[`+ringText(first)+`]],[[`+ringText(second)+`]]]}`), Limits{})
	if err == nil && in || err != nil && !in && !cross(first, second) {
		t.Fatalf("%v beside %v: %v (common ground: %v)", first, second, err, in)
	}
	if err == nil {
		taken["parts"]++
	}
}

func sharesEdges(p, q orb.Ring) bool {
	for i := 1; i < len(p); i++ {
		for j := 1; j < len(q); j++ {
			if commonPlaces(p[i-1], p[i], q[j-1], q[j]) > 1 {
				return true
			}
		}
	}
	return false
}

func TestACheckThatWouldTakeTooLongIsRefused(t *testing.T) {
	// A comb whose teeth all lie beside each other in both directions: every
	// edge has to be compared with every other.
	const teeth = 1_000
	var comb orb.Ring
	for i := range teeth {
		x := -2 + float64(i)/teeth*0.001
		comb = append(comb, orb.Point{x, 52}, orb.Point{x + 0.5, 53})
	}
	comb = append(comb, orb.Point{-1, 51.9}, orb.Point{-2, 51.9}, comb[0])
	d := draft{kind: KindPolygon, polygons: orb.MultiPolygon{{comb}}}
	count := &counter{}
	for copies := 1; ; copies++ { // of one file: they share its budget
		_, err := d.finish(DefaultLimits(), count)
		if err == nil && copies < 20 {
			continue
		}
		if copies < 5 || err == nil || err.Reason != ReasonTooComplex {
			t.Errorf("the %dth comb: %v after %d comparisons", copies, err, count.compared)
		}
		return
	}
}

func TestAMainlandWithManyIslesIsTaken(t *testing.T) {
	// A coast of 12,000 positions, 400 isles within its box and 400 lakes.
	var coast strings.Builder
	const corners = 12_000
	for i := range corners + 1 {
		angle := 2 * math.Pi * float64(i%corners) / corners
		reach := 1 + 0.02*math.Sin(100*angle) + 0.002*math.Sin(3000*angle)
		fmt.Fprintf(&coast, "[%.8f,%.8f],", -4+reach*math.Cos(angle), 56+reach*math.Sin(angle))
	}
	rings := []string{strings.TrimSuffix(coast.String(), ",")}
	var isles []string
	for i := range 400 {
		x, y := float64(i%40), float64(i/40)
		rings = append(rings, square(-4+(x-20)*0.025, 56+(y-5)*0.025, 0.005))
		isles = append(isles, ",[["+square(-4+0.8+x*0.004, 56+0.8+y*0.004, 0.001)+"]]")
	}
	g, err := parseOne(`{"type":"MultiPolygon","coordinates":[[[` + strings.Join(rings, "],[") + `]]` + strings.Join(isles, "") + `]}`)
	if err != nil || len(g.polygons) != 401 || len(g.polygons[0]) != 401 {
		t.Errorf("%d parts, %v", len(g.polygons), err)
	}
}
