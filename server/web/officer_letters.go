package web

import (
	"context"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Letters words paper mail; the composer of mails does.
type Letters interface {
	Letter(ctx context.Context, l consult.Letter) (consult.LetterText, error)
}

// officerLettersPage is a case's paper mail: what waits to be printed, what was posted, what came back; and what became of its mails.
type officerLettersPage struct {
	Base
	Desk        caseDesk
	Unreachable int
	Waiting     []waitingLetters
	Batches     []batchRow
	States      []deskLink
	State       consult.LetterState
	List        []letterRow
	Pages       Pagination
	Mails       []countRow
	Path        string
}

// waitingLetters are letters that can be printed together.
type waitingLetters struct {
	Kind   consult.MailKind
	Round  int
	Name   string
	N      int
	PostOn DateInput
	Print  Button
}

type batchRow struct {
	Link     Link
	Name     string
	Letters  int
	PostedOn consult.Date
}

// letterRow is one letter with what can be done about it.
type letterRow struct {
	consult.Letter
	Kind    string
	Why     TextInput // nil value = nothing can be done now
	Actions []Button
}

type countRow struct {
	Name, State string
	N           int
}

const lettersPerPage = 25

// OfficerLetters shows it.
func (w *Web) OfficerLetters(c *fiber.Ctx) error {
	p, err := w.officerLetters(c, nil, nil)
	return shown(w, c, "officer-letters", p, err)
}

func (w *Web) officerLetters(c *fiber.Ctx, f *Form, invalid error) (*officerLettersPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	q := ReadQuery(c)
	number, state := PageNumber(q), Choose(q, "state", consult.LetterStates())
	if state == "" {
		state = consult.LetterWaiting
	}
	d, err := w.Service.LetterDesk(c.UserContext(), w.actor(c), id, state, (number-1)*lettersPerPage, lettersPerPage)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_letters.title", "title", d.Case.Consultation.Title).WithErrors(invalid)
	return drawOfficerLetters(b, d, f, number, w.today()), nil
}

func drawOfficerLetters(b Base, d consult.LetterDesk, f *Form, number int, today consult.Date) *officerLettersPage {
	k := d.Case.Consultation
	p := &officerLettersPage{Base: b, Desk: b.caseDesk(k.ID, "letters"), Unreachable: d.Unreachable, State: d.State,
		Path: "/officer/consultations/" + k.ID.String() + "/letters"}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	inState := map[consult.LetterState]int{}
	for _, n := range d.Counts {
		inState[n.State] += n.N
		if n.State == consult.LetterWaiting {
			p.Waiting = append(p.Waiting, p.waitingLetters(n, f, today))
		}
	}
	for _, batch := range d.Batches {
		p.Batches = append(p.Batches, batchRow{Link: Link{Href: p.Path + "/" + batch.ID.String(), Text: p.T("officer_letters.batch", "at", p.Language.DateTime(batch.PrintedAt))},
			Name: p.letterKind(batch.Kind, batch.Round), Letters: batch.Letters, PostedOn: batch.PostedOn})
	}
	for _, s := range consult.LetterStates() {
		p.States = append(p.States, deskLink{Link{Href: p.Path + "?state=" + string(s), Text: p.T("officer_letters.in_state", "state", p.T("letter_state."+string(s)), "n", inState[s])}, s == d.State})
	}
	for _, l := range d.Letters {
		p.List = append(p.List, p.letterRow(l))
	}
	p.Pages = Paginate(number, d.Total, lettersPerPage, url.Values{"state": {string(d.State)}})
	for _, n := range d.Mails {
		p.Mails = append(p.Mails, countRow{Name: p.T("mail_kind." + string(n.Kind)), State: p.T("mail_state." + string(n.State)), N: n.N})
	}
	return p
}

func (p *officerLettersPage) waitingLetters(n consult.LetterCount, f *Form, today consult.Date) waitingLetters {
	v := waitingLetters{Kind: n.Kind, Round: n.Round, Name: p.letterKind(n.Kind, n.Round), N: n.N,
		Print: Button{Text: p.T("officer_letters.print", "n", min(n.N, consult.MaxBatch))}}
	suffix := "-" + string(n.Kind) + "-" + strconv.Itoa(n.Round)
	if f.Value("kind") != string(n.Kind) || roundOf(f) != n.Round {
		f = nil
	}
	v.PostOn = p.dayInput(f, "post-on"+suffix, "officer_letters.post_on", today)
	return v
}

// dayInput is a DateInput that begins with a day.
func (b *Base) dayInput(f *Form, name, key string, day consult.Date) DateInput {
	t := day.Time()
	return b.DateInput(values(f, map[string]string{name + "-day": strconv.Itoa(t.Day()), name + "-month": strconv.Itoa(int(t.Month())),
		name + "-year": strconv.Itoa(t.Year())}), name, key)
}

// letterKind names letters: by what they say, those to neighbours also by their round.
func (b *Base) letterKind(kind consult.MailKind, round int) string {
	if kind == consult.MailNeighbour {
		return b.T("officer_letters.to_neighbours", "n", round)
	}
	return b.T("mail_kind." + string(kind))
}

func (p *officerLettersPage) letterRow(l consult.Letter) letterRow {
	r := letterRow{Letter: l, Kind: p.letterKind(l.Kind, l.Round)}
	does := map[consult.LetterState][]string{consult.LetterPrinted: {"failed"}, consult.LetterPosted: {"returned", "resend"},
		consult.LetterReturned: {"resend"}, consult.LetterFailed: {"resend"}}
	for _, do := range does[l.State] {
		r.Actions = append(r.Actions, Button{Text: p.T("officer_letters.do_" + do), Name: "do", Value: do, Secondary: true})
	}
	if len(r.Actions) > 0 {
		r.Why = p.TextInput(nil, "why-"+l.ID.String(), "officer_letters.why")
	}
	return r
}

// OfficerPrintLetters puts what waits into a batch.
func (w *Web) OfficerPrintLetters(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	kind, round := consult.MailKind(f.Line("kind", 40)), roundOf(f)
	suffix := "-" + string(kind) + "-" + strconv.Itoa(round)
	day := f.Date("post-on" + suffix)
	var batch consult.ID
	if err = f.Err("print letters"); err == nil {
		batch, err = w.Service.PrintLetters(c.UserContext(), w.actor(c), id, kind, round, day)
		err = suffixed(err, suffix)
	}
	if err == nil {
		return c.Redirect("/officer/consultations/"+id.String()+"/letters/"+batch.String(), fiber.StatusSeeOther)
	}
	return w.officerLettersDone(c, f, err)
}

// OfficerMarkLetter notes that a letter came back or was not posted, or sends it again.
func (w *Web) OfficerMarkLetter(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	letter, err := f.ID("letter")
	if err != nil {
		return err
	}
	suffix := "-" + letter.String()
	do, why := Choose(f, "do", []string{"returned", "failed", "resend"}), f.Line("why"+suffix, 300)
	if err = f.Err("mark letter"); err == nil && do == "resend" {
		err = suffixed(w.Service.ResendLetter(c.UserContext(), w.actor(c), id, letter, why), suffix)
	} else if err == nil {
		err = suffixed(w.Service.MarkLetter(c.UserContext(), w.actor(c), id, letter, consult.LetterState(do), why), suffix)
	}
	return w.officerLettersDone(c, f, err)
}

func (w *Web) officerLettersDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerLetters(c, f, err)
		return shown(w, c, "officer-letters", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/letters?state="+string(Choose(f, "state", consult.LetterStates())), fiber.StatusSeeOther)
}
