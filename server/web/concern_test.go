package web

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// somePoints are loose points of every sort: letters of one text, a message, words with marks in them, another language.
func somePoints() []consult.ConcernPoint {
	letter := "I object to the loss of parking on Example Street because visitors and carers will have nowhere to stop near the homes of older people."
	var list []consult.ConcernPoint
	for i := range 4 {
		list = append(list, consult.ConcernPoint{Ref: consult.PointRef{Source: consult.ID(100 + i), Topic: "traffic"}, Text: letter, Stance: consult.Object, Language: "en", SaidAt: testNow})
	}
	for i, text := range []string{"The tower will put my kitchen in the shade all winter.", "A tower of nine storeys puts every kitchen on the north side in the shade.",
		"Will my kitchen be in the shade of the tower?"} {
		list = append(list, consult.ConcernPoint{Ref: consult.PointRef{Source: consult.ID(200 + i), Topic: "light"}, Text: text, Stance: consult.Object, Language: "en", SaidAt: testNow, Public: true})
	}
	return append(list,
		consult.ConcernPoint{Ref: consult.PointRef{Source: 300}, Text: "کیا بچوں کے کھیلنے کی جگہ ہوگی؟ <b>", Language: "ur", SaidAt: testNow, Thread: 301, Seq: 2, Public: true})
}

// inConcern sorts points into a concern.
func inConcern(concern consult.ID, points ...consult.ConcernPoint) []consult.ConcernPoint {
	for i := range points {
		points[i].Concern, points[i].By, points[i].AddedAt = concern, consult.BySuggestion, testNow
	}
	return points
}

func someConcerns() []consult.Concern {
	list := []consult.Concern{
		{ID: 61, Consultation: 3, Title: "Will kitchens be in the shade of the tower?", Topic: "light", Points: 12, Sources: 11, Published: 9, Fresh: 2, ShownAt: testNow, Version: 2, UpdatedAt: testNow},
		{ID: 62, Consultation: 3, Title: "Where will visitors and carers stop?", Service: "Transport", Topic: "traffic", Points: 140, Sources: 140, Letters: 120, Version: 1, UpdatedAt: testNow}}
	for i := range 30 {
		list = append(list, consult.Concern{ID: consult.ID(700 + i), Title: fmt.Sprint("Question ", i), Version: 1})
	}
	return list
}

// someActs are acts of every sort.
func someActs() []consult.ConcernChange {
	var list []consult.ConcernChange
	for i, act := range []consult.ConcernAct{consult.ConcernMade, consult.ConcernRenamed, consult.ConcernAdded, consult.ConcernRemoved, consult.ConcernMoved, consult.ConcernSplit,
		consult.ConcernMerged, consult.ConcernUndone} {
		list = append(list, consult.ConcernChange{ID: consult.ID(900 + i), Act: act, Concern: 61, Other: 62, Title: "Shade?", OtherTitle: "Parking?", Points: i, By: "Planning, Planning officer",
			Was: consult.ConcernFace{Title: "Dark?"}, Became: consult.ConcernFace{Title: "Shade?"}, At: testNow})
	}
	list[2].UndoneAt, list[4].Title, list[4].OtherTitle = testNow, "", ""
	for _, faces := range [][2]consult.ConcernFace{{{Title: "a"}, {Title: "a", Shown: 1}}, {{Title: "a", Shown: 1}, {Title: "a"}}, {{Title: "a"}, {Title: "a", Service: "b"}}} {
		list = append(list, consult.ConcernChange{ID: consult.ID(910 + len(list)), Act: consult.ConcernRenamed, Title: "a", Was: faces[0], Became: faces[1], At: testNow})
	}
	return list
}

// comparedPoints is the advice on loose points beside two that are sorted.
func comparedPoints(loose []consult.ConcernPoint) advised {
	var c caseAdvice
	shade := consult.ConcernPoint{Ref: consult.PointRef{Source: 401, Topic: "light"}, Text: "My kitchen would lie in the shade of this tower from October on.", Language: "en"}
	letter := loose[0]
	letter.Ref.Source = 402
	c.compare(append(append(inConcern(61, shade), inConcern(62, letter)...), loose...))
	return advised{c.suggester, c.campaigns, c.standing(), true, 7}
}

