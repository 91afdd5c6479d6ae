package geo

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"iter"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

// Pin is a place with a number and a few short properties, such as the state
// and kind of a consultation. Sets are small where properties repeat: a
// PointSet keeps each different combination once.
type Pin struct {
	ID         int64
	At         Point
	Properties map[string]string
}

// PointSet holds pins in memory so that any tile is one run found by two
// binary searches. It is safe for concurrent use: readers never wait, each
// sees the set as it was at one moment. The zero PointSet is empty and ready.
//
// Invariant: an id is in the set at most once. A snapshot's live entries are
// base without the indices in dead, and recent; both are sorted by quadkey and
// id, and no id of recent is live in base. recent and dead stay short (mergeAt),
// so that a write copies little and a read merges little.
//
// A pin costs 24 bytes. Places are kept as quadkeys, so to about 11 cm.
// Combinations of properties are forgotten only by Replace.
type PointSet struct {
	writing sync.Mutex
	interns map[string]uint32 // attribute text to its index in attributes; guarded by writing
	now     atomic.Pointer[snapshot]
}

// entry is one pin.
type entry struct {
	key       Quadkey
	id        int64
	attribute uint32
}

func (e entry) compare(o entry) int {
	return cmp.Or(cmp.Compare(e.key, o.key), cmp.Compare(e.id, o.id))
}

// attribute is one combination of properties.
type attribute struct {
	names, values []string
	hash          uint64
}

// snapshot is the set at one moment. Nothing in it changes any more.
type snapshot struct {
	base, recent []entry
	dead         []int // indices into base, ascending
	attributes   []attribute
	version      uint64
	changes      uint64    // number of places touched since the beginning
	journal      []Quadkey // the last of them, at most journalLength
}

const journalLength = 1024

// NewPointSet holds pins. Errors: see Insert.
func NewPointSet(pins []Pin) (*PointSet, error) {
	s := &PointSet{}
	if err := s.Replace(pins); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *PointSet) snapshot() *snapshot {
	if now := s.now.Load(); now != nil {
		return now
	}
	return &snapshot{}
}

// Len is the number of pins.
func (s *PointSet) Len() int {
	now := s.snapshot()
	return len(now.base) - len(now.dead) + len(now.recent)
}

// Version names the content of the set, for ETags: equal on every node that
// holds the same pins, whatever the order they came in; different, but for one
// chance in 2^64, when they differ. An empty set has version 0.
func (s *PointSet) Version() uint64 { return s.snapshot().version }

// Count is the number of pins in a tile.
func (s *PointSet) Count(t Tile) int { return s.snapshot().count(t.Range()) }

// Insert adds pins; one whose id is in the set already moves or changes. With
// an id twice in pins the last counts. A place that is not Valid gives an
// *Error whose Feature is its number in pins, and nothing is inserted.
func (s *PointSet) Insert(pins ...Pin) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	now := s.snapshot()
	added, attributes, err := s.entries(pins, now.attributes)
	if err != nil {
		return err
	}
	touched := make(map[int64]bool, len(added))
	for _, e := range added {
		touched[e.id] = true
	}
	s.now.Store(now.with(added, touched, attributes))
	return nil
}

// Remove takes pins out by their ids; unknown ids are no error.
func (s *PointSet) Remove(ids ...int64) {
	s.writing.Lock()
	defer s.writing.Unlock()
	touched := make(map[int64]bool, len(ids))
	for _, id := range ids {
		touched[id] = true
	}
	now := s.snapshot()
	s.now.Store(now.with(nil, touched, now.attributes))
}

// Replace makes pins the whole set, in one step for readers. Errors: see Insert.
func (s *PointSet) Replace(pins []Pin) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	before := s.interns
	s.interns = nil
	base, attributes, err := s.entries(pins, nil)
	if err != nil {
		s.interns = before
		return err
	}
	next := &snapshot{base: base, attributes: attributes, changes: s.snapshot().changes + 1}
	for _, e := range base {
		next.version += next.hash(e)
	}
	s.now.Store(next)
	return nil
}

// entries turns pins into sorted entries, the last of each id, and gives the
// attributes grown by those not met before.
func (s *PointSet) entries(pins []Pin, attributes []attribute) ([]entry, []attribute, error) {
	for i, pin := range pins {
		if err := checkPlace(pin.At); err != nil {
			err.Feature = i + 1
			return nil, nil, err
		}
	}
	if s.interns == nil {
		s.interns = map[string]uint32{}
	}
	out := make([]entry, 0, len(pins))
	seen := make(map[int64]bool, len(pins))
	for _, pin := range slices.Backward(pins) {
		if seen[pin.ID] {
			continue
		}
		seen[pin.ID] = true
		var index uint32
		index, attributes = s.intern(pin.Properties, attributes)
		out = append(out, entry{QuadkeyOf(pin.At), pin.ID, index})
	}
	slices.SortFunc(out, entry.compare)
	return out, attributes, nil
}

