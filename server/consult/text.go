package consult

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/redact"
)

// check collects the broken rules of one input.
type check struct{ fields []FieldError }

func (c *check) add(field, rule string, args ...any) {
	e := FieldError{Field: field, Rule: rule}
	if len(args) > 0 {
		e.Args = map[string]any{}
		for i := 0; i+1 < len(args); i += 2 {
			e.Args[args[i].(string)] = args[i+1]
		}
	}
	c.fields = append(c.fields, e)
}

func (c *check) err(op string) error {
	if len(c.fields) == 0 {
		return nil
	}
	return fail(Invalid, op, c.fields...)
}

// text holds a text to valid UTF-8 without control characters (line breaks and tabs aside) and to a length in code points.
func (c *check) text(field, value string, limit int, required bool) {
	n := utf8.RuneCountInString(value)
	switch {
	case !utf8.ValidString(value) || strings.ContainsFunc(value, forbidden):
		c.add(field, "characters")
	case required && Blank(value):
		c.add(field, "required")
	case n > limit:
		c.add(field, "too_long", "max", limit, "over", n-limit)
	}
}

// line is text without line breaks: names, titles, places.
func (c *check) line(field, value string, limit int, required bool) {
	if strings.ContainsAny(value, "\r\n\t") {
		c.add(field, "characters")
		return
	}
	c.text(field, value, limit, required)
}

func forbidden(r rune) bool {
	return r == unicode.ReplacementChar || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// Blank tells whether a text shows nothing: only spaces and invisible characters.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) && r != '\u115f' && r != '\u3164'
	})
}

// Length counts characters as the page does: code points.
func Length(s string) int { return utf8.RuneCountInString(s) }

var postcodeForm = regexp.MustCompile(`^([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})$`)

// NormalPostcode writes a British postcode as "B9 5AA"; ok is false when it cannot be one. Spaces, dashes and case are free.
func NormalPostcode(s string) (code string, ok bool) {
	packed := packPostcode(s)
	m := postcodeForm.FindStringSubmatch(packed)
	if m == nil {
		return "", false
	}
	return m[1] + " " + m[2], true
}

var partialForm = regexp.MustCompile(`^[A-Z]{1,2}[0-9][0-9A-Z]?( [0-9][A-Z]{0,2})?$`)

// PartialPostcode recognises a whole postcode or the beginning of one ("b9", "B9 5"), normalised.
func PartialPostcode(s string) (code string, ok bool) {
	if whole, ok := NormalPostcode(s); ok {
		return whole, true
	}
	upper := strings.ToUpper(strings.Join(strings.Fields(s), " "))
	return upper, partialForm.MatchString(upper)
}

func packPostcode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}

// MaxEmail is the longest address SMTP carries (RFC 5321, 4.5.3.1.3).
const MaxEmail = 254

// ValidEmail tells whether s is one plain address: no list, no display name, no quoting, a domain with a dot.
func ValidEmail(s string) bool {
	if len(s) > MaxEmail || strings.ContainsAny(s, " \"<>(),;:\\") {
		return false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	domain := s[at+1:]
	return at > 0 && at <= 64 && strings.Contains(domain, ".") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

// WebLink tells whether s is an absolute web address without credentials in it.
func WebLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

func (c *check) email(field, value string, required bool) {
	switch {
	case value == "" && required:
		c.add(field, "required")
	case value != "" && !ValidEmail(value):
		c.add(field, "email")
	}
}

var linkForm = regexp.MustCompile(`(?i)\bhttps?://|\bwww\.`)

// maxLinks is how many links a message may carry before a moderator looks at it.
const maxLinks = 3

// holdRule says why a resident's message should wait for a moderator; "" lets it through. The author is told, never left guessing.
func holdRule(body string) string {
	switch {
	case len(linkForm.FindAllStringIndex(body, maxLinks+1)) > maxLinks:
		return "links"
	case reachable(body):
		return "personal-data"
	}
	return ""
}

// reachable tells whether a text carries what leads to somebody: a number, an address of mail, a house with its postcode, an account. A
// street with a house number alone is what conversations about a place are full of.
func reachable(body string) bool {
	house, postcode := false, false
	for _, f := range redact.Contacts(body) {
		switch f.Kind {
		case redact.Address:
			house = true
		case redact.Postcode:
			postcode = true
		default:
			return true
		}
	}
	return house && postcode
}

var keyForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// key holds an idempotency key to the form of a UUID; an absent one is left to the caller to assign.
func (c *check) key(value string) {
	if value != "" && !keyForm.MatchString(value) {
		c.add("key", "key")
	}
}
