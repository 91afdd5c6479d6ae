package server_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// archived reads a whole zip.
func archived(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

// TestTheAppealBundleHoldsEverythingUnredacted takes a case out as an officer does when a decision is appealed.
func TestTheAppealBundleHoldsEverythingUnredacted(t *testing.T) {
	for name, open := range map[string]func(*testing.T, ...servertest.Option) *servertest.App{"SQLite": servertest.New,
		"PostgreSQL": func(t *testing.T, o ...servertest.Option) *servertest.App {
			return servertest.New(t, append(o, servertest.OnPostgreSQL)...)
		}} {
		t.Run(name, func(t *testing.T) {
			app := open(t)
			id := app.Consultation(t, 1, consult.Consulting)
			in := servertest.Comment(id)
			in.Points[0].Text = "=1+1 <script>alert('x')</script> & call me on 0121 496 0000"
			receipt, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, in)
			if err != nil {
				t.Fatal(err)
			}
			asked := question(t, app, id, "Who pays?")
			who := app.Officer(t, "officer@example.org", consult.RoleOfficer)
			officer := app.Client(t).SignIn(t, who)
			page := "/officer/consultations/" + id.String() + "/record"
			if shown := officer.Get(t, page); shown.Status != http.StatusOK || !strings.Contains(shown.Body, "comment: submit") {
				t.Fatalf("the record: %d\n%s", shown.Status, shown.Body)
			}
			answer := officer.Post(t, page, page+"/bundle", nil)
			if answer.Status != http.StatusOK || answer.Header.Get("Content-Type") != "application/zip" || !strings.Contains(answer.Header.Get("Cache-Control"), "no-store") {
				t.Fatalf("the bundle: %d %v", answer.Status, answer.Header)
			}
			files := archived(t, []byte(answer.Body))
			for _, name := range []string{"index.html", "representations.html", "representations.csv", "report.html", "consultees.html", "neighbours.csv", "conversations.html", "documents.csv", "documents/01.txt",
				"applicant.json"} {
				if files[name] == "" {
					t.Errorf("the bundle lacks %s", name)
				}
				sum := sha256.Sum256([]byte(files[name]))
				if !strings.Contains(files["SHA256SUMS.txt"], hex.EncodeToString(sum[:])+"  "+name) {
					t.Errorf("the sums do not fit %s", name)
				}
				if name != "index.html" && !strings.Contains(files["index.html"], `href="`+name+`"`) {
					t.Errorf("the index does not lead to %s", name)
				}
			}
			words := files["representations.html"]
			for _, want := range []string{in.Contact.Name, in.Contact.Email, "B9 9AA", receipt.Comment.ID.String(), "&lt;script&gt;", "0121 496 0000"} {
				if !strings.Contains(words, want) {
					t.Errorf("the representations lack %q", want)
				}
			}
			if strings.Contains(words, "<script>") {
				t.Error("somebody's words became a script")
			}
			if !strings.Contains(files["conversations.html"], asked.Message.Body) {
				t.Error("the conversation is missing")
			}
			rows, err := csv.NewReader(strings.NewReader(files["representations.csv"])).ReadAll()
			if err != nil || len(rows) != 2 || !strings.Contains(strings.Join(rows[1], "|"), in.Contact.Name) {
				t.Errorf("the table: %v, %v", rows, err)
			}
			if log := officer.Get(t, page); !strings.Contains(log.Body, "bundle: export") {
				t.Error("the log does not say that the bundle was taken")
			}
		})
	}
}
