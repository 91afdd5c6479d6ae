package live_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/live"
)

func TestAReaderGetsWhatHappensAfterJoining(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(3)
	c := s.connect(t)
	if j := c.join(thread); j.Seq != 3 || j.Epoch != "e1" || j.Thread != thread.String() {
		t.Errorf("joined: %s", j.raw)
	}
	s.ledger.say(thread, "<new & true>")
	c.audit(thread, 3, 4)
	want := fmt.Sprintf(`{"type":"event","thread":"%s","seq":4,"kind":"message","data":{"text":"\u003cnew \u0026 true\u003e"}}`, thread)
	if e := c.events(thread)[0]; e.raw != want {
		t.Errorf("got  %s\nwant %s", e.raw, want)
	}
}

func TestHTMLComesBesideTheDataForThoseWhoAskInTheirLanguage(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	plain, english, urdu := s.connect(t), s.connect(t), s.connect(t, header{"X-Language": "ur"})
	plain.join(thread)
	english.join(thread, "render", "html")
	urdu.join(thread, "render", "html")
	s.ledger.say(thread, "hello")
	for c, want := range map[*client]string{plain: "", english: `<p lang="en">hello</p>`, urdu: `<p lang="ur">hello</p>`} {
		c.audit(thread, 0, 1)
		if e := c.events(thread)[0]; e.HTML != want || e.Data.Text != "hello" {
			t.Errorf("got %s, want html %q", e.raw, want)
		}
	}
}

func TestEventsAreReadOncePerAudienceHoweverManyWatch(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	var readers []*client
	for i := range 40 {
		c := s.connect(t, header{"X-Language": []string{"en", "ur"}[i%2]})
		c.join(thread, "render", []string{"", "html"}[i/2%2])
		readers = append(readers, c)
	}
	for n := int64(1); n <= 5; n++ {
		s.ledger.say(thread, fmt.Sprint("message ", n))
		for _, c := range readers {
			c.audit(thread, 0, n)
		}
	}
	for _, language := range []string{"en", "ur"} {
		seen := map[int64]int{}
		for _, r := range s.ledger.readings(thread) {
			if r.audience.Language == language {
				for seq := r.after + 1; seq <= r.upto; seq++ {
					seen[seq]++
				}
			}
		}
		for seq := int64(1); seq <= 5; seq++ {
			if seen[seq] != 1 {
				t.Errorf("%s: event %d was read %d times", language, seq, seen[seq])
			}
		}
	}
}

func TestL3_WhatAnAudienceMayNotSeeIsCountedButNotSent(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	const canary = "CANARY private note"
	public, staff := s.connect(t), s.connect(t, header{"X-Role": "officer", "X-Session": "o"})
	public.join(thread, "render", "html")
	staff.join(thread, "render", "html")
	s.ledger.say(thread, "open")
	s.ledger.append(thread, entry{kind: "note", text: canary, officersOnly: true})
	s.ledger.say(thread, "open again")
	for _, c := range []*client{public, staff} {
		c.audit(thread, 0, 3)
	}
	if e := staff.events(thread)[1]; e.Kind != "note" || e.Data.Text != canary {
		t.Errorf("an officer got %s", e.raw)
	}
	want := fmt.Sprintf(`{"type":"event","thread":"%s","seq":2,"kind":"none"}`, thread)
	if e := public.events(thread)[1]; e.raw != want {
		t.Errorf("a resident got %s", e.raw)
	}
	late := s.connect(t)
	late.join(thread, "since", 0)
	late.audit(thread, 0, 3)
	for _, c := range []*client{public, late} {
		for _, g := range c.all() {
			if strings.Contains(g.raw, "CANARY") {
				t.Errorf("a resident got %s", g.raw)
			}
		}
	}
}

func TestS05_AThreadThatIsClosedToAReaderEndsForThemAtOnce(t *testing.T) {
	s := alone(t)
	thread, other := s.ledger.open(1), s.ledger.open(1)
	public, staff := s.connect(t), s.connect(t, header{"X-Role": "officer", "X-Session": "o"})
	for _, c := range []*client{public, staff} {
		c.join(thread)
		c.join(other)
	}
	s.ledger.change(thread, func(l *log) { l.closed = true })
	s.ledger.say(thread, "behind closed doors")
	staff.audit(thread, 1, 2)
	if e := public.first("error"); e.Code != "not_found" || e.Thread != thread.String() {
		t.Errorf("got %s", e.raw)
	}
	s.ledger.say(thread, "more")
	s.ledger.say(other, "elsewhere")
	staff.audit(thread, 1, 3)
	public.audit(other, 1, 2)
	if events := public.events(thread); len(events) != 0 {
		t.Errorf("a resident got %v", events)
	}
}

