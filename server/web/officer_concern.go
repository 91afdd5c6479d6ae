package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerConcernPage is one concern with the points in it.
type officerConcernPage struct {
	Base
	Desk      caseDesk
	Row       concernRow
	Since     string // since when everybody can read it; "" = they cannot
	Into      *Link  // what it was merged into; nil = it stands
	Public    *Link
	Action    string
	Key       string
	Changed   bool             // somebody sorted meanwhile
	Meanwhile *consult.Concern // what somebody else saved while this was written
	Version   int
	Name      TextInput
	Service   TextInput
	Show      Choices
	Save      Button
	Filters   []Select
	Filter    Button
	Total     string
	Points    []sortedPoint
	Wrong     string
	Pages     Pagination
	SplitName TextInput
	Split     Button
	Target    Select
	Move      Button
	Out       Button
	MergeInto Select
	Merge     Button
	Changes   concernChanges
}

// OfficerConcern shows one concern.
func (w *Web) OfficerConcern(c *fiber.Ctx) error { return w.officerConcern(c, nil, nil) }

func (w *Web) officerConcern(c *fiber.Ctx, f *Form, wrong error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	q := ReadQuery(c)
	number := PageNumber(q)
	filter := consult.PointFilter{Concern: id, Topic: consult.Topic(q.Line("topic", 40)), Stance: consult.Stance(q.Line("stance", 20)),
		Language: q.Line("language", 20), Offset: (number - 1) * consult.ConcernPointsPage}
	v, err := w.Service.ConcernFile(c.UserContext(), w.actor(c), filter)
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "officer_concern.one_title", "title", v.Concern.Title).about(v.Subjects).WithErrors(wrong)
	p := drawOfficerConcern(b, v, q, f, w.Service.Calendar())
	p.Pages = Paginate(number, v.Total, consult.ConcernPointsPage, narrowed(q, "topic", "stance", "language"))
	row := []concernRow{p.Row}
	if err := w.answerTags(c, &p.Base, row); err != nil {
		return err
	}
	p.Row = row[0]
	if consult.KindOf(wrong) == consult.Conflict {
		p.Changed = true
		if f.Has("version") && f.Value("version") != strconv.Itoa(p.Version) {
			p.Meanwhile = &v.Concern
		}
		return w.Pages.Page(c, fiber.StatusConflict, "officer-concern", p)
	}
	return shown(w, c, "officer-concern", p, nil)
}

func drawOfficerConcern(b Base, v consult.ConcernFile, q, f *Form, cal consult.Calendar) *officerConcernPage {
	k := v.Concern
	p := &officerConcernPage{Base: b, Desk: b.caseDesk(v.Consultation.ID, "concerns"), Row: b.concernRow(k), Action: officerConcernHref(k.ID), Key: NewKey(),
		Version: k.Version}
	p.Demo = p.Demo || v.Consultation.Demo
	p.Notice = p.lastAct(q, v.Changes)
	p.Back = &Link{officerConcernsHref(v.Consultation.ID), p.T("officer_concern.back")}
	if k.MergedInto != 0 {
		p.Into = &Link{officerConcernHref(v.Into.ID), v.Into.Title}
	}
	if k.Shown() {
		p.Since = p.Language.Date(k.ShownAt)
		p.Public = &Link{"/concerns/" + k.ID.String(), p.T("officer_concern.see_public")}
	}
	p.faceForm(k, f)
	p.Filters, p.Filter = p.pointFilters(q), Button{Text: p.T("officer_concern.filter"), Secondary: true}
	p.Total = p.T("officer_concern.points", "n", v.Total)
	for _, pt := range v.Points {
		view := p.sortedPoint(pt, cal)
		view.Text = []segment{{Text: excerpt(pt.Text, pointExcerpt)}}
		view.AddedAt, view.ConcernHow = cal.Day(pt.AddedAt), p.T("officer_concern.by_"+string(pt.By))
		view.Ticked = tickedBefore(f, pt.Ref)
		p.Points = append(p.Points, view)
	}
	p.Wrong = p.ErrorOf("point")
	p.pointActs(v, f)
	p.Changes = p.concernChanges(v.Consultation.ID, k.ID, v.Changes)
	return p
}

