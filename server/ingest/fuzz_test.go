package ingest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// seed gives a fuzz target our fixtures.
func seed(f *testing.F, patterns ...string) {
	f.Helper()
	for _, p := range patterns {
		found, err := filepath.Glob("testdata/" + p)
		if err != nil || len(found) == 0 {
			f.Fatalf("no fixture %s (%v)", p, err)
		}
		for _, name := range found {
			raw, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw)
		}
	}
}

func utcDay(t time.Time) consult.Date { return consult.Date(t.UTC().Format(time.DateOnly)) }

// sound holds what must be true of any record, whatever file it came from.
func sound(t *testing.T, r *record) {
	t.Helper()
	if r.Authority == "" || r.Reference == "" || consult.Length(r.Reference) > maxReference {
		t.Errorf("authority %q, reference %q", r.Authority, r.Reference)
	}
	r.today = "2026-03-16"
	r.keepApart()
	c := r.toCase(time.UTC)
	k := c.Consultation
	for _, s := range []string{k.Title, k.Summary, k.Address, k.Application.Description, k.Application.Type} {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x1b\u202e") || strings.Contains(s, "\r") {
			t.Errorf("text %q", s)
		}
	}
	if k.Title == "" || consult.Length(k.Title) > maxReference+maxTitle || k.State == "" {
		t.Errorf("title %q, state %q", k.Title, k.State)
	}
	if k.HasPlace && !(k.Place.Valid() && geo.BritishIsles().Contains(k.Place)) {
		t.Errorf("place %v", k.Place)
	}
	a := k.Application
	for _, d := range []consult.Date{a.ReceivedOn, a.ValidatedOn, a.PublishedOn, a.DecisionDue, a.DecidedOn, a.WithdrawnOn} {
		if _, err := consult.ParseDate(string(d)); d != "" && err != nil {
			t.Errorf("date %q", d)
		}
	}
	for _, p := range c.Rounds {
		if p.Opens == "" || p.Closes < p.Opens {
			t.Errorf("round %+v", p)
		}
	}
	for _, d := range c.Documents {
		if !strings.HasPrefix(d.URL, "http") {
			t.Errorf("document %+v", d)
		}
	}
	if r.hash() != a.SourceHash {
		t.Error("the hash depends on more than the record")
	}
}

func FuzzRecognise(f *testing.F) {
	seed(f, "*.csv", "*.json", "*.geojson")
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, err := Recognise(data)
		if err == nil && kind == Unknown {
			t.Error("neither a kind nor a reason")
		}
		if err != nil && (err.Error() == "" || strings.ContainsRune(err.Error(), '\x1b')) {
			t.Errorf("reason %q", err)
		}
	})
}

// readAny reads every record of a JSON document as the importer would, whatever it claims to be.
func readAny(t *testing.T, kind Kind, data []byte) {
	t.Helper()
	if checkDepth(data) != nil || !json.Valid(data) {
		return
	}
	items, _ := itemsOf(data)
	for _, item := range items {
		r := &record{file: &FileReport{}}
		if readers[kind](item, r, "local-authority:XMP", utcDay) == nil {
			sound(t, r)
			for _, c := range r.comments {
				soundComment(t, c)
			}
		}
	}
}

// soundComment holds what must be true of any comment that is handed to the site.
func soundComment(t *testing.T, c importedComment) {
	t.Helper()
	if fields := consult.CheckImported(c.ImportedComment); len(fields) > 0 {
		t.Errorf("%+v: %+v", c, fields)
	}
	if c.Contact.Email != "" || c.Contact.Phone != "" {
		t.Errorf("an address nobody gave to this site was kept: %+v", c.Contact)
	}
	if len(c.Comment.Points) > 0 && c.Comment.PublishedAt.IsZero() {
		t.Errorf("published without saying so: %+v", c)
	}
}

func FuzzODP(f *testing.F) {
	seed(f, "odp-*.json", "dpr-*.json")
	f.Fuzz(func(t *testing.T, data []byte) { readAny(t, ODPApplication, data) })
}

func FuzzBOPS(f *testing.F) {
	seed(f, "bops-*.json", "dpr-*.json")
	f.Fuzz(func(t *testing.T, data []byte) { readAny(t, BOPSApplications, data) })
}

func FuzzCitizenSpace(f *testing.F) {
	seed(f, "citizen-*.json")
	f.Fuzz(func(t *testing.T, data []byte) { readAny(t, CitizenSpace, data) })
}

func FuzzCommentFiles(f *testing.F) {
	seed(f, "bops-*.json", "odp-comments.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkDepth(data) != nil || !json.Valid(data) {
			return
		}
		for _, kind := range []Kind{PublicComments, NeighbourResponses, CommentSubmissions} {
			src := &source{FileReport: &FileReport{}, content: content{kind: kind, data: data}, authority: "local-authority:XMP", reference: "1"}
			list, bad := commentFile(src)
			if bad != nil && bad.reason == "" {
				t.Error("refused without a reason")
			}
			for _, a := range list {
				soundComment(t, a.comment)
			}
		}
	})
}

func FuzzRequests(f *testing.F) {
	seed(f, "bops-requests.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkDepth(data) != nil || !json.Valid(data) {
			return
		}
		r := &record{file: &FileReport{}, Source: "bops", Authority: "local-authority:XMP", Reference: "26-00001-HAPP", Description: "What is proposed"}
		attachRequests(&source{FileReport: &FileReport{}, content: content{data: data}}, []*record{r}, utcDay)
		sound(t, r)
		for n, v := range r.versions() {
			if v.Number != n+1 {
				t.Errorf("version %d stands at %d", v.Number, n)
			}
		}
	})
}

