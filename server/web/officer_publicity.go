package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerPublicityPage is where notices are recorded: what the law requires, what is done, and how early a round may close.
type officerPublicityPage struct {
	Base
	Case     consult.Consultation
	State    Tag
	Desk     caseDesk
	Rounds   []noticedRound
	Round    Choices
	Kind     Choices
	On       DateInput
	Evidence TextInput
	Submit   Button
	Settled  bool // nothing is recorded any more
	Path     string
}

// noticedRound is a round with its notices.
type noticedRound struct {
	Name     string
	Required []requirement
	Notices  []noticeRow
	Earliest string // in words; "" = nothing says how early
}

// requirement is a choice of notices of which the law wants one.
type requirement struct {
	Text string
	Tag  Tag
}

// noticeRow is one notice that was recorded.
type noticeRow struct {
	Kind, Evidence string
	Link           bool // Evidence is a web address
	On             consult.Date
	Counted        string
	Taken          string // why it was taken back, in words; "" = it stands
	ID             string
	Why            TextInput
	Submit         Button
}

// OfficerPublicity shows it.
func (w *Web) OfficerPublicity(c *fiber.Ctx) error {
	p, err := w.officerPublicity(c, nil, nil)
	return shown(w, c, "officer-publicity", p, err)
}

func (w *Web) officerPublicity(c *fiber.Ctx, f *Form, invalid error) (*officerPublicityPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	s, err := w.Service.Standing(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_publicity.title", "title", s.Consultation.Title).WithErrors(invalid)
	return drawOfficerPublicity(b, s, f), nil
}

func drawOfficerPublicity(b Base, s consult.Standing, f *Form) *officerPublicityPage {
	b = b.about(s.Subjects)
	k := s.Consultation
	p := &officerPublicityPage{Base: b, Case: k, State: b.StateTag(k.State), Desk: b.caseDesk(k.ID, "publicity"), Settled: k.State.Settled(),
		Path: "/officer/consultations/" + k.ID.String()}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	rounds := slices.Clone(s.Rounds)
	if next := s.NextRound(); !slices.ContainsFunc(rounds, func(r consult.Round) bool { return r.Number == next.Number }) && !p.Settled {
		rounds = append(rounds, next)
	}
	current := cmp.Or(s.Round().Number, 1)
	if k.State == consult.Amended {
		current = s.NextRound().Number
	}
	var numbers []string
	for _, r := range rounds {
		p.Rounds = append(p.Rounds, p.noticed(s, r, f))
		numbers = append(numbers, strconv.Itoa(r.Number))
	}
	f = values(f, map[string]string{"round": strconv.Itoa(current)})
	p.Round = Choices{Field: p.field("round", "officer_publicity.round")}
	for i, n := range numbers {
		p.Round.Choices = append(p.Round.Choices, Choice{Value: n, Label: p.Rounds[i].Name, Checked: f.Value("round") == n})
	}
	p.Kind = Radios(&p.Base, f, "publicity", "officer_publicity.kind", consult.PublicityKinds(), "publicity.")
	p.On = p.DateInput(f, "on", "officer_publicity.on")
	p.Evidence = p.TextInput(f, "evidence", "officer_publicity.evidence")
	p.Submit = Button{Text: p.T("officer_publicity.record")}
	return p
}

// noticed draws one round: what the law wants for it, what was done, and when it may close.
func (p *officerPublicityPage) noticed(s consult.Standing, r consult.Round, f *Form) noticedRound {
	k := s.Consultation
	v := noticedRound{Name: p.T("officer_cycle.round", "n", r.Number, "kind", p.T("round."+string(r.Kind)))}
	given := consult.OfRound(s.Publicity, r.Number)
	missing := k.MissingPublicity(given)
	// After an amendment the law leaves it to the authority how it tells people.
	if k.Kind.Planning() && r.Kind != consult.AmendmentRound {
		for _, choice := range consult.RequiredPublicity(k.Application) {
			lacks := slices.ContainsFunc(missing, func(m []consult.PublicityKind) bool { return slices.Equal(m, choice) })
			v.Required = append(v.Required, p.requirement(choice, lacks))
		}
	}
	for _, n := range s.Publicity {
		if n.Round == r.Number {
			v.Notices = append(v.Notices, p.notice(s, r, n, f))
		}
	}
	if least, err := s.Calendar.MinimumEnd(r.Kind, k.Application.EIA, given); err == nil && least != "" && k.Kind.Planning() {
		v.Earliest = p.T("officer_publicity.earliest", "date", p.Language.Civil(string(least)))
	}
	return v
}

func (p *officerPublicityPage) requirement(choice []consult.PublicityKind, lacks bool) requirement {
	names := make([]string, len(choice))
	for i, kind := range choice {
		names[i] = p.T("publicity." + string(kind))
	}
	v := requirement{Text: strings.Join(names, p.T("officer_publicity.or")), Tag: Tag{Text: p.T("officer_publicity.done"), Kind: "done"}}
	if lacks {
		v.Tag = Tag{Text: p.T("officer_publicity.missing"), Kind: "wait"}
	}
	return v
}

func (p *officerPublicityPage) notice(s consult.Standing, r consult.Round, n consult.Publicity, f *Form) noticeRow {
	row := noticeRow{Kind: p.T("publicity." + string(n.Kind)), Evidence: n.Evidence, Link: consult.WebLink(n.Evidence), On: n.On, ID: n.ID.String()}
	if n.TakenBack() {
		row.Taken = p.T("officer_publicity.taken_back", "why", n.TakenBackWhy)
		return row
	}
	if period, err := s.Calendar.Count(n.Kind, n.On, r.Kind, s.Consultation.Application.EIA); err == nil && s.Consultation.Kind.Planning() {
		row.Counted = p.periodText(period)
	}
	row.Why = p.TextInput(f, "why-"+row.ID, "officer_publicity.why")
	row.Submit = Button{Text: p.T("officer_publicity.take_back"), Secondary: true}
	return row
}

// OfficerNotice records a notice.
func (w *Web) OfficerNotice(c *fiber.Ctx) error {
	f, id, err := readCase(c)
	if err != nil {
		return err
	}
	round, _ := f.Int("round", 1, 1000)
	n := consult.Publicity{Consultation: id, Round: round, Kind: Choose(f, "publicity", consult.PublicityKinds()), On: f.Date("on"), Evidence: f.Line("evidence", 300)}
	err = f.Err("record publicity")
	if err == nil {
		err = w.Service.RecordPublicity(c.UserContext(), w.actor(c), n)
	}
	return w.officerPublicityDone(c, f, err)
}

// OfficerTakeBack takes a notice back that was never given.
func (w *Web) OfficerTakeBack(c *fiber.Ctx) error {
	f, id, err := readCase(c)
	if err != nil {
		return err
	}
	notice, err := f.ID("notice")
	if err != nil {
		return err
	}
	field := "why-" + notice.String()
	why := f.Line(field, 300)
	err = f.Err("take back publicity")
	if err == nil {
		err = w.Service.TakeBackPublicity(c.UserContext(), w.actor(c), id, notice, why)
		if len(consult.FieldsOf(err)) > 0 {
			err = asField(err, "why", field)
		}
	}
	return w.officerPublicityDone(c, f, err)
}

func (w *Web) officerPublicityDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerPublicity(c, f, err)
		return shown(w, c, "officer-publicity", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/publicity", fiber.StatusSeeOther)
}
