package consult

import (
	"slices"
	"strings"
	"time"
)

// PublicityKind is how people were told of a round.
type PublicityKind string

// The kinds of publicity (DMPO 2015, article 15).
const (
	SiteNotice      PublicityKind = "site-notice"
	NeighbourLetter PublicityKind = "neighbour-letter"
	Newspaper       PublicityKind = "newspaper"
	Website         PublicityKind = "website"
	EmailNotice     PublicityKind = "email" // a notice served on a neighbour by e-mail
)

// PublicityKinds lists them in the order they are offered.
func PublicityKinds() []PublicityKind {
	return []PublicityKind{SiteNotice, NeighbourLetter, Newspaper, Website, EmailNotice}
}

// Publicity is one event that tells people of a round.
type Publicity struct {
	ID           ID
	Consultation ID
	Round        int // the round's number, also of one that is still to open
	Kind         PublicityKind
	On           Date   // displayed, served, published
	Evidence     string // what proves it: a link, or where the notice hangs
	RecordedAt   time.Time
	TakenBackAt  time.Time // zero = it stands
	TakenBackWhy string    // why it was taken back: it was never given
}

// TakenBack tells whether the notice was recorded by mistake, so that nothing follows from it.
func (p Publicity) TakenBack() bool { return !p.TakenBackAt.IsZero() }

// OfRound picks a round's publicity that stands.
func OfRound(all []Publicity, round int) []Publicity {
	var found []Publicity
	for _, p := range all {
		if p.Round == round && !p.TakenBack() {
			found = append(found, p)
		}
	}
	return found
}

// Days of the periods for comments.
const (
	servedDays    = 21 // from a site notice or a notice served: DMPO 2015, article 33(1)(a) to (c)
	publishedDays = 14 // from a newspaper or a website: article 33(1)(d), as substituted by SI 2018/119
	eiaDays       = 30 // with an environmental statement: SI 2017/571, regulation 20 and Schedule 3
	amendedDays   = 14 // after an amendment the law leaves the period to the authority; this is the least we allow
)

// MinimumDays is how many days a notice leaves for comments, its own day counted.
func MinimumDays(kind PublicityKind, round RoundKind, eia bool) int {
	switch {
	case eia && round != AmendmentRound:
		return eiaDays
	case round == AmendmentRound:
		return amendedDays
	case kind == Newspaper || kind == Website:
		return publishedDays
	default:
		return servedDays
	}
}

// Period is how the last day for comments after a notice was counted.
type Period struct {
	Kind        PublicityKind
	On          Date // day 1
	Days        int  // countable days, the first included
	Disregarded []Date
	Last        Date
}

// Count finds the period after a notice. Day 1 is the day of the notice. Christmas Day, Good Friday and the bank holidays of England are
// disregarded (SI 2018/119), but not within the thirty days of an environmental statement. It refuses any day outside the table of
// holidays: a guess would be a promise the law does not keep.
func (c Calendar) Count(kind PublicityKind, on Date, round RoundKind, eia bool) (Period, error) {
	const op = "compute last day"
	if !slices.Contains(PublicityKinds(), kind) {
		return Period{}, fail(Invalid, op, FieldError{Field: "publicity", Rule: "choice"})
	}
	if _, err := ParseDate(string(on)); err != nil {
		return Period{}, err
	}
	p := Period{Kind: kind, On: on, Days: MinimumDays(kind, round, eia), Last: on.Add(-1)}
	every := eia && round != AmendmentRound
	for n := 0; n < p.Days; {
		p.Last = p.Last.Add(1)
		if !c.Knows(p.Last) {
			return Period{}, c.unknown(op, "on")
		}
		if c.Holidays[p.Last] && !every {
			p.Disregarded = append(p.Disregarded, p.Last)
			continue
		}
		n++
	}
	return p, nil
}

// unknown refuses a day outside the table of holidays.
func (c Calendar) unknown(op, field string) error {
	return fail(Invalid, op, FieldError{Field: field, Rule: "past_holidays", Args: map[string]any{"from": c.From, "to": c.To}})
}

// LastDay is the last day for comments after a notice; errors as Count.
func (c Calendar) LastDay(kind PublicityKind, on Date, round RoundKind, eia bool) (Date, error) {
	p, err := c.Count(kind, on, round, eia)
	return p.Last, err
}

// MinimumEnd is the earliest day a round may close: the latest last day of its notices, "" without any.
func (c Calendar) MinimumEnd(round RoundKind, eia bool, publicity []Publicity) (Date, error) {
	var least Date
	for _, p := range publicity {
		if p.TakenBack() {
			continue
		}
		last, err := c.LastDay(p.Kind, p.On, round, eia)
		if err != nil {
			return "", err
		}
		least = max(least, last)
	}
	return least, nil
}

// RequiredPublicity says which publicity an application needs (DMPO 2015, article 15): each inner list is a choice of which one is
// enough. The website is always among them.
func RequiredPublicity(a Application) [][]PublicityKind {
	notice := []PublicityKind{SiteNotice}
	either := []PublicityKind{SiteNotice, NeighbourLetter, EmailNotice}
	website, newspaper := []PublicityKind{Website}, []PublicityKind{Newspaper}
	switch {
	case a.EIA:
		return [][]PublicityKind{notice, newspaper, website}
	case a.Scale == "major":
		return [][]PublicityKind{either, newspaper, website}
	default:
		return [][]PublicityKind{either, website}
	}
}

// MissingPublicity lists the choices of RequiredPublicity that none of the notices meets. Matters that planning law does not rule need none.
func (c Consultation) MissingPublicity(given []Publicity) [][]PublicityKind {
	if !c.Kind.Planning() {
		return nil
	}
	return slices.DeleteFunc(RequiredPublicity(c.Application), func(choice []PublicityKind) bool {
		return slices.ContainsFunc(given, func(p Publicity) bool { return !p.TakenBack() && slices.Contains(choice, p.Kind) })
	})
}

// unconsulted are application types that the law asks no publicity for.
var unconsulted = []string{"ldc", "amendment.nonMaterial", "approval.conditions", "complianceConfirmation", "notifyCompletion"}

// MustConsult tells whether a planning application may not be assessed before people were asked.
func (c Consultation) MustConsult() bool {
	return c.Kind.Planning() && !slices.ContainsFunc(unconsulted, func(prefix string) bool {
		return c.Application.Type == prefix || strings.HasPrefix(c.Application.Type, prefix+".")
	})
}
