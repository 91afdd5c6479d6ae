package consult

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// RetentionClass is a class of personal data that is kept for one time.
type RetentionClass string

// The classes, in the order in which they usually end.
const (
	RetainMail      RetentionClass = "mail"         // addresses of mails that were sent or given up
	RetainContact   RetentionClass = "contact"      // names, addresses and followers of a settled case; applicants' contact data
	RetainEquality  RetentionClass = "equality"     // answers to equality questions
	RetainThread    RetentionClass = "conversation" // residents' own words and names in threads
	RetainOriginal  RetentionClass = "original"     // comments as their authors wrote them, before words were taken out
	RetainPublished RetentionClass = "published"    // published comments on the site; the statutory register keeps the decision
)

// RetentionClasses lists them.
func RetentionClasses() []RetentionClass {
	return []RetentionClass{RetainMail, RetainContact, RetainEquality, RetainThread, RetainOriginal, RetainPublished}
}

// Retention says for how many days each class is kept; a class without a number is kept for good. Mail counts from the day it was
// sent, everything else from the day a case was settled: decided, decided on appeal, or withdrawn. A case under appeal is not settled.
type Retention map[RetentionClass]int

// DefaultRetention keeps contacts for a year, which leaves room for an appeal (six months, DMPO 2015, article 37) and its bundle, and
// what people wrote for fifteen years, as English planning services do with consultation responses. The council's own schedule decides.
func DefaultRetention() Retention {
	return Retention{RetainMail: 90, RetainContact: 365, RetainEquality: 730, RetainThread: 15 * 365, RetainOriginal: 15 * 365}
}

// minRetention is the shortest time of each class in days: contacts must outlast the time for an appeal, and mails their retries.
var minRetention = map[RetentionClass]int{RetainMail: 7, RetainContact: 190, RetainOriginal: 190, RetainThread: 190, RetainPublished: 190}

// ParseRetention reads "contact=365,original=5475,published=forever": what it does not name keeps its default.
func ParseRetention(s string) (Retention, error) {
	r := DefaultRetention()
	for _, part := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' }) {
		name, value, found := strings.Cut(part, "=")
		class := RetentionClass(name)
		if !found || !slices.Contains(RetentionClasses(), class) {
			return nil, fmt.Errorf("retention: %q is not one of %v with a number of days or \"forever\"", part, RetentionClasses())
		}
		if value == "forever" {
			delete(r, class)
			continue
		}
		days, err := strconv.Atoi(value)
		if err != nil || days > 100*366 {
			return nil, fmt.Errorf("retention: %q is not a number of days up to a century, or \"forever\"", part)
		}
		if days < minRetention[class] {
			return nil, fmt.Errorf("retention: %s must be kept for at least %d days", class, minRetention[class])
		}
		r[class] = days
	}
	return r, nil
}

// RetentionLine is what one class holds that is over its time.
type RetentionLine struct {
	Class  RetentionClass
	Days   int  // 0 = kept for good
	Before Date // what was settled, or sent, before this day goes
	Cases  int
	Rows   int
}
