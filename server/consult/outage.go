package consult

import "time"

// OutageGap is how long every node must have been silent before their silence counts as an outage.
const OutageGap = 3 * time.Minute

// Outage is a time in which nobody could comment, because no node of the site was there or it could not be reached.
type Outage struct {
	ID         ID
	From, To   time.Time
	Why        string // in the words of the officer who recorded it; "" = noticed by the program itself
	By         string // service and role of that officer
	RecordedAt time.Time
}

// Across tells whether the outage lies across the last minute before a moment: whoever waited until then could not comment.
func (o Outage) Across(end time.Time) bool {
	return o.From.Before(end) && o.To.After(end.Add(-time.Minute))
}

// Extension is what an outage across the end of a round proposes.
type Extension struct {
	Outage Outage
	Round  Round
	Closes Date // the new last day
}

// Extension is the proposal of the outage across the end of the latest round, while comments are open or were just closed. Nothing is
// proposed past the table of holidays.
func (s Standing) Extension() (Extension, bool) {
	r, state := s.Round(), s.Consultation.State
	if r.Number == 0 || state != Consulting && state != Reconsulting && state != ClosedState {
		return Extension{}, false
	}
	end := s.Calendar.End(r.Closes)
	for _, o := range s.Outages {
		if !o.Across(end) {
			continue
		}
		closes, err := s.Calendar.AfterOutage(r.Closes, o, s.Today)
		return Extension{Outage: o, Round: r, Closes: closes}, err == nil
	}
	return Extension{}, false
}

// AfterOutage is the last day that gives back what an outage took from the end of a round: as many whole days as were lost of it, begun
// ones counted whole, after both the outage and today are over; a day on which people work.
func (c Calendar) AfterOutage(closes Date, o Outage, today Date) (Date, error) {
	const day = 24 * time.Hour
	lost := max(1, int((c.End(closes).Sub(o.From)+day-1)/day))
	last := max(closes, c.Day(o.To), today).Add(lost)
	for c.Knows(last) && !c.Working(last) {
		last = last.Add(1)
	}
	if !c.Knows(last) {
		return "", c.unknown("propose last day", "closes")
	}
	return last, nil
}
