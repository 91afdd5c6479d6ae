package lang

import (
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/feature/plural"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load(Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// inMemory is a catalogue of texts written into a test.
func inMemory(t *testing.T, files map[string]string) *Catalogue {
	t.Helper()
	c, err := Load(folder(files), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// staffFile says whether a file may exist in the source language only.
func staffFile(file string) bool {
	return slices.ContainsFunc([]string{"officer", "analyst", "admin"}, func(p string) bool { return strings.HasPrefix(file, p) })
}

func TestEveryKeyInEveryLanguage(t *testing.T) {
	c := load(t)
	if len(c.Languages()) < 2 {
		t.Fatal("only one language was loaded")
	}
	source := c.Default()
	for _, l := range c.Languages()[1:] {
		for key, m := range source.messages {
			if _, has := l.messages[key]; !has && !staffFile(m.file) {
				t.Errorf("%s/%s.json lacks %q", l.Code, m.file, key)
			}
		}
		for key, m := range l.messages {
			if _, has := source.messages[key]; !has {
				t.Errorf("%s/%s.json: %q does not exist in the source language", l.Code, m.file, key)
			}
		}
	}
}

func TestPlaceholdersAgree(t *testing.T) {
	c := load(t)
	for _, l := range c.Languages()[1:] {
		for key, m := range l.messages {
			// The patterns of a moment take what their language needs; TestDates holds them.
			if key == "date.day" || key == "date.weekday" || key == "date.clock" {
				continue
			}
			source := c.Default().messages[key]
			if source.forms == nil {
				continue // TestEveryKeyInEveryLanguage reports it
			}
			if got, want := placeholders(m), placeholders(source); !slices.Equal(got, want) {
				t.Errorf("%s/%s.json: %q has placeholders %v, the source has %v", l.Code, m.file, key, got, want)
			}
			if m.plural != source.plural {
				t.Errorf("%s/%s.json: %q is a plural in one language only", l.Code, m.file, key)
			}
		}
	}
}

func placeholders(m message) []string {
	var names []string
	for _, pieces := range m.forms {
		for _, p := range pieces {
			if p.name != "" && !slices.Contains(names, p.name) {
				names = append(names, p.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Every form that a language's plural rule can ask for is written, else a reader gets the wrong one without anybody noticing.
func TestPluralFormsAreComplete(t *testing.T) {
	for _, l := range load(t).Languages() {
		needed := map[plural.Form]bool{}
		for n := range 200 {
			needed[plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)] = true
		}
		for key, m := range l.messages {
			for form := range needed {
				if m.plural && m.forms[form] == nil {
					t.Errorf("%s/%s.json: %q lacks the plural form %v", l.Code, m.file, key, form)
				}
			}
		}
	}
}

// A text with a tag or an entity would be shown as written: texts are never HTML.
func TestTextsHoldNoHTML(t *testing.T) {
	for _, l := range load(t).Languages() {
		for key, m := range l.messages {
			for _, pieces := range m.forms {
				for _, p := range pieces {
					if strings.ContainsAny(p.text, "<>") || strings.Contains(p.text, "&amp;") || strings.Contains(p.text, "&nbsp;") {
						t.Errorf("%s/%s.json: %q holds HTML: %s", l.Code, m.file, key, p.text)
					}
				}
			}
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	good := `{"language.name":"English"}`
	tests := []struct{ name, file, text, want string }{
		{"a key that two files hold", "en/b.json", `{"language.name":"x"}`, "already in a.json"},
		{"a key twice in one file", "en/b.json", `{"x.a":"1","x.a":"2"}`, "stands twice"},
		{"a key without an area", "en/b.json", `{"a":"1"}`, "area.name"},
		{"nested objects", "en/b.json", `{"x.a":{"one":{"two":"3"}}}`, "not a text"},
		{"an unknown plural form", "en/b.json", `{"x.a":{"some":"1","other":"2"}}`, "not a plural form"},
		{"a plural without other", "en/b.json", `{"x.a":{"one":"1"}}`, `"other" is missing`},
		{"a number", "en/b.json", `{"x.a":1}`, "neither a text"},
		{"an empty text", "en/b.json", `{"x.a":" "}`, "empty"},
		{"an unclosed placeholder", "en/b.json", `{"x.a":"hello {name"}`, "unclosed"},
		{"an empty placeholder", "en/b.json", `{"x.a":"hello {}"}`, "unclosed or empty"},
		{"broken JSON", "en/b.json", `{"x.a":`, "b.json"},
		{"something after the object", "en/b.json", `{} {}`, "after the closing brace"},
		{"a folder that is no language", "no_such_language!/b.json", `{}`, "not a language code"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(folder(map[string]string{"en/a.json": good, test.file: test.text}), time.UTC)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error that says %q", err, test.want)
			}
			if err != nil && strings.Contains(test.want, "already") && !strings.Contains(err.Error(), path.Base(test.file)) {
				t.Errorf("the error does not name the file: %v", err)
			}
		})
	}
}

func TestT(t *testing.T) {
	c := inMemory(t, map[string]string{
		"en/a.json": `{"language.name":"English","x.hello":"Hello {name}","x.n":{"one":"{n} comment","other":"{n} comments"},"x.only":"Only here"}`,
		"ur/a.json": `{"language.name":"اردو","x.hello":"سلام {name}","x.n":{"one":"{n} رائے","other":"{n} آرا"}}`,
	})
	en, ur := c.Get("en"), c.Get("ur")
	tests := []struct {
		name, got, want string
	}{
		{"a value", en.T("x.hello", "name", "Bo"), "Hello Bo"},
		{"a map of values", en.T("x.hello", map[string]any{"name": "Bo"}), "Hello Bo"},
		{"a value is text, whatever it looks like", en.T("x.hello", "name", "<b>{{.}}%d{name}"), "Hello <b>{{.}}%d{name}"},
		{"one", en.T("x.n", "n", 1), "1 comment"},
		{"none", en.T("x.n", "n", 0), "0 comments"},
		{"many, grouped", en.T("x.n", "n", 12345), "12,345 comments"},
		{"from JSON", en.T("x.n", "n", float64(1)), "1 comment"},
		{"one in Urdu", ur.T("x.n", "n", 1), "1 رائے"},
		{"many in Urdu", ur.T("x.n", "n", int64(2)), "2 آرا"},
		{"missing here, read in the source language", ur.T("x.only"), "Only here"},
		{"missing everywhere", en.T("x.none"), "x.none"},
		{"placeholder without a value", en.T("x.hello"), "Hello {name}"},
		{"Latin inside Urdu keeps its order", ur.T("x.hello", "name", "2099/00001/PA"), "سلام \u20682099/00001/PA\u2069"},
		{"Urdu inside English keeps its order", en.T("x.hello", "name", "علی"), "Hello \u2068علی\u2069"},
		{"an address stays bare", ur.T("x.hello", "name", "https://example.org/a"), "سلام https://example.org/a"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestFormatReports(t *testing.T) {
	c := inMemory(t, map[string]string{"en/a.json": `{"language.name":"English","x.hello":"Hello {name}","x.n":{"other":"{n}"}}`})
	for name, args := range map[string][]any{
		"unknown key": {"x.none"}, "no value": {"x.hello"}, "odd": {"x.hello", "name"}, "name is no string": {"x.hello", 1, 2},
		"plural without n": {"x.n", "m", 1},
	} {
		if _, err := c.Default().Format(args[0].(string), args[1:]...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := c.Default().Format("x.hello", "name", "Bo"); err != nil {
		t.Errorf("a right call: %v", err)
	}
}

func TestMatch(t *testing.T) {
	c := load(t)
	tests := []struct{ name, accept, cookie, query, want string }{
		{"nothing said", "", "", "", "en"},
		{"the browser's", "ur-PK,ur;q=0.9,en;q=0.5", "", "", "ur"},
		{"the browser's second", "xx,ur;q=0.5", "", "", "ur"},
		{"a language we lack", "tlh", "", "", "en"},
		{"the cookie before the browser", "ur", "en", "", "en"},
		{"the address before the cookie", "en", "en", "ur", "ur"},
		{"an unknown address", "", "ur", "<script>", "ur"},
		{"an unknown cookie", "ur", "zz", "", "ur"},
		{"by weight, not by order", "en;q=0.2,ur;q=0.9", "", "", "ur"},
		{"a broken header", ";;;q=9", "", "", "en"},
	}
	for _, test := range tests {
		if got := c.Match(test.accept, test.cookie, test.query).Code; got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestDirection(t *testing.T) {
	c := load(t)
	if got := c.Get("en").Dir; got != "ltr" {
		t.Errorf("English is written %s", got)
	}
	if ur := c.Get("ur"); ur.Dir != "rtl" || !ur.RTL() || ur.Name != "اردو" {
		t.Errorf("Urdu is written %s and called %s", ur.Dir, ur.Name)
	}
}

// Times are stored in UTC and read in London: in summer an hour before midnight UTC is already tomorrow.
func TestDates(t *testing.T) {
	c := load(t)
	en, ur := c.Get("en"), c.Get("ur")
	summer := time.Date(2026, 7, 31, 23, 5, 0, 0, time.UTC)
	winter := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	tests := []struct{ got, want string }{
		{en.Date(summer), "1 August 2026"},
		{en.DateTime(summer), "1 August 2026, 12:05am"},
		{en.DateTime(winter.Add(12 * time.Hour)), "31 January 2026, 12:00pm"},
		{en.Clock(winter.Add(17*time.Hour + 30*time.Minute)), "5:30pm"},
		{en.Weekday(winter), "Saturday 31 January 2026"},
		{ur.Date(summer), "1 اگست 2026"},
		{ur.Weekday(winter), "ہفتہ، 31 جنوری 2026"},
		{ur.Clock(winter.Add(17*time.Hour + 30*time.Minute)), "17:30 بجے"},
		{en.Civil("2026-04-02"), "2 April 2026"},
		{en.Civil("soon"), "soon"},
		{en.DaysLeft(1), "1 day left"},
		{en.DaysLeft(21), "21 days left"},
		{en.DaysLeft(0), "Last day today"},
		{en.DaysLeft(-3), "Closed"},
		{en.Number(1234567), "1,234,567"},
		{en.Decimal(1234.5, 1), "1,234.5"},
		{en.Percent(0.256), "26%"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// A civil day has no zone and must not move, wherever the authority is.
func TestCivilDayDoesNotMove(t *testing.T) {
	for _, zone := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Karachi"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Load(Files, place)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Default().Civil("2026-03-29"); got != "29 March 2026" {
			t.Errorf("%s: %s", zone, got)
		}
	}
}

func TestForms(t *testing.T) {
	c := inMemory(t, map[string]string{"en/a.json": `{"language.name":"English","x.n":{"one":"{n} new","other":"{n} new ones"}}`})
	if got, want := c.Default().Forms("x.n"), `{"one":"{n} new","other":"{n} new ones"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := c.Default().Forms("x.none"); got != "{}" {
		t.Errorf("unknown key: %s", got)
	}
}

func TestKeys(t *testing.T) {
	c := inMemory(t, map[string]string{
		"en/a.json": `{"language.name":"English","x.b":"1","x.a":"2","y.c":"3"}`,
		"ur/a.json": `{"language.name":"اردو","x.a":"2"}`,
	})
	if got := c.Get("ur").Keys("x."); !slices.Equal(got, []string{"x.a", "x.b"}) {
		t.Errorf("got %v", got)
	}
}

func TestPseudo(t *testing.T) {
	c := load(t).WithPseudo()
	l := c.Get(PseudoCode)
	if l.Code != PseudoCode {
		t.Fatal("the pseudo-locale is not there")
	}
	got := l.T("site.page_number", "n", 3)
	if !strings.HasPrefix(got, "⟦") || !strings.HasSuffix(got, "⟧") || !strings.Contains(got, "3") || strings.Contains(got, "Page") {
		t.Errorf("got %q", got)
	}
	if len([]rune(got)) <= len([]rune(c.Default().T("site.page_number", "n", 3))) {
		t.Errorf("%q is not longer than the English", got)
	}
	if load(t).Supports(PseudoCode) {
		t.Error("the pseudo-locale is offered to readers")
	}
}

func TestLanguageIsSafeForConcurrentUse(t *testing.T) {
	c := load(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for _, l := range c.Languages() {
				l.T("site.characters_left", "n", 1234)
				l.DateTime(time.Unix(0, 0))
				c.Match("ur", "", "")
			}
		})
	}
	all.Wait()
}
