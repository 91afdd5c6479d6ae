package geo

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// What makes neighbours agree about places next to their border: the two draw
// it in opposite directions.
func TestOrientIsExactlyOppositeInTheOtherDirection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyPoint(t), anyPoint(t), anyPoint(t)
		p, q, r := orb.Point{a.Lon, a.Lat}, orb.Point{b.Lon, b.Lat}, orb.Point{c.Lon, c.Lat}
		if orient(p, q, r) != -orient(q, p, r) {
			t.Fatalf("%v from %v to %v: %v one way, %v the other", r, p, q, orient(p, q, r), orient(q, p, r))
		}
	})
	if turn := orient(orb.Point{0, 0}, orb.Point{1, 0}, orb.Point{0, 1}); turn <= 0 {
		t.Errorf("to the left is %v", turn)
	}
}
