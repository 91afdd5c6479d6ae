package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// factPinsPage says where a card is pinned, and who else may make its claim.
type factPinsPage struct {
	Base
	Action     string
	Draft      bool
	Pinned     []saidRow
	Unpin      Button
	Candidates []saidRow
	More       int // candidates that are not shown
	Pin        Button
}

// saidRow is a message or comment to tick.
type saidRow struct {
	ID, Href string
	What     string // message, comment, ours
	Text     string // "" = nobody can read it any more
	Language string
	At       string
	Why      string // the words it shares with the claim
}

// shownCandidates keeps the page short; bulk pinning brings up the next ones.
const shownCandidates = 40

// shownWords bounds how much of a long text is shown, in characters.
const shownWords = 600

// OfficerFactPins shows the page.
func (w *Web) OfficerFactPins(c *fiber.Ctx) error { return w.officerFactPins(c, nil) }

func (w *Web) officerFactPins(c *fiber.Ctx, wrong error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	file, err := w.Service.FactFile(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	pinned, err := w.Service.FactPinned(c.UserContext(), w.actor(c), file.Pins)
	if err != nil {
		return err
	}
	fact, said, err := w.Service.FactUtterances(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	p := drawFactPins(w.StaffBase(c, "officer_fact.pins_title", "claim", fact.Claim).WithErrors(wrong), file, pinned, candidates(fact, said))
	for _, done := range []string{"pinned", "unpinned"} {
		if n, err := strconv.Atoi(c.Query(done)); err == nil && n >= 0 {
			p.Notice = p.T("officer_fact."+done+"_n", "n", n)
		}
	}
	return shown(w, c, "officer-fact-pins", p, nil)
}

// candidate is something that was said and shares words with a claim.
type candidate struct {
	consult.Utterance
	shared string
}

// candidates finds who may make a card's claim, newest first. It looks wider than what people are shown while they type: an officer reads
// before anything happens.
func candidates(f consult.Fact, said []consult.Utterance) []candidate {
	claims := claimsOf([]consult.Fact{f}).similar
	var found []candidate
	for _, u := range said {
		if m := claims.Matches(u.Text, 1); len(m) > 0 {
			found = append(found, candidate{u, sharedWords(m[0].Phrases)})
		}
	}
	return found
}

func drawFactPins(b Base, file consult.FactFile, pinned []consult.Utterance, found []candidate) *factPinsPage {
	f := file.Fact
	p := &factPinsPage{Base: b, Action: factDeskHref(f.ID) + "/pins", Draft: f.State == consult.FactDraft}
	p.Demo = p.Demo || file.Consultation.Demo
	p.Back = &Link{Href: factDeskHref(f.ID), Text: p.T("officer_fact.pins_back")}
	for _, u := range pinned {
		p.Pinned = append(p.Pinned, p.saidRow(u, ""))
	}
	for _, u := range found[:min(len(found), shownCandidates)] {
		p.Candidates = append(p.Candidates, p.saidRow(u.Utterance, u.shared))
	}
	p.More = len(found) - len(p.Candidates)
	p.Pin = Button{Text: p.T("officer_fact.pin"), Name: "do", Value: "pin"}
	p.Unpin = Button{Text: p.T("officer_fact.unpin"), Name: "do", Value: "unpin", Secondary: true}
	return p
}

func (b *Base) saidRow(u consult.Utterance, shared string) saidRow {
	r := saidRow{ID: u.Subject.String(), Text: shortened(u.Text, shownWords), Language: u.Language, At: b.Language.DateTime(u.At),
		What: b.T("officer_fact.comment"), Href: "/comments/" + u.Subject.String()}
	if u.Thread != 0 {
		r.What, r.Href = b.T("officer_fact.message"), threadHref(u.Thread, u.Seq)
	}
	if u.Author == consult.ByOfficer {
		r.What += ", " + b.T("officer_fact.ours")
	}
	if shared != "" {
		r.Why = b.T("officer_fact.why_shown", "words", shared)
	}
	return r
}

// shortened cuts a text that is longer than limit characters.
func shortened(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}

// PinFact pins a card to what was ticked, or takes it away from there.
func (w *Web) PinFact(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f.Has("subject")
	var subjects []consult.ID
	for _, value := range f.Values("subject") {
		subject, err := consult.ParseID(value)
		if err != nil {
			return err
		}
		subjects = append(subjects, subject)
	}
	done, change := "pinned", w.Service.PinFact
	if Choose(f, "do", []string{"pin", "unpin"}) == "unpin" {
		done, change = "unpinned", w.Service.UnpinFact
	}
	n, err := change(c.UserContext(), w.actor(c), id, subjects)
	if refused(err) {
		return w.officerFactPins(c, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(factDeskHref(id)+"/pins?"+done+"="+strconv.Itoa(n), fiber.StatusSeeOther)
}
