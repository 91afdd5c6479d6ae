package consult

import (
	"cmp"
	"time"
)

// Limits of the officer report, in characters.
const (
	MaxHeading   = 200
	MaxParagraph = 4000
	MaxCondition = 2000
	MaxNumber    = 999 // of a condition
	MaxCites     = 150 // of one paragraph or condition
)

// Report is the officer report: what those who decide read before they do.
type Report struct {
	Consultation   ID
	Version        int    // changes when paragraphs come, go or move and when the recommendation changes; 0 = nothing yet
	Recommendation string // one of Decisions; "" = not yet
	By             string // service and role of who recommended
	UpdatedAt      time.Time
	Paragraphs     []Paragraph // in their order, late items last
	Conditions     []Condition // by kind and number
}

// Paragraph is one paragraph of the report.
type Paragraph struct {
	ID           ID
	Consultation ID
	Number       int  // from 1, late items counted apart; what readers of the report see
	Late         bool // added after the report was finished: "late item"
	Version      int  // changes with every save; 0 = new
	Heading      string
	Text         string
	By           string // service and role of who wrote it last
	UpdatedAt    time.Time
	Cites        []Cite
}

// Cite is a link from a paragraph or condition to what was said: one comment's point, or with Comment 0 the whole topic.
type Cite struct {
	Comment   ID
	Topic     Topic
	Published bool // filled by readers: the comment can be read by anybody
}

// whole tells whether the link is to a topic, not to a single comment.
func (c Cite) whole() bool { return c.Comment == 0 }

// ReportSince is the day from which anybody may read the report: when the case was assessed last, unless the proposal was amended since
// and the report is being written anew. A case that came here decided has it from its decision on. "" = not yet.
func ReportSince(history []StateEvent, decided Date, cal Calendar) Date {
	var since Date
	for _, e := range history {
		switch e.To {
		case Assessed:
			if e.From != InCommittee || since == "" {
				since = cal.Day(e.At)
			}
		case Amended:
			since = ""
		}
	}
	return cmp.Or(since, decided)
}

// Paragraph finds one by id.
func (r Report) Paragraph(id ID) (Paragraph, bool) {
	for _, p := range r.Paragraphs {
		if p.ID == id {
			return p, true
		}
	}
	return Paragraph{}, false
}

// Condition finds one by id.
func (r Report) Condition(id ID) (Condition, bool) {
	for _, c := range r.Conditions {
		if c.ID == id {
			return c, true
		}
	}
	return Condition{}, false
}

// numbered counts paragraphs and late items, each from 1.
func (r Report) numbered() Report {
	n := map[bool]int{}
	for i := range r.Paragraphs {
		p := &r.Paragraphs[i]
		n[p.Late]++
		p.Number = n[p.Late]
	}
	return r
}
