package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

type pngWriter struct {
	image *image.RGBA
}

// PNG draws the picture with the built-in fonts; ErrLetters where they lack a letter of a text that must be read.
func (p *Picture) PNG() ([]byte, error) {
	w := &pngWriter{image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))}
	for _, s := range p.shapes {
		if err := s.png(w); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, w.image); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Drawable tells whether PNG can succeed, without drawing.
func (p *Picture) Drawable() bool {
	for _, s := range p.shapes {
		if l, ok := s.(lines); ok && !l.optional && !l.drawable() {
			return false
		}
	}
	return true
}

func (l lines) drawable() bool {
	for _, text := range l.text {
		if !has(text) {
			return false
		}
	}
	return true
}

func (w *pngWriter) rect(x, y, width, height float64, fill color.RGBA) {
	r := image.Rect(round(x), round(y), round(x+width), round(y+height))
	draw.Draw(w.image, r, image.NewUniform(fill), image.Point{}, draw.Src)
}

func round(v float64) int { return int(math.Round(v)) }

func (b box) png(w *pngWriter) error {
	w.rect(b.x, b.y, b.w, b.h, b.fill)
	return nil
}

func (o outline) png(w *pngWriter) error {
	w.fill(o.rings, o.fill)
	if o.stroke == 0 {
		return nil
	}
	for _, ring := range o.rings {
		for i, p := range ring {
			w.fill([][]point{stroke(p, ring[(i+1)%len(ring)], o.stroke/2)}, o.line)
		}
	}
	return nil
}

// fill paints closed rings, a hole running the other way round than what is around it.
func (w *pngWriter) fill(rings [][]point, fill color.RGBA) {
	size := w.image.Bounds().Size()
	v := vector.NewRasterizer(size.X, size.Y)
	for _, ring := range rings {
		for i, p := range ring {
			if i == 0 {
				v.MoveTo(float32(p.x), float32(p.y))
			} else {
				v.LineTo(float32(p.x), float32(p.y))
			}
		}
		v.ClosePath()
	}
	v.Draw(w.image, w.image.Bounds(), image.NewUniform(fill), image.Point{})
}

// stroke is a line as the rectangle around it, a little longer at both ends, so that corners are closed.
func stroke(a, b point, half float64) []point {
	dx, dy := b.x-a.x, b.y-a.y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return nil
	}
	dx, dy = dx/length*half, dy/length*half
	return []point{{a.x - dx - dy, a.y - dy + dx}, {b.x + dx - dy, b.y + dy + dx}, {b.x + dx + dy, b.y + dy - dx}, {a.x - dx + dy, a.y - dy - dx}}
}

func (l lines) png(w *pngWriter) error {
	if !l.drawable() {
		if l.optional {
			return nil
		}
		return ErrLetters
	}
	face, err := opentype.NewFace(fontOf(l.bold), &opentype.FaceOptions{Size: l.size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return err
	}
	d := font.Drawer{Dst: w.image, Src: image.NewUniform(l.fill), Face: face}
	for i, text := range l.text {
		d.Dot = fixed.Point26_6{X: fixed.Int26_6(l.x * 64), Y: fixed.Int26_6((l.y + float64(i)*l.leading) * 64)}
		d.DrawString(text)
	}
	return face.Close()
}

// png draws whole pixels only: a blurred module is a module misread.
func (c code) png(w *pngWriter) error {
	pixels := math.Floor(c.side / float64(c.modules.side()))
	side := pixels * float64(c.modules.side())
	left, top := c.x+math.Floor((c.side-side)/2), c.y+math.Floor((c.side-side)/2)
	w.rect(c.x, c.y, c.side, c.side, paper)
	for y := range c.modules.size {
		for x := range c.modules.size {
			if c.modules.dark(x, y) {
				w.rect(left+float64(x+quietZone)*pixels, top+float64(y+quietZone)*pixels, pixels, pixels, color.RGBA{A: 0xff})
			}
		}
	}
	return nil
}
