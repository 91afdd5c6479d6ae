package ingest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/ingest"
)

const siteURL = "https://yousaid.example.org"

var everything = consult.Filter{}

// keys stand for the catalogue's words, which no importer reads.
func keys(key string, _ ...any) string { return key }

func (s site) cases(each func(consult.ExchangeCase) error) error {
	return s.svc.EachExchange(s.t.Context(), everything, each)
}

func (s site) odp() export.ODP {
	return export.ODP{Site: siteURL, Calendar: s.svc.Calendar(), Words: keys}
}

// written is what a writer writes, as a file to import.
func written(t *testing.T, write func(io.Writer) error) ingest.File {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return text(b.String())
}

// A way is one vocabulary out of a site and into another.
type way struct {
	name string
	out  func(s site) []ingest.File
	same func(c *consult.ExchangeCase) // forgets what the vocabulary cannot carry, which docs/exchange.md names
	// comments and appeals tell whether the vocabulary has them
	comments, appeals bool
}

var ways = []way{
	{name: "Open Digital Planning", comments: true, appeals: true, out: func(s site) []ingest.File {
		return []ingest.File{written(s.t, func(w io.Writer) error {
			return s.odp().WriteAll(w, s.cases, func(id consult.ID, each func(consult.Comment) error) error {
				return s.svc.EachExchangeComment(s.t.Context(), id, each)
			})
		})}
	}, same: func(c *consult.ExchangeCase) {
		for i := range c.Documents {
			if d := &c.Documents[i]; d.Type == "section106" || d.Type == "applicationForm" || d.Type == "" {
				d.Type = "otherDocument"
			}
		}
	}},
	{name: "MHCLG planning data", out: func(s site) []ingest.File {
		tables := export.PADS{Site: siteURL, Calendar: s.svc.Calendar(), Cases: s.cases, Words: keys}
		var files []ingest.File
		for _, name := range export.PADSFiles() {
			f := written(s.t, func(w io.Writer) error { return tables.Write(w, name) })
			f.Name = name
			files = append(files, f)
		}
		return files
	}, same: padsKeeps},
}

// padsKeeps leaves what MHCLG's tables can carry: no versions but the current one, no reasons, no appeals, and of documents three kinds.
func padsKeeps(c *consult.ExchangeCase) {
	a := &c.Consultation.Application
	a.DecisionDue, a.Appeal = "", consult.Appeal{}
	c.Documents = slices.DeleteFunc(c.Documents, func(d consult.Document) bool {
		return !slices.Contains([]string{"decisionNotice", "section106", "applicationForm"}, d.Type)
	})
	v := c.Current()
	v.Number, v.Summary, v.Description, v.ReceivedOn = 1, a.Description, a.Description, a.ReceivedOn
	c.Versions, c.Consultation.Version, c.Consultation.Summary = []consult.ProposalVersion{v}, 1, a.Description
	c.Consultation.Title, c.Consultation.Service = "", ""
	if strings.HasPrefix(a.RegisterURL, siteURL) {
		a.RegisterURL = ""
	}
	for i := range c.History {
		c.History[i].Why = ""
	}
	for i := range c.Rounds {
		c.Rounds[i].Version, c.Rounds[i].Question = 1, ""
	}
}

