package ogc

import (
	"net/url"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/server/consult"
)

func TestParseDatetime(t *testing.T) {
	for text, want := range map[string][2]consult.Date{
		"2026-04-02": {"2026-04-02", "2026-04-02"}, "2026-04-02T12:00:00Z": {"2026-04-02", "2026-04-02"},
		"2026-04-02T23:30:00Z":      {"2026-04-03", "2026-04-03"}, // past midnight in London's summer
		"2026-04-02t12:00:00+01:00": {"2026-04-02", "2026-04-02"}, "2026-04-02/2026-05-01": {"2026-04-02", "2026-05-01"},
		"2026-04-02/..": {"2026-04-02", ""}, "2026-04-02/": {"2026-04-02", ""}, "../2026-04-02": {"", "2026-04-02"}, "/2026-04-02": {"", "2026-04-02"},
		"2026-04-02T00:00:00Z/2026-04-02T00:00:00Z": {"2026-04-02", "2026-04-02"},
	} {
		if from, to, ok := ParseDatetime(text, consult.England()); !ok || from != want[0] || to != want[1] {
			t.Errorf("%s: %s, %s, %v", text, from, to, ok)
		}
	}
	for _, text := range []string{"", "..", "/", "../..", "../", "2026-05-01/2026-04-02", "2026-04-02/2026-05-01/2026-06-01", "2026-02-30", "tomorrow",
		"2026-04-02T25:00:00Z", "2026-04-02 12:00", "20260402", "1800-01-01", "2026-04-02T12:00:00"} {
		if from, to, ok := ParseDatetime(text, consult.England()); ok {
			t.Errorf("%q became %s, %s", text, from, to)
		}
	}
}

func TestLastSundayIsTheEndOfTheWeekBefore(t *testing.T) {
	for today, want := range map[consult.Date]consult.Date{"2026-04-02": "2026-03-29", "2026-04-05": "2026-03-29", "2026-04-06": "2026-04-05", "2026-04-11": "2026-04-05"} {
		if got := lastSunday(today); got != want {
			t.Errorf("on %s it is %s, want %s", today, got, want)
		}
	}
}

func TestCollectionsAreDistinctAndTheirPropertiesToo(t *testing.T) {
	var ids []string
	for _, c := range Collections() {
		if slices.Contains(ids, c.ID) {
			t.Errorf("%s is there twice", c.ID)
		}
		ids = append(ids, c.ID)
		names := []string{"limit", "after", "bbox", "bbox-crs", "crs", "datetime", "f", "lang"}
		for _, p := range c.Properties {
			if slices.Contains(names, p.Name) {
				t.Errorf("%s: %s is there twice, or is a parameter", c.ID, p.Name)
			}
			names = append(names, p.Name)
		}
		for _, dated := range c.Time {
			if !slices.Contains(names, dated) {
				t.Errorf("%s is dated by %s, which it does not say", c.ID, dated)
			}
		}
	}
}

// What a page asks for comes out again, and never more than a page may hold.
func TestLimitsAreHeld(t *testing.T) {
	c, err := Find("applications")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[0-9]{1,30}`).Draw(t, "limit")
		q, bad := ReadQuery(c, url.Values{"limit": {text}}, consult.England())
		if len(bad) == 0 && (q.Limit < 1 || q.Limit > MaxLimit) {
			t.Fatalf("%s became %d", text, q.Limit)
		}
	})
}

func FuzzParseDatetime(f *testing.F) {
	for _, seed := range []string{"2026-04-02", "2026-04-02T12:00:00Z/..", "../2026-04-02", "/", "2026-10-25T01:30:00+01:00", "9999-12-31/.."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		from, to, ok := ParseDatetime(text, consult.England())
		if !ok {
			return
		}
		for _, d := range []consult.Date{from, to} {
			if _, err := consult.ParseDate(string(d)); d != "" && err != nil {
				t.Fatalf("%q became %q", text, d)
			}
		}
		if from == "" && to == "" || from != "" && to != "" && to < from {
			t.Fatalf("%q became %s, %s", text, from, to)
		}
	})
}

func FuzzReadQuery(f *testing.F) {
	for _, seed := range []string{"limit=5&bbox=-2,52,-1,53&datetime=2026-04-02&state=decided", "crs=http://www.opengis.net/def/crs/EPSG/0/27700", "x=1&x=2", "%ff=%00",
		"after=0000000000001", "bbox=1e400,0,0,0&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"} {
		f.Add(seed)
	}
	collections := Collections()
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		for _, c := range collections {
			q, bad := ReadQuery(c, values, consult.England())
			if len(bad) == 0 && (q.Limit < 1 || q.Limit > MaxLimit || len(q.Asked) != len(values)) {
				t.Fatalf("%q became %+v", text, q)
			}
		}
	})
}
