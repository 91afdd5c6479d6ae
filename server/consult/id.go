package consult

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"sync"
	"time"
)

// ID names one record. It is a positive 63-bit integer whose high 41 bits are milliseconds since 2020 (so ids sort by
// creation) and whose low 22 bits are random (so two nodes never need to agree on a counter). In URLs it is written as
// 13 characters of Crockford base32. An ID is public and guessable; never use one as a secret.
type ID int64

const (
	idRandomBits = 22
	idLength     = 13
	crockford    = "0123456789abcdefghjkmnpqrstvwxyz"
)

var idEpoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// issued keeps this process from giving an id twice. Chance alone would not: of two thousand records made in one millisecond, as
// an import or a mailing makes them, two would share their random bits in more than every third case.
var issued struct {
	sync.Mutex
	recent map[ID]bool
}

// issuedLimit bounds what is remembered; past it the memory begins anew.
const issuedLimit = 1 << 16

// NewID makes an id for a record created at the given moment.
func NewID(at time.Time) ID {
	issued.Lock()
	defer issued.Unlock()
	if issued.recent == nil || len(issued.recent) >= issuedLimit {
		issued.recent = map[ID]bool{}
	}
	id := randomIDAt(at)
	for issued.recent[id] {
		id = randomIDAt(at)
	}
	issued.recent[id] = true
	return id
}

func randomIDAt(at time.Time) ID {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	low := binary.BigEndian.Uint64(b[:]) & (1<<idRandomBits - 1)
	high := uint64(max(at.Sub(idEpoch).Milliseconds(), 0)) & (1<<41 - 1)
	return ID(high<<idRandomBits | low)
}

// String writes the id as 13 characters of Crockford base32, lower case.
func (id ID) String() string {
	var out [idLength]byte
	v := uint64(id)
	for i := idLength - 1; i >= 0; i-- {
		out[i] = crockford[v&31]
		v >>= 5
	}
	return string(out[:])
}

// ParseID reads what String wrote. As Crockford asks, it takes upper case, and i and l for 1, o for 0.
// Anything else is NotFound: an id that cannot exist is a page that does not exist.
func ParseID(s string) (ID, error) {
	if len(s) != idLength {
		return 0, &Error{Kind: NotFound, Op: "read id"}
	}
	var v uint64
	for _, r := range strings.ToLower(s) {
		switch r {
		case 'i', 'l':
			r = '1'
		case 'o':
			r = '0'
		}
		d := strings.IndexRune(crockford, r)
		if d < 0 || v>>58 != 0 {
			return 0, &Error{Kind: NotFound, Op: "read id"}
		}
		v = v<<5 | uint64(d)
	}
	if v == 0 || v>>63 != 0 {
		return 0, &Error{Kind: NotFound, Op: "read id"}
	}
	return ID(v), nil
}

// MarshalText lets JSON carry ids as text: JavaScript cannot hold 63-bit integers.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(b []byte) error {
	parsed, err := ParseID(string(b))
	*id = parsed
	return err
}