func concernDesk() consult.ConcernDesk {
	k := sampleCase().Consultation
	points := somePoints()
	return consult.ConcernDesk{Consultation: k, Concerns: someConcerns(), Points: points, Total: 60, Loose: 60, FreshLoose: 3, FreshSorted: 2, Since: testNow.AddDate(0, 0, -1), Changes: someActs()}
}

func concernFile(edit func(*consult.ConcernFile)) consult.ConcernFile {
	all := someConcerns()
	v := consult.ConcernFile{Concern: all[0], Consultation: sampleCase().Consultation, Points: inConcern(61, somePoints()...), Total: 8, Others: all[1:], Changes: someActs()}
	if edit != nil {
		edit(&v)
	}
	return v
}

func init() {
	officer := func(w *Web, c *fiber.Ctx, key string) Base {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		return w.StaffBase(c, key, "title", "x")
	}
	desk := func(d consult.ConcernDesk, query, typed map[string][]string, wrong error) {
		sample("officer-concerns", func(w *Web, c *fiber.Ctx) View {
			found := comparedPoints(somePoints())
			q := Filled(query)
			like, _ := alike(found, q.Value("like"))
			p := drawOfficerConcerns(officer(w, c, "officer_concern.title").WithErrors(wrong), d, found, like, q, Filled(typed), consult.Calendar{})
			p.Changed, p.Pages = wrong != nil, Paginate(1, d.Total, consult.ConcernPointsPage, narrowed(q, "new"))
			return p
		})
	}
	ticked := map[string][]string{"point": {pointValue(somePoints()[4].Ref, 61)}, "title": {"Shade?"}, "into": {consult.ID(62).String()}}
	wrong := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "point", Rule: "points_required"}, {Field: "title", Rule: "required"}, {Field: "into", Rule: "required"}}}
	desk(concernDesk(), nil, nil, nil)
	desk(concernDesk(), map[string][]string{"tick": {"1"}, "new": {"1"}, "done": {"1"}}, nil, nil)
	desk(concernDesk(), map[string][]string{"like": {pointValue(somePoints()[0].Ref, 0)}, "topic": {"traffic"}}, ticked, wrong)
	desk(consult.ConcernDesk{Consultation: sampleCase().Consultation, Since: testNow}, nil, nil, nil)
	one := func(v consult.ConcernFile, typed map[string][]string, wrong error) {
		sample("officer-concern", func(w *Web, c *fiber.Ctx) View {
			p := drawOfficerConcern(officer(w, c, "officer_concern.one_title").WithErrors(wrong), v, nil, Filled(typed), consult.Calendar{})
			p.Meanwhile, p.Changed = &v.Concern, true
			return p
		})
	}
	one(concernFile(nil), nil, nil)
	one(concernFile(func(v *consult.ConcernFile) {
		v.Points, v.Others, v.Changes, v.Concern.ShownAt = nil, nil, nil, time.Time{}
	}), nil, nil)
	one(concernFile(func(v *consult.ConcernFile) { v.Concern.MergedInto, v.Into = 62, v.Others[0] }), nil, nil)
	one(concernFile(nil), map[string][]string{"version": {"1"}, "title": {""}, "show": {"show"}},
		&consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "title", Rule: "required"}, {Field: "split", Rule: "required"}, {Field: "target", Rule: "required"}}})
	sample("concerns", func(w *Web, c *fiber.Ctx) View {
		return drawConcerns(w.Base(c, "concern.list_title", "title", "x"), sampleCase().Consultation, someConcerns(), 1)
	})
	sample("concerns", func(w *Web, c *fiber.Ctx) View {
		return drawConcerns(w.Base(c, "concern.list_title", "title", "x"), sampleCase().Consultation, nil, 9)
	})
	for _, points := range [][]consult.ConcernPoint{somePoints(), nil} {
		sample("concern", func(w *Web, c *fiber.Ctx) View {
			v := consult.PublicConcern{Concern: someConcerns()[0], Consultation: sampleCase().Consultation, Points: points, Total: len(points)}
			return drawConcern(w.Base(c, "concern.title"), v, 1, consult.Calendar{})
		})
	}
}

