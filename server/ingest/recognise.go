package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a file was recognised as, by its content.
type Kind string

// The kinds of file.
const (
	Unknown            Kind = ""
	ODPApplication     Kind = "odp-application"
	PADSApplications   Kind = "pads-planning-application"
	PADSSites          Kind = "pads-site"
	PADSTimeline       Kind = "pads-planning-permission-timeline"
	PADSDecisions      Kind = "pads-decision-notice"
	PADSSection106     Kind = "pads-section-106"
	PADSCodelist       Kind = "pads-codelist"
	LGAApplications    Kind = "lga-planning-applications"
	Wards              Kind = "wards"
	Constituencies     Kind = "constituencies"
	WardPopulation     Kind = "ward-population"
	WardQualifications Kind = "ward-qualifications"
	Postcodes          Kind = "postcodes"
	AddressList        Kind = "addresses"
	ConsulteeList      Kind = "consultees"
	CitizenSpace       Kind = "citizen-space"
	ODPApplications    Kind = "odp-applications"
	BOPSApplications   Kind = "bops-applications"
	BOPSRequests       Kind = "bops-validation-requests"
	PublicComments     Kind = "public-comments"
	SpecialistComments Kind = "specialist-comments"
	NeighbourResponses Kind = "bops-neighbour-responses"
	CommentSubmissions Kind = "bops-comment-submissions"
	JSONSchema         Kind = "json-schema"
)

var titles = map[Kind]string{
	Unknown:            "not recognised",
	ODPApplication:     "Open Digital Planning application (JSON)",
	PADSApplications:   "MHCLG planning data: planning-application (CSV)",
	PADSSites:          "MHCLG planning data: site (CSV)",
	PADSTimeline:       "MHCLG planning data: planning-permission-timeline (CSV)",
	PADSDecisions:      "MHCLG planning data: decision-notice (CSV)",
	PADSSection106:     "MHCLG planning data: section-106 (CSV)",
	PADSCodelist:       "MHCLG planning data: codelist (CSV)",
	LGAApplications:    "LGA planning applications (CSV)",
	Wards:              "ward boundaries (GeoJSON)",
	Constituencies:     "constituency boundaries (GeoJSON)",
	WardPopulation:     "ward population (CSV)",
	WardQualifications: "ward qualifications, Census TS067 (CSV)",
	Postcodes:          "postcodes (CSV)",
	AddressList:        "addresses (CSV)",
	ConsulteeList:      "consultees (CSV)",
	CitizenSpace:       "Citizen Space (JSON)",
	ODPApplications:    "Open Digital Planning applications, as a register answers (JSON)",
	BOPSApplications:   "BOPS or Digital Planning Register applications (JSON)",
	BOPSRequests:       "BOPS validation requests (JSON)",
	PublicComments:     "public comments on one application (JSON)",
	SpecialistComments: "specialist comments on one application (JSON)",
	NeighbourResponses: "BOPS neighbour responses (JSON)",
	CommentSubmissions: "comments as they are sent to BOPS (JSON)",
	JSONSchema:         "a JSON schema",
}

// Title is the kind in English words.
func (k Kind) Title() string {
	if t, ok := titles[k]; ok {
		return t
	}
	return string(k)
}

// content is a file that was recognised, with what reading it for that gave.
type content struct {
	kind  Kind
	data  []byte
	table *table    // of CSV files
	areas *areaFile // of boundaries
}

// Recognise tells what kind of file data is, by its content alone. The error says in one sentence why it is none: because it is
// broken, or because nothing here reads such a file.
func Recognise(data []byte) (Kind, error) {
	text, bad := decodeText(data)
	if bad != nil {
		return Unknown, bad
	}
	c, bad := recognise(text)
	if bad != nil {
		return c.kind, bad
	}
	return c.kind, nil
}

func recognise(text []byte) (content, *refusal) {
	c := content{data: text}
	var bad *refusal
	switch bytes.TrimSpace(text)[0] {
	case '{', '[':
		c.kind, bad = recogniseJSON(text)
		if c.kind == Wards {
			c.areas, bad = readAreas(text)
			if c.areas != nil {
				c.kind = c.areas.file
			}
		}
	default:
		if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
			return c, refused("this is HTML or XML; nothing here reads that")
		}
		if c.table, bad = readTable(text); bad == nil {
			c.kind, bad = recogniseTable(c.table)
		}
	}
	return c, bad
}

// recogniseJSON looks at the outermost members. Boundaries come back as Wards until readAreas knows better.
func recogniseJSON(text []byte) (Kind, *refusal) {
	if bad := checkDepth(text); bad != nil {
		return Unknown, bad
	}
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		return Unknown, jsonRefusal(text, err)
	}
	var list []json.RawMessage
	if json.Unmarshal(text, &list) == nil {
		if len(list) == 0 {
			return Unknown, refused("an empty JSON list")
		}
		if kind := recogniseItem(members(list[0])); kind != Unknown {
			return kind, nil
		}
		return Unknown, refused("a JSON list of something that nothing here reads")
	}
	return recogniseObject(members(whole))
}

// recogniseItem looks at the first of a list.
func recogniseItem(m map[string]json.RawMessage) Kind {
	switch {
	case has(m, "application", "property"):
		return BOPSApplications
	case isODP(m):
		return ODPApplications
	case has(m, "id", "title", "url", "startdate", "enddate"):
		return CitizenSpace
	case has(m, "response", "summary_tag"):
		return CommentSubmissions
	case has(m, "planning_application", "type", "post_validation"):
		return BOPSRequests
	}
	return Unknown
}

