package consult

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"log/slog"
	"net/netip"
	"strings"
	"time"
)

// Origin is where a visitor's write comes from. It lives as long as the request: what is kept of it is a Trace. It never prints itself.
type Origin struct {
	Browser ID           // the browser's number; 0 = unknown
	Network netip.Prefix // /24 of an IPv4 address, /64 of an IPv6 one; zero = unknown
}

// String keeps addresses out of texts.
func (Origin) String() string { return "origin" }

// LogValue keeps addresses out of logs.
func (o Origin) LogValue() slog.Value { return slog.StringValue(o.String()) }

// OriginNetwork is the part of an address that counts as one place to write from: a school, a street's provider, one customer of IPv6.
func OriginNetwork(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := 24
	if addr.Is6() {
		bits = 64
	}
	p, err := addr.Prefix(bits)
	if err != nil { // the zero address has no prefix
		return netip.Prefix{}
	}
	return p
}

// TraceKind is what was written.
type TraceKind string

// The kinds of writes that leave a trace.
const (
	TraceComment TraceKind = "comment"
	TraceMessage TraceKind = "message"
	TraceSupport TraceKind = "support"
	TraceFlag    TraceKind = "flag"
)

// TraceKinds lists them.
func TraceKinds() []TraceKind {
	return []TraceKind{TraceComment, TraceMessage, TraceSupport, TraceFlag}
}

// TracesKept is how long a trace can be read: two weekends and what is between them.
const TracesKept = 14 * 24 * time.Hour

// Trace is what is kept of where a write came from, for officers' signals alone. Browser and Network are hashes under a key of the day
// that is forgotten when the day is over: writes of one day can be compared, nothing leads back to an address or from one day to another.
type Trace struct {
	Kind         TraceKind
	Subject      ID // the comment, message, or the thing that was supported or flagged
	Consultation ID
	Browser      string // "" = unknown
	Network      string // "" = unknown
	Postcode     string // read from a comment's contact as long as that is kept; never kept here
	At           time.Time
	Mark         string // of a comment: lets its author's browser be recognised; kept apart
}

// trace is what a write of a visitor leaves behind; nil for everybody else.
func (s *Service) trace(ctx context.Context, a Actor, kind TraceKind, subject, consultation ID) (*Trace, error) {
	if a.Kind != Visitor {
		return nil, nil
	}
	t := &Trace{Kind: kind, Subject: subject, Consultation: consultation, At: s.clock()}
	browser := a.From.Browser
	if kind == TraceComment && browser != 0 {
		t.Mark = s.authorMark(subject, browser)
	}
	if browser == 0 && !a.From.Network.IsValid() {
		return t, nil
	}
	key, err := s.dayKey(ctx, s.calendar.Day(t.At))
	if err != nil {
		return nil, err
	}
	if browser != 0 {
		t.Browser = keyedHash(key, "browser", browser.String())
	}
	if a.From.Network.IsValid() {
		t.Network = keyedHash(key, "network", a.From.Network.Masked().String())
	}
	return t, nil
}

// dayKey is the key of today's traces, the same on every node, random, and forgotten by Tidy once the day is over.
func (s *Service) dayKey(ctx context.Context, day Date) ([]byte, error) {
	k := &s.traces
	k.Lock()
	defer k.Unlock()
	if k.day == day && k.key != nil {
		return k.key, nil
	}
	kept, err := s.store.TraceKey(ctx, day, randomToken())
	if err != nil {
		return nil, err
	}
	k.day, k.key = day, []byte(kept)
	return k.key, nil
}

// keyedHash is 80 bits of HMAC-SHA-256: too few to be a fingerprint elsewhere, enough to tell a day's visitors apart.
func keyedHash(key []byte, purpose, value string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(purpose + "\x00" + value))
	return strings.ToLower(base32.StdEncoding.EncodeToString(m.Sum(nil)[:10]))
}

// authorMark recognises the browser that wrote a comment and nobody else: marks of two comments by one browser have nothing in common.
func (s *Service) authorMark(comment, browser ID) string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(comment))
	binary.BigEndian.PutUint64(raw[8:], uint64(browser))
	return keyedHash(s.key, "author", string(raw[:]))
}

// wroteComments tells which of the comments the actor's browser wrote.
func (s *Service) wroteComments(ctx context.Context, a Actor, comments []ID) (map[ID]bool, error) {
	if a.Kind != Visitor || a.ID == 0 || len(comments) == 0 {
		return nil, nil
	}
	marks, err := s.store.AuthorMarks(ctx, comments)
	wrote := map[ID]bool{}
	for id, mark := range marks {
		wrote[id] = hmac.Equal([]byte(mark), []byte(s.authorMark(id, a.ID)))
	}
	return wrote, err
}
