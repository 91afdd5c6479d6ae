package consult

import "github.com/yousaid/yousaid/geo"

// indexAreas makes the index that finds the area of a place, and the areas' names by code.
func indexAreas(areas []Area) (*geo.Areas, map[string]string, error) {
	names := make(map[string]string, len(areas))
	list := make([]geo.Area, 0, len(areas))
	for _, a := range areas {
		shape, err := geo.ParseGeoJSON(a.Geometry, geo.DefaultLimits())
		if err != nil {
			return nil, nil, &Error{Kind: Internal, Op: "index area " + a.Code, Err: err}
		}
		names[a.Code] = a.Name
		list = append(list, geo.Area{Code: a.Code, Name: a.Name, Geometry: shape})
	}
	index, err := geo.NewAreas(list)
	return index, names, err
}
