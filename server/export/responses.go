package export

import (
	"bufio"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

// Responses streams published answers to a form to each, as consult.Service.EachExportedComment does with their responses filled in.
type Responses func(each func(consult.ExportedComment) error) error

// responseColumns are the fields of one published answer to a form: one column per question, or per option where several can be
// given or are put in order. They carry no id of a comment, no name and no home: a row says what somebody answered, not who.
func responseColumns(f consult.Form) []column[comment] {
	columns := []column[comment]{
		{name: "reference", kind: typeText, missing: "export.missing_reference", take: func(c comment) string { return c.Reference }},
		{name: "round", kind: typeInteger, missing: "export.missing_round", take: func(c comment) string { return whole(c.Comment.Round) }},
		{name: "form", kind: typeInteger, take: func(c comment) string { return whole(c.Comment.Form) }},
		{name: "late", kind: typeBoolean, take: func(c comment) string { return strconv.FormatBool(c.Comment.Late) }},
		{name: "channel", kind: typeCode, values: coded(consult.Channels(), "channel."), take: func(c comment) string { return string(c.Comment.Channel) }},
		{name: "language", kind: typeCode, missing: "export.missing_language", take: func(c comment) string { return c.Comment.Language }},
	}
	for _, q := range f.Questions() {
		columns = append(columns, questionColumns(f, q)...)
	}
	return columns
}

// questionColumns are the columns of one question.
func questionColumns(f consult.Form, q consult.Question) []column[comment] {
	asked := q.Text.In(f.Language, f.Language)
	make := func(suffix, kind, label string, values []value, take func(consult.Response) string) column[comment] {
		return column[comment]{name: q.ID + suffix, kind: kind, values: values, missing: "export.missing_response", asked: asked, called: label,
			take: func(c comment) string {
				i := slices.IndexFunc(c.Comment.Responses, func(r consult.Response) bool { return r.Question == q.ID })
				if i < 0 {
					return ""
				}
				return take(c.Comment.Responses[i])
			}}
	}
	published := func(suffix string) column[comment] {
		col := make(suffix, typeText, asked, nil, nil)
		col.take = func(c comment) string { return pointOn(c, consult.Topic(q.ID)) }
		return col
	}
	var columns []column[comment]
	switch q.Kind {
	case consult.ChoiceQuestion:
		if !q.Several {
			columns = append(columns, make("", typeCode, asked, optionValues(f, q), func(r consult.Response) string { return first(r.Chosen) }))
		}
		for _, id := range q.Values() {
			if q.Several {
				columns = append(columns, make("__"+id, typeBoolean, optionText(f, q, id), nil, func(r consult.Response) string {
					return strconv.FormatBool(slices.Contains(r.Chosen, id))
				}))
			}
		}
		if q.Other {
			columns = append(columns, published("__words"))
		}
	case consult.ScaleQuestion:
		columns = append(columns, make("", typeInteger, asked, nil, func(r consult.Response) string { return whole(r.Step) }))
		if q.DontKnow {
			columns = append(columns, make("__dont_know", typeBoolean, asked, nil, func(r consult.Response) string { return strconv.FormatBool(r.DontKnow) }))
		}
	case consult.RankingQuestion:
		for _, o := range q.Options {
			columns = append(columns, make("__"+o.ID, typeInteger, optionText(f, q, o.ID), nil, func(r consult.Response) string {
				return whole(slices.Index(r.Ranked, o.ID) + 1)
			}))
		}
	case consult.TextQuestion:
		columns = append(columns, published(""))
	case consult.PlaceQuestion:
		columns = append(columns, published("__words"),
			make("__longitude", typeDecimal, asked, nil, func(r consult.Response) string { return placed(r, func() float64 { return r.Place().Snap(cell).Lon }) }),
			make("__latitude", typeDecimal, asked, nil, func(r consult.Response) string { return placed(r, func() float64 { return r.Place().Snap(cell).Lat }) }))
	}
	return columns
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func placed(r consult.Response, degree func() float64) string {
	if !r.HasPlace {
		return ""
	}
	return degrees(degree())
}

func optionText(f consult.Form, q consult.Question, id string) string {
	if o, ok := q.Option(id); ok {
		return o.Text.In(f.Language, f.Language)
	}
	return id
}

func optionValues(f consult.Form, q consult.Question) []value {
	var list []value
	for _, id := range q.Values() {
		list = append(list, value{code: id, text: optionText(f, q, id)})
	}
	return list
}

// ResponsesCSV writes answers to a form as CSV. withMark begins with a byte order mark, for Excel.
func ResponsesCSV(w io.Writer, f consult.Form, responses Responses, withMark bool) error {
	if withMark {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	t, err := newTable(w, responseColumns(f))
	if err != nil {
		return err
	}
	if err := responses(t.row); err != nil {
		return err
	}
	return t.end()
}

// PlacesGeoJSON writes the places that answers to a form name as one FeatureCollection, a feature per place, moved to the grid of
// published places.
func PlacesGeoJSON(w io.Writer, f consult.Form, responses Responses) error {
	out := bufio.NewWriter(w)
	between := `{"type":"FeatureCollection","features":[` + "\n"
	err := responses(func(c consult.ExportedComment) error {
		for _, r := range c.Comment.Responses {
			q, ok := f.Question(r.Question)
			if !ok || q.Kind != consult.PlaceQuestion || !r.HasPlace {
				continue
			}
			at := r.Place().Snap(cell)
			properties, err := json.Marshal(map[string]any{"question": q.ID, "asked": q.Text.In(f.Language, f.Language), "words": pointOn(c, consult.Topic(q.ID)),
				"reference": c.Reference, "round": c.Comment.Round, "form": c.Comment.Form})
			if err != nil {
				return err
			}
			if _, err := out.WriteString(between + `{"type":"Feature","geometry":{"type":"Point","coordinates":[` + degrees(at.Lon) + `,` +
				degrees(at.Lat) + `]},"properties":` + string(properties) + `}`); err != nil {
				return err
			}
			between = ",\n"
		}
		return nil
	})
	if err != nil {
		return err
	}
	end := "\n]}\n"
	if between != ",\n" {
		end = between + "]}\n"
	}
	if _, err := out.WriteString(end); err != nil {
		return err
	}
	return out.Flush()
}

// ResponsesCodebook writes what every column of the answers means, in the form's own words.
func ResponsesCodebook(w io.Writer, f consult.Form, words Words) error {
	t, err := newTable(w, codebookColumns())
	if err != nil {
		return err
	}
	for _, e := range entries("responses.csv", responseColumns(f), words) {
		if err := t.row(e); err != nil {
			return err
		}
	}
	return t.end()
}
