package consult

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// maxFormDepth is how deep a definition may nest; its format needs eight.
const maxFormDepth = 12

// ParseForm reads a definition: strict JSON of the form's format and nothing else. What is wrong is an Invalid error whose fields name
// the place in the file ("sections[1].questions[0].steps"); at most maxFormErrors of them.
func ParseForm(raw []byte) (Form, error) {
	const op = "parse form"
	var bad check
	switch {
	case len(raw) > MaxFormSize:
		bad.add("definition", "form_size", "max", MaxFormSize>>10)
	case !utf8.Valid(raw):
		bad.add("definition", "characters")
	}
	if err := bad.err(op); err != nil {
		return Form{}, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	tree, err := readNode(decoder, "", 0)
	if err == nil {
		if _, after := decoder.Token(); !errors.Is(after, io.EOF) {
			err = errAfter
		}
	}
	if err != nil {
		line := 1 + bytes.Count(raw[:min(int(decoder.InputOffset()), len(raw))], []byte("\n"))
		bad.add("definition", "form_json", "line", line, "cause", err.Error())
		return Form{}, bad.err(op)
	}
	r := formReader{check: &bad}
	f := r.form(tree)
	if len(bad.fields) == 0 {
		bad.fields = CheckForm(f)
	}
	bad.fields = bad.fields[:min(len(bad.fields), maxFormErrors)]
	return f, bad.err(op)
}

// maxFormErrors is how many mistakes one answer lists: more help nobody.
const maxFormErrors = 30

var errAfter = fmt.Errorf("something stands after the end")

// node is one value of a file with the place it stands at.
type node struct {
	path    string
	text    string
	number  json.Number
	yes     bool
	kind    byte // 'o'bject, 'l'ist, 't'ext, 'n'umber, 'b'oolean, '0' null
	members map[string]node
	items   []node
}

// readNode reads one value. A name that stands twice is refused: which of the two counts would be a guess.
func readNode(d *json.Decoder, path string, depth int) (node, error) {
	if depth > maxFormDepth {
		return node{}, fmt.Errorf("nested deeper than %d", maxFormDepth)
	}
	token, err := d.Token()
	if err != nil {
		return node{}, jsonFault(err)
	}
	n := node{path: path}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return readObject(d, n, depth)
		}
		return readList(d, n, depth)
	case string:
		n.kind, n.text = 't', v
	case json.Number:
		n.kind, n.number = 'n', v
	case bool:
		n.kind, n.yes = 'b', v
	default:
		n.kind = '0'
	}
	return n, nil
}

// jsonFault words the library's end of file as what it means here.
func jsonFault(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file ends too early")
	}
	return err
}

func readObject(d *json.Decoder, n node, depth int) (node, error) {
	n.kind, n.members = 'o', map[string]node{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return n, jsonFault(err)
		}
		name, ok := token.(string)
		if !ok {
			return n, fmt.Errorf("a name is missing")
		}
		path := name
		if n.path != "" {
			path = n.path + "." + name
		}
		if _, twice := n.members[name]; twice {
			return n, fmt.Errorf("%q stands twice", path)
		}
		if n.members[name], err = readNode(d, path, depth+1); err != nil {
			return n, err
		}
	}
	_, err := d.Token()
	return n, jsonEnd(err)
}

func readList(d *json.Decoder, n node, depth int) (node, error) {
	n.kind = 'l'
	for d.More() {
		item, err := readNode(d, n.path+"["+strconv.Itoa(len(n.items))+"]", depth+1)
		if err != nil {
			return n, err
		}
		n.items = append(n.items, item)
	}
	_, err := d.Token()
	return n, jsonEnd(err)
}

func jsonEnd(err error) error {
	if err != nil {
		return jsonFault(err)
	}
	return nil
}

// formReader turns nodes into a form and collects what does not fit.
type formReader struct{ *check }

// object wants an object with no other names than the known ones.
func (r formReader) object(n node, known ...string) bool {
	if n.kind != 'o' {
		r.add(orRoot(n.path), "form_object")
		return false
	}
	for name, member := range n.members {
		found := false
		for _, k := range known {
			found = found || k == name
		}
		if !found {
			r.add(clipped(member.path), "form_unknown")
		}
	}
	return true
}

