package geo

import (
	"io"
	"strings"
	"testing"
)

func TestG01TooLargeAndTooManyPositions(t *testing.T) {
	// A stream without end must not be read to its end.
	endless := io.MultiReader(strings.NewReader(`{"type":"FeatureCollection","features":[],"x":"`), spaces{})
	_, err := ParseFeatures(endless, Limits{})
	wantReason(t, "a file without end", err, ReasonTooLarge, "10485760")

	ring := strings.TrimSuffix(strings.Repeat("[1,2],", 1_700_000), ",") // just below 10 MiB
	_, err = ParseGeoJSON([]byte(polygonOf(ring)), Limits{})
	wantReason(t, "10 MB that is one ring", err, ReasonTooManyPositions, "1700000 positions, at most 50000")

	half := strings.TrimSuffix(strings.Repeat("[1,2],", 30_000), ",")
	_, err = ParseFeatures(strings.NewReader(collectionOf(featureOf(polygonOf(half), ""), featureOf(polygonOf(half), ""))), Limits{})
	wantReason(t, "two features of 30,000 positions", err, ReasonTooManyPositions, "feature 2")
}

func TestG02TooDeep(t *testing.T) {
	deep := strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 10_000) + strings.Repeat("]}", 10_000)
	_, err := parseOne(deep)
	wantReason(t, "a collection in a collection", err, ReasonTooDeep, "32")
	_, err = parseOne(featureOf(`{"type":"Polygon","coordinates":`+strings.Repeat("[", 200), ""))
	wantReason(t, "brackets", err, ReasonTooDeep, "32")
	// Brackets inside text are no depth.
	text := strings.Repeat("[", 500) + `\"` + strings.Repeat("{", 500)
	if _, err := parseOne(`{"type":"Feature","properties":{"a":"` + text + `"},"geometry":{"type":"Point","coordinates":[-1.86,52.47]}}`); err != nil {
		t.Errorf("brackets inside text: %v", err)
	}
}

// spaces is a file of spaces that never ends.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
