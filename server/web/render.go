package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/static/lang"
)

// Renderer turns views into HTML. Every page is parsed once per language when the program starts, so that templates name keys
// and never pass a language along. It is safe for concurrent use.
type Renderer struct {
	assets func(string) string
	strict bool
	files  fs.FS
	sets   map[string]*set // by language code

	mu       sync.Mutex
	variants map[string]*set // by language code and variant; parsed when first asked for
}

type set struct {
	language *lang.Language
	parts    *template.Template
	pages    map[string]*template.Template
}

// NewRenderer parses layout/page.html, every part/<name>/<name>.html and every page/<name>/<name>.html of files. assets gives the
// address of a built entry ("layout/layout.css"), "" where there is none. strict makes a missing key or placeholder an error: for tests.
func NewRenderer(files fs.FS, texts *lang.Catalogue, assets func(string) string, strict bool) (*Renderer, error) {
	r := &Renderer{assets: assets, strict: strict, files: files, sets: map[string]*set{}, variants: map[string]*set{}}
	for _, l := range texts.Languages() {
		s, err := r.parse(files, l)
		if err != nil {
			return nil, err
		}
		r.sets[l.Code] = s
	}
	return r, nil
}

func (r *Renderer) parse(files fs.FS, l *lang.Language) (*set, error) {
	s := &set{language: l, pages: map[string]*template.Template{}}
	s.parts = template.New("parts").Option("missingkey=error")
	s.parts.Funcs(r.funcs(s))
	skeleton, err := fs.ReadFile(files, "layout/page.html")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if _, err := s.parts.New("skeleton").Parse(string(skeleton)); err != nil {
		return nil, fmt.Errorf("web: layout/page.html: %w", err)
	}
	err = eachTemplate(files, "part", func(name, text string) error {
		_, err := s.parts.New(name).Parse(text)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = eachTemplate(files, "page", func(name, text string) error {
		page, err := s.parts.Clone()
		if err != nil {
			return err
		}
		if _, err := page.New("content").Parse(text); err != nil {
			return err
		}
		s.pages[name] = page
		return nil
	})
	return s, err
}

// eachTemplate reads room/<name>/<name>.html for every folder of room that has one.
func eachTemplate(files fs.FS, room string, each func(name, text string) error) error {
	found, err := fs.Glob(files, room+"/*/*.html")
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	for _, file := range found {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name != path.Base(path.Dir(file)) {
			return fmt.Errorf("web: %s: a template has its folder's name", file)
		}
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return fmt.Errorf("web: %w", err)
		}
		if err := each(name, string(text)); err != nil {
			return fmt.Errorf("web: %s: %w", file, err)
		}
	}
	return nil
}

// Page answers with a page. It is rendered into memory first: a template that fails never sends half a page.
func (r *Renderer) Page(c *fiber.Ctx, status int, page string, view View) error {
	var b bytes.Buffer
	if err := r.Write(&b, page, view); err != nil {
		return err
	}
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentLanguage, view.base().Language.Code)
	return c.Send(b.Bytes())
}

// Write renders a page in the language of its Base.
func (r *Renderer) Write(out io.Writer, page string, view View) error {
	base := view.base()
	s, err := r.set(base.Language)
	if err != nil {
		return err
	}
	t, ok := s.pages[page]
	if !ok {
		return fmt.Errorf("web: there is no page/%s/%s.html", page, page)
	}
	base.addOwnAssets(page, r.assets)
	if err := t.ExecuteTemplate(out, "skeleton", view); err != nil {
		return fmt.Errorf("web: page %s: %w", page, err)
	}
	return nil
}

// set finds the templates of a language, or of a variant of it.
func (r *Renderer) set(l *lang.Language) (*set, error) {
	s, ok := r.sets[l.Code]
	if !ok {
		return nil, fmt.Errorf("web: language %q was not loaded", l.Code)
	}
	if l.VariantName() == "" {
		return s, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	name := l.Code + " " + l.VariantName()
	if s, ok = r.variants[name]; ok {
		return s, nil
	}
	s, err := r.parse(r.files, l)
	if err == nil {
		r.variants[name] = s
	}
	return s, err
}

// addOwnAssets adds the page's own style and script, where its folder has them.
func (b *Base) addOwnAssets(page string, assets func(string) string) {
	own := "page/" + page + "/" + page
	if assets(own+".css") != "" {
		b.Styles = append(b.Styles, own+".css")
	}
	if assets(own+".js") != "" {
		b.Scripts = append(b.Scripts, own+".js")
	}
}

// PageNames lists the pages that were parsed.
func (r *Renderer) PageNames() []string {
	var names []string
	for _, s := range r.sets {
		for name := range s.pages {
			names = append(names, name)
		}
		break
	}
	return names
}

// shown answers with a page as far as it could be drawn: 200, or 422 when it shows broken rules.
func shown[V View](w *Web, c *fiber.Ctx, page string, view V, err error) error {
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if len(view.base().Errors) > 0 {
		status = fiber.StatusUnprocessableEntity
	}
	return w.Pages.Page(c, status, page, view)
}
