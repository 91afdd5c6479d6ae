package faults

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// resident is a browser without scripts that does not give up: an unknown outcome is sent again, with the same key, to the next
// node.
type resident struct {
	site *site
	name string
	at   int // index of the node it talks to
	http *http.Client
	csrf string

	refused int // answers of 5xx from a node that lives
}

func (s *site) resident(name string, at int) *resident {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &resident{site: s, name: name, at: at, http: &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
	err      error
}

// known tells whether the outcome is known: the site answered, and not that it is down.
func (a answer) known() bool { return a.err == nil && a.status < 500 }

func (r *resident) node() *node { return r.site.nodes[r.at%len(r.site.nodes)] }

// send sends one request to the resident's node. Form nil = GET.
func (r *resident) send(ctx context.Context, path string, form url.Values) answer {
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, r.node().url+path, body)
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Authorization", "Bearer "+r.site.token)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", r.node().url)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return answer{status: resp.StatusCode, location: resp.Header.Get("Location"), body: string(raw), err: err}
}

// insist sends until the outcome is known, going from node to node.
func (r *resident) insist(ctx context.Context, path string, form url.Values) answer {
	for {
		a := r.send(ctx, path, form)
		if a.known() || ctx.Err() != nil {
			return a
		}
		if a.err == nil {
			r.refused++
		}
		r.at++
		time.Sleep(20 * time.Millisecond)
	}
}

var csrfField = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// visit opens a page and keeps its form token, which every node takes.
func (r *resident) visit(ctx context.Context, path string) error {
	a := r.insist(ctx, path, nil)
	m := csrfField.FindStringSubmatch(a.body)
	if m == nil {
		return fmt.Errorf("GET %s: %d without a form: %w", path, a.status, errOr(a.err))
	}
	r.csrf = m[1]
	return nil
}

func (r *resident) form(key string, fields url.Values) url.Values {
	form := url.Values{"_csrf": {r.csrf}, "_key": {key}}
	for name, values := range fields {
		form[name] = values
	}
	return form
}

var messageNumber = regexp.MustCompile(`#message-(\d+)$`)

// say posts a message and gives its number in the thread, once the site has acknowledged it.
func (r *resident) say(ctx context.Context, body string) (seq int64, err error) {
	path := "/threads/" + r.site.thread.String()
	if r.csrf == "" {
		if err := r.visit(ctx, path); err != nil {
			return 0, err
		}
	}
	a := r.insist(ctx, path, r.form(consult.NewKey(), url.Values{"body": {body}, "name": {r.name}}))
	m := messageNumber.FindStringSubmatch(a.location)
	if a.status != http.StatusSeeOther || m == nil {
		return 0, fmt.Errorf("%s says %q: %d %q %w %.200s", r.name, body, a.status, a.location, errOr(a.err), a.body)
	}
	return strconv.ParseInt(m[1], 10, 64)
}

// comment sends a formal comment, page by page, and gives its id once the site has acknowledged it.
func (r *resident) comment(ctx context.Context, words string) (consult.ID, error) {
	at := "/consultations/" + r.site.subject.String() + "/comment"
	if err := r.visit(ctx, at); err != nil {
		return 0, err
	}
	key := consult.NewKey()
	for _, fields := range []url.Values{
		{"stance": {"objection"}, "topics": {"light"}}, {"text-light": {words}}, {"place": {"the back windows"}},
		{"name": {r.name}, "postcode": {"B9 9AA"}}, {},
	} {
		a := r.insist(ctx, at, r.form(key, fields))
		if a.status != http.StatusSeeOther {
			return 0, fmt.Errorf("%s comments at %s: %d %w %.300s", r.name, at, a.status, errOr(a.err), a.body)
		}
		at, _, _ = strings.Cut(a.location, "?")
	}
	token, mine := strings.CutPrefix(at, "/my-comment/")
	if !mine || len(token) < idLength {
		return 0, fmt.Errorf("%s was led to %s after sending", r.name, at)
	}
	return consult.ParseID(token[:idLength])
}

// idLength is how many characters of a comment's secret address are its id.
const idLength = 13

func errOr(err error) error {
	if err == nil {
		return fmt.Errorf("answered")
	}
	return err
}

func text(r io.Reader) string {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
