package ingest

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

var emailForm = regexp.MustCompile(`[^\s@<>()",;]+@[^\s@<>()",;]+\.[A-Za-z]{2,}`)

// keepApart takes out of everything a reader will see what the applicant or agent told about themselves: names, e-mail addresses
// and telephone numbers, and any e-mail address at all. An address of the site stays, even where the applicant lives there.
func (r *record) keepApart() {
	secrets := contactWords(r.Applicant)
	hide := func(field string, text *string) {
		out := emailForm.ReplaceAllString(*text, "[…]")
		for _, s := range secrets {
			out = replaceFold(out, s, "[…]")
		}
		if out != *text {
			*text = out
			r.warn(field, "contact data of applicant or agent, or an e-mail address, was taken out of the public text")
		}
	}
	hide("description", &r.Description)
	hide("name", &r.Name)
	hide("withdrawn reason", &r.WithdrawnReason)
	hide("appeal reason", &r.AppealedReason)
	for i := range r.Documents {
		hide("document name", &r.Documents[i].Name)
	}
}

// contactWords lists what identifies a person in the contact data: whole names, e-mail addresses and telephone numbers.
func contactWords(applicant string) []string {
	var found []string
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			first, _ := v["first"].(string)
			last, _ := v["last"].(string)
			if first != "" && last != "" {
				found = append(found, first+" "+last)
			}
			for k, x := range v {
				walk(k, x)
			}
		case []any:
			for _, x := range v {
				walk(key, x)
			}
		case string:
			if key == "email" || key == "primary" && digits(v) >= 6 || key == "singleLine" && strings.Contains(v, " ") && digits(v) == 0 ||
				key == "agent" {
				found = append(found, v)
			}
		}
	}
	var whole any
	if json.Unmarshal([]byte(applicant), &whole) == nil {
		walk("", whole)
	}
	return found
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// replaceFold replaces every occurrence of old whatever its case.
func replaceFold(s, old, with string) string {
	if len(old) < 5 {
		return s // too short to be told from ordinary words
	}
	return regexp.MustCompile(`(?i)`+regexp.QuoteMeta(old)).ReplaceAllLiteralString(s, with)
}
