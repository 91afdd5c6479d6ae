package consult

import (
	"testing"
	"time"
)

func TestPromiseCountsWorkingDays(t *testing.T) {
	c := England()
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, c.Location())
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, row := range []struct {
		name, asked string
		days        int
		last        Date
	}{
		{"within a week", "2026-11-02 09:00", 3, "2026-11-05"},
		{"over a weekend", "2026-11-05 23:30", 2, "2026-11-09"},
		{"over Easter", "2026-04-02 10:00", 1, "2026-04-07"},
		{"over Christmas and the Boxing Day substitute", "2026-12-24 10:00", 2, "2026-12-30"},
		{"asked on a Sunday", "2026-11-22 12:00", 1, "2026-11-23"},
		{"past the table weekdays count", "2031-12-24 10:00", 1, "2031-12-25"},
	} {
		got := c.Promise(at(row.asked), row.days)
		if want := c.End(row.last); !got.Equal(want) {
			t.Errorf("%s: promised by %v, want the end of %s (%v)", row.name, got, row.last, want)
		}
	}
}

func TestF16DayEndsAtLocalMidnightWhenClocksChange(t *testing.T) {
	c := England()
	for _, row := range []struct {
		day  Date
		want string // UTC
	}{
		{"2026-03-28", "2026-03-29T00:00:00Z"}, // the last night of winter time
		{"2026-03-29", "2026-03-29T23:00:00Z"}, // 23 hours long
		{"2026-10-24", "2026-10-24T23:00:00Z"},
		{"2026-10-25", "2026-10-26T00:00:00Z"}, // 25 hours long
	} {
		if got := c.End(row.day).UTC().Format(time.RFC3339); got != row.want {
			t.Errorf("End(%s) = %s, want %s", row.day, got, row.want)
		}
	}
	if got := c.Day(time.Date(2026, 6, 1, 23, 30, 0, 0, time.UTC)); got != "2026-06-02" {
		t.Errorf("23:30 UTC in June is %s in London, want 2026-06-02", got)
	}
}

func TestI20ParseDate(t *testing.T) {
	for _, s := range []string{"2026-02-30", "31/04/2026", "0000-01-01", "99999-01-01", "", "2026-2-3", "1899-12-31"} {
		if d, err := ParseDate(s); KindOf(err) != Invalid {
			t.Errorf("ParseDate(%q) = %q, %v; want invalid", s, d, err)
		}
	}
	if d, err := ParseDate("2028-02-29"); err != nil || d.Add(1) != "2028-03-01" || d.Until("2028-03-07") != 7 {
		t.Errorf("leap day: %q, %v", d, err)
	}
}

func TestDaysLeftIsOneOnTheLastDay(t *testing.T) {
	c := England()
	lastEvening := time.Date(2026, 7, 10, 22, 30, 0, 0, time.UTC) // 23:30 in London
	for left, last := range map[int]Date{1: "2026-07-10", 2: "2026-07-11", 0: "2026-07-09"} {
		if got := c.DaysLeft(lastEvening, last); got != left {
			t.Errorf("DaysLeft(%s) = %d, want %d", last, got, left)
		}
	}
}

func TestWorkingDaysUntil(t *testing.T) {
	c := England()
	for _, row := range []struct {
		today, last Date
		want        int
	}{
		{"2026-11-20", "2026-11-20", 0}, {"2026-11-20", "2026-11-23", 1}, {"2026-11-22", "2026-11-24", 2},
		{"2026-11-23", "2026-11-20", -1}, {"2026-04-07", "2026-04-02", -1}, {"2026-04-02", "2026-04-07", 1},
	} {
		if got := c.WorkingDaysUntil(row.today, row.last); got != row.want {
			t.Errorf("from %s to %s: %d working days, want %d", row.today, row.last, got, row.want)
		}
	}
}
