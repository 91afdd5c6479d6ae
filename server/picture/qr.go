package picture

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quietZone is what the standard wants free around a code, in modules (ISO/IEC 18004, 6.3.8).
const quietZone = 4

// modules is a code's matrix: size × size, true = dark.
type modules struct {
	size int
	dark func(x, y int) bool
}

func encode(text string) (modules, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return modules{}, fmt.Errorf("picture: QR code: %w", err)
	}
	return modules{c.Size, c.Black}, nil
}

// path is the dark modules as path data, a run of neighbours at a time, with (0, 0) the corner of the quiet zone.
func (m modules) path() string {
	var d strings.Builder
	for y := range m.size {
		for x := 0; x < m.size; x++ {
			run := 0
			for x+run < m.size && m.dark(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, run, run)
				x += run
			}
		}
	}
	return d.String()
}

// side is the code's side with its quiet zone, in modules.
func (m modules) side() int { return m.size + 2*quietZone }

// QR is an address as an SVG to print: black on white, whatever the theme, and as large as it is wanted.
func QR(address string) ([]byte, error) {
	m, err := encode(address)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, m.side(), m.side(), m.side(), m.side(), m.path()), nil
}
