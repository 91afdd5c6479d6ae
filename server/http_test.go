package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// host is the name the site is served under.
func host(app *servertest.App) string { return strings.TrimPrefix(app.URL, "http://") }

// connect opens a plain connection to the site.
func connect(t *testing.T, app *servertest.App) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", host(app))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// raw sends bytes as they are and gives every answer until the site closes the connection or falls silent; HOST in the text stands
// for the site's name.
func raw(t *testing.T, app *servertest.App, text string) (statuses []int, all string) {
	t.Helper()
	conn := connect(t, app)
	if _, err := io.WriteString(conn, strings.ReplaceAll(text, "HOST", host(app))); err != nil {
		t.Fatal(err)
	}
	_ = conn.(*net.TCPConn).CloseWrite() // the site may have hung up already
	var seen strings.Builder
	in := bufio.NewReader(io.TeeReader(conn, &seen))
	for {
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return statuses, seen.String()
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Fatalf("an answer that was cut: %v", err)
		}
		statuses = append(statuses, resp.StatusCode)
	}
}

// smuggled is a second request that must never be answered.
const smuggled = "GET /glossary HTTP/1.1\r\nHost: HOST\r\n\r\n"

// TestH01ToH06S25RequestsThatNoBrowserSends sends bytes by hand. Each gets one answer, of the status named, and nothing hidden in it
// is taken for a second request.
func TestH01ToH06S25RequestsThatNoBrowserSends(t *testing.T) {
	app := servertest.New(t)
	for name, row := range map[string]struct {
		text string
		want int
	}{
		"H01 length and chunks":   {"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
		"H01 chunks and length":   {"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + smuggled, 400},
		"H02 two lengths":         {"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\nContent-Length: 60\r\n\r\n" + smuggled, 400},
		"H02 a signed length":     {"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: +0\r\n\r\n" + smuggled, 400},
		"H02 a negative length":   {"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n" + smuggled, 400},
		"H03 two hosts":           {"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n", 400},
		"H03 no host":             {"GET / HTTP/1.1\r\n\r\n", 400},
		"H03 another host":        {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
		"H03 another absolute":    {"GET http://evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n", 421},
		"H04 bare line feeds":     {"GET / HTTP/1.1\nHost: HOST\n\n", 400},
		"H04 NUL":                 {"GET / HTTP/1.1\r\nHost: HOST\r\nX-A: a\x00b\r\n\r\n", 400},
		"H04 space before colon":  {"GET / HTTP/1.1\r\nHost: HOST\r\nX-A : b\r\n\r\n", 400},
		"H04 folded":              {"GET / HTTP/1.1\r\nHost: HOST\r\nX-A: b\r\n c\r\n\r\n", 400},
		"H04 folded by a tab":     {"GET / HTTP/1.1\r\nHost: HOST\r\nX-A: b\r\n\tc\r\n\r\n", 400},
		"H05 nine KiB":            {"GET / HTTP/1.1\r\nHost: HOST\r\nX-A: " + strings.Repeat("a", 9<<10) + "\r\n\r\n", 431},
		"H05 two hundred fields":  {"GET / HTTP/1.1\r\nHost: HOST\r\n" + strings.Repeat("X-A: b\r\n", 200) + "\r\n", 431},
		"H06 TRACE":               {"TRACE / HTTP/1.1\r\nHost: HOST\r\n\r\n", 405},
		"H06 CONNECT":             {"CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n\r\n", 405},
		"H06 PROPFIND":            {"PROPFIND / HTTP/1.1\r\nHost: HOST\r\n\r\n", 405},
		"H06 PUT":                 {"PUT / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n", 405},
		"H06 DELETE":              {"DELETE /comments/1 HTTP/1.1\r\nHost: HOST\r\n\r\n", 405},
		"H16 eight KiB of cookie": {"GET / HTTP/1.1\r\nHost: HOST\r\nCookie: a=" + strings.Repeat("b", 8<<10) + "\r\n\r\n", 431},
		"a body never sent":       {"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5242880\r\n\r\n", 413},
		"not HTTP":                {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},
	} {
		t.Run(name, func(t *testing.T) {
			statuses, all := raw(t, app, row.text)
			if len(statuses) != 1 || statuses[0] != row.want {
				t.Errorf("%v, want one %d: %.300q", statuses, row.want, all)
			}
			for _, said := range []string{"evil.example", "bbbb", "aaaa", "fasthttp", "X-A", "panic"} {
				if strings.Contains(all, said) {
					t.Errorf("the answer repeats the request or names its maker (%q): %.300q", said, all)
				}
			}
		})
	}
}

// TestH07NothingOutsideTheRoot asks for files that are none of the site's.
func TestH07NothingOutsideTheRoot(t *testing.T) {
	app := servertest.New(t)
	for _, path := range []string{"/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", "/static/..%5c..%5cserver.go", "/static/%2e%2e%2fstatic.go",
		"/static/%252e%252e%252fetc%252fpasswd", "/static/%00", "/static/manifest.json", "/static/", "/static//etc/passwd", "/.git/config", "/.env",
		"/static/..", "//etc/passwd", "/tiles/..%2f..%2fetc/1/2/3"} {
		statuses, all := raw(t, app, "GET "+path+" HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n")
		if len(statuses) != 1 || statuses[0] != http.StatusNotFound && statuses[0] != http.StatusBadRequest || strings.Contains(all, "root:") {
			t.Errorf("GET %s: %v %.200q", path, statuses, all)
		}
	}
}

// TestH08H09H10S11QueriesThatAreNoneAreNotReflected puts into every list what is no page, no order and no place.
func TestH08H09H10S11QueriesThatAreNoneAreNotReflected(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	published(t, app, servertest.Comment(id))
	c := app.Client(t)
	analyst := app.Client(t).SignIn(t, app.Officer(t, "analyst@example.org", consult.RoleAdmin))
	lists := []string{"/", "/consultations/" + id.String(), "/consultations/" + id.String() + "/comments", "/map", "/officer", "/analyst",
		"/analyst/export/comments.csv", "/api/v1/consultations", "/api/v1/consultations/" + id.String() + "/comments", "/threads/" + id.String()}
	names := []string{"page", "sort", "order", "q", "words", "stance", "topic", "round", "state", "stage", "kind", "ward", "postcode", "lat", "lon",
		"bbox", "view", "from", "to", "before", "after", "offset", "limit", "cursor", "consultation"}
	values := []string{"-1", "0", "9999999999999999999", "1'--", "<svg onload=alert(1)>", "created_at;select pg_sleep(9)", "') OR 1=1--", "%00", "\u0000",
		"NaN", "1e309", "1,2,3", "180,90,-180,-90", "-180,-90,180,90", "\xff\xfe", "${7*7}", strings.Repeat("a", 1000)}
	for _, path := range lists {
		for _, name := range names {
			for i := 0; i < len(values); i += 4 + len(name)%3 { // each value with many names, not each with all
				a := analyst.Do(t, http.MethodGet, path+"?"+name+"="+escape(values[i]), nil, nil)
				if a.Status >= 500 || strings.Contains(a.Body, "<svg onload") || strings.Contains(a.Body, "SQLSTATE") || strings.Contains(a.Body, "syntax error") {
					t.Errorf("GET %s?%s=%.40q: %d", path, name, values[i], a.Status)
				}
			}
		}
	}
	if a := c.Get(t, "/?sort=created_at;select&page=9999999999999999999"); a.Status != http.StatusOK && a.Status != http.StatusNotFound {
		t.Errorf("a page that is none: %d", a.Status)
	}
	if strings.Contains(app.Log.String(), "syntax error") {
		t.Error("a query reached the database as part of a statement")
	}
}

// escape writes every byte of a value as %XX.
func escape(value string) string {
	var b strings.Builder
	for i := range len(value) {
		fmt.Fprintf(&b, "%%%02X", value[i])
	}
	return b.String()
}

// TestH12WhatIsHiddenLooksLikeWhatIsNot compares an unpublished case with one that never was.
func TestH12WhatIsHiddenLooksLikeWhatIsNot(t *testing.T) {
	app := servertest.New(t)
	hidden := app.Consultation(t, 1, consult.Received)
	never := consult.NewID(app.Clock.Now())
	c := app.Client(t)
	for _, path := range []string{"/consultations/%s", "/consultations/%s/comments", "/consultations/%s/outcomes", "/consultations/%s/comment",
		"/consultations/%s/ask", "/consultations/%s/follow", "/threads/%s", "/api/v1/consultations/%s", "/api/v1/consultations/%s/comments"} {
		there, not := c.Get(t, fmt.Sprintf(path, hidden)), c.Get(t, fmt.Sprintf(path, never))
		if there.Status != not.Status || strings.ReplaceAll(there.Body, hidden.String(), "") != strings.ReplaceAll(not.Body, never.String(), "") {
			t.Errorf("%s: %d and %d, or different pages", path, there.Status, not.Status)
		}
	}
}

// TestH13ThePeerCannotRenameItself sends headers that only a trusted proxy may.
func TestH13ThePeerCannotRenameItself(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	a := c.Do(t, http.MethodGet, "/sign-in", nil, map[string]string{"X-HTTP-Method-Override": "DELETE", "X-Forwarded-Host": "evil.example",
		"X-Forwarded-Proto": "https", "Forwarded": "for=1.2.3.4;host=evil.example;proto=https", "X-Original-URL": "/admin/officers", "X-Rewrite-URL": "/admin"})
	if a.Status != http.StatusOK || strings.Contains(a.Body, "evil.example") || a.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("%d: a header from anybody was believed", a.Status)
	}
}

// TestH15OnlyPagesAreNegotiated asks for forms of a page that there are not.
func TestH15OnlyPagesAreNegotiated(t *testing.T) {
	app := servertest.New(t)
	for _, accept := range []string{"application/xml", "text/plain", "application/json", "text/html;q=0", "<svg onload=alert(1)>", ""} {
		a := app.Client(t).Do(t, http.MethodGet, "/glossary", nil, map[string]string{"Accept": accept})
		if a.Status == http.StatusOK && !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || a.Status >= 500 || strings.Contains(a.Body, "<svg onload") {
			t.Errorf("Accept %q: %d %s", accept, a.Status, a.Header.Get("Content-Type"))
		}
	}
}

// TestH16ForgedCookiesAreNobody sends sixty cookies and a session that never was.
func TestH16ForgedCookiesAreNobody(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	many := ""
	for i := range 60 {
		many += fmt.Sprintf("c%d=v; ", i)
	}
	if a := c.Do(t, http.MethodGet, "/", nil, map[string]string{"Cookie": many + "yousaid_session=0123456789abcdefghjkmnpqrs; yousaid_form=x; yousaid_visitor=y"}); a.Status != http.StatusOK {
		t.Errorf("%d", a.Status)
	}
	if a := c.Do(t, http.MethodGet, "/officer", nil, map[string]string{"Cookie": "yousaid_session=0123456789abcdefghjkmnpqrs"}); turnedAway(a) != "sign in" {
		t.Errorf("a forged session opens the inbox: %d", a.Status)
	}
}

// TestF20I19HugeBodies sends more than any form holds; the site refuses before it has read it.
func TestF20I19HugeBodies(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	head := "POST /consultations/" + id.String() + "/ask HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	t.Run("a declared GiB", func(t *testing.T) {
		if statuses, _ := raw(t, app, head+"Content-Length: 1073741824\r\n\r\na=b"); len(statuses) != 1 || statuses[0] != http.StatusRequestEntityTooLarge {
			t.Errorf("%v", statuses)
		}
	})
	t.Run("chunks without end", func(t *testing.T) {
		conn := connect(t, app)
		if _, err := io.WriteString(conn, strings.ReplaceAll(head, "HOST", host(app))+"Transfer-Encoding: chunked\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		chunk := "10000\r\n" + strings.Repeat("a", 0x10000) + "\r\n"
		sent := 0
		for sent < 64<<20 {
			n, err := io.WriteString(conn, chunk)
			sent += n
			if err != nil {
				break
			}
		}
		if sent >= 64<<20 {
			t.Error("64 MiB were taken")
		}
	})
	c := app.Client(t)
	form := c.Get(t, "/consultations/"+id.String()+"/ask")
	token := formToken(t, form)
	for name, body := range map[string]string{
		"100,000 fields":   strings.Repeat("a=b&", 100_000),
		"one field 10,000": strings.Repeat("body=b&", 10_000),
		"a large index":    "l[999999999]=a&title=t&body=b&x[999999999][999999999]=1",
	} {
		a := c.Do(t, http.MethodPost, "/consultations/"+id.String()+"/ask", strings.NewReader(body+"&_csrf="+token),
			map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": app.URL, "X-CSRF-Token": token})
		if a.Status >= 500 || name != "a large index" && a.Status != http.StatusRequestEntityTooLarge && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	deep := strings.Repeat("[", 20_000)
	if a := c.Do(t, http.MethodPost, "/api/v1/consultations/"+id.String()+"/threads", strings.NewReader(deep), map[string]string{
		"Content-Type": "application/json", "Authorization": "Bearer " + app.Token(t, consult.RoleOfficer)}); a.Status != http.StatusBadRequest && a.Status != http.StatusUnprocessableEntity {
		t.Errorf("JSON 20,000 deep: %d", a.Status)
	}
}

// TestF21SlowHeads holds connections open with heads that never end; they are closed and others are served meanwhile.
func TestF21SlowHeads(t *testing.T) {
	app := servertest.New(t, servertest.WithLimits(func(l *server.Limits) { l.ReadHead = time.Second }))
	var slow sync.WaitGroup
	for range 50 {
		conn := connect(t, app)
		slow.Go(func() {
			_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+host(app)+"\r\n")
			for i := 0; err == nil && i < 600; i++ {
				time.Sleep(100 * time.Millisecond)
				_, err = fmt.Fprintf(conn, "X-%d: y\r\n", i)
			}
			if err == nil {
				t.Error("a head that never ends was waited for")
			}
		})
	}
	if a := app.Client(t).Get(t, "/glossary"); a.Status != http.StatusOK {
		t.Errorf("others meanwhile: %d", a.Status)
	}
	slow.Wait()
}

// TestS26FiberHandsOutStringsThatStay posts twenty messages over one connection and looks that each stayed what it was: Fiber's
// strings lie in buffers that the next request overwrites unless it is told otherwise.
func TestS26FiberHandsOutStringsThatStay(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	thread := question(t, app, id, "The first of them").Thread.ID
	c := app.Client(t)
	page := c.Get(t, "/threads/"+thread.String())
	token := formToken(t, page)
	for i := range 20 {
		body := fmt.Sprintf("%02d%s", i, strings.Repeat(string(rune('a'+i)), 40))
		form := "body=" + body + "&name=" + strings.Repeat(string(rune('A'+i)), 20) + "&_csrf=" + token + "&_key=" + consult.NewKey()
		a := c.Do(t, http.MethodPost, "/threads/"+thread.String(), strings.NewReader(form), map[string]string{
			"Content-Type": "application/x-www-form-urlencoded", "Origin": app.URL})
		if a.Status != http.StatusSeeOther {
			t.Fatalf("%d %.200s", a.Status, a.Body)
		}
	}
	shown := c.Get(t, "/threads/"+thread.String()).Body
	for i := range 20 {
		for _, want := range []string{fmt.Sprintf("%02d%s", i, strings.Repeat(string(rune('a'+i)), 40)), strings.Repeat(string(rune('A'+i)), 20)} {
			if strings.Count(shown, want) != 1 {
				t.Errorf("%q is there %d times", want, strings.Count(shown, want))
			}
		}
	}
}
