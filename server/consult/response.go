package consult

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/geo"
)

// Response is what one comment says to one question. Its words (Words) are kept and published as a point of the comment, with the
// question's id as its topic; everything else is a value that is only ever counted.
type Response struct {
	Question string   `json:"question"`
	Chosen   []string `json:"chosen,omitempty"`   // choice: ids of options and OtherOption, in the form's order
	Step     int      `json:"step,omitempty"`     // scale: 1 to Steps
	DontKnow bool     `json:"dontKnow,omitempty"` // scale: chosen instead of a step
	Ranked   []string `json:"ranked,omitempty"`   // ranking: ids of options, best first
	Words    string   `json:"words,omitempty"`    // text; of a choice what OtherOption means; of a place its description
	Lat      float64  `json:"lat,omitempty"`
	Lon      float64  `json:"lon,omitempty"`
	HasPlace bool     `json:"hasPlace,omitempty"`
}

// Place is the point of a response to a place question.
func (r Response) Place() geo.Point { return geo.Point{Lat: r.Lat, Lon: r.Lon} }

// Empty tells whether nothing was answered.
func (r Response) Empty() bool {
	return len(r.Chosen) == 0 && r.Step == 0 && !r.DontKnow && len(r.Ranked) == 0 && Blank(r.Words) && !r.HasPlace
}

// Typed is what was typed into a form's fields, as typed: field name → values.
type Typed map[string][]string

func (t Typed) one(name string) string {
	if len(t[name]) == 0 {
		return ""
	}
	return t[name][0]
}

// Field names of a question. The double hyphen cannot stand in an id, so that no two questions share a field.
func (q Question) Field() string {
	if q.Kind == TextQuestion {
		return "text-" + q.ID
	}
	return "q-" + q.ID
}

// OtherField is where "other, please say" is typed.
func (q Question) OtherField() string { return "text-" + q.ID }

// RankField is where an option of a ranking gets its number.
func (q Question) RankField(option string) string { return q.Field() + "--" + option }

// LatField, LonField and PostcodeField are the ways to a place beside its words.
func (q Question) LatField() string { return q.Field() + "--lat" }

// LonField is the longitude's.
func (q Question) LonField() string { return q.Field() + "--lon" }

// PostcodeField is the postcode's.
func (q Question) PostcodeField() string { return q.Field() + "--postcode" }

// Fields lists every field of the question.
func (q Question) Fields() []string {
	switch q.Kind {
	case ChoiceQuestion:
		return []string{q.Field(), q.OtherField()}
	case RankingQuestion:
		var names []string
		for _, o := range q.Options {
			names = append(names, q.RankField(o.ID))
		}
		return names
	case PlaceQuestion:
		return []string{q.Field(), q.LatField(), q.LonField(), q.PostcodeField()}
	}
	return []string{q.Field()}
}

// Shows tells whether a question is asked of somebody who answered the earlier ones so.
func (q Question) Shows(earlier []Response) bool {
	if q.ShownIf == nil {
		return true
	}
	return slices.ContainsFunc(earlier, func(r Response) bool {
		return r.Question == q.ShownIf.Question && slices.Contains(r.Chosen, q.ShownIf.Value)
	})
}

// ReadResponses reads what was typed, section by section, and names the broken rules by the fields that break them. Questions that
// earlier answers hide are passed over, whatever stands in their fields. Nothing answered gives no response.
func ReadResponses(f Form, typed Typed) (all []Response, fields []FieldError) {
	for i := range f.Sections {
		found, wrong := ReadSection(f, i, typed)
		all, fields = append(all, found...), append(fields, wrong...)
	}
	return all, fields
}

// ReadSection reads one section; what earlier ones hold decides which questions it asks.
func ReadSection(f Form, section int, typed Typed) (found []Response, fields []FieldError) {
	var bad check
	for _, q := range ShownQuestions(f, section, typed) {
		r := q.read(typed, &bad)
		bad.response(q, r)
		if !r.Empty() {
			found = append(found, r)
		}
	}
	return found, bad.fields
}

