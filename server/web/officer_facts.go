package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// factListPage is the officers' list of fact cards: of one consultation with what holds everywhere, or of all.
type factListPage struct {
	Base
	Desk      *caseDesk // nil = all cards
	New       string    // address of an empty card
	NewGlobal string
	All       string // address of the list of all cards; "" = this is it
	Cards     []factRow
	Pace      []string // sentences
}

// factRow is one card of the list.
type factRow struct {
	Link
	State  Tag
	Due    string // why somebody should look at it; "" = not yet
	Review string
	Pins   string
	Told   string
	Where  string // that it holds everywhere; "" = it is this consultation's
}

// OfficerFacts shows the list.
func (w *Web) OfficerFacts(c *fiber.Ctx) error {
	var id consult.ID
	if c.Params("id") != "" {
		var err error
		if id, err = consult.ParseID(c.Params("id")); err != nil {
			return err
		}
	}
	desk, err := w.Service.FactDesk(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	if id == 0 {
		return shown(w, c, "officer-facts", drawFactList(w.StaffBase(c, "officer_fact.all_title"), desk), nil)
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "officer_fact.list_title", "title", desk.Consultation.Title).about(subjects)
	return shown(w, c, "officer-facts", drawFactList(b, desk), nil)
}

const allFacts = "/officer/facts"

func drawFactList(b Base, d consult.FactDesk) *factListPage {
	p := &factListPage{Base: b, NewGlobal: allFacts + "/" + newRecord}
	if k := d.Consultation; k.ID != 0 {
		desk := b.caseDesk(k.ID, "facts")
		p.Desk, p.Demo, p.All = &desk, p.Demo || k.Demo, allFacts
		p.New = p.NewGlobal + "?consultation=" + k.ID.String()
	}
	for _, f := range d.Facts {
		figure := d.Figures[f.ID]
		row := factRow{Link: Link{Href: factDeskHref(f.ID), Text: p.T("fact.quote", "claim", f.Claim)}, State: p.factTag(f.State)}
		if figure.Pins > 0 {
			row.Pins = p.T("officer_fact.pins", "n", figure.Pins)
		}
		if figure.Told > 0 {
			row.Told = p.T("officer_fact.told", "n", figure.Told)
		}
		switch {
		case f.Due(d.Today):
			row.Due = p.T("officer_fact.due", "date", p.Language.Civil(string(f.ReviewOn)))
		case f.ReviewOn != "":
			row.Review = p.T("officer_fact.review_on", "date", p.Language.Civil(string(f.ReviewOn)))
		}
		if f.Consultation == 0 {
			row.Where = p.T("officer_fact.everywhere")
		}
		p.Cards = append(p.Cards, row)
	}
	p.Pace = p.paceText(d.Pace)
	return p
}

func factDeskHref(id consult.ID) string { return allFacts + "/" + id.String() }

func (b *Base) factTag(s consult.FactState) Tag {
	kind := map[consult.FactState]string{consult.FactDraft: "wait", consult.FactPublished: "open", consult.FactRetired: "done"}[s]
	return Tag{Text: b.T("officer_fact.state_" + string(s)), Kind: kind}
}

// paceText says how long claims ran before their cards were out, and what cannot be known.
func (b *Base) paceText(p consult.Pace) []string {
	var text []string
	if p.Cards > 0 {
		text = append(text, b.T("officer_fact.pace_median", "time", b.timeText(p.Median), "cards", b.T("officer_fact.pace_cards", "n", p.Cards)))
	}
	if p.Ahead > 0 {
		text = append(text, b.T("officer_fact.pace_ahead", "n", p.Ahead))
	}
	if len(text) == 0 {
		text = append(text, b.T("officer_fact.pace_none"))
	}
	return append(text, b.T("officer_fact.pace_note"))
}

// timeText words a length of time in hours, from two days on in days, rounded up: a promise is not made to look kept.
func (b *Base) timeText(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day {
		return b.T("officer_fact.days", "n", int((d+day-1)/day))
	}
	return b.T("officer_fact.hours", "n", max(1, int((d+time.Hour-1)/time.Hour)))
}
