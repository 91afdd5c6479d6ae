package lang

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	xmessage "golang.org/x/text/message"
	"golang.org/x/text/unicode/bidi"
)

// Language is one language's texts and its ways of writing numbers and dates. It is safe for concurrent use.
type Language struct {
	Code string // BCP 47, as in the folder's name and the lang attribute
	Dir  string // "ltr" or "rtl", from the language's script
	Name string // in the language itself, for the language switch

	tag      language.Tag
	zone     *time.Location
	fallback *Language // nil for the source language
	variant  string    // prefix of the keys that go before the plain ones; "" = none
	messages map[string]message
	numbers  *xmessage.Printer
}

func newLanguage(code string, tag language.Tag, zone *time.Location, fallback *Language) *Language {
	return &Language{
		Code: code, Dir: direction(tag), tag: tag, zone: zone, fallback: fallback,
		messages: map[string]message{}, numbers: xmessage.NewPrinter(tag),
	}
}

// direction follows the script, not the language: Punjabi is written both ways.
func direction(tag language.Tag) string {
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// Variant is the language for another sort of reader's page: where a text exists under prefix + "." + key it is read instead of the
// plain one, so that "application" can be "consultation" without a second page.
func (l *Language) Variant(prefix string) *Language {
	v := *l
	v.variant = prefix
	return &v
}

// VariantName is the prefix of a Variant, "" for the plain language.
func (l *Language) VariantName() string { return l.variant }

// RTL says whether the language is written from right to left.
func (l *Language) RTL() bool { return l.Dir == "rtl" }

// Zone is the authority's zone, in which every time is printed.
func (l *Language) Zone() *time.Location { return l.zone }

// T is the text of key with its placeholders filled. args are name, value pairs, or one map[string]any; integers are printed
// as numbers, times as dates, anything else as fmt.Sprint does. A key this language lacks is read in the source language; one
// that exists nowhere is printed as the key itself, so that a slip shows without breaking a page.
func (l *Language) T(key string, args ...any) string {
	text, _ := l.Format(key, args...)
	return text
}

// Has says whether the key exists here or in the source language.
func (l *Language) Has(key string) bool {
	_, _, ok := l.lookup(key)
	return ok
}

// Format is T for those who want to know: it also reports an unknown key, a placeholder without a value and a malformed
// argument list.
func (l *Language) Format(key string, args ...any) (string, error) {
	m, home, ok := l.lookup(key)
	if !ok {
		return key, fmt.Errorf("lang: no text for key %q", key)
	}
	values, err := pairs(args)
	if err != nil {
		return key, fmt.Errorf("lang: key %q: %w", key, err)
	}
	pieces, err := home.choose(m, values)
	if err != nil {
		err = fmt.Errorf("lang: key %q: %w", key, err)
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		value, given := values[p.name]
		if !given {
			b.WriteString("{" + p.name + "}")
			err = fmt.Errorf("lang: key %q: placeholder {%s} has no value", key, p.name)
			continue
		}
		b.WriteString(l.print(value))
	}
	return b.String(), err
}

// Forms is a text for a script to fill: its plural forms as JSON, {"one":"…","other":"…"}, placeholders unfilled. A script picks
// the form with Intl.PluralRules, so that no sentence stands in TypeScript. "{}" for an unknown key.
func (l *Language) Forms(key string) string {
	m, _, ok := l.lookup(key)
	if !ok {
		return "{}"
	}
	texts := map[string]string{}
	for name, form := range pluralForms {
		pieces, has := m.forms[form]
		if !has {
			continue
		}
		for _, p := range pieces {
			if p.name != "" {
				texts[name] += "{" + p.name + "}"
			}
			texts[name] += p.text
		}
	}
	out, err := json.Marshal(texts)
	if err != nil {
		panic(err) // a map of strings always marshals
	}
	return string(out)
}

// Keys lists the keys that begin with prefix, in order, whether they stand here or in the source language.
func (l *Language) Keys(prefix string) []string {
	found := map[string]bool{}
	for at := l; at != nil; at = at.fallback {
		for key := range at.messages {
			if strings.HasPrefix(key, prefix) {
				found[key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (l *Language) lookup(key string) (message, *Language, bool) {
	for at := l; at != nil; at = at.fallback {
		if m, ok := at.messages[l.variant+"."+key]; ok && l.variant != "" {
			return m, at, true
		}
		if m, ok := at.messages[key]; ok {
			return m, at, true
		}
	}
	return message{}, nil, false
}

// choose picks the plural form that {n} asks for. The rule is that of the language the text is written in.
func (l *Language) choose(m message, values map[string]any) ([]piece, error) {
	if !m.plural {
		return m.forms[plural.Other], nil
	}
	n, ok := integer(values["n"])
	if !ok {
		return m.forms[plural.Other], fmt.Errorf("the plural needs an integer {n}, got %v", values["n"])
	}
	if n < 0 {
		n = -n
	}
	form := plural.Cardinal.MatchPlural(l.tag, int(n), 0, 0, 0, 0)
	if pieces, ok := m.forms[form]; ok {
		return pieces, nil
	}
	return m.forms[plural.Other], nil
}

func (l *Language) print(value any) string {
	if n, ok := integer(value); ok {
		return l.Number(n)
	}
	switch v := value.(type) {
	case time.Time:
		return l.Date(v)
	case string:
		return l.isolate(v)
	}
	return l.isolate(fmt.Sprint(value))
}

// isolate wraps a value that runs against the sentence in U+2068 and U+2069, so that a reference such as 2099/00001/PA keeps
// its order inside Urdu, and an Urdu name inside English. Addresses of pages stay bare: programs make them into links.
func (l *Language) isolate(value string) string {
	if strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://") {
		return value
	}
	for _, r := range value {
		p, _ := bidi.LookupRune(r)
		class := p.Class()
		foreign := class == bidi.R || class == bidi.AL || class == bidi.AN
		if l.RTL() {
			foreign = class == bidi.L || class == bidi.EN
		}
		if foreign {
			return "\u2068" + value + "\u2069"
		}
	}
	return value
}

func pairs(args []any) (map[string]any, error) {
	if len(args) == 1 {
		if values, ok := args[0].(map[string]any); ok {
			return values, nil
		}
	}
	if len(args)%2 != 0 {
		return nil, fmt.Errorf("arguments are name, value pairs, got %d of them", len(args))
	}
	values := make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return nil, fmt.Errorf("argument %d is a name and must be a string, not %T", i+1, args[i])
		}
		values[name] = args[i+1]
	}
	return values, nil
}

// integer accepts what Go and JSON call an integer; a float with a whole value comes from JSON.
func integer(value any) (int64, bool) {
	switch v := value.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint64:
		return int64(v), v <= 1<<62
	case float64:
		return int64(v), v == float64(int64(v))
	}
	return 0, false
}
