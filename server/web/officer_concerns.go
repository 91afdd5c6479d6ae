package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/similar"
)

// officerConcernsPage is the desk on which a case's points are sorted.
type officerConcernsPage struct {
	Base
	Desk      caseDesk
	Action    string
	Key       string // of the form, so that sending it twice sorts once
	Since     consult.Date
	Counts    []string
	Fresh     *Link // the new points alone; nil = there are none, or they are shown
	Whole     *Link // back to all points; nil = all are shown
	Changed   bool  // somebody sorted meanwhile: this is how it stands now
	Concerns  []concernRow
	Further   []concernRow // those past the first ones
	Letters   likenesses
	Groups    likenesses
	Searching bool
	Beyond    int
	Like      string // why the points below are together; "" = all loose points
	Filters   []Select
	Filter    Button
	Points    []sortedPoint
	Tick      *Link // tick every proposal of the page; nil = there is none
	Wrong     string
	Pages     Pagination
	Name      TextInput
	Make      Button
	Into      Select
	Put       Button
	Accept    *Button // nil = nothing is proposed here
	Changes   concernChanges
}

// concernRow is one concern in a list for officers.
type concernRow struct {
	Link
	ID     consult.ID
	Facts  []string
	State  Tag
	Answer Tag // how far the answer has come; no text = not asked for
}

// likenesses are lines with a box each. Part "likenesses".
type likenesses struct {
	Name   string // of the boxes
	Legend string
	List   []likenessView
}

// likenessView is a line that stands for many points.
type likenessView struct {
	Value    string // in the form
	ID       string
	Title    string // how many of whom
	Sample   []segment
	Language string
	Phrases  []string
	Each     Link    // its points, one by one
	Sort     *Button // puts all of them where their copies stand; nil = there are none yet
}

// sortedPoint is one point with a box.
type sortedPoint struct {
	Value, ID  string
	Said       []string // stance, topic, language, how it came
	At         consult.Date
	Text       []segment
	Language   string
	Open       Link
	Proposed   string // title of the concern; "" = none stands out
	Phrases    []string
	Ticked     bool
	AddedAt    consult.Date // to the concern it stands in; "" = it is in none
	ConcernHow string
}

const (
	concernsListed = 25  // of a case, before the rest is folded away
	pointExcerpt   = 420 // characters
	looseDo        = "do"
)

// OfficerConcerns shows the desk.
func (w *Web) OfficerConcerns(c *fiber.Ctx) error { return w.officerConcerns(c, nil, nil) }

