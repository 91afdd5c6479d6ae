package faults

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/live"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/testservices"
)

// TestF04RedisDiesAndRepliesStillArrive posts on one node and reads on the other, with Redis and without.
func TestF04RedisDiesAndRepliesStillArrive(t *testing.T) {
	s := onPostgreSQL(t, 2)
	writer, reader := s.resident("Resident of Sample Street", 0), s.reader("reader", 1)
	reader.reach(1)
	say := func(text string) time.Duration {
		t.Helper()
		seq, err := writer.say(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		reader.reach(seq)
		return time.Since(begin)
	}
	say("with Redis")
	if err := s.redis.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, n := range s.nodes {
		n.degraded(t, "bus")
	}
	// Nodes poll every two seconds now. The usual comparison of heads comes after twelve at the earliest: sooner than that, it was the polls.
	limits := live.Defaults()
	if took := say("without Redis"); took > limits.HeadCheck*8/10 {
		t.Errorf("without Redis the reply took %v: nobody polled", took)
	}
	if err := s.redis.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, n := range s.nodes {
		n.degraded(t, "")
	}
	say("with Redis again")
	if writer.refused != 0 {
		t.Errorf("%d answers of 5xx", writer.refused)
	}
	for _, n := range s.nodes {
		if lines := strings.Count(n.printed(), "\n"); lines > 40 {
			t.Errorf("%d lines of log for one outage of Redis:\n%s", lines, n.tail())
		}
	}
}

// TestF04SitesWithoutRedis starts two nodes where no Redis runs, and where none is configured: replies arrive by polling.
func TestF04SitesWithoutRedis(t *testing.T) {
	gone, err := testservices.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	for name, redis := range map[string]*testservices.Server{"not running": gone, "not configured": nil} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, store.Config{DatabaseURL: testservices.PostgreSQL(t)}, redis, 2)
			writer, reader := s.resident("Resident of Sample Street", 0), s.reader("reader", 1)
			reader.reach(1)
			begin := time.Now()
			seq, err := writer.say(t.Context(), "Without Redis from the start.")
			if err != nil {
				t.Fatal(err)
			}
			reader.reach(seq)
			if took := time.Since(begin); took > live.Defaults().HeadCheck*8/10 {
				t.Errorf("the reply took %v: nobody polled", took)
			}
		})
	}
}

// degraded waits until the node says what it does without, "" = nothing. It must call itself ready all the time.
func (n *node) degraded(t testing.TB, what string) {
	t.Helper()
	want := `"degraded":["` + what + `"]`
	if what == "" {
		want = `"degraded":[]`
	}
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		status, body := n.ready()
		if status != http.StatusOK {
			t.Fatalf("not ready without Redis: %d %s", status, body)
		}
		if strings.Contains(body, want) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("readyz says %s, want %s", body, want)
		}
	}
}

// TestF01AProgramOnSQLiteIsKilled kills the only node again and again; residents and readers come back to it.
func TestF01AProgramOnSQLiteIsKilled(t *testing.T) {
	s := onSQLite(t)
	s.under(t, usual, func(r *run) {
		for range 4 {
			r.acknowledged(25)
			s.nodes[0].kill()
			s.nodes[0].start()
		}
		r.acknowledged(25)
	})
}

// TestF02PostgreSQLDropsConnections cuts every connection to the database in the middle of writes.
func TestF02PostgreSQLDropsConnections(t *testing.T) {
	s := onPostgreSQL(t, 2)
	s.under(t, usual, func(r *run) {
		for range 5 {
			r.acknowledged(20)
			s.cutDatabase()
		}
		r.acknowledged(20)
	})
}

// TestF05RedisDropsSubscribers cuts the connections that listen, while messages are written on both nodes.
func TestF05RedisDropsSubscribers(t *testing.T) {
	s := onPostgreSQL(t, 2)
	s.under(t, usual, func(r *run) {
		for range 5 {
			r.acknowledged(20)
			s.cutSubscribers()
		}
	})
}

// TestF06RedisFreezes lets Redis hang with its connections open, which no client library reports.
func TestF06RedisFreezes(t *testing.T) {
	s := onPostgreSQL(t, 2)
	r := s.under(t, usual, func(r *run) {
		r.acknowledged(20)
		if err := s.redis.Pause(); err != nil {
			t.Fatal(err)
		}
		r.acknowledged(100) // nobody who writes waits for Redis
		if err := s.redis.Resume(); err != nil {
			t.Fatal(err)
		}
		r.acknowledged(20)
	})
	if n := r.refused(); n != 0 {
		t.Errorf("%d answers of 5xx while Redis was frozen", n)
	}
}

