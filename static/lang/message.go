package lang

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/feature/plural"
)

// message is one text, cut into pieces once at load: forms[plural.Other] always exists.
type message struct {
	file   string
	plural bool
	forms  map[plural.Form][]piece
}

// piece is literal text or, when name is set, a placeholder.
type piece struct{ text, name string }

type entry struct {
	key     string
	message message
}

var pluralForms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// parseFile reads one flat object token by token, because decoding into a map would swallow duplicate keys.
func parseFile(data []byte) ([]entry, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := expect(d, json.Delim('{')); err != nil {
		return nil, err
	}
	var entries []entry
	seen := map[string]bool{}
	for d.More() {
		key, err := readKey(d, seen)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(key, ".") {
			return nil, fmt.Errorf("key %q is not of the form area.name", key)
		}
		m, err := parseValue(d)
		if err != nil {
			return nil, fmt.Errorf("key %q: %w", key, err)
		}
		entries = append(entries, entry{key, m})
	}
	if err := expect(d, json.Delim('}')); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the closing brace")
	}
	return entries, nil
}

func parseValue(d *json.Decoder) (message, error) {
	t, err := d.Token()
	if err != nil {
		return message{}, err
	}
	if text, ok := t.(string); ok {
		pieces, err := cut(text)
		return message{forms: map[plural.Form][]piece{plural.Other: pieces}}, err
	}
	if t != json.Delim('{') {
		return message{}, fmt.Errorf("%v is neither a text nor an object of plural forms", t)
	}
	return parsePlural(d)
}

func parsePlural(d *json.Decoder) (message, error) {
	m := message{plural: true, forms: map[plural.Form][]piece{}}
	seen := map[string]bool{}
	for d.More() {
		name, err := readKey(d, seen)
		if err != nil {
			return m, err
		}
		form, known := pluralForms[name]
		if !known {
			return m, fmt.Errorf("%q is not a plural form", name)
		}
		t, err := d.Token()
		if err != nil {
			return m, err
		}
		text, ok := t.(string)
		if !ok {
			return m, fmt.Errorf("plural form %q is not a text", name)
		}
		if m.forms[form], err = cut(text); err != nil {
			return m, err
		}
	}
	if m.forms[plural.Other] == nil {
		return m, errors.New(`the plural form "other" is missing`)
	}
	return m, expect(d, json.Delim('}'))
}

func readKey(d *json.Decoder, seen map[string]bool) (string, error) {
	t, err := d.Token()
	if err != nil {
		return "", err
	}
	key, _ := t.(string) // inside an object the decoder allows nothing else here
	if seen[key] {
		return "", fmt.Errorf("key %q stands twice", key)
	}
	seen[key] = true
	return key, nil
}

func expect(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("found %v where %v belongs", t, want)
	}
	return nil
}

// cut splits "a {b} c" into its pieces. A text is never empty: an empty one is a sentence somebody forgot.
func cut(text string) ([]piece, error) {
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("the text is empty")
	}
	var pieces []piece
	for text != "" {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			return append(pieces, piece{text: text}), nil
		}
		if open > 0 {
			pieces = append(pieces, piece{text: text[:open]})
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 2 {
			return nil, fmt.Errorf("unclosed or empty placeholder in %q", text)
		}
		pieces = append(pieces, piece{name: text[open+1 : open+end]})
		text = text[open+end+1:]
	}
	return pieces, nil
}