// officerConcerns draws it again with what was typed and ticked: over a broken rule, or over what somebody did meanwhile.
func (w *Web) officerConcerns(c *fiber.Ctx, f *Form, wrong error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	q, actor := ReadQuery(c), w.actor(c)
	found, err := w.advice(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	number := PageNumber(q)
	filter := consult.PointFilter{Consultation: id, Topic: consult.Topic(strings.Clone(q.Value("topic"))), Stance: consult.Stance(q.Value("stance")),
		Language: q.Line("language", 20), Offset: (number - 1) * consult.ConcernPointsPage}
	like, one := alike(found, q.Value("like"))
	if one {
		filter.Only, filter.Offset = pageOf(like.refs, number), 0
	}
	d, err := w.Service.ConcernDesk(c.UserContext(), actor, filter, q.Value("new") != "")
	if err != nil {
		return err
	}
	if one {
		d.Total = len(like.refs)
	}
	b := w.StaffBase(c, "officer_concern.title", "title", d.Consultation.Title).about(d.Subjects).WithErrors(wrong)
	p := drawOfficerConcerns(b, d, found, like, q, f, w.Service.Calendar())
	p.Pages = Paginate(number, d.Total, consult.ConcernPointsPage, narrowed(q, "topic", "stance", "language", "new", "like"))
	if err := w.answerTags(c, &p.Base, p.Concerns, p.Further); err != nil {
		return err
	}
	if consult.KindOf(wrong) == consult.Conflict {
		p.Changed = true
		return w.Pages.Page(c, fiber.StatusConflict, "officer-concerns", p)
	}
	return shown(w, c, "officer-concerns", p, nil)
}

// alike finds the letters or the group that the address asks for, by its first point: its size may have changed since.
func alike(found advised, first string) (likeness, bool) {
	ref, _, ok := parsePoint(first)
	for _, list := range [][]likeness{found.campaigns, found.groups} {
		for _, l := range list {
			if ok && l.refs[0] == ref {
				return l, true
			}
		}
	}
	return likeness{}, false
}

func pageOf(refs []consult.PointRef, number int) []consult.PointRef {
	from := min((number-1)*consult.ConcernPointsPage, len(refs)-1)
	return refs[from:min(from+consult.ConcernPointsPage, len(refs))]
}

// narrowed is the part of a query that further pages keep.
func narrowed(q *Form, names ...string) url.Values {
	values := url.Values{}
	for _, n := range names {
		if v := q.Value(n); v != "" {
			values.Set(n, v)
		}
	}
	return values
}

func drawOfficerConcerns(b Base, d consult.ConcernDesk, found advised, like likeness, q, f *Form, cal consult.Calendar) *officerConcernsPage {
	k := d.Consultation
	p := &officerConcernsPage{Base: b, Desk: b.caseDesk(k.ID, "concerns"), Action: officerConcernsHref(k.ID), Key: NewKey(), Since: cal.Day(d.Since),
		Searching: found.searching, Beyond: found.beyond}
	p.Demo, p.Notice = p.Demo || k.Demo, p.lastAct(q, d.Changes)
	p.Counts = []string{p.T("officer_concern.count", "n", len(d.Concerns)), p.T("officer_concern.loose", "n", d.Loose)}
	if q.Value("new") == "" && d.FreshLoose > 0 {
		p.Fresh = &Link{p.Action + "?new=1#points", p.T("officer_concern.fresh_loose", "n", d.FreshLoose)}
	}
	p.Counts = append(p.Counts, p.T("officer_concern.fresh", "n", d.FreshLoose+d.FreshSorted, "date", p.Language.Date(p.Since.Time()), "sorted", d.FreshSorted))
	titles := map[consult.ID]string{}
	for i, c := range d.Concerns {
		titles[c.ID] = c.Title
		if row := p.concernRow(c); i < concernsListed {
			p.Concerns = append(p.Concerns, row)
		} else {
			p.Further = append(p.Further, row)
		}
	}
	p.likenesses(found, titles)
	p.filters(q, like)
	p.loosePoints(d, found, titles, q, f, cal)
	p.targets(d, f)
	p.Changes = p.concernChanges(k.ID, 0, d.Changes)
	return p
}

func officerConcernsHref(id consult.ID) string {
	return "/officer/consultations/" + id.String() + "/concerns"
}

func officerConcernHref(id consult.ID) string { return "/officer/concerns/" + id.String() }

// concernRow says of a concern what an officer looks for in a list.
func (b *Base) concernRow(c consult.Concern) concernRow {
	row := concernRow{ID: c.ID, Link: Link{officerConcernHref(c.ID), c.Title}, State: Tag{Text: b.T("officer_concern.inside")},
		Facts: []string{b.T("officer_concern.points", "n", c.Points), b.T("officer_concern.people", "n", c.Sources)}}
	if c.Shown() {
		row.State = Tag{Text: b.T("officer_concern.shown"), Kind: "done"}
	}
	if c.Letters > 0 {
		row.Facts = append(row.Facts, b.T("officer_concern.letters", "n", c.Letters))
	}
	if c.Fresh > 0 {
		row.Facts = append(row.Facts, b.T("officer_concern.new", "n", c.Fresh))
	}
	if c.Topic != "" {
		row.Facts = append(row.Facts, b.topic(c.Topic))
	}
	return row
}

// likenesses shows letters and groups, each as one line.
func (p *officerConcernsPage) likenesses(found advised, titles map[consult.ID]string) {
	p.Letters, p.Groups = likenesses{Name: "campaign", Legend: p.T("officer_concern.campaigns")}, likenesses{Name: "group", Legend: p.T("officer_concern.groups")}
	for i, l := range found.campaigns {
		if i == lettersShown {
			break
		}
		v := p.likeness(l, "letters-", p.T("officer_concern.signatories", "n", l.people))
		if title := titles[l.concern]; title != "" {
			v.Sort = &Button{Text: p.T("officer_concern.sort_letters", "n", len(l.refs), "title", title), Name: "letters", Value: l.key(), Secondary: true}
		}
		p.Letters.List = append(p.Letters.List, v)
	}
	for i, l := range found.groups {
		if i == groupsShown {
			break
		}
		p.Groups.List = append(p.Groups.List, p.likeness(l, "group-", p.T("officer_concern.group", "n", len(l.refs))))
	}
}

func (p *officerConcernsPage) likeness(l likeness, prefix, title string) likenessView {
	value := pointValue(l.refs[0], 0)
	return likenessView{Value: l.key(), ID: prefix + domID(l.refs[0]), Title: title, Sample: marked(excerpt(l.sample, 240), l.phrases), Language: l.language,
		Phrases: phrases(l.phrases), Each: Link{p.Action + "?like=" + url.QueryEscape(value) + "#points", p.T("officer_concern.each", "n", len(l.refs))}}
}

// domID makes a point's id in a page.
func domID(ref consult.PointRef) string { return ref.Source.String() + "-" + string(ref.Topic) }

// phrases are those that explain a proposal, at most six.
func phrases(list []similar.Phrase) []string {
	var words []string
	for _, p := range list[:min(6, len(list))] {
		words = append(words, p.Text)
	}
	return words
}

// filters narrow the loose points.
func (p *officerConcernsPage) filters(q *Form, like likeness) {
	p.Filters = p.pointFilters(q)
	p.Filter = Button{Text: p.T("officer_concern.filter"), Secondary: true}
	switch {
	case len(like.phrases) > 0:
		p.Like = p.T("officer_concern.like_group", "phrases", strings.Join(phrases(like.phrases), ", "))
	case len(like.refs) > 0:
		p.Like = p.T("officer_concern.like_letters", "n", like.people)
	case q.Value("new") != "":
		p.Like = p.T("officer_concern.like_new", "date", p.Language.Date(p.Since.Time()))
	}
	if p.Like != "" || len(narrowed(q, "topic", "stance", "language")) > 0 {
		p.Whole = &Link{p.Action + "#points", p.T("officer_concern.whole")}
	}
}

// pointFilters are selects by topic, stance and language.
func (b *Base) pointFilters(q *Form) []Select {
	list := []Select{b.topicSelect(consult.Topic(q.Value("topic")))}
	if b.subjects.Kind.Planning() {
		list = append(list, chosen(b, consult.Stance(q.Value("stance")), "stance", "comments.stance", "comments.any_stance", consult.Stances(), "stance."))
	}
	language := Select{Field: b.field("language", "officer_concern.language"), Options: []Choice{{Label: b.T("officer_concern.any_language")}}}
	for _, l := range b.Languages {
		language.Options = append(language.Options, Choice{Value: l.Code, Label: l.Name, Checked: l.Code == q.Value("language")})
	}
	return append(list, language)
}

// loosePoints lists a page of points with what is proposed for each.
func (p *officerConcernsPage) loosePoints(d consult.ConcernDesk, found advised, titles map[consult.ID]string, q, f *Form, cal consult.Calendar) {
	proposed := 0
	for _, pt := range d.Points {
		v, words := p.sortedPoint(pt, cal), []similar.Phrase(nil)
		advice := found.suggester.Suggest(textOf(pt))
		if concern := best(advice); titles[concern] != "" {
			words = advice.Ranked[0].Phrases
			v.Proposed, v.Value, v.Phrases = titles[concern], pointValue(pt.Ref, concern), phrases(words)
			v.Ticked = q.Value("tick") != ""
			proposed++
		}
		v.Text = marked(excerpt(pt.Text, pointExcerpt), words)
		v.Ticked = v.Ticked || tickedBefore(f, pt.Ref)
		p.Points = append(p.Points, v)
	}
	if proposed > 0 {
		p.Accept = &Button{Text: p.T("officer_concern.accept"), Name: looseDo, Value: "accept"}
		if q.Value("tick") == "" {
			query := narrowed(q, "topic", "stance", "language", "new", "like", "page")
			query.Set("tick", "1")
			p.Tick = &Link{p.Action + "?" + query.Encode() + "#points", p.T("officer_concern.tick", "n", proposed)}
		}
	}
	p.Wrong = p.ErrorOf("point")
}

// best is the concern that stands out for a text; 0 = leave it to a person.
func best(a similar.Advice) consult.ID {
	if !a.Sure || len(a.Ranked) == 0 {
		return 0
	}
	return consult.ID(a.Ranked[0].Concern)
}

func tickedBefore(f *Form, ref consult.PointRef) bool {
	for _, v := range f.Values("point") {
		if r, _, ok := parsePoint(v); ok && r == ref {
			return true
		}
	}
	return false
}

// sortedPoint is a point in words.
func (b *Base) sortedPoint(pt consult.ConcernPoint, cal consult.Calendar) sortedPoint {
	v := sortedPoint{Value: pointValue(pt.Ref, 0), ID: "point-" + domID(pt.Ref), At: cal.Day(pt.SaidAt), Language: pt.Language}
	if pt.Ref.Topic == "" {
		v.Said = []string{b.T("officer_concern.message")}
		v.Open = Link{threadHref(pt.Thread, pt.Seq), b.T("officer_concern.open_message")}
	} else {
		v.Said = []string{b.stance(pt.Stance), b.topic(pt.Ref.Topic)}
		v.Open = Link{"/officer/comments/" + pt.Ref.Source.String(), b.T("officer_concern.open_comment", "reference", pt.Ref.Source.String())}
	}
	for _, l := range b.Languages {
		if l.Code == pt.Language && l.Code != b.Language.Code {
			v.Said = append(v.Said, l.Name)
		}
	}
	if !pt.Public {
		v.Said = append(v.Said, b.T("officer_concern.unpublished"))
	}
	return v
}

// targets are where ticked points can go.
func (p *officerConcernsPage) targets(d consult.ConcernDesk, f *Form) {
	p.Name = p.TextInput(f, "title", "officer_concern.new_title")
	p.Make = Button{Text: p.T("officer_concern.make"), Name: looseDo, Value: "make"}
	p.Into = p.concernSelect(d.Concerns, "officer_concern.into", f)
	p.Put = Button{Text: p.T("officer_concern.put"), Name: looseDo, Value: "put", Secondary: true}
}

// concernSelect is a choice of concerns.
func (b *Base) concernSelect(concerns []consult.Concern, key string, f *Form) Select {
	s := Select{Field: b.field("into", key), Options: []Choice{{Label: b.T("officer_concern.choose")}}}
	for _, c := range concerns {
		s.Options = append(s.Options, Choice{Value: c.ID.String(), Label: excerpt(c.Title, 70), Checked: f.Value("into") == c.ID.String()})
	}
	return s
}
