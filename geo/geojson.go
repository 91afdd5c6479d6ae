package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"
)

// Feature is one feature of a GeoJSON file.
type Feature struct {
	Index      int    // number of the feature in its file, counted from 1
	ID         string // its id as text, empty when it has none
	Geometry   Geometry
	Properties map[string]any // as encoding/json decodes them, never nil; text is free of NUL
}

// ParseFeatures reads a GeoJSON FeatureCollection, or a single Feature or
// geometry as a collection of one, within the limits. Each geometry is a
// Point, Polygon or MultiPolygon that ParseGeoJSON would take.
//
// A file that is too large, too deep, too long or not GeoJSON at all gives a
// single *Error and no features. Wrong features give Errors, one for each of
// them, and beside it the features that are right, so that the caller decides
// whether to take a part. A failing reader's error is wrapped.
func ParseFeatures(r io.Reader, l Limits) ([]Feature, error) {
	l = l.orDefault()
	p := &featureReader{limits: l, members: map[string]json.RawMessage{}, count: counter{limit: l.MaxPositions}}
	if err := p.read(json.NewDecoder(newGate(r, l))); err != nil {
		return nil, err
	}
	features, errs := p.finish()
	if len(errs) > 0 {
		return features, errs
	}
	return features, nil
}

// ParseGeoJSON reads one boundary or place: a GeoJSON geometry, Feature, or
// FeatureCollection of exactly one. Its rings must be closed, have four
// positions or more and not cross or touch themselves; holes must lie inside;
// parts must not overlap. Repaired silently: the direction of rings, repeated
// positions, heights (dropped), a crs member naming the National Grid
// (converted, about 5 m); positions are rounded to 8 decimals (1 mm).
// Everything else is an *Error.
func ParseGeoJSON(data []byte, l Limits) (Geometry, error) {
	features, err := ParseFeatures(bytes.NewReader(data), l)
	var list Errors
	switch {
	case errors.As(err, &list) && len(list)+len(features) == 1:
		return Geometry{}, list[0]
	case len(list)+len(features) > 1:
		return Geometry{}, fail(ReasonWrongCount, "%d features, wanted one", len(list)+len(features))
	case err != nil:
		return Geometry{}, err
	case len(features) == 0:
		return Geometry{}, fail(ReasonNoGeometry, "no features")
	}
	return features[0].Geometry, nil
}

// featureReader reads in two steps: first the whole file, then the places in
// it, because the crs that decides what the numbers mean may come last.
type featureReader struct {
	limits  Limits
	count   counter
	members map[string]json.RawMessage // of the outermost object, without the features
	seen    bool                       // whether there were features
	drafts  []draftFeature
}

type draftFeature struct {
	Feature
	draft draft
	err   *Error
}

func (p *featureReader) read(in *json.Decoder) error {
	if token, err := in.Token(); err != nil {
		return jsonError(err)
	} else if token != json.Delim('{') {
		return fail(ReasonWrongType, "not a GeoJSON object")
	}
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return jsonError(err)
		}
		if key == "features" {
			err = p.readFeatures(in)
		} else {
			err = p.readMember(in, fmt.Sprint(key))
		}
		if err != nil {
			return err
		}
	}
	if _, err := in.Token(); err != nil { // the closing brace
		return jsonError(err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		if err == nil {
			return fail(ReasonNotJSON, "more than one value")
		}
		return jsonError(err)
	}
	return p.readAlone()
}

func (p *featureReader) readMember(in *json.Decoder, key string) error {
	var value json.RawMessage
	if err := in.Decode(&value); err != nil {
		return jsonError(err)
	}
	p.members[key] = value
	return nil
}

func (p *featureReader) readFeatures(in *json.Decoder) error {
	token, err := in.Token()
	if err != nil {
		return jsonError(err)
	}
	if token != json.Delim('[') || p.seen {
		return fail(ReasonWrongType, "features is not one array")
	}
	p.seen = true
	for in.More() {
		var feature json.RawMessage
		if err := in.Decode(&feature); err != nil {
			return jsonError(err)
		}
		if err := p.add(feature); err != nil {
			return err
		}
	}
	if _, err := in.Token(); err != nil {
		return jsonError(err)
	}
	return nil
}

// readAlone takes a Feature or a geometry that stands outside a collection,
// and refuses whatever else is no collection.
func (p *featureReader) readAlone() error {
	var kind string
	_ = json.Unmarshal(p.members["type"], &kind) // what is not a string is no known kind
	switch {
	case kind == "FeatureCollection" && p.seen:
		return nil
	case kind == "" || kind == "FeatureCollection" || p.seen:
		return fail(ReasonWrongType, "not a GeoJSON FeatureCollection, Feature or geometry")
	}
	alone, err := json.Marshal(p.members)
	if err != nil {
		return jsonError(err)
	}
	if kind != "Feature" {
		alone = fmt.Appendf(nil, `{"type":"Feature","geometry":%s}`, alone)
	}
	return p.add(alone)
}

// add drafts one feature. It fails only when the file as a whole is over a
// limit; what is wrong with the feature stays with its draft.
func (p *featureReader) add(data []byte) error {
	f := draftFeature{Feature: Feature{Index: len(p.drafts) + 1}}
	if f.Index > p.limits.MaxFeatures {
		return fail(ReasonTooManyFeatures, "more than %d features", p.limits.MaxFeatures)
	}
	f.err = f.parse(data, p)
	if err := p.count.check(); err != nil {
		err.Feature = f.Index
		return err
	}
	p.drafts = append(p.drafts, f)
	return nil
}

