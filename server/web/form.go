package web

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"math"
	"mime"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/typed"
)

// Limits of any form, whatever page it belongs to.
const (
	MaxFormFields    = 200 // values in one form, repeated names counted each
	maxFieldNameSize = 100 // bytes
)

const (
	csrfField = "_csrf"
	keyField  = "_key"
)

// Form is a submitted form in values that belong to us. This file is the only place where text crosses from the server's reused
// buffers into the program: everything read here is copied, valid UTF-8, in normal form C and free of control characters.
//
// Reading a field records what is wrong with it; Err gives all of it at once. A nil *Form is a form nobody has filled in yet.
type Form struct {
	values map[string][]string
	asked  map[string]bool
	errs   []consult.FieldError
}

// ReadForm reads a posted form (urlencoded or multipart, without files). Errors: 415 for another content type, Invalid for a
// broken multipart body, TooLarge for more than MaxFormFields values.
func ReadForm(c *fiber.Ctx) (*Form, error) {
	const op = "read form"
	f := &Form{values: map[string][]string{}, asked: map[string]bool{}}
	kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil {
		return nil, fiber.ErrUnsupportedMediaType
	}
	switch kind {
	case fiber.MIMEApplicationForm:
		// Counting before parsing keeps a body of 100,000 fields from being taken apart at all.
		if bytes.Count(c.Body(), []byte("&")) >= MaxFormFields {
			return nil, &consult.Error{Kind: consult.TooLarge, Op: op}
		}
		for name, value := range c.Request().PostArgs().All() {
			f.add(string(name), string(value))
		}
	case fiber.MIMEMultipartForm:
		parts, err := c.MultipartForm()
		if err != nil {
			return nil, &consult.Error{Kind: consult.Invalid, Op: op, Err: err}
		}
		for name, values := range parts.Value {
			for _, value := range values {
				f.add(strings.Clone(name), strings.Clone(value))
			}
		}
	default:
		return nil, fiber.ErrUnsupportedMediaType
	}
	if f.size() > MaxFormFields {
		return nil, &consult.Error{Kind: consult.TooLarge, Op: op}
	}
	return f, nil
}

// ReadQuery reads the address's query with the same care, for search forms. Its values are shown and searched, never stored.
func ReadQuery(c *fiber.Ctx) *Form {
	f := &Form{values: map[string][]string{}, asked: map[string]bool{}}
	for name, value := range c.Request().URI().QueryArgs().All() {
		if f.size() < MaxFormFields {
			f.add(string(name), string(value))
		}
	}
	return f
}

func (f *Form) add(name, value string) {
	if len(name) <= maxFieldNameSize && utf8.ValidString(name) {
		f.values[name] = append(f.values[name], value)
	}
}

func (f *Form) size() int {
	n := 0
	for _, values := range f.values {
		n += len(values)
	}
	return n
}

// Text reads text of several lines with at most max characters. Too long a text is reported and kept whole.
func (f *Form) Text(name string, max int) string { return f.limited(name, max, typed.Text) }

// Line reads one line: a name, an address. Invisible format characters go too, so that no name can imitate another or turn the
// page around; a line break is refused, so that no header can be smuggled into a mail.
func (f *Form) Line(name string, max int) string {
	text := f.limited(name, max, typed.Line)
	if strings.ContainsAny(text, "\n\u2028\u2029") {
		f.Fail(name, "one_line")
	}
	return text
}

func (f *Form) limited(name string, max int, clean func(string) string) string {
	raw, ok := f.single(name)
	if !ok {
		return ""
	}
	if !utf8.ValidString(raw) {
		f.Fail(name, "encoding")
	}
	text := clean(raw)
	if n := utf8.RuneCountInString(text); n > max {
		f.Fail(name, "too_long", "max", max, "over", n-max)
	}
	return text
}

