package consult

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// someText makes a text with the default language and sometimes a translation.
func someText(t *rapid.T, label string) FormText {
	text := FormText{"en": rapid.StringMatching(`[A-Za-z][A-Za-z ?]{0,30}[a-z]`).Draw(t, label)}
	if rapid.Bool().Draw(t, label+" translated") {
		text["ur"] = rapid.StringMatching(`[ابپتث]{2,10}`).Draw(t, label+" in Urdu")
	}
	return text
}

// someForm makes any valid form.
func someForm(t *rapid.T) Form {
	f := Form{Format: FormFormat, Language: "en", Title: someText(t, "title"),
		Contact: ContactRule{Name: rapid.SampledFrom(Demands()).Draw(t, "name"), Postcode: rapid.SampledFrom(Demands()).Draw(t, "postcode")}}
	var earlier []Question
	n := 0
	for i := range rapid.IntRange(1, 3).Draw(t, "sections") {
		s := Section{ID: fmt.Sprintf("section-%d", i), Title: someText(t, "section")}
		for range rapid.IntRange(1, 4).Draw(t, "questions") {
			n++
			s.Questions = append(s.Questions, someQuestion(t, fmt.Sprintf("question-%d", n), earlier))
		}
		for _, q := range s.Questions {
			if q.Kind == ChoiceQuestion {
				earlier = append(earlier, q)
			}
		}
		f.Sections = append(f.Sections, s)
	}
	return f
}

func someQuestion(t *rapid.T, id string, earlier []Question) Question {
	q := Question{ID: id, Kind: rapid.SampledFrom(QuestionKinds()).Draw(t, "kind"), Text: someText(t, "text"), Required: rapid.Bool().Draw(t, "required")}
	options := func(least int) {
		for i := range rapid.IntRange(least, 5).Draw(t, "options") {
			q.Options = append(q.Options, Option{ID: fmt.Sprintf("o%d", i), Text: someText(t, "option")})
		}
	}
	switch q.Kind {
	case ChoiceQuestion:
		options(1)
		q.Other, q.Several = rapid.Bool().Draw(t, "other"), rapid.Bool().Draw(t, "several")
		if q.Several {
			q.Max = rapid.IntRange(0, len(q.Values())).Draw(t, "max")
			q.Min = rapid.IntRange(0, max(q.Max, 0)).Draw(t, "min")
		}
	case ScaleQuestion:
		q.Steps, q.DontKnow = rapid.IntRange(MinSteps, MaxSteps).Draw(t, "steps"), rapid.Bool().Draw(t, "dont know")
		q.Low, q.High = someText(t, "low"), someText(t, "high")
	case RankingQuestion:
		options(2)
	case TextQuestion:
		q.Limit = rapid.IntRange(0, 200).Draw(t, "limit")
	}
	if len(earlier) > 0 && rapid.Bool().Draw(t, "conditional") {
		before := rapid.SampledFrom(earlier).Draw(t, "earlier")
		q.ShownIf = &ShowRule{Question: before.ID, Value: rapid.SampledFrom(before.Values()).Draw(t, "value")}
	}
	return q
}

// someResponses answers a form in any valid way, section by section.
func someResponses(t *rapid.T, f Form) []Response {
	var all []Response
	for _, s := range f.Sections {
		earlier := all
		for _, q := range s.Questions {
			if q.Shows(earlier) && (q.Required || rapid.Bool().Draw(t, "answered "+q.ID)) {
				all = append(all, someResponse(t, q))
			}
		}
	}
	return all
}

func someResponse(t *rapid.T, q Question) Response {
	r := Response{Question: q.ID}
	words := func(limit int) string {
		return rapid.StringMatching(`[A-Za-z]{1,`+fmt.Sprint(limit)+`}`).Draw(t, "words")
	}
	switch q.Kind {
	case ChoiceQuestion:
		n := 1
		if q.Several {
			n = rapid.IntRange(max(q.Min, 1), orAll(q.Max, len(q.Values()))).Draw(t, "how many")
		}
		chosen := rapid.Permutation(q.Values()).Draw(t, "chosen")[:n]
		for _, v := range q.Values() {
			for _, c := range chosen {
				if c == v {
					r.Chosen = append(r.Chosen, v)
				}
				if c == v && v == OtherOption {
					r.Words = words(20)
				}
			}
		}
	case ScaleQuestion:
		r.Step = rapid.IntRange(1, q.Steps).Draw(t, "step")
		if q.DontKnow && rapid.Bool().Draw(t, "does not know") {
			r.Step, r.DontKnow = 0, true
		}
	case RankingQuestion:
		r.Ranked = rapid.Permutation(q.optionIDs()).Draw(t, "ranked")[:rapid.IntRange(1, q.Ranks()).Draw(t, "ranks")]
	case TextQuestion:
		r.Words = words(min(q.TextLimit(), 40))
	case PlaceQuestion:
		r.Words = words(20)
		if rapid.Bool().Draw(t, "marked") {
			r.Lat, r.Lon, r.HasPlace = rapid.Float64Range(50, 55).Draw(t, "lat"), rapid.Float64Range(-3, 1).Draw(t, "lon"), true
		}
	}
	return r
}

