package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/typed"
)

// submit sends a form as a browser does and reads it on the other side.
func submit(t *testing.T, body string, read func(*Form)) int {
	t.Helper()
	return submitAs(t, fiber.MIMEApplicationForm, strings.NewReader(body), read)
}

func submitAs(t *testing.T, kind string, body interface{ Read([]byte) (int, error) }, read func(*Form)) int {
	t.Helper()
	w := newTestWeb(t)
	w.App.Post("/", func(c *fiber.Ctx) error {
		f, err := ReadForm(c)
		if err != nil {
			return err
		}
		read(f)
		return c.SendStatus(fiber.StatusNoContent)
	})
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.Header.Set("Content-Type", kind)
	return newVisit(t, w.App).send(r).StatusCode
}

// broken lists what a form found wrong, as "field=rule".
func broken(f *Form) []string {
	var rules []string
	for _, e := range consult.FieldsOf(f.Err("test")) {
		rules = append(rules, e.Field+"="+e.Rule)
	}
	return rules
}

func TestFormText(t *testing.T) {
	zwj := "👩\u200d🌾 کر\u200cتا"
	tests := []struct {
		name, typed, want string
		rules             []string
	}{
		{"I01 only spaces", " \t\n ", "", nil},
		{"I01 only U+200B", "\u200b\u200b", "", nil},
		{"I03 markup is text", `<script>alert(1)</script>`, `<script>alert(1)</script>`, nil},
		{"I05 templates are text", `{{.}} ${7*7} %{7*7}`, `{{.}} ${7*7} %{7*7}`, nil},
		{"I06 SQL is text", `Robert'); DROP TABLE comment;--`, `Robert'); DROP TABLE comment;--`, nil},
		{"I08 NUL ends nothing", "before\x00after\x07\x1b[31m", "beforeafter[31m", nil},
		{"I09 invalid UTF-8", "a\xff\xfeb", "a\uFFFDb", []string{"body=encoding"}},
		{"I11 zalgo", "z" + strings.Repeat("\u0335", 10_000) + "o", "z" + strings.Repeat("\u0335", typed.MaxMarks) + "o", nil},
		{"I12 joiners and direction marks stay", zwj, zwj, nil},
		{"I12 normal form C", "e\u0301", "é", nil},
		{"line ends", "a\r\nb\rc\n", "a\nb\nc", nil},
		{"I28 formulas are text", "=HYPERLINK(1)", "=HYPERLINK(1)", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status := submit(t, url.Values{"body": {test.typed}}.Encode(), func(f *Form) {
				if got := f.Text("body", 20_000); got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
				if got := broken(f); !slices.Equal(got, test.rules) {
					t.Errorf("rules %v, want %v", got, test.rules)
				}
			})
			if status != fiber.StatusNoContent {
				t.Errorf("status %d", status)
			}
		})
	}
}

// I02: the limit counts code points, as the page does, and too long a text is kept whole.
func TestI02_LimitCountsCodePoints(t *testing.T) {
	fits := strings.Repeat("ک", 6000)
	submit(t, url.Values{"body": {fits}}.Encode(), func(f *Form) {
		if got := f.Text("body", 6000); got != fits || f.Err("") != nil {
			t.Errorf("6,000 letters of two bytes were refused: %v", broken(f))
		}
	})
	over := strings.Repeat("👍", 6001)
	submit(t, url.Values{"body": {over}}.Encode(), func(f *Form) {
		if got := f.Text("body", 6000); got != over {
			t.Error("the text was cut")
		}
		fields := consult.FieldsOf(f.Err("test"))
		if len(fields) != 1 || fields[0].Rule != "too_long" || fields[0].Args["over"] != 1 || fields[0].Args["max"] != 6000 {
			t.Errorf("got %v", fields)
		}
	})
}

func TestFormLine(t *testing.T) {
	tests := []struct {
		name, typed, want string
		rules             []string
	}{
		{"I07 line break in a name", "A\r\nBcc: x@y", "A\nBcc: x@y", []string{"name=one_line"}},
		{"I10 direction override", "abc\u202egnp.exe", "abcgnp.exe", nil},
		{"I10 zero-width space", "Plan\u200bning", "Planning", nil},
		{"spaces", "  A \t  B ", "A B", nil},
		{"full stop", "O'Neill-Khan", "O'Neill-Khan", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			submit(t, url.Values{"name": {test.typed}}.Encode(), func(f *Form) {
				if got := f.Line("name", 100); got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
				if got := broken(f); !slices.Equal(got, test.rules) {
					t.Errorf("rules %v, want %v", got, test.rules)
				}
			})
		})
	}
}