func isODP(m map[string]json.RawMessage) bool {
	data := members(m["data"])
	return has(data, "application") && (has(m, "submission") || has(m, "metadata") || has(m, "applicationType")) ||
		has(m, "metadata") && has(data, "proposal")
}

func recogniseObject(m map[string]json.RawMessage) (Kind, *refusal) {
	switch {
	case has(m, "features") || word(m["type"]) == "Feature":
		return Wards, nil
	case has(m, "$schema", "properties"):
		return JSONSchema, nil
	case has(m, "responses", "metadata", "links"):
		return NeighbourResponses, nil
	}
	if kind := recogniseItem(m); kind != Unknown {
		return single(kind), nil
	}
	return recogniseAnswer(m)
}

// single is the kind of a file that holds one of what others hold a list of.
func single(k Kind) Kind {
	if k == ODPApplications {
		return ODPApplication
	}
	return k
}

// recogniseAnswer looks into what an API wraps its answer in: a list or one record under "data", comments beside it or in it.
func recogniseAnswer(m map[string]json.RawMessage) (Kind, *refusal) {
	if has(m, "comments", "pagination") {
		return commentsKind(m), nil
	}
	if data := members(m["data"]); has(data, "comments", "summary") {
		return commentsKind(data), nil
	}
	var list []json.RawMessage
	if json.Unmarshal(m["data"], &list) == nil && list != nil && (has(m, "pagination") || has(m, "status") || has(m, "links")) {
		if len(list) == 0 {
			return Unknown, refused("an answer of an API without any record")
		}
		if kind := recogniseItem(members(list[0])); kind != Unknown {
			return kind, nil
		}
	} else if kind := recogniseItem(members(m["data"])); has(m, "status") && (kind == ODPApplications || kind == BOPSApplications) {
		return kind, nil
	}
	return Unknown, refused("JSON that is none of: Open Digital Planning, BOPS, Digital Planning Register, Citizen Space, boundaries (GeoJSON)")
}

// commentsKind tells the public's comments from consultees' by what is counted in their summary.
func commentsKind(m map[string]json.RawMessage) Kind {
	summary := members(m["summary"])
	if has(summary, "totalConsulted") || has(members(summary["sentiment"]), "amendmentsNeeded") {
		return SpecialistComments
	}
	return PublicComments
}

func members(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

func has(m map[string]json.RawMessage, keys ...string) bool {
	return !slices.ContainsFunc(keys, func(k string) bool { _, ok := m[k]; return !ok })
}

func word(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// jsonRefusal says where JSON breaks or holds something of the wrong kind.
func jsonRefusal(text []byte, err error) *refusal {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n")) + 1
		if int(syntax.Offset) >= len(text) {
			return refused("the JSON ends too early, in line %d; the file was cut off", line)
		}
		return refused("line %d: broken JSON", line)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return &refusal{path: kind.Field, reason: "a " + kind.Value + " where something else belongs"}
	}
	return refused("the JSON does not have the expected shape")
}

// wardColumn is the name ONS gives the column of ward codes or names of any year.
var wardColumn = regexp.MustCompile(`^wd\d\d(cd|nm)$`)

// wardColumns finds the columns of ward code and name.
func (t *table) wardColumns() (code, name string) {
	for key := range t.columns {
		if wardColumn.MatchString(key) {
			if strings.HasSuffix(key, "cd") {
				code = key
			} else {
				name = key
			}
		}
	}
	return code, name
}

func recogniseTable(t *table) (Kind, *refusal) {
	wardCode, wardName := t.wardColumns()
	switch {
	case t.has("casereference", "casetext", "locationtext"):
		return LGAApplications, nil
	case addressColumns(t) != nil && !t.has("reference"):
		return AddressList, nil
	case isDirectory(t):
		return ConsulteeList, nil
	case t.has("planningapplication", "permissionprocessevent", "eventdate"):
		return PADSTimeline, nil
	case t.has("planningapplication", "decision", "decisiondate"):
		return PADSDecisions, nil
	case t.has("reference", "decisionnotice"):
		return PADSSection106, nil
	case t.has("reference", "description") && (t.has("applicationtypes") || t.has("planningapplicationtype") || t.has("receiveddate")):
		return PADSApplications, nil
	case t.has("reference", "addresstext") && (t.has("geometry") || t.has("postcode")):
		return PADSSites, nil
	case t.has("reference", "name") && (t.has("description") || t.has("dataset")):
		return PADSCodelist, nil
	case wardCode != "" && wardName != "" && populationColumn(t) != "":
		return WardPopulation, nil
	case wardCode != "" && wardName != "" && t.has("pctnone"):
		return WardQualifications, nil
	case postcodeColumns(t) != nil || bareCodePoint(t):
		return Postcodes, nil
	}
	return Unknown, &refusal{row: 1, reason: "no known set of columns; the first row is " + headerExcerpt(t.header)}
}

func headerExcerpt(header []string) string {
	const most = 6
	names := make([]string, 0, most)
	for _, h := range header[:min(most, len(header))] {
		names = append(names, quoted(strings.TrimSpace(h)))
	}
	if len(header) > most {
		names = append(names, fmt.Sprintf("and %d more", len(header)-most))
	}
	return strings.Join(names, ", ")
}

// number reads a decimal number; ok is false for anything else, infinities and NaN included.
func number(s string) (v float64, ok bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && v-v == 0
}
