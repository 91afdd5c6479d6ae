package live_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/live"
)

func TestARingForWhatDoesNotExistDoesNoHarm(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.HeadCheck = time.Hour })
	thread := s.ledger.open(2)
	c := s.connect(t)
	c.join(thread)
	s.hub.Ring(bus.Ring{Thread: thread, Seq: 1_000_000, Epoch: "e1"})
	s.hub.Ring(bus.Ring{Thread: thread, Seq: -5, Epoch: "e1"})
	s.hub.Ring(bus.Ring{Thread: thread, Seq: 9, Epoch: "other"})
	c.audit(thread, 2, s.ledger.say(thread, "three"))
	late := s.connect(t)
	late.join(thread, "since", 0)
	last := s.ledger.say(thread, "four")
	c.audit(thread, 2, last)
	late.audit(thread, 0, last)
}

func TestALongThreadIsCaughtUpWithInOrderAndBeyondTheLimitItResets(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	long := strings.Repeat("é", 2000)
	for range 480 { // four times what may wait in a queue
		s.ledger.whisper(thread, long)
	}
	c := s.connect(t)
	c.join(thread, "since", 0, "render", "html")
	c.audit(thread, 0, 480)
	for range 40 {
		s.ledger.whisper(thread, "short")
	}
	far := s.connect(t)
	far.ask("join", thread, "since", 0)
	far.first("reset")
	if code := s.hub.Stats().Closed[live.CloseSlow]; code != 0 {
		t.Errorf("%d readers were cut for reading slowly", code)
	}
}

func TestALiveBurstLargerThanAQueueReachesAReaderThatReads(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	plain, html := s.connect(t), s.connect(t)
	plain.join(thread)
	html.join(thread, "render", "html")
	var burst []entry
	for i := range 400 {
		burst = append(burst, entry{kind: "message", text: fmt.Sprint(i, strings.Repeat("x", 3000))})
	}
	s.ledger.append(thread, burst...)
	last := s.ledger.say(thread, "after the burst")
	plain.audit(thread, 0, last)
	html.audit(thread, 0, last)
	// All in one state: reads and messages tell the same story (L11).
	var texts []string
	for _, e := range html.events(thread) {
		texts = append(texts, e.Data.Text)
	}
	if !slices.Equal(texts, s.ledger.texts(t, thread)) {
		t.Error("the events do not add up to the thread")
	}
}

func TestABusyThreadIsReadInBatches(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.Window = 300 * time.Millisecond })
	thread := s.ledger.open(0)
	c := s.connect(t)
	c.join(thread)
	for i := range 100 {
		s.ledger.say(thread, fmt.Sprint(i))
	}
	c.audit(thread, 0, 100)
	if n := len(s.ledger.readings(thread)); n > 50 {
		t.Errorf("100 events in a row took %d reads", n)
	}
}

func TestWhatWasHiddenIsNotSentFromMemory(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	const canary = "CANARY a telephone number"
	s.ledger.whisper(thread, canary)
	s.ledger.whisper(thread, "harmless")
	early := s.connect(t)
	early.join(thread, "since", 0)
	early.audit(thread, 0, 2) // now the first event is in memory

	tried := make(chan struct{}, 100)
	s.ledger.breakWith(func(op string) error {
		if op == "events" {
			tried <- struct{}{}
			return errors.New("the database is away")
		}
		return nil
	})
	s.ledger.change(thread, func(l *log) { l.entries[0] = entry{kind: "message", text: "hidden"} })
	s.ledger.append(thread, entry{kind: "hidden", text: "event 1 was hidden"})
	<-tried
	late := s.connect(t)
	late.join(thread, "since", 0)
	<-tried
	<-tried
	s.ledger.breakWith(nil)
	late.audit(thread, 0, 3)
	for _, g := range late.all() {
		if strings.Contains(g.raw, "CANARY") {
			t.Errorf("a late reader got %s", g.raw)
		}
	}
}

