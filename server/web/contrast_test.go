package web

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// C10: every pair of colours that pages put text or a control's edge in has the contrast WCAG 2.2 asks for (1.4.3, 1.4.11), in
// the light and the dark scheme. The pairs stand here; the colours are read from static/layout/tokens.css.
func TestC10_Contrast(t *testing.T) {
	const text, edge = 4.5, 3.0
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", 7}, {"ink", "ground", 7}, {"ink-soft", "paper", text}, {"ink-soft", "ground", text}, {"ink-soft", "official", text},
		{"link", "paper", text}, {"link", "ground", text}, {"link", "official", text}, {"link-hover", "paper", text},
		{"link-visited", "paper", text}, {"link-visited", "ground", text},
		{"on-brand", "brand", text}, {"accent", "brand", edge}, {"on-focus", "focus", text}, {"on-action", "action", text},
		{"on-action", "action-hover", text}, {"danger", "paper", text}, {"paper", "danger", text}, {"paper", "danger-hover", text},
		{"on-official", "official", text}, {"ink", "official", text}, {"on-open", "open", text}, {"on-closing", "closing", text},
		{"on-wait", "wait", text}, {"on-held", "held", text}, {"on-done", "done", text},
		{"edge", "paper", edge}, {"edge", "ground", edge}, {"action", "paper", edge}, {"bar", "paper", edge}, {"bar", "ground", edge},
		{"on-focus", "focus", edge}, {"on-official", "paper", edge},
	}
	for name, tokens := range schemes(t) {
		for _, p := range pairs {
			front, back := tokens[p.front], tokens[p.back]
			if front == "" || back == "" {
				t.Fatalf("%s: tokens.css lacks %s or %s", name, p.front, p.back)
			}
			if got := contrast(t, front, back); got < p.least {
				t.Errorf("%s: %s on %s has %.2f, needs %.1f", name, p.front, p.back, got, p.least)
			}
		}
	}
}

func TestContrastFormula(t *testing.T) {
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white: %.2f", got)
	}
	if got := contrast(t, "#777777", "#ffffff"); math.Abs(got-4.48) > 0.01 {
		t.Errorf("grey on white: %.2f", got)
	}
}

var (
	token6 = regexp.MustCompile(`--ys-([a-z-]+): (#[0-9a-f]{6});`)
	dark   = regexp.MustCompile(`(?s)@media \(prefers-color-scheme: dark\) \{(.*?)\n\}`)
)

// schemes reads the colours of both schemes; the dark one keeps what it does not set anew.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	css, err := fs.ReadFile(staticFiles, "layout/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	m := dark.FindStringSubmatch(string(css))
	if m == nil {
		t.Fatal("tokens.css has no dark scheme")
	}
	light, night := map[string]string{}, map[string]string{}
	for _, c := range token6.FindAllStringSubmatch(strings.Replace(string(css), m[0], "", 1), -1) {
		light[c[1]], night[c[1]] = c[2], c[2]
	}
	for _, c := range token6.FindAllStringSubmatch(m[1], -1) {
		night[c[1]] = c[2]
	}
	return map[string]map[string]string{"light": light, "dark": night}
}

// contrast is WCAG 2.2's ratio of relative luminances.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// C15: a property that knows left from right reads wrongly in one direction.
func TestC15_StylesAreLogical(t *testing.T) {
	physical := regexp.MustCompile(`(?m)^\s*((margin|padding|border|scroll-margin)-(left|right)[a-z-]*|left|right|border-(top|bottom)-(left|right)-radius)\s*:|(text-align|float|clear)\s*:\s*(left|right)`)
	styles := 0
	for _, pattern := range []string{"layout/*.css", "page/*/*.css", "part/*/*.css"} {
		files, err := fs.Glob(staticFiles, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			css, err := fs.ReadFile(staticFiles, file)
			if err != nil {
				t.Fatal(err)
			}
			styles++
			for _, found := range physical.FindAllString(string(css), -1) {
				t.Errorf("%s: %s", file, strings.TrimSpace(found))
			}
		}
	}
	if styles < 8 {
		t.Fatalf("only %d styles were found", styles)
	}
}
