package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"rsc.io/qr"
)

func words() Words {
	return Words{Language: "en", Direction: "ltr", Site: "Example City Council", Heading: "Fact card", Says: "People say:",
		Claim: "“All the trees on the Green will be felled.”", Answers: "Planning answers:", Answer: "No. Two of eleven are felled; nine stay.",
		Foot: "Planning, 3 May 2026.", Address: "https://consult.example.org/facts/0sacvmvnkzz82", Shown: "consult.example.org/facts/0sacvmvnkzz82"}
}

func card(t *testing.T, size Size, w Words) *Picture {
	t.Helper()
	p, err := Card(size, w)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func decoded(t *testing.T, p *Picture) image.Image {
	t.Helper()
	raw, err := p.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := p.PNG(); err != nil || !bytes.Equal(raw, again) {
		t.Errorf("drawn twice, it is not the same: %v", err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// spoken is all the text of an SVG, which must be well-formed XML without scripts, styles and links.
func spoken(t *testing.T, svg []byte) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch v := token.(type) {
		case xml.CharData:
			b.Write(v)
			b.WriteByte('\n')
		case xml.StartElement:
			if slices.Contains([]string{"script", "style", "a", "image", "use", "foreignObject"}, v.Name.Local) {
				t.Errorf("the picture holds an element %s", v.Name.Local)
			}
			for _, a := range v.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "href" {
					t.Errorf("the picture holds an attribute %s", a.Name.Local)
				}
			}
		}
	}
}

func TestACardIsDrawnInBothSizesAndSaysTheSameInBothForms(t *testing.T) {
	for _, size := range []Size{Wide, Square} {
		p := card(t, size, words())
		if got := decoded(t, p).Bounds().Size(); got != image.Pt(size.Width, size.Height) {
			t.Errorf("%v is drawn %v", size, got)
		}
		text := strings.ReplaceAll(spoken(t, p.SVG()), "\n", " ")
		for _, want := range []string{"Example City Council", "Fact card", "People say:", "felled.”", "nine stay.", "Planning, 3 May 2026.", words().Shown} {
			if !strings.Contains(text, want) {
				t.Errorf("the SVG of %v lacks %q: %s", size, want, text)
			}
		}
	}
}

// TestTheCodeInAPNGIsTheAddress compares the drawn modules with those of the address, in the middle of each.
func TestTheCodeInAPNGIsTheAddress(t *testing.T) {
	want, err := qr.Encode(words().Address, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []Size{Wide, Square} {
		p := card(t, size, words())
		img := decoded(t, p)
		at := slices.IndexFunc(p.shapes, func(s shape) bool { _, ok := s.(code); return ok })
		c := p.shapes[at].(code)
		pixels := math.Floor(c.side / float64(c.modules.side()))
		if pixels < 4 {
			t.Errorf("a module of %g pixels is too small for a telephone", pixels)
		}
		left := c.x + math.Floor((c.side-pixels*float64(c.modules.side()))/2)
		top := c.y + math.Floor((c.side-pixels*float64(c.modules.side()))/2)
		wrong := 0
		for y := -quietZone; y < want.Size+quietZone; y++ {
			for x := -quietZone; x < want.Size+quietZone; x++ {
				r, _, _, _ := img.At(int(left+(float64(x+quietZone)+0.5)*pixels), int(top+(float64(y+quietZone)+0.5)*pixels)).RGBA()
				if dark := r < 0x8000; dark != want.Black(x, y) {
					wrong++
				}
			}
		}
		if wrong > 0 {
			t.Errorf("%v: %d modules are wrong", size, wrong)
		}
	}
}

func TestWhatTheFontsLackIsAnSVGOnly(t *testing.T) {
	for text, can := range map[string]bool{"Żółta łódź, Ελλάδα, Дерево – “Straße” €5": true, "تمام درخت": false, "所有的树": false, "עץ": false, "a tree 🌳": false} {
		w := words()
		w.Claim = text
		p := card(t, Wide, w)
		_, err := p.PNG()
		if p.Drawable() != can || (err == nil) != can || !can && !errors.Is(err, ErrLetters) {
			t.Errorf("%q: drawable %v, %v", text, p.Drawable(), err)
		}
		if !strings.Contains(spoken(t, p.SVG()), text) {
			t.Errorf("the SVG does not say %q", text)
		}
	}
}

func TestWhatRunsToTheLeftBeginsAtTheRight(t *testing.T) {
	w := words()
	w.Language, w.Direction, w.Claim = "ur", "rtl", "تمام درخت"
	p := card(t, Wide, w)
	for _, s := range p.shapes {
		if l, ok := s.(lines); ok && l.x < float64(Wide.Width)/4 {
			t.Errorf("%q begins at %g", l.text, l.x)
		}
		if c, ok := s.(code); ok && c.x > float64(Wide.Width)/3 {
			t.Errorf("the code stands at %g, over the words", c.x)
		}
	}
	if !strings.Contains(string(p.SVG()), `direction="rtl"`) {
		t.Error("the SVG does not say so")
	}
}

// TestTextKeepsWithinItsFrame: no line is wider than its frame, none is lost but to an ellipsis, and nothing hangs or panics.
func TestTextKeepsWithinItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("abcdef  WM-.,éłД树木تمา\u0301🌳")), 0, 400, -1).Draw(t, "text")
		width, height := rapid.Float64Range(120, 900).Draw(t, "width"), rapid.Float64Range(30, 500).Draw(t, "height")
		l := fit(text, rapid.Bool().Draw(t, "bold"), width, height, 58, 24)
		r := &ruler{font: fontOf(l.bold), size: l.size}
		for _, line := range l.text {
			if len([]rune(line)) > 1 && r.line(line) > width {
				t.Errorf("%q is %g wide in a frame of %g", line, r.line(line), width)
			}
		}
		if len(l.text) > max(1, int(height/l.leading)) {
			t.Errorf("%d lines of %g in a frame of %g", len(l.text), l.leading, height)
		}
		squeezed := func(s string) string { return strings.Join(strings.Fields(s), "") }
		all := squeezed(strings.Join(l.text, ""))
		if cut, was := strings.CutSuffix(all, "…"); all != squeezed(text) && !(was && strings.HasPrefix(squeezed(text), cut)) {
			t.Errorf("%q became %q", text, l.text)
		}
	})
}

