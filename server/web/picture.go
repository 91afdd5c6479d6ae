package web

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/picture"
)

const (
	picturePath = "/picture.png"
	svgType     = "image/svg+xml"
	pngType     = "image/png"
)

// pictures keeps the PNGs that were drawn last: drawing one takes some hundredths of a second, and networks ask for the same ones.
type pictures struct {
	mu    sync.Mutex
	drawn map[[sha256.Size]byte][]byte
	order [][sha256.Size]byte
}

// keptPictures bounds the memory: about 100 KB each.
const keptPictures = 64

// png draws a picture, or finds it drawn. An SVG holds everything that a PNG shows, so it is what drawings are known by.
func (k *pictures) png(p *picture.Picture) ([]byte, error) {
	key := sha256.Sum256(p.SVG())
	k.mu.Lock()
	defer k.mu.Unlock() // one drawing at a time: a crowd must not take every processor
	if image, ok := k.drawn[key]; ok {
		return image, nil
	}
	image, err := p.PNG()
	if err != nil {
		return nil, err
	}
	if k.drawn == nil {
		k.drawn = map[[sha256.Size]byte][]byte{}
	}
	if len(k.order) == keptPictures {
		delete(k.drawn, k.order[0])
		k.order = k.order[1:]
	}
	k.drawn[key], k.order = image, append(k.order, key)
	return image, nil
}

// sendPicture answers with a picture, or with 304 where the reader has it.
func sendPicture(c *fiber.Ctx, kind string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := fmt.Sprintf(`"%x"`, sum[:16])
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if unchanged(c, tag) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(body)
}

// ConsultationPicture draws what stands for a consultation where its address is shared: the plan of the site, and its title.
func (w *Web) ConsultationPicture(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	v, err := w.Service.Case(c.UserContext(), consult.Actor{Kind: consult.Visitor}, id)
	if err != nil {
		return err
	}
	l := w.Texts.Default()
	page := picture.Page{Language: l.Code, Direction: "ltr", Site: w.Site.Authority, Title: v.Consultation.Title, Note: v.Consultation.Address}
	b := Base{Language: l}
	if s := b.sketch(v.Current, geo.Point{}, false, ""); s != nil {
		page.Plan = &picture.Plan{Width: sketchWidth, Height: sketchHeight, Boundary: s.Boundary, Blocks: s.Blocks}
	}
	p, err := picture.Preview(page)
	if err != nil {
		return err
	}
	image, err := w.pictures.png(p)
	if err != nil {
		return err
	}
	return sendPicture(c, pngType, image)
}

// SitePicture draws what stands for pages that are about no single consultation.
func (w *Web) SitePicture(c *fiber.Ctx) error {
	p, err := picture.Preview(picture.Page{Language: w.Texts.Default().Code, Direction: "ltr", Site: w.Texts.Default().T("site.name"), Title: w.Site.Authority})
	if err != nil {
		return err
	}
	image, err := w.pictures.png(p)
	if err != nil {
		return err
	}
	return sendPicture(c, pngType, image)
}

// factPictures are the files of a card's picture: name and size.
var factPictures = map[string]picture.Size{"wide": picture.Wide, "square": picture.Square}

// FactPicture draws a card: wide or square, as SVG or as PNG.
func (w *Web) FactPicture(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f, _, err := w.Service.PublicFact(c.UserContext(), consult.Actor{Kind: consult.Visitor}, id)
	if err != nil {
		return err
	}
	name, format, _ := strings.Cut(c.Params("picture"), ".")
	size, known := factPictures[name]
	if !known || f.State != consult.FactPublished {
		return &consult.Error{Kind: consult.NotFound, Op: "draw fact card"}
	}
	p, err := w.factPicture(f, size)
	if err != nil {
		return err
	}
	switch format {
	case "svg":
		return sendPicture(c, svgType, p.SVG())
	case "png":
		image, err := w.pictures.png(p)
		if errors.Is(err, picture.ErrLetters) {
			err = &consult.Error{Kind: consult.NotFound, Op: "draw fact card", Err: err}
		}
		if err != nil {
			return err
		}
		return sendPicture(c, pngType, image)
	}
	return &consult.Error{Kind: consult.NotFound, Op: "draw fact card"}
}

// factPicture lays a card out in its own language.
func (w *Web) factPicture(f consult.Fact, size picture.Size) (*picture.Picture, error) {
	l := w.Texts.Get(f.Language)
	b := Base{Language: l}
	v := b.factView(f)
	address := w.Site.BaseURL + v.Href
	_, shown, _ := strings.Cut(address, "://")
	return picture.Card(size, picture.Words{Language: l.Code, Direction: l.Dir, Site: w.Site.Authority, Heading: v.Kind, Says: v.Says,
		Claim: v.Quote, Answers: b.T("fact.answers", "service", f.Service), Answer: f.Short,
		Foot: b.T("fact.foot", "service", f.Service, "date", l.Date(f.UpdatedAt), "review", l.Civil(string(f.ReviewOn))), Address: address, Shown: shown})
}
