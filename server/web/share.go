package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/picture"
)

// Share is what other sites show where a page's address is shared (Open Graph, and the cards of X), and what the part "share" offers to
// readers. It holds the authority's words and nobody else's: whoever copies it keeps it after a comment is withdrawn.
type Share struct {
	Title, Description string
	URL                string // whole, without query: one address, whoever shares it
	Path               string
	Image, Alt         string // whole address of a PNG of Width × Height
	Width, Height      int
	Locale             string // as Open Graph writes it
}

// sharing fills what a public page is shared with. Its picture is that of the consultation, or
// the site's where there is none (the zero Consultation).
func (b *Base) sharing(path, title, description string, k consult.Consultation) {
	b.Share = &Share{Title: title, Description: description, URL: b.Site.BaseURL + path, Path: path, Image: b.Site.BaseURL + picturePath,
		Alt: b.Site.Authority, Width: picture.Wide.Width, Height: picture.Wide.Height, Locale: b.T("share.locale")}
	if k.ID != 0 {
		b.Share.Image = b.Site.BaseURL + "/consultations/" + k.ID.String() + picturePath
		b.Share.Alt = b.T("share.picture", "title", k.Title)
	}
}

// Preview is Share for the skeleton of every page, whose own fields may have other meanings.
func (b *Base) Preview() *Share { return b.Share }

// QR is the address of the page's QR code.
func (s Share) QR() string { return "/qr" + s.Path }

// coded are the pages that have a QR code.
var coded = map[string]bool{"consultations": true, "facts": true, "threads": true, "comments": true, "concerns": true}

// QRCode draws the address of one of our own pages, whether or not there is such a page: the code tells nothing that the address does not.
func (w *Web) QRCode(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil || !coded[c.Params("noun")] {
		return &consult.Error{Kind: consult.NotFound, Op: "draw QR code"}
	}
	code, err := picture.QR(w.Site.BaseURL + "/" + c.Params("noun") + "/" + id.String())
	if err != nil {
		return err
	}
	return sendPicture(c, svgType, code)
}

// shareThread leaves out a thread's title, which a resident wrote.
func (p *threadPage) shareThread(v consult.ThreadView) {
	key := "share.thread"
	if v.Thread.Anchor == consult.OnComment {
		key = "share.comment_thread"
	}
	p.sharing(p.Path, p.T(key, "title", v.Consultation.Title), v.Consultation.Summary, v.Consultation)
}

// shareComment leaves out whatever its author wrote.
func (p *commentPage) shareComment(id consult.ID, k consult.Consultation) {
	p.sharing("/comments/"+id.String(), p.T("share.comment", "title", k.Title), k.Summary, k)
}