func orAll(n, all int) int {
	if n == 0 {
		return all
	}
	return n
}

func TestAnyFormSurvivesItsFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := someForm(t)
		if wrong := CheckForm(f); len(wrong) > 0 {
			t.Fatalf("a valid form is refused: %+v", wrong)
		}
		again, err := ParseForm(f.Encode())
		if err != nil || !reflect.DeepEqual(again, f) {
			t.Fatalf("%v\n%s\n%s", err, f.Encode(), again.Encode())
		}
	})
}

func TestAnyValidResponseSurvivesTyping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := someForm(t)
		want := someResponses(t, f)
		kept, wrong := CheckResponses(f, want)
		if len(wrong) > 0 || len(kept)+len(want) > 0 && !reflect.DeepEqual(kept, want) {
			t.Fatalf("the program's door: %+v\n%+v\n%+v", wrong, kept, want)
		}
		read, wrong := ReadResponses(f, TypedOf(f, want))
		if len(wrong) > 0 || len(read)+len(want) > 0 && !reflect.DeepEqual(read, want) {
			t.Fatalf("the page's door: %+v\n%+v\n%+v", wrong, read, want)
		}
	})
}

// TestWhatIsTypedIsWhatIsChecked: whatever stands in the fields, both doors judge what was read the same way.
func TestWhatIsTypedIsWhatIsChecked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := someForm(t)
		typed := Typed{}
		for _, q := range f.Questions() {
			for _, name := range q.Fields() {
				if rapid.Bool().Draw(t, "typed") {
					typed[name] = []string{rapid.SampledFrom([]string{"", "1", "2", "3", "o0", "o1", "other", "dont-know", "99", "-1", "a b"}).Draw(t, name)}
				}
			}
		}
		read, wrong := ReadResponses(f, typed)
		if len(wrong) > 0 {
			return
		}
		kept, wrong := CheckResponses(f, read)
		if len(wrong) > 0 || len(kept)+len(read) > 0 && !reflect.DeepEqual(kept, read) {
			t.Fatalf("%+v\n%+v\n%+v", wrong, read, kept)
		}
	})
}

const smallForm = `{"format":1,"language":"en","title":{"en":"Walking"},"contact":{"name":"none","postcode":"optional"},"sections":[
 {"id":"one","title":{"en":"One"},"questions":[
  {"id":"how","kind":"choice","text":{"en":"How?"},"options":[{"id":"foot","text":{"en":"On foot"}},{"id":"car","text":{"en":"By car"}}]},
  {"id":"order","kind":"ranking","text":{"en":"Order?"},"options":[{"id":"a","text":{"en":"A"}},{"id":"b","text":{"en":"B"}},{"id":"c","text":{"en":"C"}}]}]},
 {"id":"two","title":{"en":"Two"},"questions":[
  {"id":"why","kind":"text","text":{"en":"Why?"},"required":true,"limit":10,"shown_if":{"question":"how","value":"car"}}]}]}`

