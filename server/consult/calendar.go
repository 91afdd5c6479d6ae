package consult

import (
	"time"
)

// Date is a civil day, "2006-01-02", in the authority's zone; "" is no date. Dates compare as text.
type Date string

// ParseDate reads YYYY-MM-DD and refuses days that do not exist and years outside 1900–2200.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return "", fail(Invalid, "read date", FieldError{Field: "date", Rule: "date"})
	}
	return Date(s), nil
}

// Time is the day's first moment in UTC, for arithmetic and printing; the zero time for no date.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Add moves by whole days.
func (d Date) Add(days int) Date {
	if d == "" {
		return ""
	}
	return Date(d.Time().AddDate(0, 0, days).Format(time.DateOnly))
}

// Until counts whole days from d to other; negative when other is earlier.
func (d Date) Until(other Date) int {
	return int(other.Time().Sub(d.Time()) / (24 * time.Hour))
}

// Calendar knows the authority's days. The zero Calendar is London without holidays.
type Calendar struct {
	Zone         *time.Location // nil = Europe/London
	Holidays     map[Date]bool  // days that are no working days, besides weekends
	Opens, Shuts int            // office hours of working days in minutes after midnight; Shuts 0 = none: what is promised is counted in whole days
	From, To     Date           // the first and last day the table of holidays covers; both "" = none
}

// England is the calendar of an English authority: Europe/London and the bank holidays of England and Wales for 2024–2028
// (published at gov.uk/bank-holidays), and Christmas Day where it is none because it falls on a weekend: the law's periods disregard it
// by its name. Promises past the table count weekdays only; the law's periods are not computed there at all.
func England() Calendar {
	c := Calendar{Holidays: map[Date]bool{}, From: "2024-01-01", To: "2028-12-31"}
	for _, d := range []Date{
		"2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26",
		"2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26",
		"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
		"2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-25", "2027-12-27", "2027-12-28",
		"2028-01-03", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-29", "2028-08-28", "2028-12-25", "2028-12-26",
	} {
		c.Holidays[d] = true
	}
	return c
}

// Location is the authority's zone.
func (c Calendar) Location() *time.Location {
	if c.Zone != nil {
		return c.Zone
	}
	return london
}

var london = func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("the time zone Europe/London is missing: " + err.Error()) // cmd/yousaid embeds time/tzdata
	}
	return zone
}()

// Knows tells whether the table of holidays covers the day.
func (c Calendar) Knows(d Date) bool { return c.From != "" && c.From <= d && d <= c.To }

// Day is the civil day of a moment in the authority's zone.
func (c Calendar) Day(t time.Time) Date { return Date(t.In(c.Location()).Format(time.DateOnly)) }

// End is the moment a day is over in the authority's zone: midnight, whether or not the clocks change that day.
func (c Calendar) End(d Date) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, c.Location())
}

// Working tells whether people work on the day.
func (c Calendar) Working(d Date) bool {
	wd := d.Time().Weekday()
	return wd != time.Saturday && wd != time.Sunday && !c.Holidays[d]
}

// Promise is when an answer is due: the end of the n-th working day after the day of asking. Where there are office hours, what comes
// after them counts from the next working day, and a promised day ends when the office shuts.
func (c Calendar) Promise(asked time.Time, workingDays int) time.Time {
	return officeClock{c, c.Opens, c.Shuts}.due(asked, workingDays, 0)
}

// DaysLeft counts the days on which one can still act, today included: 1 on the last day, 0 or less when it is over.
func (c Calendar) DaysLeft(now time.Time, last Date) int {
	return c.Day(now).Until(last) + 1
}

// WorkingDaysUntil counts the working days after today up to and including last; the same backwards, negative, when last is over.
func (c Calendar) WorkingDaysUntil(today, last Date) int {
	n, step := 0, 1
	if last < today {
		step = -1
	}
	for d := today; d != last; {
		if step < 0 && c.Working(d) {
			n--
		}
		d = d.Add(step)
		if step > 0 && c.Working(d) {
			n++
		}
	}
	return n
}
