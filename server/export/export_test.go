package export

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata, byte by byte.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is written:\n%s", path, got)
	}
}

// english words keys from the real catalogue and fails the test over a key or a placeholder that is not there.
func english(t testing.TB) Words {
	l := lang.MustLoad(nil).Default()
	return func(key string, args ...any) string {
		text, err := l.Format(key, args...)
		if err != nil {
			t.Error(err)
		}
		return text
	}
}

// attack is what somebody may write to have it run by a spreadsheet (S14, I28).
var attack = []string{
	"=HYPERLINK(\"https://example.org\",\"x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1",
}

// some are three comments: a plain one, one with everything that is hard to write, one without anything that can be left out.
func some() []consult.ExportedComment {
	at := time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)
	plain := consult.ExportedComment{
		Comment: consult.Comment{
			ID: 1001, Consultation: 77, Round: 1, Version: 1, Stance: consult.Object,
			Points:    []consult.CommentPoint{{Topic: "noise", Text: "Deliveries at night."}, {Topic: "design", Text: "Too high."}},
			PlaceText: "corner of Example Street", Place: geo.Point{Lon: -1.85970, Lat: 52.47230}, HasPlace: true, WardCode: "E05011118",
			Channel: "web", Language: "en", NameShown: "Resident of Example Street", State: consult.CommentPublished, ReceivedAt: at, PublishedAt: at,
		},
		Reference: "2099/00001/PA", WardName: "Example Ward", Received: "2026-04-02", Published: "2026-04-03", Answered: "2026-04-07",
	}
	hard := plain
	hard.Comment.ID, hard.Comment.Stance, hard.Comment.Redacted, hard.Comment.Late = 1002, consult.Neutral, true, true
	hard.Comment.Points = []consult.CommentPoint{
		{Topic: "other", Text: "He said \"no\", then; left,\r\na second line\rand a third </script> \u2028 ایک 🏠"}, {Topic: "light", Text: attack[0]},
	}
	hard.Comment.NameShown, hard.Comment.PlaceText = "+44 resident", "=1+1"
	bare := consult.ExportedComment{Comment: consult.Comment{ID: 1003, Consultation: 78, Stance: consult.Support, Channel: "letter",
		Points: []consult.CommentPoint{{Topic: "use", Text: "A school is needed."}}, State: consult.CommentPublished}, Received: "2026-04-05", Published: "2026-04-06"}
	return []consult.ExportedComment{plain, hard, bare}
}

func each(list []consult.ExportedComment) Comments {
	return func(each func(consult.ExportedComment) error) error {
		for _, c := range list {
			if err := each(c); err != nil {
				return err
			}
		}
		return nil
	}
}

// written is what a function writes.
func written(t *testing.T, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var errGone = fmt.Errorf("gone")
