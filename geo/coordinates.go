package geo

import (
	"github.com/paulmach/orb"
)

// coordinates scans the coordinates member of a GeoJSON geometry. Its text is
// known to be well-formed JSON; what is left to find out is whether it is
// numbers, nested as its type says. The library's own decoder is not used: it
// turns null, [] and one-element positions into places.
type coordinates struct {
	text  []byte
	at    int
	count *counter
}

// next skips space and returns the byte there without taking it, 0 at the end.
func (c *coordinates) next() byte {
	for c.at < len(c.text) {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\r', '\n':
			c.at++
		default:
			return b
		}
	}
	return 0
}

// array takes an array and calls element at the start of each of its elements.
func (c *coordinates) array(element func() *Error) *Error {
	if c.next() != '[' {
		return fail(ReasonWrongType, "%.20q where an array of coordinates belongs", c.text[c.at:])
	}
	c.at++
	if c.next() == ']' {
		c.at++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		c.next()
		c.at++ // the comma or the bracket
		if c.at > len(c.text) || c.text[c.at-1] != ',' {
			return nil
		}
	}
}

// position takes one position; numbers after the second (heights) are dropped.
func (c *coordinates) position() (p orb.Point, err *Error) {
	n := 0
	err = c.array(func() *Error {
		v, err := c.number()
		if err == nil && n < len(p) {
			p[n] = v
		}
		n++
		return err
	})
	if err == nil && n < len(p) {
		err = fail(ReasonWrongCount, "a position of %d numbers, at least 2", n)
	}
	return p, err
}

func (c *coordinates) number() (float64, *Error) {
	c.next()
	start := c.at
	for c.at < len(c.text) && isNumberByte(c.text[c.at]) {
		c.at++
	}
	if start == c.at {
		return 0, fail(ReasonNotNumber, "%.20q", c.text[start:])
	}
	if c.count.seen > c.count.limit {
		return 0, nil // past the limit positions are counted only
	}
	return parseDecimal(string(c.text[start:c.at]))
}

func isNumberByte(b byte) bool {
	return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E'
}

func (c *coordinates) point() (orb.Point, *Error) {
	c.count.take()
	return c.position()
}

func (c *coordinates) ring() (ring orb.Ring, err *Error) {
	err = c.array(func() *Error {
		keep := c.count.take()
		p, err := c.position()
		if err == nil && keep {
			ring = append(ring, p)
		}
		return err
	})
	return ring, err
}

func (c *coordinates) polygon() (polygon orb.Polygon, err *Error) {
	err = c.array(func() *Error {
		ring, err := c.ring()
		polygon = append(polygon, ring)
		return err
	})
	return polygon, err
}

func (c *coordinates) multiPolygon() (polygons orb.MultiPolygon, err *Error) {
	err = c.array(func() *Error {
		polygon, err := c.polygon()
		polygons = append(polygons, polygon)
		return err
	})
	return polygons, err
}
