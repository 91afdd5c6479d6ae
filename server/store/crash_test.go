package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/testservices"
)

// TestMain is also the child that tests start and kill: YOUSAID_STORE_CHILD says what it does.
func TestMain(m *testing.M) {
	c := store.Config{DatabaseURL: os.Getenv("YOUSAID_STORE_URL"), Folder: os.Getenv("YOUSAID_STORE_FOLDER")}
	var err error
	switch os.Getenv("YOUSAID_STORE_CHILD") {
	case "":
		os.Exit(m.Run())
	case "write":
		err = writeForEver(c)
	case "migrate":
		n, bad := strconv.ParseInt(os.Getenv("YOUSAID_STORE_KILL"), 10, 64)
		err = errors.Join(bad, migrateAndDie(c, n))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child is this test binary doing a job on a database.
func child(t *testing.T, job string, c store.Config, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(append(os.Environ(), "YOUSAID_STORE_CHILD="+job, "YOUSAID_STORE_URL="+c.DatabaseURL, "YOUSAID_STORE_FOLDER="+c.Folder), env...)
	return cmd
}

// now is the moment of every write here.
var now = time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC)

// aConsultation keeps a case to comment on.
func aConsultation(t testing.TB, s *store.Store) consult.ID {
	t.Helper()
	r, err := s.SaveCase(t.Context(), consult.Case{Consultation: consult.Consultation{Title: "Twelve homes", State: consult.Consulting,
		Application: consult.Application{Authority: "a", Reference: "2099/00001/PA"}}}, consult.Change{Actor: consult.System(), At: now, Action: "import"})
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// submit makes a comment with everything that comes with one: words, contact, event, mail, key.
func submit(ctx context.Context, s *store.Store, consultation, comment consult.ID) error {
	c := consult.Comment{ID: comment, Consultation: consultation, Stance: consult.Object, State: consult.CommentReceived, ReceivedAt: now}
	return s.SaveComment(ctx, c, []consult.CommentPoint{{Topic: "light", Text: "It will be dark."}}, consult.Contact{Email: "resident@example.org"}, "",
		consult.Change{Actor: consult.Actor{Kind: consult.Visitor}, At: now, Action: "comment.submit", Subject: comment, Key: comment.String(), Digest: "d",
			Events: []consult.Event{{Thread: consult.DeskThread, Kind: consult.EventComment, Subject: comment, At: now}},
			Mails:  []consult.Mail{{Kind: consult.MailReceipt, Audience: consult.Audience{Comment: comment}, Subject: comment}}})
}

// writeForEver is the child: it writes comments from four goroutines and acknowledges each on standard output once it is safe.
func writeForEver(c store.Config) error {
	ctx := context.Background()
	s, err := store.Open(ctx, c)
	if err != nil {
		return err
	}
	k, err := s.ConsultationByReference(ctx, "a", "2099/00001/PA")
	if err != nil {
		return err
	}
	var mu sync.Mutex
	fail := make(chan error)
	for range 4 {
		go func() {
			for {
				id := consult.NewID(time.Now())
				if err := submit(ctx, s, k.ID, id); err != nil {
					fail <- err
					return
				}
				mu.Lock()
				_, err := fmt.Println(id)
				mu.Unlock()
				if err != nil {
					fail <- err
					return
				}
			}
		}()
	}
	return <-fail
}

// TestF01KilledWhileWritingLosesNothing kills a writing process ten times, each after a random number of acknowledgements, and
// looks that every acknowledged comment is there with all that belongs to it, and nothing is there by halves.
func TestF01KilledWhileWritingLosesNothing(t *testing.T) {
	for name, c := range empties(t) {
		t.Run(name, func(t *testing.T) {
			first := opened(t, c)
			aConsultation(t, first)
			var acknowledged []consult.ID
			for range 10 {
				acknowledged = append(acknowledged, killAfter(t, c, 1+rand.IntN(60))...)
				s, err := store.Open(t.Context(), c)
				if err != nil {
					t.Fatalf("open after a kill: %v", err)
				}
				everythingThere(t, s, acknowledged)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// killAfter runs the writer until it has acknowledged n comments, and kills it; what it acknowledged until it was dead counts.
func killAfter(t *testing.T, c store.Config, n int) (acknowledged []consult.ID) {
	t.Helper()
	cmd := child(t, "write", c)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		id, err := consult.ParseID(lines.Text())
		if err != nil {
			continue // the last line may be cut
		}
		if acknowledged = append(acknowledged, id); len(acknowledged) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(acknowledged) < n {
		t.Fatalf("the writer ended by itself after %d comments: %v", len(acknowledged), err)
	}
	return acknowledged
}

// halves are queries that count what a torn transaction would leave.
var halves = map[string]string{
	"comments without words":          `SELECT COUNT(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM original_point o WHERE o.comment = c.id)`,
	"comments without a contact":      `SELECT COUNT(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM contact k WHERE k.comment = c.id)`,
	"comments without their event":    `SELECT COUNT(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.subject = c.id)`,
	"comments without their key":      `SELECT COUNT(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM idempotency i WHERE i.result = c.id)`,
	"comments without their mail":     `SELECT COUNT(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.comment = c.id)`,
	"comments without their audit":    `SELECT COUNT(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = c.id)`,
	"events without their outbox row": `SELECT COUNT(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.thread = e.thread AND o.seq = e.seq)`,
	"events without their comment":    `SELECT COUNT(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM comment c WHERE c.id = e.subject)`,
	"holes in the log":                `SELECT MAX(seq) - COUNT(*) FROM event`,
	"a head elsewhere":                `SELECT t.seq - (SELECT COUNT(*) FROM event) FROM thread t WHERE t.id = 1`,
	"comments twice":                  `SELECT COUNT(*) - COUNT(DISTINCT subject) FROM event`,
}

func everythingThere(t *testing.T, s *store.Store, acknowledged []consult.ID) {
	t.Helper()
	for _, id := range acknowledged {
		if _, err := s.Comment(t.Context(), id); err != nil {
			t.Fatalf("acknowledged and lost: %v", err)
		}
	}
	for what, query := range halves {
		var n int
		if err := s.Writer().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
	if check, err := s.AuditVerify(t.Context()); err != nil || check.FirstBad != 0 {
		t.Errorf("audit chain: %+v, %v", check, err)
	}
	if check := s.IntegrityCheck(); check != "" {
		var answer string
		if err := s.Writer().QueryRowContext(t.Context(), check).Scan(&answer); err != nil || answer != "ok" {
			t.Errorf("integrity: %q, %v", answer, err)
		}
	}
}

// TestF02CutConnectionsLoseNothingAndDoubleNothing ends PostgreSQL's side of all connections five times in the middle of writes.
// Writers do what the form does: send again with the same key until they know.
func TestF02CutConnectionsLoseNothingAndDoubleNothing(t *testing.T) {
	s := onPostgreSQL(t)
	consultation := aConsultation(t, s)
	ctx, stop := context.WithCancel(t.Context())
	acks := make(chan consult.ID, 1000)
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for ctx.Err() == nil {
				id := consult.NewID(time.Now())
				for err := submit(t.Context(), s, consultation, id); !safe(err); err = submit(t.Context(), s, consultation, id) {
					if consult.KindOf(err) != consult.Unavailable {
						t.Errorf("a cut connection was reported as %v", err)
						return
					}
				}
				acks <- id
			}
		})
	}
	var acknowledged []consult.ID
	for range 5 {
		for range 1 + rand.IntN(60) {
			acknowledged = append(acknowledged, <-acks)
		}
		if _, err := s.Writer().ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	go func() { writers.Wait(); close(acks) }()
	for id := range acks {
		acknowledged = append(acknowledged, id)
	}
	everythingThere(t, s, acknowledged)
	tally, err := s.Tally(t.Context(), consultation)
	if err != nil || tally.Comments != len(acknowledged) {
		t.Errorf("%d comments, %d acknowledged, %v", tally.Comments, len(acknowledged), err)
	}
}

// TestF02ConnectionsThatDiedIdleDoNotShow: after a restart or a cut of the network everything in the pools is dead, and nobody
// who calls afterwards is told.
func TestF02ConnectionsThatDiedIdleDoNotShow(t *testing.T) {
	c := store.Config{DatabaseURL: testservices.PostgreSQL(t)}
	s := opened(t, c)
	consultation := aConsultation(t, s)
	admin := rawPool(t, c)
	defer admin.Close()
	for range 5 {
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		if err := submit(t.Context(), s, consultation, 1<<40); !safe(err) {
			t.Error(err)
		}
		if _, err := admin.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Tally(t.Context(), consultation); err != nil {
		t.Error(err)
	}
}

// safe tells whether the author may be told that the comment arrived.
func safe(err error) bool {
	var again *consult.Repeat
	return err == nil || errors.As(err, &again)
}
