package consult

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/yousaid/yousaid/geo"
)

// Service is the door to the domain: one method per use case. It is safe for concurrent use.
type Service struct {
	store    Store
	clock    func() time.Time
	calendar Calendar
	key      []byte // signs the links of comments and followers
	fourEyes bool   // an answer needs a second officer before it goes out

	wards struct {
		sync.Mutex
		at    time.Time
		index *geo.Areas
		names map[string]string
	}
	traces struct {
		sync.Mutex
		day Date
		key []byte
	}
}

// New opens the domain on a store. The clock is the only source of time.
func New(ctx context.Context, store Store, clock func() time.Time, calendar Calendar) (*Service, error) {
	kept, err := store.Setting(ctx, "signing-key", randomToken())
	if err != nil {
		return nil, err
	}
	return &Service{store: store, clock: clock, calendar: calendar, key: []byte(kept)}, nil
}

// Now is the service's time.
func (s *Service) Now() time.Time { return s.clock() }

// Calendar is the authority's calendar.
func (s *Service) Calendar() Calendar { return s.calendar }

func (s *Service) today() Date { return s.calendar.Day(s.clock()) }

// change begins the description of a write.
func (s *Service) change(a Actor, action string, subject ID) Change {
	return Change{Actor: a, At: s.clock(), Action: action, Subject: subject}
}

// keyed adds the idempotency key and the digest of the input it stands for.
func (ch Change) keyed(key string, input any) Change {
	ch.Key = key
	raw, err := json.Marshal(input)
	if err != nil {
		panic("an input that JSON cannot carry: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	ch.Digest = hex.EncodeToString(sum[:])
	return ch
}

// repeated finds the record an earlier request with the same key made.
func repeated(err error) (ID, bool) {
	var r *Repeat
	if errors.As(err, &r) {
		return r.Result, true
	}
	return 0, false
}

// randomToken is 128 random bits as 26 characters of Crockford base32.
func randomToken() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return encode(b[:])
}

// wardIndex finds wards by place; it is read again at most once a minute.
func (s *Service) wardIndex(ctx context.Context) (*geo.Areas, map[string]string, error) {
	w := &s.wards
	w.Lock()
	defer w.Unlock()
	now := s.clock()
	if w.index != nil && now.Sub(w.at) < time.Minute && now.Sub(w.at) >= 0 {
		return w.index, w.names, nil
	}
	areas, err := s.store.Areas(ctx, "ward")
	if err != nil {
		return nil, nil, err
	}
	index, names, err := indexAreas(areas)
	if err != nil {
		return nil, nil, err
	}
	w.index, w.names, w.at = index, names, now
	return index, names, nil
}

// wardOf is the ward a place lies in, "" for none.
func (s *Service) wardOf(ctx context.Context, p geo.Point, known bool) (string, error) {
	if !known {
		return "", nil
	}
	index, _, err := s.wardIndex(ctx)
	if err != nil {
		return "", err
	}
	code, _ := index.Find(p)
	return code, nil
}
