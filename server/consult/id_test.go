package consult

import (
	"strings"
	"testing"
	"time"
)

func TestIDRoundTrip(t *testing.T) {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var last ID
	for i := range 200 {
		id := NewID(start.Add(time.Duration(i) * time.Millisecond))
		if id <= last {
			t.Fatalf("id %d made %d ms later is not greater than %d", id, i, last)
		}
		last = id
		text := id.String()
		back, err := ParseID(strings.ToUpper(text))
		if err != nil || back != id || len(text) != 13 {
			t.Fatalf("ParseID(%q) = %d, %v; want %d", text, back, err, id)
		}
	}
}

func TestParseIDTakesConfusedLetters(t *testing.T) {
	id, err := ParseID("0000000000i10")
	other, err2 := ParseID("000000000011o")
	if err != nil || err2 != nil || id != other {
		t.Errorf("i and o were not read as 1 and 0: %v %v, %v %v", id, err, other, err2)
	}
}

func TestParseIDRefuses(t *testing.T) {
	for _, s := range []string{"", "short", "0000000000000", "zzzzzzzzzzzzz", "00000000000u1", "0000000000001 ", "../../etc/pass", "٣٣٣٣٣٣٣٣٣٣٣٣٣"} {
		if id, err := ParseID(s); KindOf(err) != NotFound {
			t.Errorf("ParseID(%q) = %d, %v; want not found", s, id, err)
		}
	}
}

func FuzzParseID(f *testing.F) {
	for _, s := range []string{"", "0000000000001", "7zzzzzzzzzzzz", "zzzzzzzzzzzzz", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseID(s)
		if err != nil {
			return
		}
		if back, err := ParseID(id.String()); err != nil || back != id || id <= 0 {
			t.Errorf("ParseID(%q) = %d, which reads back as %d, %v", s, id, back, err)
		}
	})
}

func TestNewIDGivesNoIDTwice(t *testing.T) {
	at, seen := time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC), map[ID]bool{}
	for range 20_000 { // by chance alone this would hold once in 10²⁰
		id := NewID(at)
		if seen[id] {
			t.Fatalf("%v was given twice", id)
		}
		seen[id] = true
	}
}
