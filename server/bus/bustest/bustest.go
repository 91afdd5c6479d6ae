// Package bustest is what every bus must do, as tests.
package bustest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
)

// Patience is how long a test waits for something that must happen. It is no measure of speed.
const Patience = 30 * time.Second

// Run checks a bus. Each call of open gives one more node on the same bus, to be closed when its test ends; where one
// process is the whole deployment it gives the same bus again.
func Run(t *testing.T, open func(t *testing.T) bus.Bus) {
	for name, test := range map[string]func(*testing.T, func(*testing.T) bus.Bus){
		"every node hears a ring as it was":            heardAsItWas,
		"the newest ring arrives and none goes back":   newestArrives,
		"rings of many threads all arrive":             manyThreads,
		"rings from many at once arrive":               manyAtOnce,
		"a ring of another epoch is not an older one":  anotherEpoch,
		"a slow listener holds nobody up":              slowListener,
		"listening ends with its context, and quietly": endsWithContext,
		"a bus is up while someone listens":            upWhileListening,
		"a ring with an ended context is an error":     endedContext,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
	t.Run("a closed bus says so", func(t *testing.T) { closedBus(t, open) }) // last: the bus may be shared
}

// Ear is a listener that remembers what it heard.
type Ear struct {
	// Stop ends the listening and waits for it.
	Stop func()

	mu      sync.Mutex
	rings   []bus.Ring
	states  []bool
	changed chan struct{}
	err     error
}

// Listen starts an ear and waits until it was told its first state.
func Listen(t *testing.T, b bus.Bus) *Ear {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ear := &Ear{changed: make(chan struct{}, 1)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err := b.Listen(ctx, ear.hear, ear.state)
		ear.note(func() { ear.err = err })
	}()
	ear.Stop = func() { cancel(); <-ended }
	t.Cleanup(ear.Stop)
	ear.Await(t, "the first state", func() bool { return len(ear.states) > 0 })
	return ear
}

func (e *Ear) hear(r bus.Ring)  { e.note(func() { e.rings = append(e.rings, r) }) }
func (e *Ear) state(up bool)    { e.note(func() { e.states = append(e.states, up) }) }
func (e *Ear) note(what func()) { e.mu.Lock(); what(); e.mu.Unlock(); e.nudge() }

func (e *Ear) nudge() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// Await waits until a condition on what was heard holds; it is called with the ear locked.
func (e *Ear) Await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(Patience)
	for {
		e.mu.Lock()
		ok := holds()
		e.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-e.changed:
		case <-deadline:
			e.mu.Lock()
			defer e.mu.Unlock()
			t.Fatalf("waited in vain for %s; heard %d rings, states %v", what, len(e.rings), e.states)
		}
	}
}

// AwaitRing waits for one ring.
func (e *Ear) AwaitRing(t *testing.T, want bus.Ring) {
	t.Helper()
	e.Await(t, "a ring", func() bool {
		for _, r := range e.rings {
			if r == want {
				return true
			}
		}
		return false
	})
}

// AwaitState waits until the last state told is the wanted one.
func (e *Ear) AwaitState(t *testing.T, up bool) {
	t.Helper()
	e.Await(t, "a state", func() bool { return e.states[len(e.states)-1] == up })
}

// AwaitChanges waits until so many states were told.
func (e *Ear) AwaitChanges(t *testing.T, n int) {
	t.Helper()
	e.Await(t, "a change of state", func() bool { return len(e.states) >= n })
}

// Heard lists the rings of a thread in the order they came.
func (e *Ear) Heard(thread consult.ID) []bus.Ring {
	e.mu.Lock()
	defer e.mu.Unlock()
	var rings []bus.Ring
	for _, r := range e.rings {
		if r.Thread == thread {
			rings = append(rings, r)
		}
	}
	return rings
}

// States lists the states told so far.
func (e *Ear) States() []bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]bool(nil), e.states...)
}

// Thread makes the id of a thread that no other test uses.
func Thread() consult.ID { return consult.NewID(time.Now()) }

// Ring rings and fails the test when the bus refuses.
func Ring(t *testing.T, b bus.Bus, r bus.Ring) {
	t.Helper()
	if err := b.Ring(context.Background(), r); err != nil {
		t.Fatalf("ring: %v", err)
	}
}
