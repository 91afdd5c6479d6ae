package bustest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
)

func heardAsItWas(t *testing.T, open func(*testing.T) bus.Bus) {
	a, b := open(t), open(t)
	earA, earB := Listen(t, a), Listen(t, b)
	ring := bus.Ring{Thread: Thread(), Seq: 57, Epoch: "é–1"}
	Ring(t, a, ring)
	for _, ear := range []*Ear{earA, earB} {
		ear.AwaitRing(t, ring)
		for _, heard := range ear.Heard(ring.Thread) {
			if heard != ring {
				t.Errorf("heard %+v, rung was %+v", heard, ring)
			}
		}
	}
}

func newestArrives(t *testing.T, open func(*testing.T) bus.Bus) {
	a, b := open(t), open(t)
	ears := []*Ear{Listen(t, a), Listen(t, b)}
	thread := Thread()
	const last = 2000
	for seq := int64(1); seq <= last; seq++ {
		Ring(t, a, bus.Ring{Thread: thread, Seq: seq, Epoch: "e"})
	}
	// The far node hears each ring once; the near one may hear the echo of an old ring late.
	far := ears[1]
	for _, ear := range ears {
		ear.AwaitRing(t, bus.Ring{Thread: thread, Seq: last, Epoch: "e"})
	}
	if a == b {
		return
	}
	var before int64
	for _, r := range far.Heard(thread) {
		if r.Seq <= before {
			t.Fatalf("heard %d after %d", r.Seq, before)
		}
		before = r.Seq
	}
}

func manyThreads(t *testing.T, open func(*testing.T) bus.Bus) {
	a, b := open(t), open(t)
	ear := Listen(t, b)
	var rings []bus.Ring
	for range 1200 { // more than one batch
		rings = append(rings, bus.Ring{Thread: Thread(), Seq: 1, Epoch: "e"})
	}
	for _, r := range rings {
		Ring(t, a, r)
	}
	for _, r := range rings {
		ear.AwaitRing(t, r)
	}
}

func manyAtOnce(t *testing.T, open func(*testing.T) bus.Bus) {
	a, b := open(t), open(t)
	ear := Listen(t, b)
	thread := Thread()
	const each, ringers = 200, 8
	var all sync.WaitGroup
	for n := range ringers {
		all.Go(func() {
			for i := range each {
				r := bus.Ring{Thread: thread, Seq: int64(i*ringers + n + 1), Epoch: "e"}
				if err := a.Ring(context.Background(), r); err != nil {
					t.Errorf("ring: %v", err)
				}
			}
		})
	}
	all.Wait()
	ear.AwaitRing(t, bus.Ring{Thread: thread, Seq: each * ringers, Epoch: "e"})
}

func anotherEpoch(t *testing.T, open func(*testing.T) bus.Bus) {
	a, b := open(t), open(t)
	ear := Listen(t, b)
	thread := Thread()
	Ring(t, a, bus.Ring{Thread: thread, Seq: 90, Epoch: "old"})
	Ring(t, a, bus.Ring{Thread: thread, Seq: 3, Epoch: "new"})
	ear.AwaitRing(t, bus.Ring{Thread: thread, Seq: 3, Epoch: "new"})
}

func slowListener(t *testing.T, open func(*testing.T) bus.Bus) {
	a, b := open(t), open(t)
	release, entered := make(chan struct{}), make(chan struct{})
	var once sync.Once
	slow := &Ear{changed: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	up := make(chan struct{})
	var told sync.Once
	go func() {
		ended <- b.Listen(ctx, func(r bus.Ring) {
			once.Do(func() { close(entered); <-release })
			slow.hear(r)
		}, func(bool) { told.Do(func() { close(up) }) })
	}()
	<-up
	quick := Listen(t, b)

	thread := Thread()
	Ring(t, a, bus.Ring{Thread: thread, Seq: 1, Epoch: "e"})
	<-entered
	const last = 500
	for seq := int64(2); seq <= last; seq++ {
		Ring(t, a, bus.Ring{Thread: thread, Seq: seq, Epoch: "e"})
	}
	newest := bus.Ring{Thread: thread, Seq: last, Epoch: "e"}
	quick.AwaitRing(t, newest) // while the slow one is still in its first call
	close(release)
	slow.AwaitRing(t, newest)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("listening ended with %v", err)
	}
}

func endsWithContext(t *testing.T, open func(*testing.T) bus.Bus) {
	a := open(t)
	ear := Listen(t, a)
	witness := Listen(t, a)
	ear.Stop()
	if ear.err != nil {
		t.Errorf("listening ended with %v", ear.err)
	}
	ring := bus.Ring{Thread: Thread(), Seq: 1, Epoch: "e"}
	Ring(t, a, ring)
	witness.AwaitRing(t, ring)
	if heard := ear.Heard(ring.Thread); len(heard) != 0 {
		t.Errorf("heard %v after listening had ended", heard)
	}
}

func upWhileListening(t *testing.T, open func(*testing.T) bus.Bus) {
	b := open(t)
	ear := Listen(t, b)
	ear.AwaitState(t, true)
	if !b.Up() {
		t.Error("told up, but Up says false")
	}
}

func endedContext(t *testing.T, open func(*testing.T) bus.Bus) {
	b := open(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := b.Ring(ctx, bus.Ring{Thread: Thread(), Seq: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func closedBus(t *testing.T, open func(*testing.T) bus.Bus) {
	b := open(t)
	ear := Listen(t, b)
	ear.AwaitState(t, true)
	for range 2 { // closing twice is harmless
		if err := b.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	}
	ear.Await(t, "the end of listening", func() bool { return ear.err != nil })
	ear.AwaitState(t, false)
	if b.Up() {
		t.Error("a closed bus is up")
	}
	if err := b.Ring(context.Background(), bus.Ring{Thread: Thread(), Seq: 1}); consult.KindOf(err) != consult.Unavailable {
		t.Errorf("ring on a closed bus: %v", err)
	}
	err := b.Listen(context.Background(), func(bus.Ring) {}, func(bool) {})
	if consult.KindOf(err) != consult.Unavailable {
		t.Errorf("listen on a closed bus: %v", err)
	}
}
