package notify

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify/smtptest"
)

// pass moves the clock to where every delayed mail is due again, and tries once more.
func (h *house) pass(d time.Duration) {
	h.t.Helper()
	h.now = h.now.Add(d)
	h.fine(h.relay.Flush(h.t.Context()))
}

// smtpHouse is a house whose mail goes to a real server on the loopback.
func smtpHouse(t *testing.T) (*house, *smtptest.Server, *SMTP) {
	h := newHouse(t)
	server := smtptest.Start(t, smtptest.Options{})
	s := dial(t, "smtp://"+server.Address(), nil)
	h.relayTo(s)
	return h, server, s
}

// count counts mails at the server by address and by Message-ID.
func count(t *testing.T, server *smtptest.Server) (to, ids map[string]int) {
	t.Helper()
	to, ids = map[string]int{}, map[string]int{}
	for _, m := range server.Mails() {
		to[m.To]++
		parsed, err := m.Message()
		if err != nil {
			t.Fatal(err)
		}
		ids[parsed.Header.Get("Message-Id")]++
	}
	return to, ids
}

// F24: whatever the server does at first, every mail arrives, and once.
func TestF24NothingIsLostWhileTheServerMisbehaves(t *testing.T) {
	for name, misbehave := range map[string]func(*smtptest.Server){
		"too busy at first":      func(s *smtptest.Server) { s.Always(smtptest.Greeting, smtptest.Refuse(421, "4.3.2 busy")) },
		"greylisting":            func(s *smtptest.Server) { s.Always(smtptest.Recipient, smtptest.Refuse(451, "4.7.1 later")) },
		"wrong about everything": func(s *smtptest.Server) { s.Always(smtptest.Sender, smtptest.Refuse(550, "5.7.1 no")) },
		"tarpit":                 func(s *smtptest.Server) { s.Always(smtptest.Recipient, smtptest.Silence()) },
		"trickle":                func(s *smtptest.Server) { s.Always(smtptest.Sender, smtptest.Trickle()) },
		"hangs up before data":   func(s *smtptest.Server) { s.Always(smtptest.Data, smtptest.Drop()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, server, smtp := smtpHouse(t)
			patience := smtp.timeout
			smtp.timeout = 200 * time.Millisecond // for the silent ones
			misbehave(server)
			for _, to := range []string{"one@example.com", "two@example.com", "three@example.com"} {
				h.comment(to, "en")
			}
			h.fine(h.relay.Flush(t.Context()))
			h.pass(time.Minute)
			if got := h.relay.Counts(); got.Sent != 0 || got.GivenUp != 0 || got.Retried == 0 {
				t.Errorf("counts %+v", got)
			}
			server.Behave()
			smtp.timeout = patience
			h.pass(time.Hour)
			to, ids := count(t, server)
			for _, address := range []string{"one@example.com", "two@example.com", "three@example.com"} {
				if to[address] != 1 {
					t.Errorf("%d mails to %s", to[address], address)
				}
			}
			if len(ids) != 3 || h.relay.Counts().Sent != 3 {
				t.Errorf("Message-IDs %v, counts %+v", ids, h.relay.Counts())
			}
			h.quiet(t)
		})
	}
}

// F24: a server that takes a mail and drops the line before it says so gets it again, under the same Message-ID: at most one copy
// more, and nothing lost.
func TestF24AcceptedThenDroppedComesTwiceAtMost(t *testing.T) {
	h, server, _ := smtpHouse(t)
	server.Next(smtptest.Content, smtptest.Drop())
	h.comment("one@example.com", "en")
	h.fine(h.relay.Flush(t.Context()))
	h.pass(time.Minute)
	h.pass(time.Hour)
	to, ids := count(t, server)
	if to["one@example.com"] != 2 || len(ids) != 1 {
		t.Errorf("mails %v, Message-IDs %v; want two copies of one", to, ids)
	}
}

// F24: an address that does not exist is given up at once; the others are not held up.
func TestF24ADeadAddressIsGivenUp(t *testing.T) {
	h, server, _ := smtpHouse(t)
	server.Next(smtptest.Recipient, smtptest.Refuse(550, "5.1.1 <gone@example.com> unknown"))
	h.comment("gone@example.com", "en")
	h.fine(h.relay.Flush(t.Context()))
	h.comment("here@example.com", "en")
	for range 3 {
		h.pass(time.Hour)
	}
	to, _ := count(t, server)
	if to["gone@example.com"] != 0 || to["here@example.com"] != 1 {
		t.Errorf("mails %v", to)
	}
	if got := h.relay.Counts(); got != (Counts{Sent: 1, GivenUp: 1}) {
		t.Errorf("counts %+v", got)
	}
	if !strings.Contains(h.log.String(), "mail given up") || !strings.Contains(h.log.String(), "550 5.1.1") {
		t.Errorf("log %s", h.log.String())
	}
	h.quiet(t)
}

// A mail that never gets through is tried for days, less and less often, and then given up.
func TestF24TriesEnd(t *testing.T) {
	h, server, _ := smtpHouse(t)
	server.Always(smtptest.Recipient, smtptest.Refuse(451, "4.7.1 later"))
	h.comment("one@example.com", "en")
	start := h.now
	for range Tries + 5 {
		h.pass(maxWait)
	}
	if got := h.relay.Counts(); got != (Counts{Retried: Tries - 1, GivenUp: 1}) {
		t.Errorf("counts %+v after %v", got, h.now.Sub(start))
	}
}