// faceForm is what the concern says of itself, or what was typed over it.
func (p *officerConcernPage) faceForm(k consult.Concern, f *Form) {
	typed := f
	if f == nil || !f.Has("version") || f.Has("into") { // another form of this page
		fields := map[string]string{"title": k.Title, "service": k.Service}
		if k.Shown() {
			fields["show"] = "show"
		}
		typed = values(nil, fields)
	}
	p.Name = p.TextInput(typed, "title", "officer_concern.one")
	p.Service = p.TextInput(typed, "service", "officer_concern.service")
	p.Show = Checkboxes(&p.Base, typed, "show", "officer_concern.show", []string{"show"}, "officer_concern.do_")
	p.Save = Button{Text: p.T("officer_concern.save")}
}

// pointActs are what can be done with ticked points, and with the whole concern.
func (p *officerConcernPage) pointActs(v consult.ConcernFile, f *Form) {
	p.SplitName = p.TextInput(f, "split", "officer_concern.split_title")
	p.Split = Button{Text: p.T("officer_concern.split"), Name: looseDo, Value: "split"}
	p.Target = p.concernSelect(v.Others, "officer_concern.move_into", f)
	p.Target.Name = "target"
	p.Move = Button{Text: p.T("officer_concern.move"), Name: looseDo, Value: "move", Secondary: true}
	p.Out = Button{Text: p.T("officer_concern.out"), Name: looseDo, Value: "out", Secondary: true}
	p.MergeInto = p.concernSelect(v.Others, "officer_concern.merge_into", f)
	p.Merge = Button{Text: p.T("officer_concern.merge"), Secondary: true}
}

// SaveConcern keeps its title, who answers, and whether everybody can read it.
func (w *Web) SaveConcern(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	k := consult.Concern{Title: f.Line("title", consult.MaxConcern), Service: f.Line("service", consult.MaxName), Version: versionOf(f)}
	shown := Choose(f, "show", []string{"show"}) != ""
	if k.ID, err = consult.ParseID(c.Params("id")); err != nil {
		return err
	}
	if err = f.Err("save concern"); err == nil {
		err = w.Service.SaveConcern(c.UserContext(), w.actor(c), k, shown)
	}
	return w.concernDone(c, f, err)
}

// concernDone shows the concern again: with what is wrong, or as it is now.
func (w *Web) concernDone(c *fiber.Ctx, f *Form, err error) error {
	if refused(err) {
		return w.officerConcern(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/concerns/"+c.Params("id")+"?done=1", fiber.StatusSeeOther)
}

// MoveConcernPoints splits the ticked points off, moves them to another concern, or takes them out.
func (w *Web) MoveConcernPoints(c *fiber.Ctx) error {
	const op = "move points"
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	refs, act, key := tickedPoints(f), Choose(f, looseDo, []string{"split", "move", "out"}), f.Key()
	if act == "split" {
		return w.concernDone(c, f, w.splitConcern(c, f, id, refs, key))
	}
	var to consult.ID
	if act == "move" {
		if to, err = f.ID("target"); err != nil {
			f.Fail("target", "required")
		}
	}
	if err = f.Err(op); err == nil {
		err = renamed(w.Service.MovePoints(c.UserContext(), w.actor(c), id, to, refs, key), map[string]string{"into": "target"})
	}
	return w.concernDone(c, f, err)
}

func (w *Web) splitConcern(c *fiber.Ctx, f *Form, id consult.ID, refs []consult.PointRef, key string) error {
	title := f.Line("split", consult.MaxConcern)
	if err := f.Err("split concern"); err != nil {
		return err
	}
	k, err := w.Service.ConcernKnown(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	_, err = w.Service.MakeConcern(c.UserContext(), w.actor(c), consult.ConcernInput{Consultation: k.Consultation, From: id, Title: title, Service: k.Service,
		Refs: refs, By: consult.ByHand, Key: key})
	return renamed(err, map[string]string{"title": "split"})
}

// MergeConcern puts all its points into another concern, which it then leads to.
func (w *Web) MergeConcern(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	k := consult.Concern{Version: versionOf(f)}
	if k.ID, err = consult.ParseID(c.Params("id")); err != nil {
		return err
	}
	into, err := f.ID("into")
	if err != nil {
		f.Fail("into", "required")
	}
	key := f.Key()
	if err = f.Err("merge concerns"); err == nil {
		err = w.Service.MergeConcerns(c.UserContext(), w.actor(c), k, into, key)
	}
	return w.concernDone(c, f, err)
}