func (f *draftFeature) parse(data []byte, p *featureReader) *Error {
	var parts struct {
		Type       string          `json:"type"`
		ID         json.RawMessage `json:"id"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties json.RawMessage `json:"properties"`
		CRS        json.RawMessage `json:"crs"`
	}
	if err := json.Unmarshal(data, &parts); err != nil || parts.Type != "Feature" {
		return fail(ReasonWrongType, "not a GeoJSON Feature")
	}
	var err *Error
	if f.ID, err = parseID(parts.ID); err != nil {
		return err
	}
	if f.Properties, err = parseProperties(parts.Properties, p.limits); err != nil {
		return err
	}
	if f.draft, err = parseGeometry(parts.Geometry, &p.count); err != nil {
		return err
	}
	if f.draft.crs == crsUnset {
		f.draft.crs, err = parseCRS(parts.CRS)
	}
	return err
}

func parseGeometry(data json.RawMessage, count *counter) (d draft, err *Error) {
	if len(data) == 0 || string(data) == "null" {
		return draft{}, fail(ReasonNoGeometry, "the feature has no geometry")
	}
	var parts struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
		CRS         json.RawMessage `json:"crs"`
	}
	if err := json.Unmarshal(data, &parts); err != nil {
		return draft{}, fail(ReasonWrongType, "not a GeoJSON geometry")
	}
	c := &coordinates{text: parts.Coordinates, count: count}
	switch parts.Type {
	case "Point":
		d.kind = KindPoint
		d.point, err = c.point()
	case "Polygon":
		var polygon orb.Polygon
		polygon, err = c.polygon()
		d.kind, d.polygons = KindPolygon, orb.MultiPolygon{polygon}
	case "MultiPolygon":
		d.kind = KindMultiPolygon
		d.polygons, err = c.multiPolygon()
	default:
		err = fail(ReasonWrongType, "%.40q is not a Point, Polygon or MultiPolygon", parts.Type)
	}
	if err != nil {
		return draft{}, err
	}
	d.crs, err = parseCRS(parts.CRS)
	return d, err
}

// finish turns the drafts into features and the list of what is wrong.
func (p *featureReader) finish() ([]Feature, Errors) {
	features := make([]Feature, 0, len(p.drafts))
	var errs Errors
	whole, crsErr := parseCRS(p.members["crs"])
	first := map[string]int{}
	for _, f := range p.drafts {
		if f.draft.crs == crsUnset && f.err == nil {
			f.draft.crs, f.err = whole, crsErr
		}
		if f.err == nil {
			f.Geometry, f.err = f.draft.finish(p.limits, &p.count)
		}
		if earlier := first[f.ID]; earlier > 0 && f.err == nil {
			f.err = &Error{Reason: ReasonDuplicateID, Earlier: earlier, Detail: fmt.Sprintf("feature %d has the id %q already", earlier, f.ID)}
		} else if f.ID != "" && earlier == 0 {
			first[f.ID] = f.Index
		}
		if f.err != nil {
			wrong := *f.err
			wrong.Feature = f.Index
			errs = append(errs, &wrong)
			continue
		}
		features = append(features, f.Feature)
	}
	return features, errs
}

func parseID(data json.RawMessage) (string, *Error) {
	const longest = 200
	if len(data) == 0 || string(data) == "null" {
		return "", nil
	}
	id := string(data) // a number keeps its own digits
	if data[0] == '"' {
		if err := json.Unmarshal(data, &id); err != nil {
			return "", fail(ReasonNotText, "id: %v", err)
		}
	} else if !isNumberByte(data[0]) {
		return "", fail(ReasonWrongType, "the id is neither text nor a number")
	}
	if len(id) > longest || strings.ContainsRune(id, 0) {
		return "", fail(ReasonNotText, "the id has a NUL or more than %d bytes", longest)
	}
	return id, nil
}

func parseProperties(data json.RawMessage, l Limits) (map[string]any, *Error) {
	if len(data) > l.MaxProperties {
		return nil, fail(ReasonProperty, "%d bytes of properties, at most %d", len(data), l.MaxProperties)
	}
	properties := map[string]any{}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &properties); err != nil {
			return nil, fail(ReasonWrongType, "the properties are not an object")
		}
	}
	if properties == nil { // JSON null
		properties = map[string]any{}
	}
	return properties, clean(properties)
}

// clean drops the keys that would poison an object in a browser and refuses
// text that no database takes.
func clean(value any) *Error {
	switch v := value.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return fail(ReasonNotText, "a NUL in the properties")
		}
	case []any:
		for _, element := range v {
			if err := clean(element); err != nil {
				return err
			}
		}
	case map[string]any:
		delete(v, "__proto__")
		for key, element := range v {
			if strings.ContainsRune(key, 0) {
				return fail(ReasonNotText, "a NUL in the name of a property")
			}
			if err := clean(element); err != nil {
				return err
			}
		}
	}
	return nil
}

// jsonError passes on what the gate says and tells broken JSON from a broken
// reader.
func jsonError(err error) error {
	var own *Error
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fail(ReasonNotJSON, "%v", err)
	}
	return fmt.Errorf("read features: %w", err)
}
