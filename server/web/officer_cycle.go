package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerCyclePage is where a case is moved on and a round extended; it says what stands against each move, and what happened so far.
type officerCyclePage struct {
	Base
	Case      consult.Consultation
	State     Tag
	Desk      caseDesk
	Rounds    []roundRow
	Proposal  string // what an outage proposes, in words; "" = nothing
	Extend    *extendForm
	Move      *moveForm // nil = no move is possible now
	Blocked   []blockedMove
	Outages   []outageRow
	Outage    outageForm
	History   []historyRow
	NextRound string // when the next round could close, in words; "" = none can open from here
	Path      string
}

// roundRow is a round with its days, and how they were counted.
type roundRow struct {
	Name          string
	Opens, Closes consult.Date
	Counted       string
}

// blockedMove is a move the state machine knows, with what stands against it.
type blockedMove struct {
	State   string
	Against []string
}

// moveForm asks for what the possible moves need, and nothing else.
type moveForm struct {
	Next           Choices
	Why            TextArea
	Opens, Closes  *DateInput
	RoundKind      *Choices
	Decision, By   *Choices
	On             *DateInput
	AppealDecision *Choices
	CommitteeOn    *DateInput
	Submit         Button
}

// extendForm lets a round end later.
type extendForm struct {
	Closes DateInput
	Why    TextArea
	Submit Button
	Close  *Button // close anyway; only where an outage holds the round open
}

type outageRow struct{ From, To, Why string }

// outageForm records an outage that the program could not notice.
type outageForm struct {
	From, To         DateInput
	FromTime, ToTime TextInput
	Why              TextInput
	Submit           Button
}

// OfficerCycle shows it.
func (w *Web) OfficerCycle(c *fiber.Ctx) error {
	p, err := w.officerCycle(c, nil, nil)
	return shown(w, c, "officer-cycle", p, err)
}

