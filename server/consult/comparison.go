package consult

import (
	"math"
	"slices"

	"github.com/yousaid/yousaid/geo"
)

// Comparison is what changed from one version of a proposal to another.
type Comparison struct {
	From, To    ProposalVersion
	Description []Edit
	Boundary    BoundaryChange
	Buildings   []BuildingChange
	Documents   []DocumentChange
}

// BoundaryChange compares two sites on the ground.
type BoundaryChange struct {
	Known          bool    // both boundaries can be read; without, the rest is zero
	Before, After  float64 // square metres
	Gained, Lost   float64 // square metres that only the new, or only the old one covers
	Grew, Changed  bool    // more than noticeable ground was gained; was gained or lost
	BeforeGeometry geo.Geometry
	AfterGeometry  geo.Geometry
}

// noticeable is the ground, in square metres, below which a boundary counts as redrawn and not as changed.
const noticeable = 1

// BuildingChange is one building before and after. A building that was not there, or is no more, has height 0 on that side.
type BuildingChange struct {
	Name                         string // the newer name; "" = not said
	HeightBefore, HeightAfter    float64
	StoreysBefore, StoreysAfter  int // 0 = not said
	Appeared, Disappeared, Moved bool
}

// Changed tells whether there is anything to see.
func (b BuildingChange) Changed() bool {
	return b.Appeared || b.Disappeared || b.Moved || b.HeightBefore != b.HeightAfter || b.StoreysBefore != b.StoreysAfter
}

// DocumentChange is one document and what became of it.
type DocumentChange struct {
	Document Document // the one that counts now; of a document that is gone, the old one
	Was      Document // the one it supersedes; zero = none
	Kind     EditKind // Kept: in both; Added: new, or in place of Was; Removed: no longer there
}

// Compare tells what changed between two versions; documents are those of every version.
func Compare(from, to ProposalVersion, documents []Document) Comparison {
	return Comparison{From: from, To: to, Description: DiffWords(from.Description, to.Description), Boundary: compareBoundaries(from, to),
		Buildings: compareBuildings(from, to), Documents: compareDocuments(from.Number, to.Number, documents)}
}

func compareBoundaries(from, to ProposalVersion) (c BoundaryChange) {
	before, errBefore := geo.ParseGeoJSON(from.Boundary, geo.DefaultLimits())
	after, errAfter := geo.ParseGeoJSON(to.Boundary, geo.DefaultLimits())
	if errBefore != nil || errAfter != nil {
		return c
	}
	c = BoundaryChange{Known: true, Before: before.AreaSquareMetres(), After: after.AreaSquareMetres(), Gained: after.AreaOutside(before),
		Lost: before.AreaOutside(after), BeforeGeometry: before, AfterGeometry: after}
	c.Grew = c.Gained >= noticeable
	c.Changed = c.Grew || c.Lost >= noticeable
	return c
}

// compareBuildings pairs buildings of the same name, then those that stand on the same ground.
func compareBuildings(from, to ProposalVersion) []BuildingChange {
	before, errBefore := geo.ParseMassing(from.Massing, geo.DefaultLimits())
	after, errAfter := geo.ParseMassing(to.Massing, geo.DefaultLimits())
	if errBefore != nil && errAfter != nil {
		return nil
	}
	old := slices.Clone(before.Blocks)
	take := func(same func(geo.Block) bool) (geo.Block, bool) {
		i := slices.IndexFunc(old, same)
		if i < 0 {
			return geo.Block{}, false
		}
		found := old[i]
		old = slices.Delete(old, i, i+1)
		return found, true
	}
	pairs := make([]*geo.Block, len(after.Blocks))
	for i, b := range after.Blocks {
		if was, ok := take(func(o geo.Block) bool { return b.Name != "" && o.Name == b.Name }); ok {
			pairs[i] = &was
		}
	}
	for i, b := range after.Blocks {
		if pairs[i] != nil {
			continue
		}
		if was, ok := take(func(o geo.Block) bool {
			return o.Base == b.Base && (o.Footprint.Contains(b.Footprint.PinPoint()) || b.Footprint.Contains(o.Footprint.PinPoint()))
		}); ok {
			pairs[i] = &was
		}
	}
	var changes []BuildingChange
	for i, b := range after.Blocks {
		c := BuildingChange{Name: b.Name, HeightAfter: b.Height, StoreysAfter: b.Storeys, Appeared: pairs[i] == nil}
		if was := pairs[i]; was != nil {
			c.HeightBefore, c.StoreysBefore = was.Height, was.Storeys
			c.Moved = b.Footprint.AreaOutside(was.Footprint) >= noticeable || was.Footprint.AreaOutside(b.Footprint) >= noticeable
		}
		changes = append(changes, c)
	}
	for _, o := range old {
		changes = append(changes, BuildingChange{Name: o.Name, HeightBefore: o.Height, StoreysBefore: o.Storeys, Disappeared: true})
	}
	return changes
}

// compareDocuments tells which documents count at a version: those that came by then and that nothing has superseded by then.
func compareDocuments(from, to int, documents []Document) []DocumentChange {
	byID := map[ID]Document{}
	for _, d := range documents {
		byID[d.ID] = d
	}
	old, now := countingAt(from, documents), countingAt(to, documents)
	superseded := map[ID]bool{}
	var added, kept, removed []DocumentChange
	for _, d := range documents {
		switch {
		case now[d.ID] && old[d.ID]:
			kept = append(kept, DocumentChange{Document: d, Kind: Kept})
		case now[d.ID]:
			c := DocumentChange{Document: d, Kind: Added}
			// Through versions between the two, back to the one that counted then. A circle of imported records ends somewhere.
			for was, steps := byID[d.Replaces], 0; was.ID != 0 && steps < len(documents); was, steps = byID[was.Replaces], steps+1 {
				if old[was.ID] {
					c.Was = was
					superseded[was.ID] = true
					break
				}
			}
			added = append(added, c)
		}
	}
	for _, d := range documents {
		if old[d.ID] && !now[d.ID] && !superseded[d.ID] {
			removed = append(removed, DocumentChange{Document: d, Kind: Removed})
		}
	}
	return slices.Concat(added, removed, kept)
}

func countingAt(version int, documents []Document) map[ID]bool {
	counting := map[ID]bool{}
	for _, d := range documents {
		if d.Version <= version {
			counting[d.ID] = true
		}
	}
	for _, d := range documents {
		if d.Version <= version {
			delete(counting, d.Replaces)
		}
	}
	return counting
}

// Metres rounds a length or an area for people: to a tenth, so that 9.899999 is 9.9.
func Metres(v float64) float64 { return math.Round(v*10) / 10 }
