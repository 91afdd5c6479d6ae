package lang

import (
	"strings"

	"golang.org/x/text/feature/plural"
)

// PseudoCode is the code of the pseudo-locale (WithPseudo).
const PseudoCode = "en-XA"

var accents = strings.NewReplacer(
	"a", "á", "e", "é", "i", "í", "o", "ó", "u", "ú", "y", "ý", "n", "ñ", "c", "ç", "s", "š", "z", "ž",
	"A", "Á", "E", "É", "I", "Í", "O", "Ó", "U", "Ú", "Y", "Ý", "N", "Ñ", "C", "Ç", "S", "Š", "Z", "Ž",
)

func pseudo(source *Language) *Language {
	l := newLanguage(PseudoCode, source.tag, source.zone, source)
	for key, m := range source.messages {
		if strings.HasPrefix(key, "date.") { // patterns, not sentences
			continue
		}
		forms := map[plural.Form][]piece{}
		for form, pieces := range m.forms {
			forms[form] = accented(pieces)
		}
		l.messages[key] = message{file: m.file, plural: m.plural, forms: forms}
	}
	l.Name = l.T("language.name")
	return l
}

func accented(pieces []piece) []piece {
	letters := 0
	out := []piece{{text: "⟦"}}
	for _, p := range pieces {
		letters += len(p.text)
		out = append(out, piece{text: accents.Replace(p.text), name: p.name})
	}
	return append(out, piece{text: strings.Repeat("~", letters/3) + "⟧"})
}
