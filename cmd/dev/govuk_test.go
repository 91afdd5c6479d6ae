package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestWithoutCrownRemovesExactlyTheRulesThatFetch(t *testing.T) {
	tests := []struct{ name, css, want string }{
		{"font", `a{b:c}@font-face{font-family:x;src:url(/assets/fonts/l.woff2) format("woff2"),url(/assets/fonts/l.woff)}d{e:f}`, `a{b:c}d{e:f}`},
		{"crest", `.f{g:h}.f:before{content:"";background-image:url("/assets/images/govuk-crest.svg")}.i{j:k}`, `.f{g:h}.i{j:k}`},
		{"crest in a condition", `@supports (m:n){.f:before{mask-image:url('/assets/images/c.svg')}.o{p:q}}`, `@supports (m:n){.o{p:q}}`},
		{"after an import", `@charset "utf-8";.f{background:url(/assets/x.svg)}`, `@charset "utf-8";`},
		{"nothing", `a{b:c}@media print{a{b:d}}`, `a{b:c}@media print{a{b:d}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := withoutCrown(tt.css); err != nil || got != tt.want {
				t.Errorf("got %s, %v\nwant %s", got, err, tt.want)
			}
		})
	}
}

func TestWithoutCrownRefusesWhatItCannotRemove(t *testing.T) {
	for _, css := range []string{
		`a{font-family:"GDS Transport",arial}`,
		`a{background:url(../images/govuk-crest.svg)}`,
	} {
		if got, err := withoutCrown(css); err == nil {
			t.Errorf("%s passed as %s", css, got)
		}
	}
}

// TestGovukStyleIsOursToUse looks at the real package: its components without fonts, crest or foreign files.
func TestGovukStyleIsOursToUse(t *testing.T) {
	css, err := checkout(t).govukStyle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{".govuk-button{", ".govuk-error-summary{", "system-ui"} {
		if !strings.Contains(css, wanted) {
			t.Errorf("%s is missing", wanted)
		}
	}
	for _, unwanted := range []string{"GDS Transport", "@font-face", "url(", "crest"} {
		if strings.Contains(css, unwanted) {
			t.Errorf("%s is there", unwanted)
		}
	}
}

// govukBlock is the component's part of a class of govuk-frontend in a template: not every element and variant of a
// component has a rule of its own.
var govukBlock = regexp.MustCompile(`\bgovuk(-[a-z]+)+`)

func TestEveryGovukComponentInTemplatesHasItsStyle(t *testing.T) {
	w := checkout(t)
	css, err := w.govukStyle(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	templates := os.DirFS(filepath.Join(w.root, "static"))
	seen := 0
	err = fs.WalkDir(templates, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" {
			return err
		}
		text, err := fs.ReadFile(templates, path)
		if err != nil {
			return err
		}
		for _, block := range govukBlock.FindAllString(string(text), -1) {
			seen++
			if !strings.Contains(css, "."+block) {
				t.Errorf("%s: nothing styles %s; add its component to %s", path, block, govukSource)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("no template uses a class of govuk-frontend: this test looks in the wrong place")
	}
}