func orRoot(path string) string {
	if path == "" {
		return "definition"
	}
	return clipped(path)
}

// clipped keeps a path that a file made up from filling a page.
func clipped(path string) string {
	if utf8.RuneCountInString(path) > 120 {
		return string([]rune(path)[:120]) + "…"
	}
	return path
}

func (r formReader) member(n node, name string) (node, bool) {
	m, ok := n.members[name]
	return m, ok
}

func (r formReader) line(n node, name string) string {
	m, ok := r.member(n, name)
	if ok && m.kind != 't' {
		r.add(m.path, "form_text")
	}
	return m.text
}

func (r formReader) yes(n node, name string) bool {
	m, ok := r.member(n, name)
	if ok && m.kind != 'b' {
		r.add(m.path, "form_yes_no")
	}
	return m.yes
}

// count wants a whole number from 0 to a million.
func (r formReader) count(n node, name string) int {
	m, ok := r.member(n, name)
	if !ok {
		return 0
	}
	v, err := m.number.Float64()
	if m.kind != 'n' || err != nil || v != math.Trunc(v) || v < 0 || v > 1e6 {
		r.add(m.path, "form_number")
		return 0
	}
	return int(v)
}

func (r formReader) list(n node, name string, limit int) []node {
	m, ok := r.member(n, name)
	switch {
	case !ok:
		return nil
	case m.kind != 'l':
		r.add(m.path, "form_list")
		return nil
	case len(m.items) > limit:
		r.add(m.path, "form_many", "max", limit)
		return nil
	}
	return m.items
}

func (r formReader) text(n node, name string) FormText {
	m, ok := r.member(n, name)
	if !ok {
		return nil
	}
	if m.kind != 'o' {
		r.add(m.path, "form_languages")
		return nil
	}
	if len(m.members) == 0 {
		return nil
	}
	t := FormText{}
	for code := range m.members {
		t[code] = r.line(m, code)
	}
	return t
}

func (r formReader) form(n node) Form {
	if !r.object(n, "format", "language", "title", "intro", "return", "contact", "sections") {
		return Form{}
	}
	f := Form{Format: r.count(n, "format"), Language: r.line(n, "language"), Title: r.text(n, "title"), Intro: r.text(n, "intro"),
		Return: r.text(n, "return")}
	if contact, ok := r.member(n, "contact"); ok && r.object(contact, "name", "postcode") {
		f.Contact = ContactRule{Name: Demand(r.line(contact, "name")), Postcode: Demand(r.line(contact, "postcode"))}
	}
	for _, item := range r.list(n, "sections", MaxSections) {
		f.Sections = append(f.Sections, r.section(item))
	}
	return f
}

func (r formReader) section(n node) Section {
	if !r.object(n, "id", "title", "intro", "questions") {
		return Section{}
	}
	s := Section{ID: r.line(n, "id"), Title: r.text(n, "title"), Intro: r.text(n, "intro")}
	for _, item := range r.list(n, "questions", MaxSectionSize) {
		s.Questions = append(s.Questions, r.question(item))
	}
	return s
}

func (r formReader) question(n node) Question {
	if !r.object(n, "id", "kind", "text", "hint", "required", "shown_if", "options", "several", "other", "min", "max", "steps", "low",
		"high", "dont_know", "limit") {
		return Question{}
	}
	q := Question{ID: r.line(n, "id"), Kind: QuestionKind(r.line(n, "kind")), Text: r.text(n, "text"), Hint: r.text(n, "hint"),
		Required: r.yes(n, "required"), Several: r.yes(n, "several"), Other: r.yes(n, "other"), Min: r.count(n, "min"),
		Max: r.count(n, "max"), Steps: r.count(n, "steps"), Low: r.text(n, "low"), High: r.text(n, "high"),
		DontKnow: r.yes(n, "dont_know"), Limit: r.count(n, "limit")}
	if c, ok := r.member(n, "shown_if"); ok && r.object(c, "question", "value") {
		q.ShownIf = &ShowRule{Question: r.line(c, "question"), Value: r.line(c, "value")}
	}
	for _, item := range r.list(n, "options", MaxOptions) {
		if r.object(item, "id", "text") {
			q.Options = append(q.Options, Option{ID: r.line(item, "id"), Text: r.text(item, "text")})
		}
	}
	return q
}