func TestI17_ChoicesAndDuplicates(t *testing.T) {
	submit(t, "stance=maybe", func(f *Form) {
		if got := Choose(f, "stance", consult.Stances()); got != "" {
			t.Errorf("got %q", got)
		}
		if got := broken(f); !slices.Equal(got, []string{"stance=choice"}) {
			t.Errorf("rules %v", got)
		}
	})
	submit(t, "stance=objection&stance=supportive", func(f *Form) {
		Choose(f, "stance", consult.Stances())
		if got := broken(f); !slices.Equal(got, []string{"stance=duplicate"}) {
			t.Errorf("rules %v", got)
		}
	})
	submit(t, "topics=noise&topics=design&topics=noise", func(f *Form) {
		got := ChooseMany(f, "topics", consult.Topics())
		if !slices.Equal(got, []consult.Topic{"design", "noise"}) || f.Err("") != nil {
			t.Errorf("got %v, rules %v", got, broken(f))
		}
	})
	submit(t, "topics=noise&topics=everything", func(f *Form) {
		ChooseMany(f, "topics", consult.Topics())
		if got := broken(f); !slices.Equal(got, []string{"topics=choice"}) {
			t.Errorf("rules %v", got)
		}
	})
	submit(t, "", func(f *Form) {
		if got := Choose(f, "stance", consult.Stances()); got != "" || f.Err("") != nil {
			t.Errorf("nothing chosen: %q, %v", got, broken(f))
		}
	})
}

func TestI18_UnexpectedFieldsAreIgnoredAndCounted(t *testing.T) {
	submit(t, "name=A&role=admin&tenant_id=2&published=true&_csrf=x&_key=", func(f *Form) {
		f.Line("name", 100)
		if got := f.Unexpected(); got != 3 {
			t.Errorf("counted %d, want 3", got)
		}
		if f.Err("") != nil {
			t.Errorf("rules %v", broken(f))
		}
	})
}

func TestI19_TooManyFields(t *testing.T) {
	for name, body := range map[string]string{
		"100,000 fields":   strings.Repeat("a=1&", 100_000),
		"one name often":   strings.Repeat("body=x&", 10_000),
		"one over":         strings.TrimSuffix(strings.Repeat("a=1&", MaxFormFields+1), "&"),
		"indices of lists": strings.Repeat("l[999999999]=a&", MaxFormFields+1),
	} {
		status := submit(t, body, func(*Form) { t.Errorf("%s: the form was read", name) })
		if status != fiber.StatusRequestEntityTooLarge {
			t.Errorf("%s: status %d, want 413", name, status)
		}
	}
	status := submit(t, strings.TrimSuffix(strings.Repeat("a=1&", MaxFormFields), "&"), func(*Form) {})
	if status != fiber.StatusNoContent {
		t.Errorf("exactly %d fields: status %d", MaxFormFields, status)
	}
	submit(t, strings.Repeat("n", maxFieldNameSize+1)+"=1", func(f *Form) {
		if f.size() != 0 {
			t.Error("a name without end was kept")
		}
	})
}

func TestI20_Dates(t *testing.T) {
	tests := []struct {
		day, month, year string
		want             consult.Date
		wrong            bool
	}{
		{"2", "4", "2026", "2026-04-02", false},
		{"۲", "٤", "۲۰۲۶", "2026-04-02", false},
		{"", "", "", "", false},
		{"30", "2", "2026", "", true},
		{"31", "4", "2026", "", true},
		{"1", "1", "0", "", true},
		{"1", "1", "99999", "", true},
		{"", "4", "2026", "", true},
		{"x", "4", "2026", "", true},
		{"-1", "4", "2026", "", true},
	}
	for _, test := range tests {
		body := url.Values{"on-day": {test.day}, "on-month": {test.month}, "on-year": {test.year}}.Encode()
		submit(t, body, func(f *Form) {
			if got := f.Date("on"); got != test.want {
				t.Errorf("%v: got %q", test, got)
			}
			if wrong := slices.Equal(broken(f), []string{"on=date"}); wrong != test.wrong {
				t.Errorf("%v: rules %v", test, broken(f))
			}
		})
	}
}

func TestI22_Numbers(t *testing.T) {
	for typed, want := range map[string]int{"3": 3, "٣": 3, " 7 ": 7, "-0": 0} {
		submit(t, url.Values{"n": {typed}}.Encode(), func(f *Form) {
			if got, ok := f.Int("n", -5, 10); got != want || !ok {
				t.Errorf("%q: got %d, %v", typed, got, ok)
			}
		})
	}
	for _, typed := range []string{"1e309", "NaN", "11", "-6", "1.5", "99999999999999999999", "0x10"} {
		submit(t, url.Values{"n": {typed}}.Encode(), func(f *Form) {
			if got, ok := f.Int("n", -5, 10); ok || !slices.Equal(broken(f), []string{"n=number"}) {
				t.Errorf("%q: got %d, rules %v", typed, got, broken(f))
			}
		})
	}
	for _, typed := range []string{"NaN", "Inf", "-Infinity", "1e309", "91", "north"} {
		submit(t, url.Values{"lat": {typed}}.Encode(), func(f *Form) {
			if got, ok := f.Float("lat", -90, 90); ok || !slices.Equal(broken(f), []string{"lat=decimal"}) {
				t.Errorf("%q: got %v, rules %v", typed, got, broken(f))
			}
		})
	}
	submit(t, "lat=52.4723", func(f *Form) {
		if got, ok := f.Float("lat", -90, 90); got != 52.4723 || !ok {
			t.Errorf("got %v, %v", got, ok)
		}
	})
}

