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
}

// OfRound picks a round's publicity.
func OfRound(all []Publicity, round int) []Publicity {
	var found []Publicity
	for _, p := range all {
		if p.Round == round {
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

// LastDay is the last day for comments after a notice. Day 1 is the day of the notice. Christmas Day, Good Friday and the bank
// holidays of England are disregarded (SI 2018/119), but not with an environmental statement. It refuses to count past the
// table of holidays: a guess would be a promise the law does not keep.
func (c Calendar) LastDay(kind PublicityKind, on Date, round RoundKind, eia bool) (Date, error) {
	const op = "compute last day"
	if !slices.Contains(PublicityKinds(), kind) {
		return "", fail(Invalid, op, FieldError{Field: "publicity", Rule: "choice"})
	}
	if _, err := ParseDate(string(on)); err != nil {
		return "", err
	}
	days := MinimumDays(kind, round, eia)
	if eia {
		return on.Add(days - 1), nil
	}
	last := on.Add(-1)
	for n := 0; n < days; {
		last = last.Add(1)
		if last < c.From || last > c.To {
			return "", fail(Invalid, op, FieldError{Field: "publicity", Rule: "past_holidays",
				Args: map[string]any{"from": string(c.From), "to": string(c.To)}})
		}
		if !c.Holidays[last] {
			n++
		}
	}
	return last, nil
}

// MinimumEnd is the earliest day a round may close: the latest last day of its notices, "" without any.
func (c Calendar) MinimumEnd(round RoundKind, eia bool, publicity []Publicity) (Date, error) {
	var least Date
	for _, p := range publicity {
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

// unconsulted are application types that the law asks no publicity for.
var unconsulted = []string{"ldc", "amendment.nonMaterial", "approval.conditions", "complianceConfirmation", "notifyCompletion"}

// MustConsult tells whether a case may not be assessed before people were asked.
func (c Consultation) MustConsult() bool {
	return !slices.ContainsFunc(unconsulted, func(prefix string) bool {
		return c.Application.Type == prefix || strings.HasPrefix(c.Application.Type, prefix+".")
	})
}