func TestEveryMistakeInAFormIsNamedWithItsPlace(t *testing.T) {
	if _, err := ParseForm([]byte(smallForm)); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, old, with, place, rule string }{
		{"no JSON", `"format":1,`, `"format":1,,`, "definition", "form_json"},
		{"cut off", `"limit":10,"shown_if":{"question":"how","value":"car"}}]}]}`, ``, "definition", "form_json"},
		{"after the end", `"value":"car"}}]}]}`, `"value":"car"}}]}]} {}`, "definition", "form_json"},
		{"a name twice", `"limit":10`, `"limit":10,"limit":11`, "definition", "form_json"},
		{"an unknown name", `"limit":10`, `"limit":10,"colour":"red"`, "sections[1].questions[0].colour", "form_unknown"},
		{"a text that is a number", `"kind":"text"`, `"kind":7`, "sections[1].questions[0].kind", "form_text"},
		{"a number that is a text", `"limit":10`, `"limit":"10"`, "sections[1].questions[0].limit", "form_number"},
		{"half a character", `"limit":10`, `"limit":1.5`, "sections[1].questions[0].limit", "form_number"},
		{"yes as a word", `"required":true`, `"required":"yes"`, "sections[1].questions[0].required", "form_yes_no"},
		{"a text in no language", `"text":{"en":"Why?"}`, `"text":"Why?"`, "sections[1].questions[0].text", "form_languages"},
		{"a text in the wrong language", `"text":{"en":"Why?"}`, `"text":{"fr":"Pourquoi ?"}`, "sections[1].questions[0].text", "form_default"},
		{"another format", `"format":1`, `"format":2`, "format", "form_format"},
		{"an unknown kind", `"kind":"text"`, `"kind":"essay"`, "sections[1].questions[0].kind", "form_kind"},
		{"an id with capitals", `"id":"why"`, `"id":"Why"`, "sections[1].questions[0].id", "form_id"},
		{"an id twice", `"id":"why"`, `"id":"how"`, "sections[1].questions[0].id", "form_twice"},
		{"too long an answer", `"limit":10`, `"limit":6001`, "sections[1].questions[0].limit", "form_between"},
		{"what belongs to a scale", `"limit":10`, `"steps":5`, "sections[1].questions[0].steps", "form_foreign"},
		{"a condition on nothing", `"question":"how"`, `"question":"what"`, "sections[1].questions[0].shown_if", "form_condition"},
		{"a condition on a ranking", `"question":"how"`, `"question":"order"`, "sections[1].questions[0].shown_if", "form_condition"},
		{"a condition on no answer", `"value":"car"`, `"value":"bus"`, "sections[1].questions[0].shown_if", "form_condition_value"},
		{"a reserved option", `"id":"foot"`, `"id":"other"`, "sections[0].questions[0].options[0].id", "form_reserved"},
		{"one option to rank", `,{"id":"b","text":{"en":"B"}},{"id":"c","text":{"en":"C"}}`, ``, "sections[0].questions[1].options", "form_between"},
		{"no demand", `"postcode":"optional"`, `"postcode":"perhaps"`, "contact.postcode", "form_demand"},
	} {
		raw := strings.Replace(smallForm, row.old, row.with, 1)
		if raw == smallForm {
			t.Fatalf("%s: nothing was replaced", row.name)
		}
		_, err := ParseForm([]byte(raw))
		fields := FieldsOf(err)
		found := false
		for _, f := range fields {
			found = found || f.Field == row.place && f.Rule == row.rule
		}
		if KindOf(err) != Invalid || !found {
			t.Errorf("%s: %v; want %s at %s", row.name, err, row.rule, row.place)
		}
	}
	if _, err := ParseForm([]byte(`"` + strings.Repeat("x", MaxFormSize) + `"`)); len(FieldsOf(err)) != 1 || FieldsOf(err)[0].Rule != "form_size" {
		t.Errorf("a file over the limit: %v", err)
	}
	if _, err := ParseForm([]byte(strings.Repeat("[", 100_000))); len(FieldsOf(err)) != 1 {
		t.Errorf("a hundred thousand brackets: %v", err)
	}
}

func FuzzParseForm(f *testing.F) {
	f.Add([]byte(smallForm))
	f.Add([]byte(`{"format":1,"sections":[{"questions":[{"options":[{}]}]}]}`))
	f.Add([]byte(`[[[[`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		form, err := ParseForm(raw)
		if err != nil {
			if len(FieldsOf(err)) == 0 {
				t.Fatalf("refused without saying what: %v", err)
			}
			return
		}
		again, err := ParseForm(form.Encode())
		if err != nil || !reflect.DeepEqual(again, form) {
			t.Fatalf("%v: %s", err, form.Encode())
		}
		if !json.Valid(form.Encode()) {
			t.Fatal("no JSON")
		}
	})
}

