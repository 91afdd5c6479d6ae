package consult

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestI14Postcodes(t *testing.T) {
	for in, want := range map[string]string{"b9 5xx": "B9 5XX", " B95XX ": "B9 5XX", "B9-5XX": "B9 5XX", "ec1a1bb": "EC1A 1BB"} {
		if got, ok := NormalPostcode(in); !ok || got != want {
			t.Errorf("NormalPostcode(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "B9", "99999", "B9 5X", "B9 5XXX", "'; DROP", "Ｂ９ 5XX"} {
		if got, ok := NormalPostcode(in); ok {
			t.Errorf("NormalPostcode(%q) = %q, want refused", in, got)
		}
	}
	for in, want := range map[string]string{"b9": "B9", "b9 5": "B9 5", "B9 5a": "B9 5A"} {
		if got, ok := PartialPostcode(in); !ok || got != want {
			t.Errorf("PartialPostcode(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestI15I16Emails(t *testing.T) {
	for _, ok := range []string{"a.resident@example.org", "first+tag@example.co.uk", "x@xn--bcher-kva.example"} {
		if !ValidEmail(ok) {
			t.Errorf("%q was refused", ok)
		}
	}
	for _, bad := range []string{"", "a@b", `"x y"@e.com`, "a@e.com,b@e.com", "a@e.com\r\nBcc: b@e.com", "Name <a@e.com>",
		"@e.com", "a@", strings.Repeat("a", 250) + "@e.com", strings.Repeat("a", 65) + "@e.com", "a@.com", "a@com."} {
		if ValidEmail(bad) {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestI01Blank(t *testing.T) {
	for _, s := range []string{"", "   ", "\u200b", "\u2060\ufeff", "\n\t", "\u3164"} {
		if !Blank(s) {
			t.Errorf("%q shows something", s)
		}
	}
	if Blank("سلام") || Blank(".") {
		t.Error("text was taken for blank")
	}
}

func TestI13ReservedNames(t *testing.T) {
	for _, name := range []string{"Planning Officer ✓", "Birmingham City Council", "c0uncil", "ＣＯＵＮＣＩＬ", "the\u200b council", "Moderator", "کونسل",
		"Соuncil", "Cóuncil", "Pla\u0301nning", "C o u n c i l", "s.t.a.f.f of the city", "0fficers", "Tеаm οf mоderatоrs", "planners"} {
		var c check
		if c.name("name", name, true); len(c.fields) != 1 || c.fields[0].Rule != "reserved_name" {
			t.Errorf("%q: %v, want reserved", name, c.fields)
		}
	}
	for _, name := range []string{"Resident of Sample Street", "Robert'); DROP TABLE comment;--", "عائشہ", "Councillorson", "Łukasz Ćwik", "Ольга", "J. R. Resident", "Plan B Residents", "Zoë", "Αθηνά", "3 Sample Street"} {
		var c check
		if c.name("name", name, true); len(c.fields) != 0 {
			t.Errorf("%q was refused: %v", name, c.fields)
		}
	}
}

func TestI07I08I09Characters(t *testing.T) {
	for _, s := range []string{"a\x00b", "a\x07", "\xff\xfe", "a\u0085"} {
		var c check
		if c.text("text", s, 100, true); len(c.fields) != 1 || c.fields[0].Rule != "characters" {
			t.Errorf("%q: %v, want refused for its characters", s, c.fields)
		}
	}
	var c check
	if c.line("name", "A\r\nBcc: x@y", 100, true); len(c.fields) != 1 {
		t.Errorf("a line break in a line: %v", c.fields)
	}
}

func TestI02LengthCountsCodePoints(t *testing.T) {
	fields := CheckPoints([]CommentPoint{{"light", strings.Repeat("é", MaxPoint)}, {"noise", strings.Repeat("ب", MaxPoint+1)}})
	if len(fields) != 1 || fields[0].Field != "text-noise" || fields[0].Rule != "too_long" || fields[0].Args["over"] != 1 {
		t.Errorf("got %v", fields)
	}
}

func TestI27HoldRule(t *testing.T) {
	for body, want := range map[string]string{
		"When does the round close?":                     "",
		"See https://a.example and http://b.example":     "",
		strings.Repeat("https://spam.example ", 30):      "links",
		"Call me on 0121 496 0000":                       "personal-data",
		"Write to me at someone@example.org":             "personal-data",
		"Ring ٠٧٧٠٠ ٩٠٠١٢٣ or write":                     "personal-data",
		"someone at example dot org":                     "personal-data",
		"I live at 12 Sample Street, B9 9AB":             "personal-data",
		"Will 12 Sample Street lose its trees?":          "",
		"The lights at the B9 5AA junction are broken":   "",
		"Reference 2099/00001/PA, 6,000 m², 2026-03-01":  "",
		"The tower is 31.5 m and 10 storeys, 120 places": "",
	} {
		if got := holdRule(body); got != want {
			t.Errorf("holdRule(%q) = %q, want %q", body, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "b9 5xx", "a@example.org", "\xff", "www.x https://y", "+44 121 496 0000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if code, ok := NormalPostcode(s); ok {
			if again, ok := NormalPostcode(code); !ok || again != code {
				t.Errorf("NormalPostcode is not stable on %q: %q, %q", s, code, again)
			}
		}
		if ValidEmail(s) && (len(s) > MaxEmail || strings.ContainsAny(s, "\r\n\x00, ")) {
			t.Errorf("ValidEmail(%q)", s)
		}
		var c check
		c.name("name", s, true)
		if len(c.fields) == 0 && (!utf8.ValidString(s) || Blank(s) || strings.ContainsAny(s, "\r\n\x00")) {
			t.Errorf("the name %q was accepted", s)
		}
		holdRule(s)
	})
}
