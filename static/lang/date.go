package lang

import (
	"fmt"
	"strconv"
	"time"
)

// Number writes n with the language's grouping: 1,234.
func (l *Language) Number(n int64) string { return l.numbers.Sprintf("%d", n) }

// Decimal writes f with exactly the given number of decimals and the language's separators: 1,234.5.
func (l *Language) Decimal(f float64, decimals int) string {
	return l.numbers.Sprintf("%.*f", decimals, f)
}

// Percent writes a share between 0 and 1 as whole per cent.
func (l *Language) Percent(share float64) string {
	return l.T("number.percent", "value", l.Decimal(share*100, 0))
}

// Date writes the day on which t falls in the authority's zone: 2 April 2026.
func (l *Language) Date(t time.Time) string { return l.moment("date.day", t) }

// Civil writes a day given as 2026-04-02, which has no zone; anything else is printed as it is.
func (l *Language) Civil(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, l.zone)
	if err != nil {
		return day
	}
	return l.Date(t)
}

// Weekday writes the day with its name: Thursday 2 April 2026.
func (l *Language) Weekday(t time.Time) string { return l.moment("date.weekday", t) }

// Clock writes the time of day in the authority's zone: 5:30pm.
func (l *Language) Clock(t time.Time) string { return l.moment("date.clock", t) }

// DateTime writes day and time in the authority's zone: 2 April 2026, 5:30pm.
func (l *Language) DateTime(t time.Time) string {
	return l.T("date.both", "date", l.Date(t), "clock", l.Clock(t))
}

// DaysLeft words how many whole days remain: 0 is the last day itself, a negative number means that it is over.
func (l *Language) DaysLeft(n int) string {
	switch {
	case n < 0:
		return l.T("date.over")
	case n == 0:
		return l.T("date.last_day")
	}
	return l.T("date.days_left", "n", n)
}

// moment fills a pattern of the catalogue. Each language's pattern takes the parts it needs.
func (l *Language) moment(key string, t time.Time) string {
	t = t.In(l.zone)
	half := "date.am"
	if t.Hour() >= 12 {
		half = "date.pm"
	}
	hour12 := t.Hour() % 12
	if hour12 == 0 {
		hour12 = 12
	}
	m, home, ok := l.lookup(key)
	if !ok {
		return t.Format(time.RFC3339)
	}
	pieces, _ := home.choose(m, nil)
	values := map[string]string{
		"day":     strconv.Itoa(t.Day()),
		"month":   l.T(fmt.Sprintf("date.month_%d", t.Month())),
		"year":    strconv.Itoa(t.Year()),
		"weekday": l.T(fmt.Sprintf("date.weekday_%d", t.Weekday())),
		"hour12":  strconv.Itoa(hour12),
		"hour24":  fmt.Sprintf("%02d", t.Hour()),
		"minute":  fmt.Sprintf("%02d", t.Minute()),
		"half":    l.T(half),
	}
	text := ""
	for _, p := range pieces {
		text += p.text + values[p.name]
	}
	return text
}
