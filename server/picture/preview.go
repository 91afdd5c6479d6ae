package picture

import (
	"fmt"
	"strconv"
	"strings"
)

// Plan is a site drawn by the server: path data of absolute M, L and Z, in a frame of its own.
type Plan struct {
	Width, Height float64
	Boundary      string   // "" = unknown
	Blocks        []string // of the proposed buildings
}

// Page is what stands for a page where its address is shared.
type Page struct {
	Language, Direction string
	Site, Title, Note   string
	Plan                *Plan // nil = there is no place
}

// Preview lays out a page's picture. Words that the built-in fonts cannot show are left out of its PNG: whoever shows it has them from
// the page itself, and a plan alone is better than boxes.
func Preview(w Page) (*Picture, error) {
	p := &Picture{Size: Wide, language: w.Language, direction: w.Direction, alt: w.Title}
	width, height := float64(p.Width), float64(p.Height)
	const margin, bar = 56, 92
	p.add(box{0, 0, width, height, paper}, box{0, 0, width, bar, strong})
	left, right := float64(margin), width-margin
	site := fit(w.Site, true, right-left, bar, 36, 20)
	site.fill = paper
	p.add(optional(site.at(p.start(left, right), (bar-site.height())/2)))
	if w.Plan != nil {
		frame := box{width - 560, bar, 560, height - bar, pale}
		right = frame.x - margin
		if p.direction == "rtl" {
			frame.x, left, right = 0, 560+margin, width-margin
		}
		p.add(frame)
		if err := p.plan(*w.Plan, frame); err != nil {
			return nil, err
		}
	}
	title := fit(w.Title, true, right-left, height-bar-200, 64, 28)
	note := fit(w.Note, false, right-left, 80, 28, 18)
	note.fill = quiet
	x := p.start(left, right)
	p.add(optional(title.at(x, bar+44)), optional(note.at(x, height-margin-note.height())))
	return p, nil
}

func optional(l lines) lines {
	l.optional = true
	return l
}

// plan draws a site in the middle of a frame.
func (p *Picture) plan(plan Plan, frame box) error {
	scale := min(frame.w/plan.Width, frame.h/plan.Height)
	dx, dy := frame.x+(frame.w-plan.Width*scale)/2, frame.y+(frame.h-plan.Height*scale)/2
	for i, path := range append([]string{plan.Boundary}, plan.Blocks...) {
		rings, err := ringsOf(path)
		if err != nil {
			return err
		}
		for _, ring := range rings {
			for n := range ring {
				ring[n] = point{dx + ring[n].x*scale, dy + ring[n].y*scale}
			}
		}
		shape := outline{rings: rings, fill: paper, stroke: 4, line: strong}
		if i > 0 {
			shape.fill, shape.stroke = block, 2
		}
		if len(rings) > 0 {
			p.add(shape)
		}
	}
	return nil
}

// ringsOf reads path data of absolute M, L and Z.
func ringsOf(path string) ([][]point, error) {
	var rings [][]point
	for part := range strings.SplitSeq(path, "Z") {
		var ring []point
		for pair := range strings.FieldsFuncSeq(part, func(r rune) bool { return r == 'M' || r == 'L' }) {
			x, y, _ := strings.Cut(strings.TrimSpace(pair), " ")
			px, errX := strconv.ParseFloat(x, 64)
			py, errY := strconv.ParseFloat(y, 64)
			if errX != nil || errY != nil {
				return nil, fmt.Errorf("picture: path data %q", pair)
			}
			ring = append(ring, point{px, py})
		}
		if len(ring) > 2 {
			rings = append(rings, ring)
		}
	}
	return rings, nil
}