func (w *Web) officerCycle(c *fiber.Ctx, f *Form, invalid error) (*officerCyclePage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	s, err := w.Service.Standing(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	outages, err := w.Service.RecentOutages(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_cycle.title", "title", s.Consultation.Title).WithErrors(invalid)
	return drawOfficerCycle(b, s, outages, f), nil
}

func drawOfficerCycle(b Base, s consult.Standing, outages []consult.Outage, f *Form) *officerCyclePage {
	b = b.about(s.Subjects)
	k := s.Consultation
	p := &officerCyclePage{Base: b, Case: k, State: b.StateTag(k.State), Desk: b.caseDesk(k.ID, "cycle"), Path: "/officer/consultations/" + k.ID.String()}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.elsewhere(p.Path)
	for _, r := range s.Rounds {
		p.Rounds = append(p.Rounds, roundRow{p.T("officer_cycle.round", "n", r.Number, "kind", p.T("round."+string(r.Kind))), r.Opens, r.Closes,
			p.countedText(s.Calendar, k, r, s.Publicity)})
	}
	var possible []consult.State
	for _, way := range s.Ways() {
		if len(way.Against) == 0 {
			possible = append(possible, way.To)
			continue
		}
		p.Blocked = append(p.Blocked, blockedMove{p.T("state." + string(way.To)), p.against(way.Against)})
	}
	p.drawMove(f, s, possible)
	p.drawExtend(f, s)
	p.drawOutages(f, outages)
	p.History = p.history(s.History, s.Calendar)
	return p
}

// drawMove asks for the move, with what the possible ones need.
func (p *officerCyclePage) drawMove(f *Form, s consult.Standing, possible []consult.State) {
	opens := slices.ContainsFunc(consult.NextStates(s.Consultation.Kind, s.Consultation.State), func(to consult.State) bool {
		return to == consult.Consulting || to == consult.Reconsulting
	})
	next := s.NextRound()
	if opens && next.Closes != "" {
		p.NextRound = p.T("officer_cycle.next_round", "n", next.Number, "date", p.Language.Civil(string(next.Closes)))
	}
	if len(possible) == 0 {
		return
	}
	b, m := &p.Base, &moveForm{Submit: Button{Text: p.T("officer_cycle.move")}}
	p.Move = m
	m.Next = Radios(b, f, "state", "officer_cycle.next", possible, "state.")
	m.Why = p.TextArea(f, "why", "officer_cycle.why", 1000)
	may := func(to ...consult.State) bool {
		return slices.ContainsFunc(possible, func(s consult.State) bool { return slices.Contains(to, s) })
	}
	date := func(name string) *DateInput {
		d := p.DateInput(f, name, "officer_cycle."+strings.ReplaceAll(name, "-", "_"))
		return &d
	}
	if may(consult.Consulting, consult.Reconsulting) {
		prefill := values(f, dateValues(dateValues(map[string]string{}, "opens", next.Opens), "closes", next.Closes))
		o, c := p.DateInput(prefill, "opens", "officer_cycle.opens"), p.DateInput(prefill, "closes", "officer_cycle.closes")
		m.Opens, m.Closes = &o, &c
	}
	if may(consult.Reconsulting) {
		k := Radios(b, values(f, map[string]string{"round-kind": string(next.Kind)}), "round-kind", "officer_cycle.round_kind", laterRounds(s.Consultation), "round.")
		m.RoundKind = &k
	}
	if may(consult.Decided) && s.Consultation.Kind.Planning() {
		d, by := Radios(b, f, "decision", "officer_cycle.decision", consult.Decisions(), "decision."), Radios(b, f, "decided-by", "officer_cycle.decided_by", consult.DecisionMakers(), "decision_maker.")
		m.Decision, m.By = &d, &by
	}
	if may(consult.AppealDecided) {
		d := Radios(b, f, "appeal-decision", "officer_cycle.appeal_decision", consult.AppealDecisions(), "appeal_decision.")
		m.AppealDecision = &d
	}
	if may(consult.Decided, consult.AppealDecided) {
		m.On = date("decided-on")
	}
	if may(consult.InCommittee) {
		m.CommitteeOn = date("committee-on")
	}
}

// laterRounds are the kinds a round after the first can have.
func laterRounds(k consult.Consultation) []consult.RoundKind {
	return slices.DeleteFunc(consult.RoundKinds(), func(r consult.RoundKind) bool {
		return r == consult.InitialRound || r == consult.FurtherRound && !k.Application.EIA
	})
}

// dateValues adds the three boxes of a day.
func dateValues(fields map[string]string, name string, day consult.Date) map[string]string {
	if at := day.Time(); !at.IsZero() {
		fields[name+"-day"], fields[name+"-month"], fields[name+"-year"] = at.Format("2"), at.Format("1"), at.Format("2006")
	}
	return fields
}

// drawExtend offers to extend the latest round, with what an outage proposes filled in.
func (p *officerCyclePage) drawExtend(f *Form, s consult.Standing) {
	r, state := s.Round(), s.Consultation.State
	if r.Number == 0 || state != consult.Consulting && state != consult.Reconsulting && state != consult.ClosedState {
		return
	}
	x := &extendForm{Submit: Button{Text: p.T("officer_cycle.extend"), Secondary: true, Name: "do", Value: "extend"}}
	filled := map[string]string{}
	if e, ok := s.Extension(); ok {
		l, key := p.Language, "officer_cycle.proposal"
		if state == consult.ClosedState {
			key = "officer_cycle.proposal_closed"
		}
		p.Proposal = p.T(key, "from", l.DateTime(e.Outage.From), "to", l.DateTime(e.Outage.To), "closes", l.Civil(string(r.Closes)),
			"date", l.Civil(string(e.Closes)))
		filled = dateValues(filled, "extend-closes", e.Closes)
		if state != consult.ClosedState {
			x.Close = &Button{Text: p.T("officer_cycle.close_anyway"), Secondary: true, Name: "do", Value: "close"}
		}
	}
	f = values(f, filled)
	x.Closes = p.DateInput(f, "extend-closes", "officer_cycle.extend_closes")
	x.Why = p.TextArea(f, "extend-why", "officer_cycle.extend_why", 1000)
	p.Extend = x
}

func (p *officerCyclePage) drawOutages(f *Form, outages []consult.Outage) {
	for _, o := range outages {
		p.Outages = append(p.Outages, outageRow{p.Language.DateTime(o.From), p.Language.DateTime(o.To), cmp.Or(o.Why, p.T("officer_cycle.outage_noticed"))})
	}
	p.Outage = outageForm{From: p.DateInput(f, "outage-from", "officer_cycle.outage_from"), To: p.DateInput(f, "outage-to", "officer_cycle.outage_to"),
		FromTime: p.TextInput(f, "outage-from-time", "officer_cycle.outage_from_time"), ToTime: p.TextInput(f, "outage-to-time", "officer_cycle.outage_to_time"),
		Why: p.TextInput(f, "outage-why", "officer_cycle.outage_why"), Submit: Button{Text: p.T("officer_cycle.outage_record"), Secondary: true}}
	p.Outage.FromTime.Short, p.Outage.ToTime.Short = true, true
}

// OfficerMove moves the case on; a new round comes with its dates.
func (w *Web) OfficerMove(c *fiber.Ctx) error {
	f, id, err := readCase(c)
	if err != nil {
		return err
	}
	move := consult.Move{Consultation: id, To: Choose(f, "state", consult.States()), Why: f.Text("why", 1000), CommitteeOn: f.Date("committee-on")}
	opens, closes, kind := f.Date("opens"), f.Date("closes"), Choose(f, "round-kind", consult.RoundKinds())
	move.Ruling = consult.Ruling{Decision: Choose(f, "decision", consult.Decisions()), By: Choose(f, "decided-by", consult.DecisionMakers()), On: f.Date("decided-on")}
	if appeal := Choose(f, "appeal-decision", consult.AppealDecisions()); move.To == consult.AppealDecided {
		move.Ruling.Decision = appeal
	}
	if move.To == "" {
		f.Fail("state", "required")
	}
	err = f.Err("move consultation")
	if err == nil && (move.To == consult.Consulting || move.To == consult.Reconsulting) {
		err = w.openRound(c, &move, opens, closes, kind)
	}
	if err == nil {
		err = w.Service.Advance(c.UserContext(), w.actor(c), move)
	}
	return w.officerCycleDone(c, f, err)
}

// openRound adds the round that a move opens: the next one, with the days that were typed.
func (w *Web) openRound(c *fiber.Ctx, move *consult.Move, opens, closes consult.Date, kind consult.RoundKind) error {
	s, err := w.Service.Standing(c.UserContext(), w.actor(c), move.Consultation)
	if err != nil {
		return err
	}
	r := s.NextRound()
	r.Opens, r.Closes = cmp.Or(opens, r.Opens), cmp.Or(closes, r.Closes)
	if r.Number > 1 {
		r.Kind = cmp.Or(kind, r.Kind)
	}
	move.Round = &r
	return nil
}

// OfficerExtend lets the latest round end later, or closes one that an outage holds open.
func (w *Web) OfficerExtend(c *fiber.Ctx) error {
	f, id, err := readCase(c)
	if err != nil {
		return err
	}
	why, closes := f.Text("extend-why", 1000), consult.Date("")
	anyway := f.Value("do") == "close"
	if !anyway {
		closes = f.Date("extend-closes")
	}
	err = f.Err("extend round")
	switch {
	case err != nil:
	case anyway:
		move := consult.Move{Consultation: id, To: consult.ClosedState, Why: why}
		if err = w.Service.Advance(c.UserContext(), w.actor(c), move); len(consult.FieldsOf(err)) > 0 {
			err = asField(err, "why", "extend-why")
		}
	default:
		err = w.Service.ExtendRound(c.UserContext(), w.actor(c), id, closes, why)
	}
	return w.officerCycleDone(c, f, err)
}

// asField gives a field of broken rules the name it has on the page.
func asField(err error, from, to string) error {
	named := slices.Clone(consult.FieldsOf(err))
	for i := range named {
		if named[i].Field == from {
			named[i].Field = to
		}
	}
	return &consult.Error{Kind: consult.Invalid, Op: "extend round", Fields: named}
}

// OfficerOutage records an outage by hand.
func (w *Web) OfficerOutage(c *fiber.Ctx) error {
	f, _, err := readCase(c)
	if err != nil {
		return err
	}
	zone := w.Service.Calendar().Location()
	o := consult.Outage{From: f.Moment("outage-from", zone), To: f.Moment("outage-to", zone), Why: f.Line("outage-why", 300)}
	err = f.Err("record outage")
	if err == nil {
		err = w.Service.RecordOutage(c.UserContext(), w.actor(c), o)
	}
	return w.officerCycleDone(c, f, err)
}

// readCase reads a form about the case that the address names.
func readCase(c *fiber.Ctx) (*Form, consult.ID, error) {
	f, err := ReadForm(c)
	if err != nil {
		return nil, 0, err
	}
	id, err := consult.ParseID(c.Params("id"))
	return f, id, err
}

func (w *Web) officerCycleDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerCycle(c, f, err)
		return shown(w, c, "officer-cycle", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/cycle", fiber.StatusSeeOther)
}

// Moment reads a day in three boxes and a time of day "20:30" in name-time, in the zone. Nothing typed is the zero time. A time that the
// clocks skip is read as the hour after.
func (f *Form) Moment(name string, zone *time.Location) time.Time {
	day, clock := f.Date(name), westernDigits(f.Line(name+"-time", 10))
	if day == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", string(day)+" "+strings.ReplaceAll(clock, ".", ":"), zone)
	if err != nil {
		f.Fail(name+"-time", "time")
		return time.Time{}
	}
	return at
}