// TestF13OneOfTwoNodesIsKilled lets residents and readers move to the other node, and back.
func TestF13OneOfTwoNodesIsKilled(t *testing.T) {
	s := onPostgreSQL(t, 2)
	r := s.under(t, usual, func(r *run) {
		for _, n := range s.nodes {
			r.acknowledged(30)
			n.kill()
			r.acknowledged(50)
			n.start()
		}
	})
	for _, reader := range r.readers {
		if len(reader.codes) == 0 {
			t.Errorf("%s never lost its node: nothing was shown", reader.name)
		}
	}
}

// TestF19OneKeyOnTwoNodesAtOnce sends the same form twenty times in parallel to both nodes: one message, one comment, and for
// everybody the page of that one.
func TestF19OneKeyOnTwoNodesAtOnce(t *testing.T) {
	s := onPostgreSQL(t, 2)
	books := newLedger()
	author := s.resident("Resident of Sample Street", 0)
	path := "/threads/" + s.thread.String()
	if err := author.visit(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	where := s.atOnce(t, author, path, author.form(consult.NewKey(), url.Values{"body": {"Once."}, "name": {author.name}}))
	if where != path+"#message-2" {
		t.Errorf("led to %s", where)
	}
	books.message("Once.", 2)

	check, key := s.fill(t, author)
	mine := s.atOnce(t, author, check, author.form(key, nil))
	token, _, _ := strings.Cut(strings.TrimPrefix(mine, "/my-comment/"), "?")
	id, err := consult.ParseID(token[:min(idLength, len(token))])
	if err != nil {
		t.Fatalf("led to %s: %v", mine, err)
	}
	books.comment(id, "Once and for all.")
	books.settle(t, s, []*reader{s.reader("reader", 1)})
}

// fill fills the comment form up to its last page.
func (s *site) fill(t *testing.T, author *resident) (check, key string) {
	t.Helper()
	at := "/consultations/" + s.subject.String() + "/comment"
	key = consult.NewKey()
	for _, fields := range []url.Values{{"stance": {"objection"}, "topics": {"light"}}, {"text-light": {"Once and for all."}}, {},
		{"name": {author.name}, "postcode": {"B9 9AA"}}} {
		a := author.send(t.Context(), at, author.form(key, fields))
		if a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %v %.300s", at, a.status, a.err, a.body)
		}
		at = a.location
	}
	return at, key
}

// atOnce sends a form from many tabs of one browser to all nodes and gives where all of them were led.
func (s *site) atOnce(t *testing.T, author *resident, path string, form url.Values) string {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for i := range 20 {
		tab := &resident{site: s, name: author.name, at: i, http: author.http, csrf: author.csrf}
		all.Go(func() {
			a := tab.send(t.Context(), path, form)
			mu.Lock()
			defer mu.Unlock()
			answers[http.StatusText(a.status)+" "+a.location]++
		})
	}
	all.Wait()
	if len(answers) != 1 {
		t.Fatalf("one form, different answers: %v", answers)
	}
	for where := range answers {
		_, where, _ = strings.Cut(where, "See Other ")
		return where
	}
	return ""
}

// TestF23ANodeIsToldToStop stops a node under load in the way a deployment does: nobody is refused, everybody is told when to come
// back, nothing is lost, and it ends well.
func TestF23ANodeIsToldToStop(t *testing.T) {
	s := onPostgreSQL(t, 2)
	r := s.under(t, usual, func(r *run) {
		r.acknowledged(40)
		if err := s.nodes[0].terminate(); err != nil {
			t.Errorf("it ended with %v\n%s", err, s.nodes[0].tail())
		}
		r.acknowledged(40)
	})
	told := 0
	for _, reader := range r.readers {
		if reader.codes[live.CloseShutdown] > 0 {
			told++
			if reader.retry == 0 {
				t.Errorf("%s was not told when to come back", reader.name)
			}
		}
		if reader.codes[-1] > 0 {
			t.Errorf("%s lost its socket without a close", reader.name)
		}
	}
	if told == 0 {
		t.Error("no reader was told that the node stops")
	}
	if n := r.refused(); n != 0 {
		t.Errorf("%d answers of 5xx", n)
	}
}