func (s *PointSet) intern(properties map[string]string, attributes []attribute) (uint32, []attribute) {
	a := attribute{names: sortedKeys(properties)}
	var text strings.Builder
	for _, name := range a.names {
		value := properties[name]
		a.values = append(a.values, value)
		// Lengths before texts: no two different combinations look the same.
		fmt.Fprintf(&text, "%d:%s%d:%s", len(name), name, len(value), value)
	}
	if index, ok := s.interns[text.String()]; ok {
		return index, attributes
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(text.String())) // a hash does not fail
	a.hash = h.Sum64()
	index := uint32(len(attributes))
	s.interns[text.String()] = index
	return index, append(attributes, a)
}

// hash mixes what makes a pin; see splitmix64 (Steele, Lea and Flood, 2014).
func (s *snapshot) hash(e entry) uint64 {
	return mix(uint64(e.key) + mix(uint64(e.id)+mix(s.attributes[e.attribute].hash)))
}

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// mergeAt is how many entries recent and dead may have before they are merged
// into a new base: few enough to copy at each write, many enough that copying
// the base is rare.
func mergeAt(n int) int { return max(256, n/512) }

// with gives the snapshot without the touched ids and with the added entries.
func (s *snapshot) with(added []entry, touched map[int64]bool, attributes []attribute) *snapshot {
	next := &snapshot{base: s.base, attributes: attributes, version: s.version, changes: s.changes}
	var moved []Quadkey
	forget := func(e entry) {
		next.version -= s.hash(e)
		moved = append(moved, e.key)
	}
	next.dead = s.bury(touched, forget)
	next.recent = make([]entry, 0, len(s.recent)+len(added))
	for _, e := range s.recent {
		if touched[e.id] {
			forget(e)
			continue
		}
		next.recent = append(next.recent, e)
	}
	next.recent = append(next.recent, added...)
	slices.SortFunc(next.recent, entry.compare)
	for _, e := range added {
		next.version += next.hash(e)
		moved = append(moved, e.key)
	}
	next.note(s.journal, moved)
	if len(next.recent)+len(next.dead) > mergeAt(len(next.base)) {
		next.base = slices.AppendSeq(make([]entry, 0, len(next.base)+len(next.recent)), next.run(0, worldSize*worldSize))
		next.recent, next.dead = nil, nil
	}
	return next
}

// bury gives dead grown by the touched ids that are live in base. It looks at
// every id of base: a millisecond for a million pins buys that no index of ids
// has to be kept, which would double the memory.
func (s *snapshot) bury(touched map[int64]bool, forget func(entry)) []int {
	isTouched := func(id int64) bool { return touched[id] }
	if len(touched) == 1 { // the usual write
		for only := range touched {
			isTouched = func(id int64) bool { return id == only }
		}
	}
	dead := make([]int, 0, len(s.dead)+len(touched))
	rest := s.dead
	for i := range s.base {
		if len(rest) > 0 && rest[0] == i {
			dead, rest = append(dead, i), rest[1:]
		} else if isTouched(s.base[i].id) {
			forget(s.base[i])
			dead = append(dead, i)
		}
	}
	return dead
}

func (s *snapshot) note(journal, moved []Quadkey) {
	s.changes += uint64(len(moved))
	journal = append(slices.Clone(journal), moved...)
	if len(journal) > journalLength {
		journal = journal[len(journal)-journalLength:]
	}
	s.journal = journal
}

// changedSince reports whether a place between low and high was touched after
// the first `changes` changes; true also when that is too long ago to know.
func (s *snapshot) changedSince(changes uint64, low, high Quadkey) bool {
	since := s.changes - changes
	if since > uint64(len(s.journal)) {
		return true
	}
	for _, key := range s.journal[len(s.journal)-int(since):] {
		if low <= key && key < high {
			return true
		}
	}
	return false
}

// bounds gives the indices of the entries with low ≤ key < high.
func bounds(entries []entry, low, high Quadkey) (from, to int) {
	from = sort.Search(len(entries), func(i int) bool { return entries[i].key >= low })
	return from, from + sort.Search(len(entries)-from, func(i int) bool { return entries[from+i].key >= high })
}

func (s *snapshot) count(low, high Quadkey) int {
	from, to := bounds(s.base, low, high)
	first, last := bounds(s.recent, low, high)
	return to - from + last - first - (sort.SearchInts(s.dead, to) - sort.SearchInts(s.dead, from))
}

// run gives the live entries with low ≤ key < high in ascending order.
func (s *snapshot) run(low, high Quadkey) iter.Seq[entry] {
	from, to := bounds(s.base, low, high)
	first, last := bounds(s.recent, low, high)
	dead := s.dead[sort.SearchInts(s.dead, from):]
	recent := s.recent[first:last]
	return func(yield func(entry) bool) {
		dead, recent := dead, recent
		for i := from; i < to; i++ {
			if len(dead) > 0 && dead[0] == i {
				dead = dead[1:]
				continue
			}
			for len(recent) > 0 && recent[0].compare(s.base[i]) < 0 {
				if !yield(recent[0]) {
					return
				}
				recent = recent[1:]
			}
			if !yield(s.base[i]) {
				return
			}
		}
		for _, e := range recent {
			if !yield(e) {
				return
			}
		}
	}
}
