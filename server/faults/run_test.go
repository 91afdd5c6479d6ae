package faults

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// run is a site at work.
type run struct {
	t         testing.TB
	site      *site
	books     *ledger
	readers   []*reader
	residents []*resident
}

// work is who is at work.
type work struct {
	talkers    int           // residents who post messages, one after the other
	commenters int           // residents who send comments
	readers    int           // sockets
	pause      time.Duration // between two messages of one talker
}

// usual is enough to have something under way at every moment, and slow enough for any machine.
var usual = work{talkers: 6, commenters: 1, readers: 4, pause: 20 * time.Millisecond}

// under lets residents write and readers read while something is broken, then lets everybody finish and settles the books.
func (s *site) under(t testing.TB, w work, breaking func(*run)) *run {
	t.Helper()
	r := &run{t: t, site: s, books: newLedger()}
	for i := range w.readers {
		r.readers = append(r.readers, s.reader(fmt.Sprintf("reader %d", i), i))
	}
	// Nobody stops in the middle of a try: stop only keeps the next one from beginning, and patience bounds the last.
	stop := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	for i := range w.talkers + w.commenters {
		resident := s.resident(fmt.Sprintf("Resident of house %d", i+1), i)
		r.residents = append(r.residents, resident)
		write, pause := r.talk, w.pause
		if i >= w.talkers {
			write, pause = r.comment, 0
		}
		all.Go(func() { repeat(stop, pause, func(n int) { write(ctx, resident, n) }) })
	}
	finish := sync.OnceFunc(func() {
		close(stop)
		last := time.AfterFunc(patience, cancel)
		defer last.Stop()
		all.Wait()
	})
	defer finish()
	breaking(r)
	finish()
	r.books.settle(t, s, r.readers)
	for _, reader := range r.readers {
		reader.stop()
	}
	return r
}

// repeat does something again and again until stop is closed.
func repeat(stop <-chan struct{}, pause time.Duration, what func(n int)) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
			what(n)
			time.Sleep(pause)
		}
	}
}

func (r *run) talk(ctx context.Context, who *resident, n int) {
	text := fmt.Sprintf("%s, message %d", who.name, n)
	seq, err := who.say(ctx, text)
	if err != nil {
		r.t.Errorf("%v", err)
		return
	}
	r.books.message(text, seq)
}

func (r *run) comment(ctx context.Context, who *resident, n int) {
	words := fmt.Sprintf("%s, comment %d", who.name, n)
	id, err := who.comment(ctx, words)
	if err != nil {
		r.t.Errorf("%v", err)
		return
	}
	r.books.comment(id, words)
}

// acknowledged waits until the site has acknowledged n more writes.
func (r *run) acknowledged(n int) {
	r.t.Helper()
	want := r.books.size() + n
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for r.books.size() < want {
		select {
		case <-r.books.entered:
		case <-deadline.C:
			r.t.Fatalf("the site came to a halt at %d of %d acknowledged writes", r.books.size(), want)
		}
	}
}

// refused counts answers of 5xx that residents got from nodes that lived.
func (r *run) refused() (n int) {
	for _, who := range r.residents {
		n += who.refused
	}
	return n
}