func TestRanksThatDoNotFit(t *testing.T) {
	f, err := ParseForm([]byte(smallForm))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name  string
		typed Typed
		field string
		rule  string
	}{
		{"the same number twice", Typed{"q-order--a": {"1"}, "q-order--b": {"1"}}, "q-order--b", "rank_twice"},
		{"a gap", Typed{"q-order--a": {"1"}, "q-order--c": {"3"}}, "q-order--c", "rank_gap"},
		{"no first", Typed{"q-order--a": {"2"}}, "q-order--a", "rank_gap"},
		{"too high", Typed{"q-order--a": {"4"}}, "q-order--a", "choice"},
		{"not a number", Typed{"q-order--a": {"first"}}, "q-order--a", "choice"},
		{"words left over from before", Typed{"q-how": {"foot"}, "text-why": {"much too long for the limit"}}, "", ""},
		{"words that are asked", Typed{"q-how": {"car"}}, "text-why", "answer_required"},
		{"too many words", Typed{"q-how": {"car"}, "text-why": {"elevenchars"}}, "text-why", "too_long"},
		{"two answers to one choice", Typed{"q-how": {"car", "foot"}, "text-why": {"x"}}, "q-how", "choice"},
	} {
		_, wrong := ReadResponses(f, row.typed)
		switch {
		case row.rule == "" && len(wrong) > 0:
			t.Errorf("%s: %+v", row.name, wrong)
		case row.rule != "" && (len(wrong) != 1 || wrong[0].Field != row.field || wrong[0].Rule != row.rule):
			t.Errorf("%s: %+v; want %s of %s", row.name, wrong, row.rule, row.field)
		}
	}
}

func TestAQuestionKeepsItsKindUnderItsID(t *testing.T) {
	f, err := ParseForm([]byte(smallForm))
	if err != nil {
		t.Fatal(err)
	}
	changed := f
	changed.Sections = append([]Section(nil), f.Sections...)
	changed.Sections[1].Questions = []Question{{ID: "why", Kind: ScaleQuestion, Text: FormText{"en": "Why?"}, Steps: 5, Low: FormText{"en": "no"}, High: FormText{"en": "yes"}}}
	if wrong := changedKinds(changed, []FormVersion{{Number: 1, Form: f}}); len(wrong) != 1 || wrong[0].Rule != "form_changed" {
		t.Errorf("%+v; want that the id asks something else", wrong)
	}
	if wrong := changedKinds(f, []FormVersion{{Number: 1, Form: f}}); len(wrong) != 0 {
		t.Errorf("the same form again: %+v", wrong)
	}
}

func TestCycleOfAnyKind(t *testing.T) {
	for _, k := range ConsultationKinds() {
		reached, queue := map[State]bool{Received: true}, []State{Received}
		for len(queue) > 0 {
			s := queue[0]
			queue = queue[1:]
			for _, next := range NextStates(k, s) {
				if !reached[next] {
					reached[next] = true
					queue = append(queue, next)
				}
			}
		}
		for _, s := range StatesOf(k) {
			if !reached[s] {
				t.Errorf("%s: no way leads to %s", k, s)
			}
		}
		if len(reached) != len(StatesOf(k)) {
			t.Errorf("%s: %d states can be reached, %d are its own", k, len(reached), len(StatesOf(k)))
		}
	}
	for _, s := range []State{InCommittee, Appealed, CalledIn} {
		for _, from := range States() {
			if legal(PublicHealth, from, s) || !legal(PlanningApplication, Decided, Appealed) {
				t.Errorf("a public-health consultation moves from %s to %s", from, s)
			}
		}
	}
}

func TestOpeningAsksWhatIsFairOfEveryKind(t *testing.T) {
	whole := Standing{Consultation: Consultation{Kind: Policy, State: Validated, Influence: Influence{"a", "b", "c", "d", "e"}}, Today: "2026-03-02",
		Documents: []Document{{Status: PublishDocument}}, Subjects: Subjects{Kind: Policy, Forms: []FormVersion{{Number: 1}}}}
	open := Move{To: Consulting, Round: &Round{Number: 1, Opens: "2026-03-02", Closes: "2026-03-03"}}
	if bad := whole.Refuse(open); len(bad) != 0 {
		t.Errorf("nothing of planning law holds here: %+v", bad)
	}
	for rule, without := range map[string]func(*Standing){
		"influence_required": func(s *Standing) { s.Consultation.Influence.Open = "" },
		"documents_required": func(s *Standing) { s.Documents = nil },
		"form_required":      func(s *Standing) { s.Subjects.Forms = nil },
	} {
		s := whole
		without(&s)
		if bad := s.Refuse(open); len(bad) != 1 || bad[0].Rule != rule {
			t.Errorf("%+v; want %s", bad, rule)
		}
	}
}