// The two windows in which an event could fall between the snapshot and the stream: after the head was read, and while
// the missed events are being read.
func TestL4_NothingFallsBetweenSnapshotAndStream(t *testing.T) {
	for name, at := range map[string]string{"between head and subscription": "join", "while catching up": "events"} {
		t.Run(name, func(t *testing.T) {
			s := alone(t, func(l *live.Limits) {
				l.HeadCheck = time.Hour // only the subscription itself can find it
			})
			for since := range int64(4) {
				thread := s.ledger.open(3)
				var once sync.Once
				slip := func() {
					once.Do(func() { // rung at once, not when the bus gets round to it
						s.hub.Ring(bus.Ring{Thread: thread, Seq: s.ledger.whisper(thread, "slipped in"), Epoch: "e1"})
					})
				}
				if at == "join" {
					s.ledger.onJoin(func(consult.ID) { slip() })
				} else {
					s.ledger.breakWith(func(op string) error {
						if op == "events" {
							slip()
						}
						return nil
					})
				}
				c := s.connect(t)
				c.join(thread, "since", since, "epoch", "e1")
				slip() // with nothing to catch up with, no events are read
				c.audit(thread, since, 4)
				c.awaitText("slipped in")
				s.ledger.onJoin(nil)
				s.ledger.breakWith(nil)
				last := s.ledger.say(thread, "after")
				c.audit(thread, since, last)
			}
		})
	}
}

func TestL4_ARingFromBetweenIsNotLostWhenTheRoomIsNew(t *testing.T) {
	b := bus.Memory()
	t.Cleanup(func() { b.Close() })
	s := start(t, newLedger(nil), b, limits(func(l *live.Limits) { l.HeadCheck = time.Hour }))
	thread := s.ledger.open(1)
	var once sync.Once
	s.ledger.onJoin(func(consult.ID) {
		once.Do(func() { // heard while the room has no reader and knows no epoch yet
			s.hub.Ring(bus.Ring{Thread: thread, Seq: s.ledger.whisper(thread, "between"), Epoch: "e1"})
		})
	})
	c := s.connect(t)
	c.join(thread)
	c.audit(thread, 1, 2)
}

func TestL4_AHeadComparedWhileSomeoneJoinsIsNotForgotten(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.HeadCheck = time.Hour })
	thread := s.ledger.open(1)
	var once sync.Once
	s.ledger.onJoin(func(consult.ID) {
		once.Do(func() {
			s.ledger.whisper(thread, "unheard")
			compared := make(chan struct{})
			s.ledger.breakWith(func(op string) error {
				if op == "heads" {
					s.ledger.breakWith(nil)
					close(compared)
				}
				return nil
			})
			s.hub.BusState(true)
			<-compared
			eventually(t, "the comparison to be over", func() bool { return goroutinesIn("compareHeads") == 0 })
		})
	})
	c := s.connect(t)
	c.join(thread)
	c.audit(thread, 1, 2)
}

func TestL4_ManyReadersJoiningAThreadThatIsBeingWrittenMissNothing(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(20)
	const writers, each, readers = 4, 60, 30
	var writing, reading sync.WaitGroup
	for range writers {
		writing.Go(func() {
			for i := range each {
				s.ledger.say(thread, fmt.Sprint("live ", i))
			}
		})
	}
	clients := make([]*client, readers)
	since := make([]int64, readers)
	for i := range readers {
		reading.Go(func() {
			clients[i] = s.connect(t)
			since[i] = int64(i % 20)
			clients[i].join(thread, "since", since[i], "epoch", "e1")
		})
	}
	writing.Wait()
	reading.Wait()
	last := s.ledger.say(thread, "the last")
	for i, c := range clients {
		c.audit(thread, since[i], last)
	}
}

func TestL5_ResumingAfterAReconnectGivesExactlyWhatWasMissed(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(0)
	first := s.connect(t)
	joined := first.join(thread, "since", 0)
	s.ledger.say(thread, "one")
	s.ledger.say(thread, "two")
	first.audit(thread, 0, 2)
	first.ws.Close()
	for i := range 30 {
		s.ledger.say(thread, fmt.Sprint("missed ", i))
	}
	again := s.connect(t)
	if j := again.join(thread, "since", 2, "epoch", joined.Epoch); j.Seq != 32 {
		t.Errorf("joined at %d", j.Seq)
	}
	last := s.ledger.say(thread, "after")
	again.audit(thread, 2, last)
}

