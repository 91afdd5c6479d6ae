package consult

import "github.com/yousaid/yousaid/geo"

// areaIndex finds the area a place lies in.
type areaIndex struct {
	codes  []string
	shapes []geo.Geometry
}

func indexAreas(areas []Area) (*areaIndex, map[string]string, error) {
	index := &areaIndex{}
	names := make(map[string]string, len(areas))
	for _, a := range areas {
		shape, err := geo.ParseGeoJSON(a.Geometry, geo.DefaultLimits())
		if err != nil {
			return nil, nil, &Error{Kind: Internal, Op: "index area " + a.Code, Err: err}
		}
		names[a.Code] = a.Name
		index.codes = append(index.codes, a.Code)
		index.shapes = append(index.shapes, shape)
	}
	return index, names, nil
}

// find is the code of the first area that contains the place, "" for none.
func (x *areaIndex) find(p geo.Point) string {
	for i, shape := range x.shapes {
		if shape.Bounds().Contains(p) && shape.Contains(p) {
			return x.codes[i]
		}
	}
	return ""
}
