package server_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

var (
	openGraph = regexp.MustCompile(`<meta (?:property|name)="((?:og|twitter):[a-z:_]+)" content="([^"]*)">`)
	canonical = regexp.MustCompile(`<link rel="canonical" href="([^"]*)">`)
)

// TestWhatIsSharedHasExactlyOnePreview: of every page that people pass on, with its own address and a picture that is there, and with no
// word of a resident.
func TestWhatIsSharedHasExactlyOnePreview(t *testing.T) {
	s := plantSecrets(t)
	r := &rumour{T: t, app: s.app, id: s.public, another: s.app.Client(t)}
	r.officer = s.app.Client(t).SignIn(t, s.app.Officer(t, "officer@example.org", consult.RoleOfficer))
	made := r.save(http.StatusSeeOther, "/officer/facts/new?consultation="+r.id.String(), "/officer/facts/new", aCard(r.id))
	r.card = regexp.MustCompile(`[0-9a-z]{13}`).FindString(made.Location())
	r.save(http.StatusSeeOther, r.desk(), r.desk()+"/publish", url.Values{"rev": {"1"}})
	concern, err := s.app.Service.MakeConcern(t.Context(), consult.System(), consult.ConcernInput{Consultation: s.public, Title: "Will it be dark?", Service: "Planning",
		Refs: []consult.PointRef{{Source: s.shown, Topic: "light"}}, By: consult.ByHand, Key: consult.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	known, err := s.app.Service.ConcernKnown(t.Context(), consult.System(), concern)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.app.Service.SaveConcern(t.Context(), consult.System(), known, true); err != nil {
		t.Fatal(err)
	}
	title := "Twelve homes on workshop yard 1"
	for path, words := range map[string]string{
		consultationPath(s.public):            title,
		consultationPath(s.public) + "/facts": title,
		threadPath(s.thread):                  title,
		"/comments/" + s.shown.String():       title,
		"/concerns/" + concern.String():       "Will it be dark?",
		"/facts/" + r.card:                    "All the trees on the yard will be felled",
	} {
		for _, lang := range []string{"en", "ur"} {
			r.preview(path, lang, words)
		}
	}
	outcomes := r.another.Get(t, consultationPath(s.public)+"/outcomes")
	if outcomes.Status != http.StatusSeeOther || !strings.HasPrefix(outcomes.Header.Get("Location"), consultationPath(s.public)) {
		t.Errorf("the address of outcomes leads to %s, whose preview it is shared with", outcomes.Header.Get("Location"))
	}
	for _, path := range []string{"/my-comment/" + s.token, "/sign-in", consultationPath(s.public) + "/ask"} {
		if a := r.another.Get(t, path); openGraph.MatchString(a.Body) {
			t.Errorf("%s is nothing to share, and has a preview", path)
		}
	}
}

// preview holds a page's to its address, its words and its picture.
func (r *rumour) preview(path, lang, words string) {
	r.Helper()
	a := r.another.Get(r.T, path+"?lang="+lang)
	found := map[string]string{}
	for _, m := range openGraph.FindAllStringSubmatch(a.Body, -1) {
		if _, twice := found[m[1]]; twice {
			r.Errorf("%s has %s twice", path, m[1])
		}
		found[m[1]] = html.UnescapeString(m[2])
	}
	for _, name := range []string{"og:title", "og:description", "og:url", "og:image", "og:image:alt", "og:image:width", "og:image:height", "og:locale", "og:type", "og:site_name", "twitter:card"} {
		if found[name] == "" {
			r.Errorf("%s has no %s", path, name)
		}
	}
	if len(found) != 11 {
		r.Errorf("%s has %v", path, found)
	}
	link := canonical.FindAllStringSubmatch(a.Body, -1)
	if found["og:url"] != r.app.URL+path || len(link) != 1 || link[0][1] != r.app.URL+path {
		r.Errorf("%s says that its address is %q, %v", path, found["og:url"], link)
	}
	if locale := map[string]string{"en": "en_GB", "ur": "ur_PK"}[lang]; found["og:locale"] != locale {
		r.Errorf("%s in %s: locale %q", path, lang, found["og:locale"])
	}
	if !strings.Contains(found["og:title"], words) {
		r.Errorf("%s is shared as %q", path, found["og:title"])
	}
	for name, value := range found {
		if strings.Contains(strings.ToLower(value), planted) || strings.Contains(value, "Will the wall stay?") || strings.Contains(value, "My neighbour") {
			r.Errorf("%s: %s holds a resident's words: %q", path, name, value)
		}
	}
	image, ok := strings.CutPrefix(found["og:image"], r.app.URL)
	if p := r.another.Get(r.T, image); !ok || p.Status != http.StatusOK || p.Header.Get("Content-Type") != "image/png" {
		r.Errorf("%s: its picture %q: %d", path, found["og:image"], p.Status)
	}
	if strings.Contains(a.Body, `id="share"`) {
		qr := regexp.MustCompile(`src="(/qr/[^"]+)"`).FindStringSubmatch(a.Body)
		if qr == nil || qr[1] != "/qr"+path {
			r.Errorf("%s: its QR code is %v", path, qr)
		}
	}
}
