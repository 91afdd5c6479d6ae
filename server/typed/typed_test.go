package typed_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/yousaid/yousaid/server/typed"
)

func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"", "plain", "\x00\x01", "a\u0335\u0335\u0335\u0335\u0335\u0335\u0335\u0335\u0335\u0335", "\xff\xfe", "e\u0301", "\r\n\r",
		"\u202eabc", "\u200b", "کمیٹی\u200c", "👩\u200d🌾", "\u1100\u1161\u11a8", "\u0344", "a\u0323\u0301\u05b0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for name, clean := range map[string]func(string) string{"text": typed.Text, "line": typed.Line} {
			got := clean(raw)
			if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) {
				t.Errorf("%s: %q is not valid UTF-8 in normal form C", name, got)
			}
			if got != clean(got) {
				t.Errorf("%s: cleaning %q again gives %q", name, got, clean(got))
			}
			if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
				t.Errorf("%s: %q holds a control character", name, got)
			}
			if got != "" && typed.Blank(got) {
				t.Errorf("%s: %q shows nothing and is not empty", name, got)
			}
		}
		if line := typed.Line(raw); strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%q holds a format character", line)
		}
	})
}

func TestI23OnlyUUIDsAreKeys(t *testing.T) {
	for raw, want := range map[string]bool{
		"0f8fad5b-d9cb-469f-a165-70867728950e": true, "0F8FAD5B-D9CB-469F-A165-70867728950E": true,
		"": false, "1": false, "0f8fad5bd9cb469fa16570867728950e": false, " 0f8fad5b-d9cb-469f-a165-70867728950e": false,
		"0f8fad5b-d9cb-469f-a165-70867728950e\n": false,
	} {
		key, ok := typed.Key(raw)
		if ok != want || ok && key != strings.ToLower(raw) {
			t.Errorf("%q: %q, %v; want %v", raw, key, ok, want)
		}
	}
}