func TestL5_ANewEpochResetsReadersAndNothingOfTheOldLogFollows(t *testing.T) {
	for name, tell := range map[string]func(*site, consult.ID){
		"by a ring":          func(s *site, thread consult.ID) { s.hub.Ring(bus.Ring{Thread: thread, Seq: 3, Epoch: "e2"}) },
		"when the bus comes": func(s *site, _ consult.ID) { s.hub.BusState(true) },
	} {
		t.Run(name, func(t *testing.T) {
			s := alone(t, func(l *live.Limits) { l.HeadCheck = time.Hour })
			thread := s.ledger.open(10)
			c := s.connect(t)
			c.join(thread)
			s.ledger.restore("e2", 2)
			s.ledger.whisper(thread, "in the new log")
			tell(s, thread)
			if r := c.first("reset"); r.Thread != thread.String() {
				t.Errorf("got %s", r.raw)
			}
			if j := c.join(thread, "since", 2, "epoch", "e2"); j.Epoch != "e2" || j.Seq != 3 {
				t.Errorf("joined %s", j.raw)
			}
			last := s.ledger.say(thread, "and on")
			c.audit(thread, 2, last)
		})
	}
}

func TestL6_ARejoinOnTheSameSocketFillsAGap(t *testing.T) {
	s := alone(t)
	thread := s.ledger.open(5)
	c := s.connect(t)
	c.join(thread)
	s.ledger.say(thread, "six")
	c.audit(thread, 5, 6)
	// The client believes it has missed everything after 3.
	c.join(thread, "since", 3, "epoch", "e1")
	s.ledger.say(thread, "seven")
	c.awaitText("seven")
	var seqs []int64
	for _, e := range c.events(thread) {
		seqs = append(seqs, e.Seq)
	}
	if want := []int64{6, 4, 5, 6, 7}; !slices.Equal(seqs, want) {
		t.Errorf("got %v, want %v", seqs, want)
	}
}

func TestL7_LostRingsHealByComparingHeadsAndAreCounted(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.HeadCheck = 20 * time.Millisecond })
	thread, quiet := s.ledger.open(1), s.ledger.open(1)
	c := s.connect(t)
	c.join(thread)
	c.join(quiet)
	for i := range 3 {
		last := s.ledger.whisper(thread, fmt.Sprint("unheard ", i))
		c.audit(thread, 1, last)
	}
	if gaps := s.hub.Stats().BusGaps; gaps != 3 {
		t.Errorf("bus_gap_total is %d after 3 lost rings", gaps)
	}
	if n := len(s.ledger.readings(quiet)); n != 0 {
		t.Errorf("a thread in which nothing happened was read %d times", n)
	}
}

func TestL7_HeadsAreComparedAtOnceWhenTheBusComesBack(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.HeadCheck = time.Hour; l.Poll = time.Hour })
	thread := s.ledger.open(1)
	c := s.connect(t)
	c.join(thread)
	s.hub.BusState(false)
	last := s.ledger.whisper(thread, "while the bus was away")
	s.hub.BusState(true)
	c.audit(thread, 1, last)
}

func TestL9_WithoutABusThreadsWithReadersArePolled(t *testing.T) {
	s := start(t, newLedger(nil), nil, limits(func(l *live.Limits) { l.Poll = 20 * time.Millisecond; l.HeadCheck = time.Hour }))
	thread := s.ledger.open(1)
	c := s.connect(t)
	c.join(thread)
	for range 3 {
		c.audit(thread, 1, s.ledger.whisper(thread, "polled"))
	}
	if gaps := s.hub.Stats().BusGaps; gaps != 0 {
		t.Errorf("polling counts %d gaps", gaps)
	}
}

func TestF13_AReplyOnOneNodeAppearsOnTheOtherAndReadersMoveOver(t *testing.T) {
	b := bus.Memory()
	t.Cleanup(func() { b.Close() })
	shared := newLedger(b)
	one, two := start(t, shared, b, limits()), start(t, shared, b, limits())
	thread := shared.open(0)
	here, there := one.connect(t), two.connect(t)
	here.join(thread, "since", 0)
	there.join(thread, "since", 0)
	shared.say(thread, "seen on both")
	here.audit(thread, 0, 1)
	there.audit(thread, 0, 1)

	one.stop()
	here.awaitClose(live.CloseShutdown)
	shared.say(thread, "while moving")
	moved := two.connect(t)
	moved.join(thread, "since", 1, "epoch", "e1")
	last := shared.say(thread, "at home")
	moved.audit(thread, 1, last)
	there.audit(thread, 0, last)
}
