package live_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/live"
)

// BenchmarkBroadcast says one event after the other into a thread that many read, each when the one before has reached
// everyone. An operation is one event; deliveries/s counts what arrived.
func BenchmarkBroadcast(b *testing.B) {
	for _, readers := range []int{1, 100, 1000} {
		b.Run(fmt.Sprint(readers, " readers"), func(b *testing.B) { broadcast(b, readers, 1) })
	}
	// A busy thread: events in bursts of 50, which leave in one read and one write.
	b.Run("1000 readers, bursts of 50", func(b *testing.B) { broadcast(b, 1000, 50) })
}

func broadcast(b *testing.B, readers, burst int) {
	s := alone(b, func(l *live.Limits) { l.Window = 0 })
	thread := s.ledger.open(0)
	text := fmt.Sprintf("%0300d", 0)
	arrived := make(chan error, readers)
	// Every event of one length has one size on the wire, so that the reading side can count bytes.
	size := func(seq int64) int64 {
		frame := fmt.Sprintf(`{"type":"event","thread":"%s","seq":%d,"kind":"message","data":{"text":"%s"}}`, thread, seq, text)
		return int64(len(frame) + 4)
	}
	ask := make([]chan int64, readers)
	for i := range readers {
		c := s.raw(b, 0)
		if err := c.conn.SetDeadline(time.Time{}); err != nil {
			b.Fatal(err)
		}
		c.write(rawText(fmt.Sprintf(`{"type":"join","thread":"%s"}`, thread)))
		if _, _, err := c.read(); err != nil {
			b.Fatal(err)
		}
		ask[i] = make(chan int64, 1)
		go func() {
			for bytes := range ask[i] {
				_, err := io.CopyN(io.Discard, c.in, bytes)
				arrived <- err
			}
		}()
	}
	eventuallyMembers(b, s, readers)
	var seq int64
	b.ResetTimer()
	for range b.N {
		var bytes int64
		entries := make([]entry, burst)
		for i := range entries {
			entries[i] = entry{kind: "message", text: text}
			seq++
			bytes += size(seq)
		}
		for _, a := range ask {
			a <- bytes
		}
		s.ledger.append(thread, entries...)
		for range readers {
			if err := <-arrived; err != nil {
				b.Fatal(err)
			}
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)*float64(readers*burst)/b.Elapsed().Seconds(), "deliveries/s")
	for _, a := range ask {
		close(a)
	}
}

func eventuallyMembers(b *testing.B, s *site, n int) {
	eventually(b, "everyone to have joined", func() bool { return s.hub.Stats().Members == n })
}
