package ogc

import (
	"context"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// ward is a ward with what is counted in it.
type ward struct {
	code, name, source string
	ground             geo.Geometry

	comments int // rounded
	shown    bool
	until    consult.Date
}

func wards() Collection {
	return areaCollection("wards", wardFields(), (*Source).wards)
}

func wardFields() []field[ward] {
	return []field[ward]{
		line("code", func(v ward) string { return v.code }).asked(nil),
		line("name", func(v ward) string { return v.name }).asked(nil),
		line("source", func(v ward) string { return v.source }),
	}
}

// areaCollection is one whose features are few enough to be held in memory, by code.
func areaCollection(id string, fields []field[ward], read func(*Source, context.Context) ([]ward, error)) Collection {
	c := Collection{ID: id, Geometry: "polygon", Properties: properties(fields)}
	c.items = func(ctx context.Context, s *Source, q Query, each func(Feature) error) (page Page, err error) {
		all, err := read(s, ctx)
		if err != nil {
			return page, err
		}
		handed, last := 0, ""
		for _, w := range all {
			f := Feature{ID: w.code, Place: w.ground, Values: values(s, fields, w)}
			if !q.takes(f) || q.Frame != nil && !q.Frame.Meets(w.ground) {
				continue
			}
			page.Matched++
			switch {
			case f.ID <= q.After:
				continue
			case handed == q.Limit:
				page.Next = last
				continue
			}
			handed++
			last = f.ID
			if err := each(f); err != nil {
				return page, err
			}
		}
		return page, nil
	}
	c.item = func(ctx context.Context, s *Source, id string) (Feature, error) {
		all, err := read(s, ctx)
		if err != nil {
			return Feature{}, err
		}
		for _, w := range all {
			if w.code == id {
				return Feature{ID: w.code, Place: w.ground, Values: values(s, fields, w)}, nil
			}
		}
		return Feature{}, &consult.Error{Kind: consult.NotFound, Op: "find area"}
	}
	return c
}

// takes holds a feature that is in memory to the properties asked for.
func (q Query) takes(f Feature) bool {
	for i, p := range q.Collection.Properties {
		if want, asked := q.Filters[p.Name]; asked && f.Values[i] != want {
			return false
		}
	}
	return true
}