func TestI23_IdempotencyKey(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	given := "6F9619FF-8B86-4011-B42D-00C04FC964FF"
	submit(t, "_key="+given, func(f *Form) {
		if got := f.Key(); got != strings.ToLower(given) {
			t.Errorf("got %q", got)
		}
	})
	var made []string
	for range 2 {
		submit(t, "a=b", func(f *Form) { made = append(made, f.Key()) })
	}
	if !form.MatchString(made[0]) || made[0] == made[1] {
		t.Errorf("the server assigned %v", made)
	}
	submit(t, "_key=not-a-uuid", func(f *Form) {
		f.Key()
		if got := broken(f); !slices.Equal(got, []string{"_key=key"}) {
			t.Errorf("rules %v", got)
		}
	})
}

func TestI26_ContentTypes(t *testing.T) {
	tests := []struct {
		kind, body string
		want       int
	}{
		{"text/plain", `{"a":1}`, fiber.StatusUnsupportedMediaType},
		{"application/json", `{"a":1}`, fiber.StatusUnsupportedMediaType},
		{"", "a=1", fiber.StatusUnsupportedMediaType},
		{"multipart/form-data", "a=1", fiber.StatusUnprocessableEntity},
	}
	for _, test := range tests {
		status := submitAs(t, test.kind, strings.NewReader(test.body), func(*Form) { t.Errorf("%q: the form was read", test.kind) })
		if status != test.want {
			t.Errorf("%q: status %d, want %d", test.kind, status, test.want)
		}
	}
}

func TestMultipartForm(t *testing.T) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, pair := range [][2]string{{"name", "Resident of Example Street"}, {"topics", "noise"}, {"topics", "light"}} {
		if err := m.WriteField(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	status := submitAs(t, m.FormDataContentType(), &body, func(f *Form) {
		if got := f.Line("name", 100); got != "Resident of Example Street" {
			t.Errorf("got %q", got)
		}
		if got := ChooseMany(f, "topics", consult.Topics()); len(got) != 2 {
			t.Errorf("got %v", got)
		}
	})
	if status != fiber.StatusNoContent {
		t.Errorf("status %d", status)
	}
}

// S26: what a form returned is not changed by the requests that follow on the same connection.
func TestS26_FormValuesAreOwned(t *testing.T) {
	var kept []string
	app := fiber.New(fiber.Config{DisableStartupMessage: true}) // not Immutable: the form alone must hold
	app.Post("/", func(c *fiber.Ctx) error {
		f, err := ReadForm(c)
		if err != nil {
			return err
		}
		kept = append(kept, f.Text("body", 100), f.Line("name", 100), f.Values("body")[0])
		return nil
	})
	for i := range 20 {
		letter := string(rune('a' + i))
		newVisit(t, app).post("/", url.Values{"body": {strings.Repeat(letter, 20)}, "name": {strings.Repeat(letter, 20)}})
	}
	for i, value := range kept {
		if want := strings.Repeat(string(rune('a'+i/3)), 20); value != want {
			t.Errorf("value %d became %q", i, value)
		}
	}
}

func TestRequire(t *testing.T) {
	submit(t, url.Values{"a": {"x"}, "b": {"\u200b "}}.Encode(), func(f *Form) {
		f.Require("a", "b", "c")
		if got := broken(f); !slices.Equal(got, []string{"b=required", "c=required"}) {
			t.Errorf("rules %v", got)
		}
	})
}

func TestNilFormIsEmpty(t *testing.T) {
	var f *Form
	if f.Value("a") != "" || f.Values("a") != nil {
		t.Error("a form that nobody filled in holds something")
	}
}

func TestReadQuery(t *testing.T) {
	w := newTestWeb(t)
	w.App.Get("/", func(c *fiber.Ctx) error {
		f := ReadQuery(c)
		return c.SendString(fmt.Sprintf("%s %d", f.Value("q"), PageNumber(f)))
	})
	v := newVisit(t, w.App)
	for query, want := range map[string]string{
		"?q=b9+5aa&page=3": "b9 5aa 3", "?page=-1": " 1", "?page=0": " 1", "?page=9999999999999999999": " 1", "?page=1%27--": " 1",
		"?page=%3Csvg%3E": " 1", "?" + strings.Repeat("q=x&", 1000): "x 1",
	} {
		if got := v.get("/" + query); got.Body != want {
			t.Errorf("%.30s: got %q, want %q", query, got.Body, want)
		}
	}
}