// single gives the value of a field that may stand once.
func (f *Form) single(name string) (string, bool) {
	f.asked[name] = true
	values := f.values[name]
	if len(values) > 1 {
		f.Fail(name, "duplicate")
	}
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// Has says whether the field was sent at all: a ticked box, a pressed button.
func (f *Form) Has(name string) bool {
	f.asked[name] = true
	return len(f.values[name]) > 0
}

// Choose reads one of the allowed values, "" when nothing was chosen. Anything else is reported.
func Choose[T ~string](f *Form, name string, allowed []T) T {
	raw, _ := f.single(name)
	if raw != "" && !slices.Contains(allowed, T(raw)) {
		f.Fail(name, "choice")
		return ""
	}
	return T(raw)
}

// ChooseMany reads any number of the allowed values, in the order they are allowed.
func ChooseMany[T ~string](f *Form, name string, allowed []T) []T {
	f.asked[name] = true
	var chosen []T
	for _, a := range allowed {
		if slices.Contains(f.values[name], string(a)) {
			chosen = append(chosen, a)
		}
	}
	for _, raw := range f.values[name] {
		if raw != "" && !slices.Contains(allowed, T(raw)) {
			f.Fail(name, "choice")
			break
		}
	}
	return chosen
}

// Int reads a whole number within bounds, written in European, Arabic or Persian digits. Nothing typed is 0, false.
func (f *Form) Int(name string, low, high int) (int, bool) {
	text := westernDigits(f.Line(name, 20))
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		f.Fail(name, "number", "low", low, "high", high)
		return 0, false
	}
	return n, true
}

// Float reads a decimal number within bounds; NaN and infinities are no numbers. Nothing typed is 0, false.
func (f *Form) Float(name string, low, high float64) (float64, bool) {
	text := westernDigits(f.Line(name, 40))
	if text == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || n < low || n > high {
		f.Fail(name, "decimal")
		return 0, false
	}
	return n, true
}

// Date reads the three boxes of a DateInput. All empty is "", and no error.
func (f *Form) Date(name string) consult.Date {
	var parts [3]int
	empty, wrong := 0, false
	for i, box := range []string{"-year", "-month", "-day"} {
		text := westernDigits(f.Line(name+box, 10))
		n, err := strconv.Atoi(text)
		if text == "" {
			empty++
		}
		wrong = wrong || err != nil
		parts[i] = n
	}
	if empty == 3 {
		return ""
	}
	day, err := consult.ParseDate(fmt.Sprintf("%04d-%02d-%02d", parts[0], parts[1], parts[2]))
	if wrong || err != nil {
		f.Fail(name, "date")
		return ""
	}
	return day
}

// ID reads the id of a record; a malformed one is a record that does not exist.
func (f *Form) ID(name string) (consult.ID, error) {
	raw, _ := f.single(name)
	return consult.ParseID(raw)
}

// Key reads the idempotency key that the part "csrf" puts into every form. An absent one is made now; a malformed one is reported.
func (f *Form) Key() string {
	raw, ok := f.single(keyField)
	if !ok || raw == "" {
		return NewKey()
	}
	key, ok := typed.Key(raw)
	if !ok {
		f.Fail(keyField, "key")
		return ""
	}
	return key
}

// NewKey makes an idempotency key: a random UUID (RFC 9562 version 4).
func NewKey() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Fail records a broken rule of a field; args are name, value pairs for the message's placeholders.
func (f *Form) Fail(field, rule string, args ...any) {
	e := consult.FieldError{Field: field, Rule: rule}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = map[string]any{}
		}
		e.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	f.errs = append(f.errs, e)
}

// Require reports fields that were left empty or hold nothing visible.
func (f *Form) Require(names ...string) {
	for _, name := range names {
		if f.Value(name) == "" {
			f.Fail(name, "required")
		}
	}
}

// Err is everything that was found wrong so far as one Invalid error, or nil.
func (f *Form) Err(op string) error {
	if len(f.errs) == 0 {
		return nil
	}
	return &consult.Error{Kind: consult.Invalid, Op: op, Fields: f.errs}
}

// put replaces a field's value, for what the server adds to what was typed.
func (f *Form) put(name, value string) { f.values[name] = []string{value} }

// Value is what was typed, cleaned, to show it again. It judges nothing.
func (f *Form) Value(name string) string {
	if f == nil || len(f.values[name]) == 0 {
		return ""
	}
	return typed.Text(f.values[name][0])
}

// Values is every value of a field that may stand several times.
func (f *Form) Values(name string) []string {
	if f == nil {
		return nil
	}
	values := make([]string, len(f.values[name]))
	for i, v := range f.values[name] {
		values[i] = typed.Text(v)
	}
	return values
}

// Unexpected counts the fields that no page asked for: role=admin and its kind. They are ignored; the number goes to the log.
func (f *Form) Unexpected() int {
	n := 0
	for name := range f.values {
		if !f.asked[name] && name != csrfField && name != keyField {
			n++
		}
	}
	return n
}

// westernDigits turns Arabic-Indic and Persian digits into 0–9 and leaves everything else.
func westernDigits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		}
		return r
	}, strings.TrimFunc(text, unicode.IsSpace))
}

// Add records broken rules that the domain found.
func (f *Form) Add(fields []consult.FieldError) { f.errs = append(f.errs, fields...) }