// ShownQuestions lists the questions a section asks of somebody who typed what was typed.
func ShownQuestions(f Form, section int, typed Typed) []Question {
	var earlier []Response
	for _, s := range f.Sections[:section] {
		for _, q := range s.Questions {
			if q.Kind == ChoiceQuestion && q.Shows(earlier) {
				earlier = append(earlier, Response{Question: q.ID, Chosen: q.chosen(typed)})
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(f.Sections[section].Questions), func(q Question) bool { return !q.Shows(earlier) })
}

func (q Question) chosen(typed Typed) []string {
	var chosen []string
	for _, v := range q.Values() {
		if slices.Contains(typed[q.Field()], v) {
			chosen = append(chosen, v)
		}
	}
	return chosen
}

// read makes a response of what was typed to one question and reports what cannot be read at all.
func (q Question) read(typed Typed, bad *check) Response {
	r := Response{Question: q.ID}
	switch q.Kind {
	case ChoiceQuestion:
		r.Chosen = q.chosen(typed)
		if slices.ContainsFunc(typed[q.Field()], func(v string) bool { return v != "" && !slices.Contains(q.Values(), v) }) {
			bad.add(q.Field(), "choice")
		}
		if slices.Contains(r.Chosen, OtherOption) {
			r.Words = strings.TrimSpace(typed.one(q.OtherField()))
		}
	case ScaleQuestion:
		v := typed.one(q.Field())
		r.DontKnow = q.DontKnow && v == DontKnowValue
		if n, err := strconv.Atoi(v); err == nil && n >= 1 && n <= q.Steps {
			r.Step = n
		} else if v != "" && !r.DontKnow {
			bad.add(q.Field(), "choice")
		}
	case RankingQuestion:
		r.Ranked = q.readRanks(typed, bad)
	case TextQuestion:
		r.Words = strings.TrimSpace(typed.one(q.Field()))
	case PlaceQuestion:
		r.Words = strings.TrimSpace(typed.one(q.Field()))
		q.readPlace(typed, &r, bad)
	}
	return r
}

// readRanks puts the options in the order of their numbers: 1, 2, 3 …, each once and without a gap.
func (q Question) readRanks(typed Typed, bad *check) []string {
	at := map[int]string{}
	before := len(bad.fields)
	for _, o := range q.Options {
		field, v := q.RankField(o.ID), typed.one(q.RankField(o.ID))
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		switch {
		case err != nil || n < 1 || n > q.Ranks():
			bad.add(field, "choice")
		case at[n] != "":
			bad.add(field, "rank_twice", "rank", n)
		default:
			at[n] = o.ID
		}
	}
	var ranked []string
	for n := 1; n <= q.Ranks() && at[n] != ""; n++ {
		ranked = append(ranked, at[n])
	}
	if len(ranked) < len(at) && len(bad.fields) == before {
		missing := len(ranked) + 1
		for _, o := range q.Options {
			if v, _ := strconv.Atoi(typed.one(q.RankField(o.ID))); v > missing {
				bad.add(q.RankField(o.ID), "rank_gap", "rank", missing)
				break
			}
		}
	}
	return ranked
}

func (q Question) readPlace(typed Typed, r *Response, bad *check) {
	lat, lon := typed.one(q.LatField()), typed.one(q.LonField())
	if lat == "" && lon == "" {
		return
	}
	if lat == "" || lon == "" {
		bad.add(q.LatField(), "place_pair")
		return
	}
	y, errLat := strconv.ParseFloat(lat, 64)
	x, errLon := strconv.ParseFloat(lon, 64)
	if p := (geo.Point{Lat: y, Lon: x}); errLat != nil || errLon != nil || !p.Valid() {
		bad.add(q.LatField(), "place")
		return
	}
	r.Lat, r.Lon, r.HasPlace = y, x, true
}

// CheckResponses holds finished responses to their form, whatever door they came through, and puts them into its order.
func CheckResponses(f Form, given []Response) ([]Response, []FieldError) {
	var bad check
	byID := map[string]Response{}
	for _, r := range given {
		_, known := f.Question(r.Question)
		if _, twice := byID[r.Question]; !known || twice {
			bad.add("responses", "response_question", "question", clipped(r.Question))
		}
		byID[r.Question] = r
	}
	var kept []Response
	for _, s := range f.Sections {
		earlier := slices.Clone(kept)
		for _, q := range s.Questions {
			r, answered := byID[q.ID]
			r.Question = q.ID
			if !q.Shows(earlier) {
				if answered && !r.Empty() {
					bad.add(q.Field(), "response_hidden")
				}
				continue
			}
			r.Words = strings.TrimSpace(r.Words)
			bad.values(q, &r)
			bad.response(q, r)
			if !r.Empty() {
				kept = append(kept, r)
			}
		}
	}
	return kept, bad.fields
}

// values holds the values of a response that no form field has read to the question's vocabulary.
func (c *check) values(q Question, r *Response) {
	if (len(r.Chosen) > 0 && q.Kind != ChoiceQuestion) || ((r.Step != 0 || r.DontKnow) && q.Kind != ScaleQuestion) ||
		(len(r.Ranked) > 0 && q.Kind != RankingQuestion) || (r.HasPlace && q.Kind != PlaceQuestion) ||
		(r.Words != "" && (q.Kind == ScaleQuestion || q.Kind == RankingQuestion)) {
		c.add(q.Field(), "response_kind", "kind", string(q.Kind))
		return
	}
	within := func(list, allowed []string) bool {
		seen := map[string]bool{}
		for _, v := range list {
			if seen[v] || !slices.Contains(allowed, v) {
				return false
			}
			seen[v] = true
		}
		return true
	}
	ok := within(r.Chosen, q.Values()) && (q.Several || len(r.Chosen) < 2) && within(r.Ranked, q.optionIDs()) && len(r.Ranked) <= max(q.Ranks(), 0)
	ok = ok && (r.Step == 0 || r.Step >= 1 && r.Step <= q.Steps && !r.DontKnow) && (!r.DontKnow || q.DontKnow)
	ok = ok && (r.Words == "" || q.Kind != ChoiceQuestion || slices.Contains(r.Chosen, OtherOption))
	if !ok {
		c.add(q.Field(), "choice")
		*r = Response{Question: q.ID}
		return
	}
	order := q.Values()
	slices.SortFunc(r.Chosen, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	if r.HasPlace && !r.Place().Valid() {
		c.add(q.Field(), "place")
	}
}

func (q Question) optionIDs() []string {
	var ids []string
	for _, o := range q.Options {
		ids = append(ids, o.ID)
	}
	return ids
}

// response holds one response to what its question wants of an answer.
func (c *check) response(q Question, r Response) {
	before := len(c.fields)
	switch q.Kind {
	case ChoiceQuestion:
		n := len(r.Chosen)
		switch {
		case !q.Several && n > 1:
			c.add(q.Field(), "choice")
		case n > 0 && n < q.Min:
			c.add(q.Field(), "choose_more", "n", q.Min)
		case q.Max > 0 && n > q.Max:
			c.add(q.Field(), "choose_fewer", "n", q.Max)
		}
		if slices.Contains(r.Chosen, OtherOption) {
			c.text(q.OtherField(), r.Words, MaxPoint, true)
		}
	case TextQuestion:
		c.text(q.Field(), r.Words, q.TextLimit(), false)
	case PlaceQuestion:
		c.text(q.Field(), r.Words, MaxPlace, false)
	}
	if q.Required && r.Empty() && len(c.fields) == before {
		c.missing(q)
	}
}

// missing leads to the first field of a question that must be answered.
func (c *check) missing(q Question) {
	field, rule := q.Field(), "answer_required"
	switch q.Kind {
	case RankingQuestion:
		field = q.RankField(q.Options[0].ID)
	case ChoiceQuestion, ScaleQuestion:
		rule = "answer_choose"
	}
	if !slices.ContainsFunc(c.fields, func(e FieldError) bool { return slices.Contains(q.Fields(), e.Field) }) {
		c.add(field, rule)
	}
}

// WordsOf are the points of a comment: the words of its responses, with the question as topic.
func WordsOf(responses []Response) []CommentPoint {
	var points []CommentPoint
	for _, r := range responses {
		if !Blank(r.Words) {
			points = append(points, CommentPoint{Topic: Topic(r.Question), Text: r.Words})
		}
	}
	return points
}

// TypedOf is a response as it would be typed: what ReadResponses reads back as the same.
func TypedOf(f Form, responses []Response) Typed {
	typed := Typed{}
	for _, r := range responses {
		q, ok := f.Question(r.Question)
		if !ok {
			continue
		}
		switch q.Kind {
		case ChoiceQuestion:
			typed[q.Field()] = r.Chosen
			if r.Words != "" {
				typed[q.OtherField()] = []string{r.Words}
			}
		case ScaleQuestion:
			typed[q.Field()] = []string{strconv.Itoa(r.Step)}
			if r.DontKnow {
				typed[q.Field()] = []string{DontKnowValue}
			}
		case RankingQuestion:
			for i, option := range r.Ranked {
				typed[q.RankField(option)] = []string{strconv.Itoa(i + 1)}
			}
		case TextQuestion, PlaceQuestion:
			typed[q.Field()] = []string{r.Words}
			if r.HasPlace {
				typed[q.LatField()] = []string{strconv.FormatFloat(r.Lat, 'f', -1, 64)}
				typed[q.LonField()] = []string{strconv.FormatFloat(r.Lon, 'f', -1, 64)}
			}
		}
	}
	return typed
}
