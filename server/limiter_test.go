package server

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestS17LimiterLetsThroughABurstThenOneAtATime(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	rate := Rate{Burst: 3, Every: 10 * time.Second}
	for i := range 3 {
		if _, ok := l.Allow("write", rate, "a"); !ok {
			t.Fatalf("request %d of a burst of 3 was refused", i+1)
		}
	}
	if wait, ok := l.Allow("write", rate, "a"); ok || wait != 10*time.Second {
		t.Errorf("after the burst: wait %v, allowed %v; want 10s, refused", wait, ok)
	}
	if _, ok := l.Allow("write", rate, "b"); !ok {
		t.Error("another client was refused")
	}
	if _, ok := l.Allow("mail", rate, "a"); !ok {
		t.Error("another rate of the same client was refused")
	}
	now = now.Add(10 * time.Second)
	if _, ok := l.Allow("write", rate, "a"); !ok {
		t.Error("one token later the request was refused")
	}
	if _, ok := l.Allow("write", rate, "a"); ok {
		t.Error("one token let two requests through")
	}
}

func TestS17LimiterForgetsFullBuckets(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	for i := range 5000 {
		l.Allow("page", Rate{Burst: 2, Every: time.Second}, fmt.Sprint(i))
	}
	now = now.Add(2 * time.Minute)
	kept := 0
	for i := range 64 * 50 {
		l.Allow("page", Rate{Burst: 2, Every: time.Second}, fmt.Sprint("new", i))
	}
	for i := range l.shards {
		kept += len(l.shards[i].full)
	}
	if kept > 64*50+100 {
		t.Errorf("%d buckets are kept, most of them full", kept)
	}
}

func TestS17LimiterIsExactUnderConcurrency(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 50 {
				if _, ok := l.Allow("write", Rate{Burst: 30, Every: time.Second}, "same"); ok {
					passed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if passed.Load() != 30 {
		t.Errorf("%d of 1,000 requests passed a burst of 30", passed.Load())
	}
}

func TestS24ClientAddressIsNotWhatTheClientSays(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, row := range []struct{ name, peer, forwarded, want string }{
		{"no proxy, spoofed header", "203.0.113.9", "1.2.3.4", "203.0.113.9"},
		{"one proxy", "10.0.0.1", "198.51.100.7", "198.51.100.7"},
		{"proxy, client wrote a hop in front", "10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"},
		{"two proxies", "10.0.0.1", "198.51.100.7, 10.9.9.9", "198.51.100.7"},
		{"all hops are proxies", "10.0.0.1", "10.9.9.9, 10.8.8.8", "10.9.9.9"},
		{"proxy without header", "10.0.0.1", "", "10.0.0.1"},
		{"rubbish stops at the proxy", "10.0.0.1", "1.2.3.4, <script>", "10.0.0.1"},
		{"mapped IPv4", "::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"},
		{"IPv6", "fd00::1", "2001:db8::5", "2001:db8::5"},
	} {
		if got := clientAddr(netip.MustParseAddr(row.peer), row.forwarded, proxies); got.String() != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

func TestS17OneIPv6ClientIsOneNetwork(t *testing.T) {
	if a, b := network(netip.MustParseAddr("2001:db8::1")), network(netip.MustParseAddr("2001:db8::ffff:1")); a != b {
		t.Errorf("%s and %s: two addresses of one /64 count apart", a, b)
	}
	if a, b := network(netip.MustParseAddr("192.0.2.1")), network(netip.MustParseAddr("192.0.2.2")); a == b {
		t.Error("two IPv4 clients count together")
	}
}
