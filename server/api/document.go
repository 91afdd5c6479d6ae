package api

import (
	"bytes"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/typed"
)

// maxDepth is how deeply a sent document may be nested; ours need three levels.
const maxDepth = 32

// document is an object of JSON that was sent, read strictly (I25): one value, no key twice, no key that nobody asks for, exact
// names, no wrong type. Reading a field records what is wrong with it; err gives all of it at once.
//
// Rules about contents are the domain's: an absent text is "", and the domain says whether it may be.
type document struct {
	path   string // of this object in the whole, with a dot at its end; "" = the whole
	fields map[string]any
	asked  map[string]bool
	inner  []*document
	bad    []consult.FieldError
}

// readDocument reads a request's body. Errors: 406, 415, and 400 for what is no object of JSON or breaks the form above.
func readDocument(c *fiber.Ctx) (*document, error) {
	if err := acceptable(c); err != nil {
		return nil, err
	}
	kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	charset := params["charset"]
	if err != nil || kind != mediaType || charset != "" && !strings.EqualFold(charset, "utf-8") || c.Get(fiber.HeaderContentEncoding) != "" {
		return nil, refuse(http.StatusUnsupportedMediaType, "")
	}
	body := bytes.Clone(c.BodyRaw())
	if !utf8.Valid(body) || !json.Valid(body) {
		return nil, refuse(http.StatusBadRequest, "The body is not one value of JSON in UTF-8.")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := readValue(d, 1)
	if err != nil {
		return nil, err
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, refuse(http.StatusBadRequest, "The body is not an object.")
	}
	return newDocument("", fields), nil
}

func newDocument(path string, fields map[string]any) *document {
	return &document{path: path, fields: fields, asked: map[string]bool{}}
}

var (
	errDepth = refuse(http.StatusBadRequest, "The body is nested too deeply.")
	errTwice = refuse(http.StatusBadRequest, "An object in the body has the same key twice.")
	errNUL   = refuse(http.StatusBadRequest, "A text in the body holds the character U+0000.")
)

// readValue reads what encoding/json would, but refuses what it lets pass: keys that stand twice, depth, NUL.
func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return readObject(d, depth)
	case json.Delim('['):
		return readArray(d, depth)
	}
	if text, ok := token.(string); ok && strings.ContainsRune(text, 0) {
		return nil, errNUL
	}
	return token, nil
}

func readObject(d *json.Decoder, depth int) (any, error) {
	fields := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		if _, twice := fields[name]; twice {
			return nil, errTwice
		}
		if fields[name], err = readValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return fields, err
}

func readArray(d *json.Decoder, depth int) (any, error) {
	var list []any
	for d.More() {
		v, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func (d *document) fail(name, rule string) {
	d.bad = append(d.bad, consult.FieldError{Field: d.path + name, Rule: rule})
}

// get finds a value; null counts as absent.
func get[T any](d *document, name string) (value T, ok bool) {
	d.asked[name] = true
	raw := d.fields[name]
	if raw == nil {
		return value, false
	}
	if value, ok = raw.(T); !ok {
		d.fail(name, "type")
	}
	return value, ok
}

// text reads text of several lines.
func (d *document) text(name string) string {
	raw, _ := get[string](d, name)
	return typed.Text(raw)
}

// line reads a name, a title, a word of a vocabulary.
func (d *document) line(name string) string {
	raw, _ := get[string](d, name)
	return typed.Line(raw)
}

func (d *document) flag(name string) bool {
	v, _ := get[bool](d, name)
	return v
}

func (d *document) number(name string) (float64, bool) {
	raw, ok := get[json.Number](d, name)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(raw.String(), 64)
	if err != nil { // beyond what a float64 holds
		d.fail(name, "decimal")
		return 0, false
	}
	return n, true
}

// object reads an object in this one; an absent one is empty.
func (d *document) object(name string) *document {
	fields, _ := get[map[string]any](d, name)
	in := newDocument(d.path+name+".", fields)
	d.inner = append(d.inner, in)
	return in
}

// objects reads a list of objects, at most limit of them.
func (d *document) objects(name string, limit int) []*document {
	raw, _ := get[[]any](d, name)
	if len(raw) > limit {
		d.fail(name, "too_many")
		return nil
	}
	var list []*document
	for i, v := range raw {
		at := name + "." + strconv.Itoa(i)
		fields, ok := v.(map[string]any)
		if !ok {
			d.fail(at, "type")
			continue
		}
		in := newDocument(d.path+at+".", fields)
		d.inner = append(d.inner, in)
		list = append(list, in)
	}
	return list
}

// err is everything wrong with the document's form as one refusal, or nil. Call it when every field has been read.
func (d *document) err() error {
	if bad := d.all(); len(bad) > 0 {
		return refuse(http.StatusBadRequest, "The body is not the document this address takes; errors names what is wrong.", bad...)
	}
	return nil
}

func (d *document) all() []consult.FieldError {
	bad := slices.Clone(d.bad)
	for _, name := range slices.Sorted(maps.Keys(d.fields)) {
		if !d.asked[name] && len(bad) < maxUnknown {
			// A name that could be anything is the caller's own text and not repeated.
			bad = append(bad, consult.FieldError{Field: d.path + plainName.FindString(name), Rule: "unknown_key"})
		}
	}
	for _, in := range d.inner {
		bad = append(bad, in.all()...)
	}
	return bad
}

// maxUnknown is how many errors are worth telling about one object.
const maxUnknown = 20

var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// idempotencyKey reads the header of the same name: a UUID, bare or in the quotes of a structured field. An absent one is assigned
// here, so that nothing is written without; a malformed one is refused (I23).
func idempotencyKey(c *fiber.Ctx) (string, error) {
	raw := c.Get("Idempotency-Key")
	if raw == "" {
		return consult.NewKey(), nil
	}
	if bare, quoted := strings.CutPrefix(raw, `"`); quoted && strings.HasSuffix(bare, `"`) {
		raw = strings.TrimSuffix(bare, `"`)
	}
	key, ok := typed.Key(raw)
	if !ok {
		return "", refuse(http.StatusBadRequest, "Idempotency-Key is not a UUID.", consult.FieldError{Field: "Idempotency-Key", Rule: "key"})
	}
	return key, nil
}

// lines reads a list of words of a vocabulary, at most limit of them.
func (d *document) lines(name string, limit int) []string {
	raw, _ := get[[]any](d, name)
	if len(raw) > limit {
		d.fail(name, "too_many")
		return nil
	}
	var list []string
	for i, v := range raw {
		word, ok := v.(string)
		if !ok {
			d.fail(name+"."+strconv.Itoa(i), "type")
			continue
		}
		list = append(list, typed.Line(word))
	}
	return list
}
