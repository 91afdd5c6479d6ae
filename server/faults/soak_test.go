//go:build soak

package faults

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/testservices"
)

// steady is for runs of minutes: always something under way, and a log that can still be read in one piece.
var steady = work{talkers: 6, commenters: 2, readers: 12, pause: 40 * time.Millisecond}

// TestSoakF01 kills the only node on SQLite two hundred times.
func TestSoakF01(t *testing.T) {
	s := onSQLite(t)
	s.under(t, usual, func(r *run) {
		for range 200 {
			r.acknowledged(1 + rand.IntN(40))
			s.nodes[0].kill()
			s.nodes[0].start()
		}
		r.acknowledged(20)
	})
}

// TestSoakF02 kills a hundred times on a PostgreSQL that syncs: a node, the database's side of all connections, and every tenth
// time the database itself.
func TestSoakF02(t *testing.T) {
	pg, err := testservices.StartPostgreSQL(t.Context(), testservices.Durable)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Close(); err != nil {
			t.Error(err)
		}
	})
	redis, err := testservices.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := redis.Close(); err != nil {
			t.Error(err)
		}
	})
	s := newSite(t, store.Config{DatabaseURL: pg.URL}, redis, 2)
	s.under(t, usual, func(r *run) {
		for i := range 100 {
			r.acknowledged(1 + rand.IntN(30))
			switch {
			case i%10 == 9:
				restart(t, pg, pg.Kill)
			case i%2 == 0:
				s.cutDatabase()
			default:
				n := s.nodes[i/2%2]
				n.kill()
				n.start()
			}
		}
		r.acknowledged(20)
	})
}

func restart(t *testing.T, server *testservices.Server, stop func() error) {
	t.Helper()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestSoakF05 cuts Redis's subscribers every 300 ms for a minute.
func TestSoakF05(t *testing.T) {
	s := onPostgreSQL(t, 2)
	cut := 0
	r := s.under(t, steady, func(r *run) {
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(300 * time.Millisecond) {
			s.cutSubscribers()
			cut++
		}
		r.acknowledged(20)
	})
	t.Logf("subscribers were cut %d times", cut)
	if n := r.refused(); n != 0 {
		t.Errorf("%d answers of 5xx", n)
	}
}

// TestSoakF06 freezes Redis for four seconds and for a minute.
func TestSoakF06(t *testing.T) {
	s := onPostgreSQL(t, 2)
	r := s.under(t, steady, func(r *run) {
		for _, frozen := range []time.Duration{4 * time.Second, time.Minute} {
			r.acknowledged(50)
			if err := s.redis.Pause(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(frozen)
			if err := s.redis.Resume(); err != nil {
				t.Fatal(err)
			}
			r.acknowledged(50)
		}
	})
	if n := r.refused(); n != 0 {
		t.Errorf("%d answers of 5xx", n)
	}
}

// TestSoakMixed breaks something at random every few seconds for five minutes.
func TestSoakMixed(t *testing.T) {
	s := onPostgreSQL(t, 2)
	broken := map[string]int{}
	s.under(t, steady, func(r *run) {
		for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); {
			r.acknowledged(1 + rand.IntN(200))
			what := rand.IntN(len(mishaps))
			mishaps[what].happen(t, s)
			broken[mishaps[what].name]++
		}
		r.acknowledged(50)
	})
	t.Logf("broken: %v", broken)
}

// mishaps are what can happen to a site of two nodes; each is over when it returns.
var mishaps = []struct {
	name   string
	happen func(*testing.T, *site)
}{
	{"node killed", func(_ *testing.T, s *site) {
		n := s.nodes[rand.IntN(len(s.nodes))]
		n.kill()
		n.start()
	}},
	{"node stopped", func(t *testing.T, s *site) {
		n := s.nodes[rand.IntN(len(s.nodes))]
		if err := n.terminate(); err != nil {
			t.Errorf("it ended with %v\n%s", err, n.tail())
		}
		n.start()
	}},
	{"connections to PostgreSQL cut", func(_ *testing.T, s *site) { s.cutDatabase() }},
	{"subscribers cut", func(_ *testing.T, s *site) { s.cutSubscribers() }},
	{"Redis restarted", func(t *testing.T, s *site) { restart(t, s.redis, s.redis.Kill) }},
	{"Redis frozen", func(t *testing.T, s *site) {
		if err := s.redis.Pause(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(1+rand.IntN(8)) * time.Second)
		if err := s.redis.Resume(); err != nil {
			t.Fatal(err)
		}
	}},
}