func TestALogThatFailsForAWhileCostsTimeAndNothingElse(t *testing.T) {
	s := alone(t)
	thread, other := s.ledger.open(0), s.ledger.open(0)
	c := s.connect(t)
	c.join(thread)
	fails := make(chan struct{}, 100)
	s.ledger.breakWith(func(op string) error {
		if op == "events" {
			fails <- struct{}{}
			return errors.New("the database is away")
		}
		return nil
	})
	s.ledger.say(thread, "during")
	<-fails
	<-fails
	c.ask("join", other, "since", 0)
	c.await("the other thread", func() bool { return len(c.frames) == 2 })
	s.ledger.breakWith(nil)
	c.audit(thread, 0, s.ledger.say(thread, "after"))
	if n := strings.Count(s.log.String(), "trying again"); n != 1 {
		t.Errorf("one outage of one thread was logged %d times:\n%s", n, s.log)
	}
}

func TestS20_APanicWhileRenderingStaysInsideAndIsNotTold(t *testing.T) {
	s := alone(t)
	thread, other := s.ledger.open(0), s.ledger.open(0)
	c := s.connect(t)
	c.join(thread)
	c.join(other)
	var once sync.Once
	s.ledger.breakWith(func(op string) error {
		if op == "events" {
			once.Do(func() { panic("CANARY postgres://user:password@host") })
		}
		return nil
	})
	c.audit(thread, 0, s.ledger.say(thread, "in spite of it"))
	c.audit(other, 0, s.ledger.say(other, "elsewhere"))
	var joins sync.Once
	s.ledger.breakWith(func(op string) error {
		if op == "join" {
			joins.Do(func() { panic("CANARY again") })
		}
		return nil
	})
	c.ask("join", thread)
	if e := c.first("error"); e.Code != "unavailable" || e.Thread != thread.String() {
		t.Errorf("got %s", e.raw)
	}
	c.join(thread)
	for _, g := range c.all() {
		if strings.Contains(g.raw, "CANARY") {
			t.Errorf("the client was told %s", g.raw)
		}
	}
	if n := strings.Count(s.log.String(), "CANARY"); n < 2 {
		t.Errorf("the log has %d of 2 panics", n)
	}
}

func TestALogWithAGapIsNeverSkippedOver(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(1)
	c := s.connect(t)
	c.join(thread)
	s.ledger.append(thread, entry{kind: "lost"}, entry{kind: "message", text: "after the hole"})
	c.awaitClose(live.CloseGap)
	if events := c.events(thread); len(events) != 0 {
		t.Errorf("got %v across the gap", events)
	}
	back := s.connect(t)
	back.join(thread, "since", 1, "epoch", "e1")
	s.ledger.change(thread, func(l *log) { l.entries[1] = entry{kind: "message", text: "mended"} })
	back.audit(thread, 1, 3)
}

func TestAThreadThatIsDeletedEndsForItsReaders(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(1)
	c := s.connect(t)
	c.join(thread)
	s.ledger.mu.Lock()
	delete(s.ledger.threads, thread)
	s.ledger.mu.Unlock()
	s.hub.BusState(true)
	if e := c.first("error"); e.Code != "not_found" || e.Thread != thread.String() {
		t.Errorf("got %s", e.raw)
	}
	eventually(t, "the room to be empty", func() bool { return s.hub.Stats().Threads == 0 })
}

func TestLeavingEndsTheEventsOfAThread(t *testing.T) {
	s := alone(t)
	thread, other := s.ledger.open(0), s.ledger.open(0)
	c := s.connect(t)
	c.join(thread)
	c.join(other)
	c.ask("leave", thread)
	eventually(t, "one thread to be left", func() bool { return s.hub.Stats().Members == 1 })
	s.ledger.say(thread, "unheard")
	c.audit(other, 0, s.ledger.say(other, "heard"))
	if n := len(c.events(thread)); n != 0 {
		t.Errorf("%d events of a thread that was left", n)
	}
	if n := len(s.ledger.readings(thread)); n != 0 {
		t.Errorf("a thread without readers was read %d times", n)
	}
}
