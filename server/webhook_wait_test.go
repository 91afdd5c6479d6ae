package server

import (
	"testing"
	"time"
)

// Between the first and the last try lies about a day, whatever chance does, and each wait is longer than the one before.
func TestWebhookTriesLastADay(t *testing.T) {
	var shortest, longest, before time.Duration
	for tries := 1; tries < hookTries; tries++ {
		low, high := hookWait(tries, 0), hookWait(tries, 0.999999)
		shortest, longest = shortest+low, longest+high
		if low <= 0 || high < before || low >= high {
			t.Errorf("after try %d: between %v and %v, before that up to %v", tries, low, high, before)
		}
		before = low
	}
	if shortest < 18*time.Hour || longest > 36*time.Hour {
		t.Errorf("all tries take between %v and %v, want about a day", shortest, longest)
	}
	if hookLease < hookBatch/hookParallel*10*time.Second {
		t.Errorf("a claim of %v does not outlive its slowest batch", hookLease)
	}
}
