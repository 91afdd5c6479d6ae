package lang

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a bare container has no zone files, and must print London time all the same

	"golang.org/x/text/language"
)

// Files are the catalogues that ship with the program.
//
//go:embed en ur
var Files embed.FS

// Source is the code of the language that texts are written in first and that missing ones fall back to.
const Source = "en"

// DefaultZone is the zone of the authority when none is set: dates and deadlines are printed in it.
const DefaultZone = "Europe/London"

// Catalogue is every language that was loaded. It never changes after Load and is safe for concurrent use.
type Catalogue struct {
	languages []*Language // Source first
	matcher   language.Matcher
}

// Load reads one folder per language from fsys. Times are printed in zone; nil means DefaultZone.
// It fails on malformed JSON, on a key that two files of a language define, on an unknown plural form and on an unclosed
// placeholder, naming the file.
func Load(fsys fs.FS, zone *time.Location) (*Catalogue, error) {
	if zone == nil {
		london, err := time.LoadLocation(DefaultZone)
		if err != nil {
			return nil, fmt.Errorf("lang: zone %s: %w", DefaultZone, err)
		}
		zone = london
	}
	source, err := loadLanguage(fsys, Source, zone, nil)
	if err != nil {
		return nil, err
	}
	languages := []*Language{source}
	folders, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("lang: %w", err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || folder.Name() == Source {
			continue
		}
		l, err := loadLanguage(fsys, folder.Name(), zone, source)
		if err != nil {
			return nil, err
		}
		languages = append(languages, l)
	}
	return newCatalogue(languages), nil
}

// MustLoad is Load of the shipped Files, whose correctness the package's tests hold; it panics where they would fail.
func MustLoad(zone *time.Location) *Catalogue {
	c, err := Load(Files, zone)
	if err != nil {
		panic(err)
	}
	return c
}

func newCatalogue(languages []*Language) *Catalogue {
	tags := make([]language.Tag, len(languages))
	for i, l := range languages {
		tags[i] = l.tag
	}
	return &Catalogue{languages: languages, matcher: language.NewMatcher(tags)}
}

// WithPseudo is the catalogue plus the pseudo-locale en-XA: every English text accented, a third longer and in brackets, so
// that a sentence which bypasses the catalogue, or a box too narrow for German, shows at once. For tests and for development.
func (c *Catalogue) WithPseudo() *Catalogue {
	return newCatalogue(append(append([]*Language{}, c.languages...), pseudo(c.Default())))
}

// Languages lists what was loaded, the source language first.
func (c *Catalogue) Languages() []*Language { return c.languages }

// Default is the source language.
func (c *Catalogue) Default() *Language { return c.languages[0] }

// Get finds a language by its exact code, else the default one.
func (c *Catalogue) Get(code string) *Language {
	if l := c.find(code); l != nil {
		return l
	}
	return c.Default()
}

// Supports says whether a language with exactly this code is loaded.
func (c *Catalogue) Supports(code string) bool { return c.find(code) != nil }

func (c *Catalogue) find(code string) *Language {
	for _, l := range c.languages {
		if l.Code == code {
			return l
		}
	}
	return nil
}

// Match chooses the reader's language: what the address asks for (?lang=), else what the cookie remembers, else what the
// browser's Accept-Language prefers, else the default. Unknown codes are passed over, never reflected.
func (c *Catalogue) Match(acceptLanguage, cookie, query string) *Language {
	for _, code := range []string{query, cookie} {
		if l := c.find(code); l != nil {
			return l
		}
	}
	// The index is used, not the returned tag: "ur-PK" matches "ur" but comes back with extensions.
	_, i, confidence := c.matcher.Match(preferences(acceptLanguage)...)
	if confidence == language.No {
		return c.Default()
	}
	return c.languages[i]
}

// preferences reads an Accept-Language header entry by entry: one that nobody knows must not cost the reader the others.
func preferences(acceptLanguage string) []language.Tag {
	type preference struct {
		tag    language.Tag
		weight float32
	}
	var wanted []preference
	for entry := range strings.SplitSeq(acceptLanguage, ",") {
		tags, weights, err := language.ParseAcceptLanguage(entry)
		if err == nil && len(tags) == 1 {
			wanted = append(wanted, preference{tags[0], weights[0]})
		}
	}
	slices.SortStableFunc(wanted, func(a, b preference) int { return cmp.Compare(b.weight, a.weight) })
	tags := make([]language.Tag, len(wanted))
	for i, w := range wanted {
		tags[i] = w.tag
	}
	return tags
}

func loadLanguage(fsys fs.FS, code string, zone *time.Location, fallback *Language) (*Language, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, fmt.Errorf("lang: folder %q is not a language code: %w", code, err)
	}
	l := newLanguage(code, tag, zone, fallback)
	files, err := fs.Glob(fsys, path.Join(code, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("lang: %w", err)
	}
	slices.Sort(files)
	for _, name := range files {
		if err := l.readFile(fsys, name); err != nil {
			return nil, err
		}
	}
	l.Name = l.T("language.name")
	return l, nil
}

func (l *Language) readFile(fsys fs.FS, name string) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("lang: %w", err)
	}
	entries, err := parseFile(data)
	if err != nil {
		return fmt.Errorf("lang: %s: %w", name, err)
	}
	file := strings.TrimSuffix(path.Base(name), ".json")
	for _, e := range entries {
		if earlier, taken := l.messages[e.key]; taken {
			return fmt.Errorf("lang: %s: key %q is already in %s.json", name, e.key, earlier.file)
		}
		e.message.file = file
		l.messages[e.key] = e.message
	}
	return nil
}