// The text of HTML is text: no element of it comes back as markup a reader's program would obey, and nothing of a script is left.
func FuzzTextOfHTML(f *testing.F) {
	for _, s := range []string{"<p>One <b>two</b></p><p>Three</p>", "<script>alert(1)</script>x", "a<br>b<li>c", `<a href="https://example.org/x">there</a>`,
		"<p>&lt;script&gt;</p>", "<p", "<style>p{}</style", "\u202e<p>x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := textOfHTML(s)
		if !utf8.ValidString(out) || strings.ContainsAny(out, "\x00\x1b\x1f\u202e\r") || strings.Contains(out, "\n\n\n") || strings.TrimSpace(out) != out {
			t.Errorf("%q became %q", s, out)
		}
	})
}

// tabled makes a source of CSV text, nil when it is none.
func tabled(data []byte) *source {
	text, bad := decodeText(data)
	if bad != nil {
		return nil
	}
	table, bad := readTable(text)
	if bad != nil {
		return nil
	}
	return &source{FileReport: &FileReport{}, content: content{data: text, table: table}}
}

func FuzzLGA(f *testing.F) {
	seed(f, "lga.csv")
	f.Fuzz(func(t *testing.T, data []byte) {
		if src := tabled(data); src != nil {
			for _, r := range readLGA(src) {
				sound(t, r)
			}
		}
	})
}

// FuzzPADS splits its input into the files of a set at form feeds.
func FuzzPADS(f *testing.F) {
	var all [][]byte
	kinds := []Kind{PADSApplications, PADSSites, PADSTimeline, PADSDecisions, PADSSection106}
	for _, name := range []string{"planning-application", "site", "timeline", "decision-notice", "section-106"} {
		raw, err := os.ReadFile("testdata/pads-" + name + ".csv")
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, raw)
	}
	f.Add(bytes.Join(all, []byte("\f")))
	f.Fuzz(func(t *testing.T, data []byte) {
		set := padsSet{files: map[Kind][]*source{}, lists: ownCodelists(), day: utcDay}
		for i, part := range bytes.SplitN(data, []byte("\f"), len(kinds)) {
			if src := tabled(part); src != nil {
				set.files[kinds[i]] = []*source{src}
			}
		}
		for _, r := range set.records() {
			sound(t, r)
		}
	})
}

func FuzzAreas(f *testing.F) {
	seed(f, "*.geojson")
	f.Fuzz(func(t *testing.T, data []byte) {
		file, bad := readAreas(data)
		if bad != nil {
			return
		}
		for _, a := range file.areas {
			if !gssForm.MatchString(a.Code) || a.Name == "" || a.Hash == "" {
				t.Errorf("%+v", a)
			}
			if _, err := geo.ParseGeoJSON(a.Geometry, geo.DefaultLimits()); err != nil {
				t.Errorf("%s: %v", a.Code, err)
			}
		}
	})
}

func FuzzPostcodes(f *testing.F) {
	seed(f, "postcodes.csv")
	f.Add([]byte("pcds,oseast1m,osnrth1m,osgrdind\nB9 9CI,409600,286000,1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		src := tabled(data)
		if src == nil || postcodeColumns(src.table) == nil && !bareCodePoint(src.table) {
			return
		}
		table, columns := src.table, postcodeColumns(src.table)
		if columns == nil {
			table = withHeadings(table)
			columns = postcodeColumns(table)
		}
		for _, r := range table.rows {
			if p, _, bad := readPostcode(table, r, *columns); bad == "" && (!p.Place.Valid() || p.Code == "") {
				t.Errorf("%+v", p)
			}
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"2026-02-30", "31/04/2026", "0000-01-01", "99999-01-01", "2026", "2026-13", "2026-02", "2026-03-29T23:30:00+01:00", "1/2/2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, part := range []partOfDate{firstDay, lastDay} {
			if d, _, ok := isoDate(s, part, utcDay); ok {
				if _, err := consult.ParseDate(string(d)); err != nil {
					t.Errorf("%q became %q", s, d)
				}
			}
		}
		if d, ok := britishDate(s); ok {
			if _, err := consult.ParseDate(string(d)); err != nil {
				t.Errorf("%q became %q", s, d)
			}
		}
	})
}

func FuzzAddresses(f *testing.F) {
	seed(f, "addresses.csv", "consultees.csv")
	f.Add([]byte("uprn,address,postcode,lon,lat\n1,\"1 Sample Street, B99CI\",B9 9CI,-1.86,52.47\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		src := tabled(data)
		if src == nil {
			return
		}
		if columns := addressColumns(src.table); columns != nil {
			for _, r := range src.table.rows {
				a, _, bad := readAddress(src.table, r, *columns)
				if bad == "" && (a.UPRN == "" || a.Text == "" || a.Postcode == "" || !geo.BritishIsles().Contains(a.Place) || strings.ContainsAny(a.Text, "\n\r\x00")) {
					t.Errorf("%+v", a)
				}
			}
		}
		if isDirectory(src.table) {
			for _, r := range src.table.rows {
				e, _, bad := readDirectoryEntry(src.table, r)
				if bad == "" && (e.Name == "" || e.Email == "" && e.Address == "" || strings.ContainsAny(e.Name+e.Address, "\n\r\x00")) {
					t.Errorf("%+v", e)
				}
			}
		}
	})
}
