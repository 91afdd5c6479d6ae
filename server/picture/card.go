package picture

// Words are the words of a fact card's picture, in one language.
type Words struct {
	Language, Direction string // BCP 47; "ltr" or "rtl"
	Site                string // whose site it is
	Heading             string // what it is: "Fact card", "Correction"
	Says, Claim         string // "People say", and what
	Answers, Answer     string // "Planning answers", and what in short
	Foot                string // who stands for it since when
	Address             string // of the card's page: the QR code
	Shown               string // the address as people read it
}

// Card lays out a fact card. Its size decides where the code stands: beside the words, or below them.
func Card(size Size, w Words) (*Picture, error) {
	m, err := encode(w.Address)
	if err != nil {
		return nil, err
	}
	p := &Picture{Size: size, language: w.Language, direction: w.Direction, alt: w.Heading + ": " + w.Claim + " – " + w.Answer}
	width, height := float64(size.Width), float64(size.Height)
	const margin, bar, side = 56, 92, 270
	left, right := float64(margin), width-margin
	p.add(box{0, 0, width, height, paper}, box{0, 0, width, bar, strong})
	half := (right - left) / 2
	heading := fit(w.Heading, true, half, bar, 36, 22)
	site := fit(w.Site, false, half-20, bar, 28, 18)
	heading.fill, site.fill = paper, paper
	p.add(heading.at(p.start(left, right), (bar-heading.height())/2), site.at(p.start(right-site.width()/slack, left+site.width()/slack), (bar-site.height())/2))

	foot := height - side - margin/2
	words, bottom := right-left, foot-20
	codeX := right - side
	if p.direction == "rtl" {
		codeX = left
	}
	textLeft, textRight := left, right
	if size.Width > size.Height { // the code beside the answer
		words -= side + margin
		bottom = height - 96
		foot = height - 84
		if p.direction == "rtl" {
			textLeft += side + margin
		} else {
			textRight -= side + margin
		}
	}
	x := p.start(textLeft, textRight)
	top := float64(bar + 34)
	room := bottom - top - 2*40
	top = p.part(w.Says, w.Claim, true, x, top, words, room*0.42)
	p.part(w.Answers, w.Answer, false, x, top+22, words, bottom-top-22-40)

	p.add(code{codeX, height - side - margin/2, side, m})
	note := right - left - side - margin
	if p.direction == "rtl" {
		textLeft = left + side + margin
	}
	low := fit(w.Foot, false, note, 34, 24, 16)
	low.fill = quiet
	shown := fit(w.Shown, true, note, 34, 24, 14)
	shown.fill = strong
	p.add(low.at(p.start(textLeft, right), foot), shown.at(p.start(textLeft, right), foot+36))
	return p, nil
}

// part is a small line above a text; it returns where the text ends.
func (p *Picture) part(label, text string, isBold bool, x, top, width, height float64) float64 {
	small := fit(label, false, width, 34, 25, 18)
	small.fill = quiet
	large := fit(text, isBold, width, height, 58, 24)
	p.add(small.at(x, top), large.at(x, top+40))
	return top + 40 + large.height()
}

func (p *Picture) add(shapes ...shape) { p.shapes = append(p.shapes, shapes...) }
