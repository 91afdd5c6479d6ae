package picture

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"
)

// fonts are asked for in an SVG: whatever the reader's system has for the script.
const fonts = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

type svgWriter struct {
	strings.Builder
	picture *Picture
}

// SVG writes the picture with the fonts of whoever looks at it, so that it can show every script. It holds no script, no style sheet and
// no link.
func (p *Picture) SVG() []byte {
	w := &svgWriter{picture: p}
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" xml:lang="%s">`,
		p.Width, p.Height, p.Width, p.Height, escaped(p.language))
	fmt.Fprintf(w, `<title>%s</title>`, escaped(p.alt))
	for _, s := range p.shapes {
		s.svg(w)
	}
	w.WriteString(`</svg>`)
	return []byte(w.String())
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func (b box) svg(w *svgWriter) {
	fmt.Fprintf(w, `<rect x="%g" y="%g" width="%g" height="%g" fill="%s"/>`, b.x, b.y, b.w, b.h, hex(b.fill))
}

func (o outline) svg(w *svgWriter) {
	w.WriteString(`<path d="`)
	for _, ring := range o.rings {
		for i, p := range ring {
			command := 'L'
			if i == 0 {
				command = 'M'
			}
			fmt.Fprintf(w, "%c%.1f %.1f", command, p.x, p.y)
		}
		w.WriteByte('Z')
	}
	fmt.Fprintf(w, `" fill="%s"`, hex(o.fill))
	if o.stroke > 0 {
		fmt.Fprintf(w, ` stroke="%s" stroke-width="%g" stroke-linejoin="round"`, hex(o.line), o.stroke)
	}
	w.WriteString(`/>`)
}

func (l lines) svg(w *svgWriter) {
	weight := ""
	if l.bold {
		weight = ` font-weight="700"`
	}
	direction := ""
	if w.picture.direction == "rtl" {
		direction = ` direction="rtl"`
	}
	fmt.Fprintf(w, `<g font-family="%s" font-size="%g"%s fill="%s"%s>`, fonts, l.size, weight, hex(l.fill), direction)
	for i, text := range l.text {
		fmt.Fprintf(w, `<text x="%g" y="%.1f">%s</text>`, l.x, l.y+float64(i)*l.leading, escaped(text))
	}
	w.WriteString(`</g>`)
}

func (c code) svg(w *svgWriter) {
	fmt.Fprintf(w, `<g transform="translate(%g %g) scale(%.4f)" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></g>`,
		c.x, c.y, c.side/float64(c.modules.side()), c.modules.side(), c.modules.side(), c.modules.path())
}