func TestAPreviewShowsThePlan(t *testing.T) {
	plan := &Plan{640, 400, "M100 50L540 60L520 350L120 340Z", []string{"M200 100L400 100L400 200L200 200Z"}}
	p, err := Preview(Page{Language: "en", Direction: "ltr", Site: "Example City Council", Title: "所有的树", Note: "1 Example Street", Plan: plan})
	if err != nil {
		t.Fatal(err)
	}
	img := decoded(t, p) // its title cannot be drawn, and is left out
	x, y := 640.0+560.0/2, 92.0+(630.0-92)/2
	scale := 560.0 / 640
	for at, want := range map[point]color.RGBA{{x - 20*scale, y - 50*scale}: block, {x, y + 120*scale}: paper, {650, 620}: pale} {
		r, g, b, _ := img.At(int(at.x), int(at.y)).RGBA()
		if uint8(r>>8) != want.R || uint8(g>>8) != want.G || uint8(b>>8) != want.B {
			t.Errorf("at %v: %x %x %x, want %v", at, r>>8, g>>8, b>>8, want)
		}
	}
	if _, err := Preview(Page{Plan: &Plan{1, 1, "M1 1C2 2 3 3 4 4Z", nil}}); err == nil {
		t.Error("path data that it cannot read passes")
	}
	if _, err := Preview(Page{Language: "en"}); err != nil {
		t.Errorf("a page without a place: %v", err)
	}
}

func TestAQRCodeIsAnSVG(t *testing.T) {
	svg, err := QR("https://consult.example.org/facts/0sacvmvnkzz82")
	if err != nil {
		t.Fatal(err)
	}
	spoken(t, svg)
	if _, err := QR(strings.Repeat("x", 5000)); err == nil {
		t.Error("what no code can hold was drawn")
	}
}
