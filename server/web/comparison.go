package web

import (
	"strings"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// comparisonView is two versions of a proposal side by side: the part "comparison", for residents and officers alike.
type comparisonView struct {
	From, To      string // names of the versions
	Summary       string // of the newer one, in plain words
	Description   []consult.Edit
	Same          bool // the description did not change
	Before, After *Sketch
	Map           string // address of the map with both boundaries; "" = none
	Boundary      []boundaryRow
	BoundaryNote  string
	Buildings     []buildingRow
	Documents     []documentRow
}

type boundaryRow struct{ Name, Before, After string }

type buildingRow struct{ Name, Before, After, Change string }

type documentRow struct {
	documentLink
	Change string
	Was    *documentLink // what it takes the place of
}

func (b *Base) comparisonView(c consult.Comparison, k consult.Consultation) *comparisonView {
	v := &comparisonView{From: b.versionName(c.From), To: b.versionName(c.To), Summary: c.To.Summary, Description: c.Description}
	v.Same = c.From.Description == c.To.Description
	v.Before, v.After = b.sketches(c)
	v.boundary(b, c.Boundary)
	if c.Boundary.Known && k.HasPlace {
		v.Map = mapOfVersions(k.ID, c.From.Number, c.To.Number)
	}
	for i, building := range c.Buildings {
		v.Buildings = append(v.Buildings, b.buildingRow(i+1, building))
	}
	for _, d := range c.Documents {
		row := documentRow{documentLink: linkOf(d.Document), Change: b.T("versions.document_" + string(d.Kind))}
		if d.Was.ID != 0 {
			was := linkOf(d.Was)
			row.Was = &was
		}
		v.Documents = append(v.Documents, row)
	}
	return v
}

func (b *Base) versionName(v consult.ProposalVersion) string {
	if v.ReceivedOn == "" {
		return b.T("versions.name_bare", "n", v.Number)
	}
	return b.T("versions.name", "n", v.Number, "date", b.Language.Civil(string(v.ReceivedOn)))
}

// sketches draws both versions in the same frame, so that one lies on the other. Nothing when nothing can be read.
func (b *Base) sketches(c consult.Comparison) (before, after *Sketch) {
	from, okFrom := siteBox(c.From)
	to, okTo := siteBox(c.To)
	if !okFrom || !okTo {
		return nil, nil
	}
	box := geo.Box{West: min(from.West, to.West), South: min(from.South, to.South), East: max(from.East, to.East), North: max(from.North, to.North)}
	draw := func(v consult.ProposalVersion) *Sketch {
		return b.sketchIn(box, v, geo.Point{}, false, b.T("versions.sketch_alt", "version", b.versionName(v)))
	}
	return draw(c.From), draw(c.To)
}

func (v *comparisonView) boundary(b *Base, c consult.BoundaryChange) {
	switch {
	case !c.Known:
		v.BoundaryNote = b.T("versions.boundary_unknown")
		return
	case !c.Changed:
		v.BoundaryNote = b.T("versions.boundary_same")
	case c.Grew:
		v.BoundaryNote = b.T("versions.grew")
	}
	area := func(squareMetres float64) string { return b.T("versions.square_metres", "n", int(squareMetres+0.5)) }
	v.Boundary = append(v.Boundary, boundaryRow{b.T("versions.area"), area(c.Before), area(c.After)})
	if c.Changed {
		v.Boundary = append(v.Boundary, boundaryRow{b.T("versions.gained"), "", area(c.Gained)}, boundaryRow{b.T("versions.lost"), area(c.Lost), ""})
	}
}

func (b *Base) buildingRow(n int, c consult.BuildingChange) buildingRow {
	size := func(absent bool, height float64, storeys int) string {
		metres := b.Language.Decimal(height, 1)
		switch {
		case absent:
			return ""
		case storeys == 0:
			return b.T("versions.height", "metres", metres)
		}
		return b.T("versions.height_storeys", "metres", metres, "n", storeys)
	}
	row := buildingRow{Name: c.Name, Before: size(c.Appeared, c.HeightBefore, c.StoreysBefore), After: size(c.Disappeared, c.HeightAfter, c.StoreysAfter)}
	if row.Name == "" {
		row.Name = b.T("versions.building_unnamed", "n", n)
	}
	var said []string
	say := func(so bool, key string) {
		if so {
			said = append(said, b.T(key))
		}
	}
	both := !c.Appeared && !c.Disappeared
	say(c.Appeared, "versions.building_new")
	say(c.Disappeared, "versions.building_gone")
	say(both && c.HeightAfter < c.HeightBefore, "versions.building_lower")
	say(both && c.HeightAfter > c.HeightBefore, "versions.building_higher")
	say(both && c.HeightAfter == c.HeightBefore && c.StoreysAfter != c.StoreysBefore, "versions.building_storeys")
	say(c.Moved, "versions.building_moved")
	say(len(said) == 0, "versions.building_same")
	row.Change = strings.Join(said, " · ")
	return row
}

// linkOf leads to a document: to its text here, else to where it lies.
func linkOf(d consult.Document) documentLink {
	if d.Text == "" && d.URL != "" {
		return documentLink{Href: d.URL, Name: d.Name, Outside: true}
	}
	return documentLink{Href: "/documents/" + d.ID.String(), Name: d.Name}
}

// amendmentView is one amendment and what was decided about it, as everybody reads it.
type amendmentView struct {
	Name, Summary      string
	Received, By       string
	Decision, Why      string
	Factors, Topics    []string
	DecidedBy          string
	Decided, Undecided bool
}

func (b *Base) amendmentViews(all []consult.Amendment, versions []consult.ProposalVersion, cal consult.Calendar) []amendmentView {
	var list []amendmentView
	for _, am := range all {
		v := amendmentView{Name: b.T("versions.name_bare", "n", am.Version)}
		for _, version := range versions {
			if version.Number == am.Version {
				v.Summary, v.Received = version.Summary, b.T("versions.received", "date", b.Language.Civil(string(version.ReceivedOn)))
			}
		}
		if am.By != "" {
			v.By = b.T("versions.received_by", "who", am.By)
		}
		b.decided(&v, am.Decision, cal)
		list = append(list, v)
	}
	return list
}

func (b *Base) decided(v *amendmentView, d consult.Reconsultation, cal consult.Calendar) {
	if !d.Made() {
		v.Undecided, v.Decision = true, b.T("versions.undecided")
		return
	}
	v.Decided, v.Why, v.Decision = true, d.Why, b.T("versions.decided_no")
	if d.Required {
		v.Decision = b.T("versions.decided_yes", "n", d.Days)
	}
	for _, f := range d.Factors {
		v.Factors = append(v.Factors, b.T("factor."+string(f)))
	}
	for _, t := range d.Topics {
		v.Topics = append(v.Topics, b.topic(t))
	}
	on := b.Language.Civil(string(cal.Day(d.At)))
	v.DecidedBy = b.T("versions.decided_on", "date", on)
	if d.By != "" {
		v.DecidedBy = b.T("versions.decided_by", "who", d.By, "date", on)
	}
}
