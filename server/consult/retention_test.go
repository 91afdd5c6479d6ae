package consult

import (
	"maps"
	"testing"
)

func TestRetentionReadsOnlyWhatItUnderstands(t *testing.T) {
	r, err := ParseRetention("contact=400, original=forever")
	want := DefaultRetention()
	want[RetainContact] = 400
	delete(want, RetainOriginal)
	if err != nil || !maps.Equal(r, want) {
		t.Errorf("%v, %v; want %v", r, err, want)
	}
	if r, err := ParseRetention(""); err != nil || !maps.Equal(r, DefaultRetention()) {
		t.Errorf("nothing said: %v, %v", r, err)
	}
	for _, s := range []string{"contact", "contact=", "contact=-1", "contact=30", "contact=0", "words=400", "contact=1y", "contact=99999999", "mail=1"} {
		if r, err := ParseRetention(s); err == nil {
			t.Errorf("%q was read as %v", s, r)
		}
	}
}
