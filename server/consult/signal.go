package consult

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// SignalKind is what stands out.
type SignalKind string

// The kinds of signal.
const (
	SignalBrowser  SignalKind = "browser"  // much from one browser within an hour
	SignalNetwork  SignalKind = "network"  // much from one network within an hour
	SignalPostcode SignalKind = "postcode" // many comments from one postcode within an hour
	SignalBurst    SignalKind = "burst"    // much more in a day than the days before
	SignalText     SignalKind = "text"     // one text, sent by many
)

// Signal tells officers that something stands out. It is never a verdict: nothing is hidden, dropped or counted otherwise because of it.
type Signal struct {
	Key    string // names it from one reading to the next
	Kind   SignalKind
	What   TraceKind // of what there was much
	Count  int
	Usual  int // burst: how many a day before, rounded
	Since  time.Time
	Until  time.Time
	Things []ID // what it is about, each once, in order of time
	Look   *SignalLook
}

// SignalLook is an officer's note that a signal was looked at.
type SignalLook struct {
	Signal string
	Count  int // how much there was then
	Note   string
	By     string // service and role
	At     time.Time
}

// MaxSignalNote is the longest note, in characters.
const MaxSignalNote = 500

// Open tells whether a signal waits to be looked at: it is new, or has grown by half since.
func (s Signal) Open() bool { return s.Look == nil || 2*s.Count >= 3*s.Look.Count+1 }

// SignalStore reads what signals are made of and keeps what was said of them.
type SignalStore interface {
	// TraceKey returns the key of a day's traces, keeping the given one when there was none.
	TraceKey(ctx context.Context, day Date, initial string) (string, error)
	// AuthorMarks are the marks of comments' authors; those without one are not in the map.
	AuthorMarks(ctx context.Context, comments []ID) (map[ID]string, error)
	Traces(ctx context.Context, consultation ID, since time.Time) ([]Trace, error) // by time, with postcodes of comments
	// EachText streams what residents wrote in a consultation, as they wrote it: comments that count and messages, by time.
	EachText(ctx context.Context, consultation ID, each func(Written) error) error
	// PurgeTraces forgets traces from before a moment and keys of days before a day.
	PurgeTraces(ctx context.Context, before time.Time, day Date) (int, error)
	SignalLooks(ctx context.Context, consultation ID) ([]SignalLook, error)
	SaveSignalLook(ctx context.Context, consultation ID, l SignalLook, ch Change) error // replaces an earlier one
}

// Written is one text of a resident.
type Written struct {
	ID   ID
	Kind TraceKind // comment or message
	Text string    // a comment's points, one after the other
	At   time.Time
}

// hourly is how much within an hour from one place does not stand out yet. A library or a school writes from one network.
var hourly = []struct {
	kind SignalKind
	what TraceKind
	most int
}{
	{SignalBrowser, TraceComment, 3}, {SignalBrowser, TraceMessage, 12}, {SignalBrowser, TraceSupport, 30}, {SignalBrowser, TraceFlag, 8},
	{SignalNetwork, TraceComment, 10}, {SignalNetwork, TraceMessage, 30}, {SignalNetwork, TraceSupport, 60}, {SignalNetwork, TraceFlag, 15},
	{SignalPostcode, TraceComment, 10},
}

// A day stands out with at least burstLeast writes and burstTimes as many as the days before had on average, of which there must be burstDays.
const (
	burstLeast = 20
	burstTimes = 4
	burstDays  = 2
)

// SignalsOf finds what stands out among traces, which are in order of time. day is the authority's calendar.
func SignalsOf(traces []Trace, day func(time.Time) Date) []Signal {
	var found []Signal
	for _, rule := range hourly {
		for _, group := range groupsOf(traces, rule.kind, rule.what) {
			if crowd := crowded(group.traces, rule.most); len(crowd) > 0 {
				found = append(found, signalOf(rule.kind, rule.what, group.name, crowd))
			}
		}
	}
	for _, what := range TraceKinds() {
		found = append(found, bursts(traces, what, day)...)
	}
	slices.SortStableFunc(found, func(a, b Signal) int { return cmp.Compare(b.Until.UnixMicro(), a.Until.UnixMicro()) })
	return found
}

// TextSignal is the signal of one text that many sent; written is in order of time.
func TextSignal(written []Written) Signal {
	s := Signal{Kind: SignalText, Count: len(written), What: written[0].Kind, Since: written[0].At, Until: written[len(written)-1].At}
	for _, w := range written {
		s.Things = append(s.Things, w.ID)
	}
	s.Key = signalKey(s.Kind, s.What, written[0].ID.String()) // the first one stays the first
	return s
}

type traceGroup struct {
	name   string
	traces []Trace
}

// groupsOf puts traces of one kind together by where they came from, in order of their first.
func groupsOf(traces []Trace, by SignalKind, what TraceKind) []traceGroup {
	var groups []traceGroup
	at := map[string]int{}
	for _, t := range traces {
		name := map[SignalKind]string{SignalBrowser: t.Browser, SignalNetwork: t.Network, SignalPostcode: t.Postcode}[by]
		if t.Kind != what || name == "" {
			continue
		}
		i, known := at[name]
		if !known {
			i = len(groups)
			at[name] = i
			groups = append(groups, traceGroup{name: name})
		}
		groups[i].traces = append(groups[i].traces, t)
	}
	return groups
}

// crowded are the traces that lie in some hour with more than most of them.
func crowded(list []Trace, most int) []Trace {
	in := make([]bool, len(list))
	first := 0
	for last := range list {
		for list[last].At.Sub(list[first].At) >= time.Hour {
			first++
		}
		if last-first+1 > most {
			for i := first; i <= last; i++ {
				in[i] = true
			}
		}
	}
	var crowd []Trace
	for i, t := range list {
		if in[i] {
			crowd = append(crowd, t)
		}
	}
	return crowd
}

func signalOf(kind SignalKind, what TraceKind, name string, traces []Trace) Signal {
	s := Signal{Key: signalKey(kind, what, name), Kind: kind, What: what, Count: len(traces), Since: traces[0].At, Until: traces[len(traces)-1].At}
	seen := map[ID]bool{}
	for _, t := range traces {
		if !seen[t.Subject] {
			seen[t.Subject] = true
			s.Things = append(s.Things, t.Subject)
		}
	}
	return s
}

// signalKey names a signal without saying whose it is.
func signalKey(kind SignalKind, what TraceKind, name string) string {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + string(what) + "\x00" + name))
	return hex.EncodeToString(sum[:8])
}

// bursts finds days with much more than the days before them had.
func bursts(traces []Trace, what TraceKind, day func(time.Time) Date) []Signal {
	byDay := map[Date][]Trace{}
	var first, last Date
	for _, t := range traces {
		d := day(t.At)
		if first == "" {
			first = d // the consultation's own days count, whatever was written on them
		}
		last = d
		if t.Kind == what {
			byDay[d] = append(byDay[d], t)
		}
	}
	var found []Signal
	before, days := 0, 0
	for d := first; d != "" && d <= last; d = d.Add(1) {
		n := len(byDay[d])
		if days >= burstDays && n >= burstLeast && n*days >= burstTimes*max(before, days) {
			s := signalOf(SignalBurst, what, string(d), byDay[d])
			s.Usual = (before + days/2) / days
			found = append(found, s)
		}
		before, days = before+n, days+1
	}
	return found
}
