package consult_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// site is a rectangle in Birmingham whose corners are steps of 0.0001 degrees: about 6.8 m east, 11.1 m north.
func site(west, south, east, north int) string {
	at := func(x, y int) string {
		return fmt.Sprintf("[%.4f,%.4f]", -1.86+float64(x)/10000, 52.47+float64(y)/10000)
	}
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[%s,%s,%s,%s,%s]]}`, at(west, south), at(east, south), at(east, north), at(west, north), at(west, south))
}

func building(name string, height float64, storeys int, footprint string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"name":%q,"height":%g,"storeys":%d},"geometry":%s}`, name, height, storeys, footprint)
}

func proposal(number int, description, boundary string, buildings ...string) consult.ProposalVersion {
	v := consult.ProposalVersion{Number: number, Description: description, Boundary: []byte(boundary)}
	if len(buildings) > 0 {
		list := ""
		for i, b := range buildings {
			if i > 0 {
				list += ","
			}
			list += b
		}
		v.Massing = []byte(`{"type":"FeatureCollection","features":[` + list + `]}`)
	}
	return v
}

func TestCompareBoundaries(t *testing.T) {
	old := proposal(1, "", site(0, 0, 10, 10))
	for name, c := range map[string]struct {
		boundary             string
		known, grew, changed bool
	}{
		"the same":         {site(0, 0, 10, 10), true, false, false},
		"smaller":          {site(0, 0, 10, 9), true, false, true},
		"larger":           {site(0, 0, 11, 10), true, true, true},
		"moved":            {site(1, 0, 11, 10), true, true, true},
		"unknown":          {"", false, false, false},
		"cannot be read":   {"{", false, false, false},
		"the other corner": {site(10, 10, 0, 0), true, false, false},
	} {
		got := consult.Compare(old, proposal(2, "", c.boundary), nil).Boundary
		if got.Known != c.known || got.Grew != c.grew || got.Changed != c.changed {
			t.Errorf("%s: known %t, grew %t, changed %t; gained %.1f m², lost %.1f m²", name, got.Known, got.Grew, got.Changed, got.Gained, got.Lost)
		}
	}
	moved := consult.Compare(old, proposal(2, "", site(1, 0, 11, 10)), nil).Boundary
	if d := moved.Gained - moved.Lost; d > 1 || d < -1 || moved.Gained < 700 || moved.Gained > 800 {
		t.Errorf("a site moved by 6.8 m gained %.1f m² and lost %.1f m²", moved.Gained, moved.Lost)
	}
}

func TestCompareBuildings(t *testing.T) {
	old := proposal(1, "", "", building("Corner", 12.8, 4, site(0, 0, 4, 4)), building("Wing", 9.6, 3, site(6, 0, 9, 4)), building("Shed", 2.5, 0, site(20, 0, 21, 1)))
	now := proposal(2, "", "", building("Corner with shop", 9.9, 3, site(0, 0, 4, 4)), building("Wing", 6.4, 2, site(6, 0, 8, 4)), building("Store", 3, 1, site(30, 0, 31, 1)))
	got := consult.Compare(old, now, nil).Buildings
	want := []consult.BuildingChange{
		{Name: "Corner with shop", HeightBefore: 12.8, HeightAfter: 9.9, StoreysBefore: 4, StoreysAfter: 3},
		{Name: "Wing", HeightBefore: 9.6, HeightAfter: 6.4, StoreysBefore: 3, StoreysAfter: 2, Moved: true},
		{Name: "Store", HeightAfter: 3, StoreysAfter: 1, Appeared: true},
		{Name: "Shed", HeightBefore: 2.5, Disappeared: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if same := consult.Compare(old, old, nil).Buildings; slices.ContainsFunc(same, consult.BuildingChange.Changed) {
		t.Errorf("the same buildings changed: %+v", same)
	}
	if none := consult.Compare(proposal(1, "", ""), proposal(2, "", ""), nil).Buildings; none != nil {
		t.Errorf("no drawings: %+v", none)
	}
}

func TestCompareDocuments(t *testing.T) {
	a := consult.Document{ID: 1, Version: 1, Name: "Plan"}
	b := consult.Document{ID: 2, Version: 1, Name: "Statement"}
	a2 := consult.Document{ID: 3, Version: 2, Name: "Plan 2", Replaces: 1}
	c := consult.Document{ID: 4, Version: 2, Name: "Transport"}
	a3 := consult.Document{ID: 5, Version: 3, Name: "Plan 3", Replaces: 3}
	all := []consult.Document{a3, a2, c, a, b}
	change := func(from, to int) (list []string) {
		v := func(n int) consult.ProposalVersion { return consult.ProposalVersion{Number: n} }
		for _, d := range consult.Compare(v(from), v(to), all).Documents {
			list = append(list, fmt.Sprintf("%s %s (%s)", d.Kind, d.Document.Name, d.Was.Name))
		}
		return list
	}
	for _, c := range []struct {
		from, to int
		want     []string
	}{
		{1, 2, []string{"added Plan 2 (Plan)", "added Transport ()", "kept Statement ()"}},
		{1, 3, []string{"added Plan 3 (Plan)", "added Transport ()", "kept Statement ()"}},
		{2, 3, []string{"added Plan 3 (Plan 2)", "kept Transport ()", "kept Statement ()"}},
		{3, 1, []string{"added Plan ()", "removed Plan 3 ()", "removed Transport ()", "kept Statement ()"}},
		{2, 2, []string{"kept Plan 2 ()", "kept Transport ()", "kept Statement ()"}},
	} {
		if got := change(c.from, c.to); !slices.Equal(got, c.want) {
			t.Errorf("%d → %d: %q, want %q", c.from, c.to, got, c.want)
		}
	}
	circle := []consult.Document{{ID: 1, Version: 2, Replaces: 2}, {ID: 2, Version: 2, Replaces: 1}}
	consult.Compare(consult.ProposalVersion{Number: 1}, consult.ProposalVersion{Number: 2}, circle) // ends
}
