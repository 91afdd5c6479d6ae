package geo

import (
	"cmp"
	"slices"
)

// Area is a named piece of ground such as a ward.
type Area struct {
	Code     string // unique, such as the ONS code E05011127
	Name     string
	Geometry Geometry // a polygon or multipolygon
}

// Areas finds the area a place lies in. It never changes and may be used by
// many at once; the zero Areas is empty.
type Areas struct {
	sorted []Area // by code
	bounds []Box  // beside sorted, packed together so that the filter is one quick pass
}

// NewAreas indexes areas. A missing code or one used twice, and a geometry
// without ground, are Errors numbered by place in the list.
func NewAreas(areas []Area) (*Areas, error) {
	var errs Errors
	first := map[string]int{}
	for i, a := range areas {
		var err *Error
		switch {
		case a.Code == "":
			err = fail(ReasonProperty, "an area without a code")
		case first[a.Code] > 0:
			err = fail(ReasonDuplicateID, "area %d has the code %q already", first[a.Code], a.Code)
			err.Earlier = first[a.Code]
		case a.Geometry.Kind() != KindPolygon && a.Geometry.Kind() != KindMultiPolygon:
			err = fail(ReasonWrongType, "area %q is not a polygon", a.Code)
		}
		if err != nil {
			err.Feature = i + 1
			errs = append(errs, err)
			continue
		}
		first[a.Code] = i + 1
	}
	if len(errs) > 0 {
		return nil, errs
	}
	x := &Areas{sorted: slices.Clone(areas)}
	slices.SortFunc(x.sorted, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	for _, a := range x.sorted {
		x.bounds = append(x.bounds, a.Geometry.Bounds())
	}
	return x, nil
}

// Find gives the code of the area p lies in. Where areas share p, on a common
// border or because they overlap, it is the first by code, so that everybody
// counts exactly once and always in the same area.
func (x *Areas) Find(p Point) (code string, ok bool) {
	for i := range x.bounds {
		if x.bounds[i].Contains(p) && x.sorted[i].Geometry.Contains(p) {
			return x.sorted[i].Code, true
		}
	}
	return "", false
}

// Get gives the area with a code.
func (x *Areas) Get(code string) (Area, bool) {
	i, ok := slices.BinarySearchFunc(x.sorted, code, func(a Area, code string) int { return cmp.Compare(a.Code, code) })
	if !ok {
		return Area{}, false
	}
	return x.sorted[i], true
}

// All gives the areas in order of their codes.
func (x *Areas) All() []Area { return slices.Clone(x.sorted) }

// Len is the number of areas.
func (x *Areas) Len() int { return len(x.sorted) }