func TestLettersAreOneLineAndGroupsExplainThemselves(t *testing.T) {
	loose := somePoints()
	found := comparedPoints(loose)
	if len(found.campaigns) != 1 || len(found.campaigns[0].refs) != 4 || found.campaigns[0].people != 4 || found.campaigns[0].concern != 62 {
		t.Fatalf("letters: %+v", found.campaigns)
	}
	l, ok := find(found.campaigns, found.campaigns[0].key())
	if _, gone := find(found.campaigns, l.key()+"1"); !ok || gone {
		t.Error("letters are not found by what the form says, or by anything")
	}
	advice := found.suggester.Suggest(textOf(loose[4]))
	if best(advice) != 61 {
		t.Errorf("advice on %q: %+v", loose[4].Text, advice)
	}
	marks := 0
	for _, s := range marked(loose[4].Text, advice.Ranked[0].Phrases) {
		if s.Marked {
			marks++
			if !strings.Contains(loose[4].Text, s.Text) {
				t.Errorf("marked %q", s.Text)
			}
		}
	}
	if marks == 0 {
		t.Error("no shared phrase is marked")
	}
	if best(found.suggester.Suggest(textOf(loose[7]))) != 0 {
		t.Error("something is proposed in a language nobody has sorted")
	}
}

func TestAdviceFollowsWhatIsSorted(t *testing.T) {
	var c caseAdvice
	points := somePoints()
	c.compare(points)
	if len(c.campaigns) != 1 || c.campaigns[0].concern != 0 {
		t.Fatalf("letters: %+v", c.campaigns)
	}
	inConcern(62, points[:3]...)
	c.compare(points)
	if len(c.campaigns) != 1 || len(c.campaigns[0].refs) != 1 || c.campaigns[0].concern != 62 {
		t.Fatalf("letters when most are sorted: %+v", c.campaigns)
	}
	inConcern(62, points...)
	c.compare(points)
	if len(c.campaigns) != 0 || len(c.standing()) != 0 {
		t.Fatalf("advice on nothing: %+v %+v", c.campaigns, c.standing())
	}
	var a advisor
	first := a.of(1)
	for id := range consult.ID(advisedCases) {
		a.of(id + 2)
	}
	if a.of(1) == first || len(a.cases) > advisedCases || len(a.order) > advisedCases {
		t.Errorf("%d cases are kept", len(a.cases))
	}
}

func TestPointValuesAreReadAsWritten(t *testing.T) {
	for _, ref := range []consult.PointRef{{Source: 7, Topic: "light"}, {Source: 8}, {Source: 9, Topic: "a.b.c"}} {
		for _, concern := range []consult.ID{0, 61} {
			got, proposed, ok := parsePoint(pointValue(ref, concern))
			if !ok || got != ref || proposed != concern {
				t.Errorf("%v %v: got %v %v %v", ref, concern, got, proposed, ok)
			}
		}
	}
	for _, broken := range []string{"", ".", "..", "x..light", "0000000000001.zz.light", "0000000000001"} {
		if _, _, ok := parsePoint(broken); ok {
			t.Errorf("%q is taken for a point", broken)
		}
	}
}

func TestManyPointsAreGroupedBesideThePage(t *testing.T) {
	var points []consult.ConcernPoint
	about := []string{"shade on my kitchen windows", "lorries on the narrow street", "noise from the bar at night"}
	for i := range groupedFew + 40 {
		text := fmt.Sprintf("Person %d is afraid of the %s, number %d of many.", i, about[i%len(about)], i*7)
		points = append(points, consult.ConcernPoint{Ref: consult.PointRef{Source: consult.ID(1000 + i), Topic: "other"}, Text: text, Language: "en"})
	}
	var c caseAdvice
	c.mu.Lock()
	c.compare(points)
	if !c.running || len(c.standing()) != 0 {
		t.Error("the page waits for the groups of many points")
	}
	c.compare(points) // a second page asks meanwhile
	c.mu.Unlock()
	for running := true; running; {
		c.mu.Lock()
		running = c.running
		c.mu.Unlock()
		runtime.Gosched()
	}
	found := c.standing()
	if len(found) == 0 || len(found[0].phrases) == 0 {
		t.Fatalf("groups: %+v", found)
	}
	inConcern(61, points...)
	c.compare(points)
	if len(c.standing()) != 0 {
		t.Error("sorted points stand in groups")
	}
}
