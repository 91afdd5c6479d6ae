package servertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Client is a browser without scripts: it keeps cookies, follows no redirect by itself and reads form tokens from pages.
type Client struct {
	app  *App
	http *http.Client
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Client opens a fresh browser.
func (a *App) Client(t *testing.T) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{app: a, http: &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Do sends any request to the site's own address.
func (c *Client) Do(t *testing.T, method, path string, body io.Reader, header map[string]string) Answer {
	t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = c.app.URL + path
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: string(raw)}
}

// Get reads a page.
func (c *Client) Get(t *testing.T, path string) Answer {
	t.Helper()
	return c.Do(t, http.MethodGet, path, nil, nil)
}

// Page reads a page and follows redirects to it, at most five.
func (c *Client) Page(t *testing.T, path string) Answer {
	t.Helper()
	a := c.Get(t, path)
	for range 5 {
		if a.Status < 300 || a.Status > 399 {
			return a
		}
		a = c.Get(t, a.Location())
	}
	return a
}

// Location is where a redirect leads, without its fragment.
func (a Answer) Location() string {
	where, _, _ := strings.Cut(a.Header.Get("Location"), "#")
	return where
}

var (
	tokenField = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)
	keyField   = regexp.MustCompile(`name="_key" value="([^"]+)"`)
)

// Post opens a page, fills the form that posts to action and sends it as a browser would: with the page's token and key.
func (c *Client) Post(t *testing.T, page, action string, form url.Values) Answer {
	t.Helper()
	shown := c.Page(t, page)
	return c.Send(t, shown, action, form)
}

// Send sends a form of a page that was read before.
func (c *Client) Send(t *testing.T, page Answer, action string, form url.Values) Answer {
	t.Helper()
	filled := url.Values{}
	for name, values := range form {
		filled[name] = values
	}
	if m := tokenField.FindStringSubmatch(page.Body); m != nil && !filled.Has("_csrf") {
		filled.Set("_csrf", m[1])
	}
	if m := keyField.FindStringSubmatch(page.Body); m != nil && !filled.Has("_key") {
		filled.Set("_key", m[1])
	}
	return c.Do(t, http.MethodPost, action, strings.NewReader(filled.Encode()), map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Origin": c.app.URL, "Sec-Fetch-Site": "same-origin"})
}

// JSON sends a JSON document and reads one into out (nil: leave it).
func (c *Client) JSON(t *testing.T, method, path string, in, out any, header map[string]string) Answer {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"Content-Type": "application/json"}
	for name, value := range header {
		all[name] = value
	}
	a := c.Do(t, method, path, strings.NewReader(string(raw)), all)
	if out != nil && a.Status < 300 {
		if err := json.Unmarshal([]byte(a.Body), out); err != nil {
			t.Fatalf("%s %s: %v in %.200s", method, path, err, a.Body)
		}
	}
	return a
}

// SignIn signs the browser in as an officer with a printed one-time link.
func (c *Client) SignIn(t *testing.T, o consult.Officer) *Client {
	t.Helper()
	token, err := c.app.Identity().PrintedLink(t.Context(), o.Email, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	path := "/sign-in/" + token
	if a := c.Post(t, path, path, url.Values{}); a.Status != http.StatusSeeOther {
		t.Fatalf("sign-in: %d %.300s", a.Status, a.Body)
	}
	return c
}