func TestBackoffGrowsAndSpreads(t *testing.T) {
	var total time.Duration
	for tries := 1; tries < Tries; tries++ {
		longest, shortest := backoff(tries, 0), backoff(tries, 0.999999)
		if longest > maxWait || shortest < longest/2-time.Second || shortest >= longest || tries > 1 && longest < backoff(tries-1, 0) {
			t.Errorf("after %d tries between %v and %v", tries, shortest, longest)
		}
		total += shortest
	}
	if backoff(1, 0) != firstWait || backoff(1000, 0) != maxWait || total < 36*time.Hour {
		t.Errorf("first %v, last %v, all together at least %v", backoff(1, 0), backoff(1000, 0), total)
	}
}

// Several nodes run a relay each; every mail is still sent once.
func TestManyRelaysSendEachMailOnce(t *testing.T) {
	h := newHouse(t)
	const mails = 24
	for range mails {
		h.comment("one@example.com", "en")
	}
	done := make(chan error)
	for range 3 {
		r := NewRelay(h.store, h.composer, h.memory, func() time.Time { return h.now }, h.relay.log)
		go func() {
			err := r.Flush(t.Context())
			for consult.KindOf(err) == consult.Unavailable { // three nodes on one SQLite file wait for each other
				err = r.Flush(t.Context())
			}
			done <- err
		}()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	ids := map[string]bool{}
	for _, m := range h.memory.Sent() {
		ids[m.ID] = true
	}
	if len(h.memory.Sent()) != mails || len(ids) != mails {
		t.Errorf("%d mails with %d ids, want %d", len(h.memory.Sent()), len(ids), mails)
	}
}

// A node that dies with a mail in hand loses nothing: another takes it when the claim is over.
func TestF24ADeadNodesMailIsSentByAnother(t *testing.T) {
	h := newHouse(t)
	h.comment("one@example.com", "en")
	claimed, err := h.store.ClaimDeliveries(t.Context(), h.now, lease, batch)
	if err != nil || len(claimed) != 1 {
		t.Fatalf("%v %v", claimed, err)
	}
	if got := h.flush(); len(got) != 0 {
		t.Fatalf("sent while another node has it: %v", got)
	}
	h.now = h.now.Add(lease)
	if got := h.flush(); len(got) != 1 {
		t.Fatalf("%d mails after the claim was over", len(got))
	}
}

// A kick is enough: nobody waits for the ticker. When the context ends, Run returns.
func TestRunIsWokenByAKick(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		h.relay.Run(ctx)
	}()
	for _, to := range []string{"one@example.com", "two@example.com"} {
		h.comment(to, "en")
		h.relay.Kick()
		h.relay.Kick()
		if _, err := h.memory.Wait(t.Context(), func(m Message) bool { return m.To == to }); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-stopped
}

// Somebody who stops mail while one is being sent is no error for the relay.
func TestRelayForgivesADeliveryThatIsGone(t *testing.T) {
	h := newHouse(t)
	r := h.comment("one@example.com", "en")
	h.relayTo(stoppingMailer{h, r.Token})
	h.fine(h.relay.Flush(t.Context()))
	if got := h.relay.Counts(); got.Sent != 1 {
		t.Errorf("counts %+v", got)
	}
}

// stoppingMailer is the moment in which a reader unsubscribes.
type stoppingMailer struct {
	h     *house
	token string
}

func (m stoppingMailer) Send(ctx context.Context, msg Message) error {
	if err := m.h.service.StopMyMail(ctx, m.token); err != nil {
		return err
	}
	return m.h.memory.Send(ctx, msg)
}

// F31: a row that makes the program panic is put aside like any failed mail, and the others flow.
func TestF31APoisonMailHoldsUpNobody(t *testing.T) {
	h := newHouse(t)
	h.comment("poison@example.com", "en")
	h.comment("well@example.com", "en")
	h.relayTo(panickingMailer{h.memory})
	h.fine(h.relay.Flush(t.Context()))
	if got := h.relay.Counts(); got != (Counts{Sent: 1, Retried: 1}) {
		t.Errorf("counts %+v", got)
	}
	if only(t, h.memory.Sent(), "well@example.com").To == "" {
		t.Error("the other mail is missing")
	}
	h.quiet(t)
}

type panickingMailer struct{ *Memory }

func (m panickingMailer) Send(ctx context.Context, msg Message) error {
	if msg.To == "poison@example.com" {
		panic("cannot write to " + msg.To)
	}
	return m.Memory.Send(ctx, msg)
}

// A database that does not answer is an error of the round, tried again at the next.
func TestFlushReportsADatabaseThatIsAway(t *testing.T) {
	h := newHouse(t)
	h.fine(h.store.Close())
	if err := h.relay.Flush(t.Context()); consult.KindOf(err) != consult.Unavailable {
		t.Errorf("error %v", err)
	}
}

// S21: nobody is named in the log.
func (h *house) quiet(t *testing.T) {
	t.Helper()
	for _, secret := range []string{"@example.com", "Resident of", "kitchens", "/my-comment/"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log says %q:\n%s", secret, h.log.String())
		}
	}
}
