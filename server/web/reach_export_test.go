package web

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func gzipped(text string) int {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Len()
}

// everyFile takes every file there is, those inside the package too.
func (h *reachHouse) everyFile() map[string]string {
	h.t.Helper()
	files := map[string]string{}
	for name, kind := range reachFiles {
		p := newVisit(h.t, h.App).get("/analyst/export/" + name)
		if p.StatusCode != http.StatusOK || p.Header.Get("Content-Type") != kind {
			h.t.Fatalf("%s: %d %s", name, p.StatusCode, p.Header.Get("Content-Type"))
		}
		files[name] = p.Body
	}
	r, err := zip.NewReader(strings.NewReader(files["package.zip"]), int64(len(files["package.zip"])))
	h.must(err)
	for _, f := range r.File {
		in, err := f.Open()
		h.must(err)
		text, err := io.ReadAll(in)
		h.must(err)
		files["package.zip/"+f.Name] = string(text)
	}
	return files
}

// S02: an export is one more channel; what is not published is in none of its files, nor on the page.
func TestS02NoFileHoldsWhatIsNotPublished(t *testing.T) {
	h := newReachHouse(t)
	files := h.everyFile()
	files["the page"] = newVisit(t, h.App).get("/analyst").Body
	files["the page of one"] = newVisit(t, h.App).get("/analyst?consultation=" + h.public.String()).Body
	for name, file := range files {
		for _, canary := range canaries {
			if strings.Contains(file, canary) {
				t.Errorf("%s holds %q", name, canary)
			}
		}
	}
	for _, name := range []string{"comments.csv", "comments.geojson", "package.zip/data.csv", "package.zip/data.geojson"} {
		if n := strings.Count(files[name], "Published words"); n != 27 {
			t.Errorf("%s holds %d of 27 published texts", name, n)
		}
		if strings.Contains(files[name], "-1.8597,") || strings.Contains(files[name], "52.4723") {
			t.Errorf("%s holds an exact place", name)
		}
	}
	if !strings.Contains(files["comments.csv"], `"'=HYPERLINK(""https://example.org"")"`) {
		t.Error("S14: the formula is not made harmless")
	}
}

func TestExportOfAConsultationNobodyMayKnowOfIsRefused(t *testing.T) {
	h := newReachHouse(t)
	for _, query := range []string{"consultation=" + h.notPublic.String(), "ward=nowhere", "from=2026-04-02&to=2026-04-01"} {
		if p := newVisit(t, h.App).get("/analyst/export/comments.csv?" + query); p.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d, want 422: a file must hold what was asked for", query, p.StatusCode)
		}
	}
	if n := len(h.exported()); n != 0 {
		t.Errorf("%d refused exports were noted as taken", n)
	}
}

func TestExportFollowsItsFilter(t *testing.T) {
	h := newReachHouse(t)
	rows := func(query string) int {
		p := newVisit(t, h.App).get("/analyst/export/comments.csv?" + query)
		records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.Body, "\uFEFF"))).ReadAll()
		h.must(err)
		return len(records) - 1
	}
	for query, want := range map[string]int{
		"": 28, "stance=supportive": 10, "stance=objection": 18, "topic=noise": 28, "topic=light": 0, "channel=letter": 0, "ward=E05000001": 28,
		"from=2026-04-03": 0, "to=2026-04-02": 28, "to=2026-04-01": 0, "bom=1": 28,
	} {
		if got := rows(query); got != want {
			t.Errorf("%q: %d comments, want %d", query, got, want)
		}
	}
}

func TestS27ExportsAreForNoCacheAndNameThemselves(t *testing.T) {
	h := newReachHouse(t)
	p := newVisit(t, h.App).get("/analyst/export/figures.csv")
	if got := p.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	if got := p.Header.Get("Content-Disposition"); got != `attachment; filename="yousaid-figures.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if p := newVisit(t, h.App).get("/analyst/export/passwords.csv"); p.StatusCode != http.StatusNotFound {
		t.Errorf("a file that does not exist: %d", p.StatusCode)
	}
}

func TestEveryExportIsNoted(t *testing.T) {
	h := newReachHouse(t)
	newVisit(t, h.App).get("/analyst/export/comments.csv?stance=objection&consultation=" + h.public.String())
	newVisit(t, h.App).get("/analyst/export/codebook.csv")
	head := httptest.NewRequest(http.MethodHead, "/analyst/export/package.zip", nil)
	if p := newVisit(t, h.App).send(head); p.StatusCode != http.StatusOK || p.Body != "" {
		t.Errorf("HEAD: %d, %d bytes", p.StatusCode, len(p.Body))
	}
	noted := h.exported()
	if len(noted) != 2 {
		t.Fatalf("%d rows, want one per file that was sent: %+v", len(noted), noted)
	}
	if r := noted[0]; r.Detail != "comments.csv objection" || r.Subject != h.public || r.Actor != 9 {
		t.Errorf("%+v", r)
	}
}

func TestExportsAreForAnalysts(t *testing.T) {
	h := newReachHouse(t)
	for role, want := range map[consult.Role]int{
		consult.RoleAnalyst: http.StatusOK, consult.RoleAdmin: http.StatusOK, consult.RoleOfficer: http.StatusForbidden,
		consult.RoleModerator: http.StatusForbidden, "": http.StatusSeeOther,
	} {
		for name := range reachFiles {
			h.role = role
			if p := newVisit(t, h.App).get("/analyst/export/" + name); p.StatusCode != want {
				t.Errorf("%s for %q: %d, want %d", name, role, p.StatusCode, want)
			}
		}
	}
}

func TestN07FilesOfTheSameDataAreTheSameBytes(t *testing.T) {
	h := newReachHouse(t)
	first, again := h.everyFile(), h.everyFile()
	for name := range first {
		if first[name] != again[name] {
			t.Errorf("%s differs the second time", name)
		}
	}
}

var errHalfway = errors.New("halfway")

// Over a real connection a reader learns that a file is not whole: the body ends without its end.
func TestABrokenExportBreaksTheConnection(t *testing.T) {
	w := newTestWeb(t)
	w.App.Get("/file", func(c *fiber.Ctx) error {
		body, err := w.exports.Start(func(out io.Writer) error {
			if _, err := out.Write(bytes.Repeat([]byte("x"), 100_000)); err != nil {
				return err
			}
			return errHalfway
		})
		if err != nil {
			return err
		}
		attach(c, "comments.csv", reachFiles["comments.csv"])
		c.Context().SetBodyStream(body, -1)
		return nil
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- w.App.Listener(listener) }()
	answer, err := http.Get("http://" + listener.Addr().String() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d, %d bytes, %v: a file cut off looks whole", answer.StatusCode, len(got), err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	if err := w.App.Shutdown(); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
