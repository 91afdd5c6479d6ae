package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// areaFile is a file of boundaries, read.
type areaFile struct {
	file     Kind
	areas    []consult.Area
	problems []Problem // of features left out
	count    int
}

// areaColumns are the properties that ONS gives boundaries of any year: WD22CD and WD22NM, PCON24CD and PCON24NM.
var areaColumns = regexp.MustCompile(`^(wd|pcon)(\d\d)(cd|nm)$`)

// gssKinds tells what a GSS code is a code of, for files that call their properties just "code" and "name".
var gssKinds = map[string]string{"E05": "wd", "W05": "wd", "S13": "wd", "N08": "wd", "E14": "pcon", "W07": "pcon", "S14": "pcon", "N06": "pcon"}

var gssForm = regexp.MustCompile(`^[EWSN]\d{8}$`)

var areaKinds = map[string]struct {
	file Kind
	area string
}{"wd": {Wards, "ward"}, "pcon": {Constituencies, "constituency"}}

// readAreas reads boundaries. Wrong features are left out with their reason; a file in which nothing is a boundary is refused.
func readAreas(text []byte) (*areaFile, *refusal) {
	features, err := geo.ParseFeatures(bytes.NewReader(text), geo.DefaultLimits())
	var wrong geo.Errors
	if err != nil && !errors.As(err, &wrong) {
		return nil, refused("these boundaries cannot be read: %s", geoReason(err))
	}
	out := &areaFile{count: len(features) + len(wrong)}
	for _, e := range wrong {
		out.problems = append(out.problems, Problem{Path: fmt.Sprintf("feature %d", e.Feature), Reason: geoReason(e)})
	}
	seen := map[string]int{}
	for _, f := range features {
		a, file, bad := areaOf(f)
		if earlier := seen[a.Code]; bad == "" && earlier > 0 {
			bad = fmt.Sprintf("the code %s was given by feature %d already", a.Code, earlier)
		}
		if bad == "" && out.file != Unknown && out.file != file {
			bad = "another kind of area than the features before it"
		}
		if bad != "" {
			out.problems = append(out.problems, Problem{Path: fmt.Sprintf("feature %d", f.Index), Reason: bad})
			continue
		}
		seen[a.Code], out.file = f.Index, file
		out.areas = append(out.areas, a)
	}
	if len(out.areas) == 0 {
		reason := "GeoJSON without wards or constituencies: no feature has a boundary with a code (such as WD22CD) and a name (WD22NM)"
		if len(out.problems) > 0 {
			reason += "; " + out.problems[0].Path + ": " + out.problems[0].Reason
		}
		return nil, refused("%s", reason)
	}
	return out, nil
}

// areaOf makes an area of a feature; bad says why it is none.
func areaOf(f geo.Feature) (a consult.Area, file Kind, bad string) {
	var code, name, kind, vintage string
	for key, v := range f.Properties {
		value, ok := v.(string)
		if !ok {
			continue
		}
		m := areaColumns.FindStringSubmatch(fold(key))
		switch {
		case m != nil && m[3] == "cd":
			kind, vintage, code = m[1], m[2], strings.TrimSpace(value)
		case m != nil:
			name = line(value)
		}
	}
	if kind == "" {
		code, name = text(f.Properties["code"]), line(text(f.Properties["name"]))
		kind = gssKinds[code[:min(3, len(code))]]
	}
	k, known := areaKinds[kind]
	switch {
	case !known:
		return a, "", "no property with the code of a ward or constituency"
	case !gssForm.MatchString(code):
		return a, "", "not a GSS code: " + quoted(code)
	case name == "" || consult.Length(name) > maxReference:
		return a, "", "the name is missing or too long"
	case f.Geometry.Kind() != geo.KindPolygon && f.Geometry.Kind() != geo.KindMultiPolygon:
		return a, "", "a boundary must be a Polygon or MultiPolygon"
	}
	a = consult.Area{Code: code, Kind: k.area, Name: name, Geometry: json.RawMessage(f.Geometry.GeoJSON()), Source: strings.ToUpper(kind) + vintage}
	sum := sha256.Sum256([]byte(a.Kind + "\x00" + a.Code + "\x00" + a.Name + "\x00" + string(a.Geometry)))
	a.Hash = hex.EncodeToString(sum[:])
	return a, k.file, ""
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func jsonText(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic("text that JSON cannot carry: " + err.Error())
	}
	return string(raw)
}

// takeAreas saves a file of boundaries, all that are right in one transaction.
func (i *importer) takeAreas(ctx context.Context, src *source) error {
	src.Rows = src.areas.count
	for _, p := range src.areas.problems {
		src.skip(p)
	}
	created, updated, unchanged, err := i.svc.TakeAreas(ctx, i.actor, src.areas.areas)
	src.Created, src.Updated, src.Unchanged = created, updated, unchanged
	return src.outcome(err)
}
