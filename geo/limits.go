package geo

import (
	"bufio"
	"bytes"
	"io"
)

// Limits bounds what a file of places may cost and where its places may lie.
// A zero field means the default of that field, so Limits{} is safe.
type Limits struct {
	MaxBytes      int64 // of the whole file; 0: 10 MiB
	MaxFeatures   int   // in the whole file; 0: 5,000
	MaxPositions  int   // vertices in the whole file; 0: 50,000
	MaxDepth      int   // of nested JSON arrays and objects; 0: 32
	MaxProperties int   // bytes of JSON of one feature's properties; 0: 64 KiB
	Within        Box   // where every position must lie; zero: anywhere on Earth
}

// DefaultLimits is Limits{} with every place inside the British Isles, which
// is also what finds latitude and longitude swapped.
func DefaultLimits() Limits {
	return Limits{Within: BritishIsles()}.orDefault()
}

func (l Limits) orDefault() Limits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = 10 << 20
	}
	for field, standard := range map[*int]int{
		&l.MaxFeatures: 5_000, &l.MaxPositions: 50_000, &l.MaxDepth: 32, &l.MaxProperties: 64 << 10,
	} {
		if *field <= 0 {
			*field = standard
		}
	}
	return l
}

// counter counts what a file costs: its positions, against their limit, and
// the comparisons made to check them, against checkBudget.
type counter struct {
	seen, limit int
	compared    int
}

// take counts one position and reports whether it may be kept. Counting goes
// on past the limit, so that the error can say how many there are.
func (c *counter) take() bool {
	c.seen++
	return c.seen <= c.limit
}

func (c *counter) check() *Error {
	if c.seen > c.limit {
		return fail(ReasonTooManyPositions, "%d positions, at most %d", c.seen, c.limit)
	}
	return nil
}

// gate lets JSON through until it is too long or too deep. It looks at bytes
// only, before anything is parsed, so that a bomb costs no more than reading it.
type gate struct {
	from     io.Reader
	limits   Limits
	read     int64
	depth    int
	inString bool
	escaped  bool
	err      error
}

// newGate also drops the byte order mark that some Windows programs write.
func newGate(r io.Reader, l Limits) *gate {
	in := bufio.NewReader(r)
	mark := []byte("\ufeff")
	if start, _ := in.Peek(len(mark)); bytes.Equal(start, mark) {
		_, _ = in.Discard(len(mark)) // cannot fail: the bytes were just seen
	}
	return &gate{from: in, limits: l}
}

// Read passes nothing on once a limit is broken.
func (g *gate) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.from.Read(p)
	g.read += int64(n)
	if g.read > g.limits.MaxBytes {
		g.err = fail(ReasonTooLarge, "more than %d bytes", g.limits.MaxBytes)
		return 0, g.err
	}
	if g.scan(p[:n]); g.depth > g.limits.MaxDepth {
		g.err = fail(ReasonTooDeep, "nested deeper than %d", g.limits.MaxDepth)
		return 0, g.err
	}
	return n, err
}

// scan follows the nesting through p, and stops where it is too deep.
func (g *gate) scan(p []byte) {
	depth, inString, escaped := g.depth, g.inString, g.escaped
	for _, c := range p {
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
		if depth > g.limits.MaxDepth {
			break
		}
	}
	g.depth, g.inString, g.escaped = depth, inString, escaped
}