// picture is what two sites must agree on of a consultation: everything but ids, moments of keeping, and the names of importers.
func (s site) picture(w way, appealed map[string]bool) map[string]string {
	s.t.Helper()
	all := map[string]string{}
	err := s.cases(func(c consult.ExchangeCase) error {
		id := c.Consultation.ID
		w.same(&c)
		k := &c.Consultation
		key := k.Application.Authority + " " + k.Application.Reference
		if appealed[key] && !w.appeals {
			k.State, c.History = "", nil
		}
		k.ID = 0
		k.CreatedAt, k.UpdatedAt = consult.Date("").Time(), consult.Date("").Time()
		k.Application.Source, k.Application.SourceHash = "", ""
		for i := range c.Rounds {
			c.Rounds[i].ID, c.Rounds[i].Consultation = 0, 0
		}
		for i := range c.Versions {
			c.Versions[i].Consultation = 0
		}
		for i := range c.Documents {
			c.Documents[i].ID, c.Documents[i].Consultation, c.Documents[i].Replaces = 0, 0, 0
		}
		slices.SortFunc(c.Documents, func(a, b consult.Document) int { return strings.Compare(a.Type+a.Name+a.URL, b.Type+b.Name+b.URL) })
		for i := range c.History {
			c.History[i].Consultation = 0
		}
		c.Tally = consult.Tally{}
		c.Documents = append([]consult.Document{}, c.Documents...)
		raw, err := json.MarshalIndent(c, "", " ")
		if err != nil {
			return err
		}
		if all[key] = string(raw); w.comments {
			all[key] += s.said(id)
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// appealed names the cases that were appealed.
func (s site) appealed() map[string]bool {
	found := map[string]bool{}
	if err := s.cases(func(c consult.ExchangeCase) error {
		a := c.Consultation.Application
		found[a.Authority+" "+a.Reference] = c.Consultation.State == consult.Appealed || c.Consultation.State == consult.AppealDecided
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	return found
}

// said are the published comments of a consultation, in no order: those of one moment have none.
func (s site) said(id consult.ID) string {
	var list []string
	err := s.svc.EachExchangeComment(s.t.Context(), id, func(k consult.Comment) error {
		list = append(list, fmt.Sprintln(k.Stance, k.Points, k.PlaceText, k.Round, k.Version, k.Late, k.Channel, k.Language, k.NameShown, k.Redacted,
			k.ReceivedAt, k.PublishedAt))
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(list)
	return strings.Join(list, "")
}

// fixtures are sets of files to take on a way: our own, and those published by others where they are there.
func fixtures(own map[string][]string, theirs map[string][]string) map[string][]string {
	sets := map[string][]string{}
	for name, patterns := range own {
		for _, p := range patterns {
			sets[name] = append(sets[name], filepath.Join("testdata", p))
		}
	}
	for name, patterns := range theirs {
		for _, p := range patterns {
			if published() {
				sets["published "+name] = append(sets["published "+name], filepath.Join(sharedData, p))
			}
		}
	}
	return sets
}

// Every file of applications goes in, out in a vocabulary, and into an empty site: there it is the same. Our own fixtures are the part
// that always runs; published files join them where they are there. Vocabularies that only come in (LGA, BOPS, the register's flat shape)
// go out in the two that also go out. What is not public goes nowhere.
func TestR27R28GoldenRoundTripsOfFixturesAndPublishedFiles(t *testing.T) {
	sets := fixtures(map[string][]string{
		"odp": {"odp-*.json"}, "register": {"dpr-applications.json", "dpr-flat.json"}, "bops": {"bops-show.json", "bops-search.json", "bops-requests.json"},
		"pads": {"pads-*.csv"}, "lga": {"lga.csv"},
	}, map[string][]string{
		"odp 03": {"odp/fullHouseholder-03-*.json"}, "odp 04": {"odp/fullHouseholder-04-*.json"}, "odp 05": {"odp/fullHouseholder-05-*.json"},
		"odp 06": {"odp/fullHouseholder-06-*.json"}, "odp published": {"odp/published-*.json"}, "bops": {"bops/s[eh]*[wh].json"},
		"pads": {"mhclg-spec/*.csv"}, "lga": {"esd/*.csv"},
	})
	for name, patterns := range sets {
		for _, w := range ways {
			t.Run(name+" by way of "+w.name, func(t *testing.T) {
				first := open(t)
				first.run(paths(t, "testdata/postcodes.csv", "testdata/wards.geojson")...)
				first.run(about(paths(t, patterns...), bopsAuthority(patterns), "")...)
				want := first.picture(w, first.appealed())
				if len(want) == 0 {
					t.Fatal("nothing of the set is public: this proves nothing")
				}
				second := open(t)
				second.run(paths(t, "testdata/wards.geojson")...)
				files := w.out(first)
				report := second.run(files...)
				for key, picture := range second.picture(w, first.appealed()) {
					if picture != want[key] {
						t.Errorf("%s is not the same:\n%s", key, difference(want[key], picture))
					}
					delete(want, key)
				}
				for key := range want {
					if strings.Contains(leftOut[name], key) && !w.appeals {
						continue
					}
					t.Errorf("%s is not there: %s", key, print(t, report))
				}
				again := second.run(w.out(first)...)
				for _, f := range again.Files {
					if f.Created+f.Updated != 0 {
						t.Errorf("the second time %s: %+v", f.Name, f)
					}
				}
				own := first.run(w.out(first)...)
				if w.name == "Open Digital Planning" && (own.Files[0].Created+own.Files[0].Updated != 0 || own.Files[0].Comments.Created != 0) {
					t.Errorf("its own export changed the site: %+v", own.Files[0])
				}
			})
		}
	}
}

// leftOut are applications that MHCLG's tables would show as open: they are over on a day nobody told.
var leftOut = map[string]string{"bops": "local-authority:XMP 26-00007-FUL", "published bops": "local-authority:XMP 25-00240-PA1A"}

// bopsAuthority says whose applications BOPS' files are: they do not.
func bopsAuthority(patterns []string) string {
	if strings.Contains(patterns[0], "bops") {
		return "local-authority:XMP"
	}
	return ""
}

// difference shows the lines in which two texts differ.
func difference(a, b string) string {
	one, two := strings.Split(a, "\n"), strings.Split(b, "\n")
	var out strings.Builder
	for i := range max(len(one), len(two)) {
		var x, y string
		if i < len(one) {
			x = one[i]
		}
		if i < len(two) {
			y = two[i]
		}
		if x != y {
			fmt.Fprintf(&out, "- %s\n+ %s\n", x, y)
		}
	}
	return out.String()
}

// Comments go to BOPS and come back: the same words on the same topics by the same people, to another site's officers. Those of our own
// fixtures always, those published by others where they are there.
func TestGoldenRoundTripOfCommentsByWayOfBOPS(t *testing.T) {
	sets := map[string][]string{"own": {"testdata/odp-consultation.json"}, "own bops": {"testdata/bops-show.json", "testdata/bops-submissions.json",
		"testdata/bops-comments-public.json", "testdata/bops-neighbour-responses.json"}}
	if published() {
		sets["published"] = []string{filepath.Join(sharedData, "odp/fullHouseholder-03-consultation.json")}
	}
	for name, patterns := range sets {
		t.Run(name, func(t *testing.T) {
			authority, reference := "local-authority:XMP", "2099/90001/PA"
			switch name {
			case "own bops":
				reference = "26-00001-HAPP"
			case "published":
				authority, reference = "local-authority:LBH", "ABC-123-XYZ"
			}
			first, second := open(t), open(t)
			first.run(about(paths(t, patterns...), authority, reference)...)
			second.run(about(paths(t, patterns[0]), authority, reference)...)
			before := len(second.files(authority, reference))
			c := first.find(authority, reference)
			file := written(t, func(w io.Writer) error {
				return export.BOPSComments(w, func(each func(consult.CommentFile) error) error {
					return first.svc.EachCommentFile(t.Context(), consult.System(), c.ID, "test", each)
				}, c.Application, keys)
			})
			report := second.run(file)
			sent := first.files(authority, reference)
			got := second.files(authority, reference)
			if len(sent) == 0 || len(got) != before+len(sent) || report.Files[0].Created != len(sent) {
				t.Fatalf("%d were sent, %d arrived: %s", len(sent), len(got)-before, print(t, report))
			}
			for _, f := range sent {
				if !slices.ContainsFunc(got, func(g consult.CommentFile) bool { return sameWords(f, g) }) {
					t.Errorf("not arrived: %+v", f)
				}
			}
		})
	}
}

// sameWords compares what BOPS' shape carries: it gives a missing name and address a word.
func sameWords(a, b consult.CommentFile) bool {
	return b.Comment.State == consult.CommentReceived && a.Comment.Stance == b.Comment.Stance && slices.Equal(a.Original, b.Original) &&
		a.Comment.ReceivedAt.Equal(b.Comment.ReceivedAt) && (a.Contact.Name == "" || a.Contact.Name == b.Contact.Name) &&
		a.Contact.Postcode == b.Contact.Postcode
}

// Activities of Citizen Space go in, out as this site's own activities, and into an empty site: the same but for whose they are, which is
// what their address says. Our own fixtures always, the published one where it is there.
func TestR27GoldenRoundTripOfCitizenSpace(t *testing.T) {
	for name, patterns := range fixtures(map[string][]string{"own": {"citizen-*.json"}}, map[string][]string{"activity": {"citizen-space/json_*.json"}}) {
		t.Run(name, func(t *testing.T) {
			first, second := open(t), open(t)
			first.run(paths(t, patterns...)...)
			today := first.svc.Calendar().Day(first.svc.Now())
			var activities []export.CitizenActivity
			out := export.CitizenSpace{Site: siteURL}
			if err := first.cases(func(c consult.ExchangeCase) error {
				activities = append(activities, out.Activity(c.Consultation, c.LatestRound(), c.WardName, c.Documents, export.CitizenAll, today))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			raw, err := json.Marshal(activities)
			if err := errors.Join(err); err != nil {
				t.Fatal(err)
			}
			report := second.run(text(string(raw)))
			want, got := first.activities(), second.activities()
			if len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("%s\nwant %s\ngot  %s", print(t, report), want, got)
			}
		})
	}
}

// activities is what is told of consultations whose identity their hub gives.
func (s site) activities() []string {
	var list []string
	err := s.cases(func(c consult.ExchangeCase) error {
		k, r := c.Consultation, c.LatestRound()
		line := fmt.Sprint(k.Kind, k.Title, k.Summary, k.State, k.Service, r.Opens, r.Closes, r.Question)
		for _, d := range c.Documents {
			line += d.Name + d.URL
		}
		list = append(list, line)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}
