package web

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/yousaid/yousaid/static/lang"
)

// Fragment renders one part in the reader's language: what the live socket sends beside its data. It is the same template that
// draws the page, so a message that arrives live and one that was there on loading cannot differ.
func (r *Renderer) Fragment(l *lang.Language, part string, data any) ([]byte, error) {
	s, ok := r.sets[l.Code]
	if !ok {
		return nil, fmt.Errorf("web: language %q was not loaded", l.Code)
	}
	return s.render(part, data)
}

func (s *set) render(part string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := s.parts.ExecuteTemplate(&b, part, data); err != nil {
		return nil, fmt.Errorf("web: part %s: %w", part, err)
	}
	return b.Bytes(), nil
}

// gloss explains a planning word in place: a button in the sentence opens the explanation, without JavaScript. The same word a
// second time on a page needs a second argument, because ids are unique.
//
// This is the only template.HTML of the program. It is safe because it is itself the output of an escaping template.
func (s *set) gloss(term string, again []string) (template.HTML, error) {
	id := "gloss-" + term
	for _, a := range again {
		id += "-" + a
	}
	html, err := s.render("gloss", Gloss{ID: id, Term: term})
	return template.HTML(bytes.TrimSpace(html)), err //nolint:gosec // rendered by html/template one line above
}
