// Package picture draws what people pass on: fact cards and the previews of pages that are shared, as SVG and as PNG, and QR codes. It
// keeps nothing and loads nothing; the same words give the same bytes.
//
// A picture is laid out once (card.go, preview.go) as a list of shapes and lines of text, and written twice: svg.go names the fonts of
// whoever looks at it, png.go draws with the Go fonts, which have the Latin, Greek and Cyrillic letters and no others.
package picture

import (
	"errors"
	"image/color"
)

// Size is a picture's size in pixels.
type Size struct{ Width, Height int }

// The sizes: what networks show beside a link, and what messengers show whole.
var (
	Wide   = Size{1200, 630}
	Square = Size{1080, 1080}
)

// ErrLetters is a text whose letters the built-in fonts do not have: its picture can be had as SVG only.
var ErrLetters = errors.New("picture: the built-in fonts lack letters of this text")

// The colours: those of the site's light theme.
var (
	paper  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink    = color.RGBA{0x0b, 0x0c, 0x0c, 0xff}
	quiet  = color.RGBA{0x48, 0x4d, 0x52, 0xff}
	strong = color.RGBA{0x12, 0x4c, 0x45, 0xff} // the site's theme colour
	pale   = color.RGBA{0xe9, 0xf1, 0xef, 0xff}
	block  = color.RGBA{0x9c, 0xbd, 0xb6, 0xff}
)

// Picture is a laid out picture.
type Picture struct {
	Size
	language, direction string // of its words
	alt                 string
	shapes              []shape
}

// shape is one thing to draw, in the order of the list.
type shape interface {
	svg(*svgWriter)
	png(*pngWriter) error
}

// box is a filled rectangle.
type box struct {
	x, y, w, h float64
	fill       color.RGBA
}

// outline is a filled shape of closed rings, with a line around it where stroke is above 0.
type outline struct {
	rings  [][]point
	fill   color.RGBA
	stroke float64
	line   color.RGBA
}

type point struct{ x, y float64 }

// lines is text of one size, line below line. x is where it begins: its left edge, or its right one where it runs to the left.
type lines struct {
	x, y     float64 // of the first line's base
	size     float64
	leading  float64
	bold     bool
	fill     color.RGBA
	text     []string
	optional bool // left out of a PNG that cannot show its letters; else there is no PNG
}

// code is a QR code with the quiet zone it needs.
type code struct {
	x, y, side float64
	modules    modules
}

// start is where lines begin between two edges, in the direction of the words.
func (p *Picture) start(left, right float64) float64 {
	if p.direction == "rtl" {
		return right
	}
	return left
}
