package web

import (
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// These word the statutory cycle, for residents and officers alike: how a last day was counted, and what happened, by whom and why.

// periodText says how the last day after a notice was counted.
func (b *Base) periodText(p consult.Period) string {
	text := b.T("period.counted", "notice", b.T("publicity."+string(p.Kind)), "date", b.Language.Civil(string(p.On)), "n", p.Days,
		"last", b.Language.Civil(string(p.Last)))
	if len(p.Disregarded) == 0 {
		return text
	}
	days := make([]string, len(p.Disregarded))
	for i, d := range p.Disregarded {
		days[i] = b.Language.Civil(string(d))
	}
	return text + " " + b.T("period.left_out", "days", strings.Join(days, b.T("period.and")))
}

// countedText says which notice decides how early a round may close, and how that was counted; "" where none does.
func (b *Base) countedText(cal consult.Calendar, k consult.Consultation, r consult.Round, all []consult.Publicity) string {
	if !k.Kind.Planning() {
		return ""
	}
	var last consult.Period
	for _, n := range consult.OfRound(all, r.Number) {
		p, err := cal.Count(n.Kind, n.On, r.Kind, k.Application.EIA)
		if err == nil && p.Last > last.Last {
			last = p
		}
	}
	if last.Last == "" {
		return ""
	}
	text := b.periodText(last)
	if r.Closes > last.Last {
		text += " " + b.T("period.more")
	}
	return text
}

// drawCycle says on the public page how the last days were counted, and what happened so far.
func (p *consultationPage) drawCycle(v consult.CaseView, cal consult.Calendar) {
	for _, r := range v.Rounds {
		if text := p.countedText(cal, v.Consultation, r, v.Publicity); text != "" {
			p.Dates.Rows = append(p.Dates.Rows, SummaryRow{Key: p.T("dates.counted", "n", r.Number), Value: text})
		}
	}
	p.History = p.history(v.History, cal)
}

// historyRow is one thing that happened to a case.
type historyRow struct {
	What, Why string
	By        string // service and role; "" = nobody's act
	Own       bool   // Why is ours, not somebody's words
	At        consult.Date
}

// history words the moves of a case in their order.
func (b *Base) history(events []consult.StateEvent, cal consult.Calendar) []historyRow {
	var rows []historyRow
	for _, e := range events {
		row := historyRow{What: b.T("state." + string(e.To)), Why: e.Why, By: e.By, At: cal.Day(e.At)}
		open := e.To == consult.Consulting || e.To == consult.Reconsulting
		wasOpen := e.From == consult.Consulting || e.From == consult.Reconsulting
		switch {
		case e.From == e.To:
			row.What = b.T("history.extended")
		case e.From == consult.ClosedState && open:
			row.What = b.T("history.reopened")
		}
		if e.Why == "" && e.From == consult.ClosedState && open {
			row.Why, row.Own = b.T("history.notice"), true
		}
		if e.Why == "" && e.By == "" && e.To == consult.ClosedState && wasOpen {
			row.Why, row.Own = b.T("history.by_itself"), true
		}
		rows = append(rows, row)
	}
	return rows
}

// against words what stands against a move, each with the page of the case where it can be put right.
func (b *Base) against(fields []consult.FieldError) []string {
	var list []string
	for _, f := range fields {
		list = append(list, errorText(b.Language, f))
	}
	return list
}

// elsewhere leads broken rules that another page of the case can put right to that page.
func (b *Base) elsewhere(desk string) {
	for i, e := range b.Errors {
		field := strings.TrimPrefix(e.Href, "#")
		switch {
		case field == "influence" || field == "documents":
			b.Errors[i].Href = desk + "/influence" + e.Href
		case field == "publicity" || field == "on":
			b.Errors[i].Href = desk + "/publicity"
		case strings.HasPrefix(field, "outcome-"):
			b.Errors[i].Href = desk
		case field == "round":
			b.Errors[i].Href = "#opens"
		}
	}
}
