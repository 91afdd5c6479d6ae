package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// glossaryPage explains every planning word.
type glossaryPage struct {
	Base
	Words []glossaryWord
}

type glossaryWord struct{ ID, Word, Meaning string }

// Glossary lists the planning words in the order of the reader's language.
func (w *Web) Glossary(c *fiber.Ctx) error {
	return w.Pages.Page(c, fiber.StatusOK, "glossary", drawGlossary(w.Base(c, "glossary_page.title")))
}

func drawGlossary(b Base) *glossaryPage {
	p := &glossaryPage{Base: b}
	for _, key := range b.Language.Keys("glossary.") {
		term, meaning := strings.CutSuffix(strings.TrimPrefix(key, "glossary."), "_meaning")
		if meaning {
			p.Words = append(p.Words, glossaryWord{ID: term, Word: b.T("glossary." + term), Meaning: b.T(key)})
		}
	}
	slices.SortFunc(p.Words, func(a, b glossaryWord) int { return cmp.Compare(strings.ToLower(a.Word), strings.ToLower(b.Word)) })
	return p
}

// textPage is a page of paragraphs under headings.
type textPage struct {
	Base
	Lead     string
	Sections []textSection
}

type textSection struct {
	Heading    string
	Paragraphs []string
}

// drawText reads prefix.lead and prefix.<section>, prefix.<section>_text from the catalogue.
func drawText(b Base, prefix string, sections []string) *textPage {
	p := &textPage{Base: b, Lead: b.T(prefix+".lead", "authority", b.Site.Authority)}
	for _, s := range sections {
		text := b.T(prefix+"."+s+"_text", "authority", b.Site.Authority)
		p.Sections = append(p.Sections, textSection{Heading: b.T(prefix + "." + s), Paragraphs: paragraphs(text)})
	}
	return p
}

var (
	accessibilitySections = []string{"built", "known", "contact", "enforcement", "tested"}
	privacySections       = []string{"what", "public", "why", "who", "long", "cookies", "rights"}
)

// Accessibility is the statement that public bodies owe (SI 2018/952, regulation 8).
func (w *Web) Accessibility(c *fiber.Ctx) error {
	return w.Pages.Page(c, fiber.StatusOK, "accessibility", drawText(w.Base(c, "accessibility.title"), "accessibility", accessibilitySections))
}

// Privacy says what is kept, why and for how long.
func (w *Web) Privacy(c *fiber.Ctx) error {
	return w.Pages.Page(c, fiber.StatusOK, "privacy", drawText(w.Base(c, "privacy.title"), "privacy", privacySections))
}
