package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// publicPreview tells an author, before the comment is sent, what will probably be taken out of it, and what everybody will read then.
type publicPreview struct {
	Found []foundPlace
	Name  string // what is wrong with the name to be shown; "" = nothing
	Parts []redactionPart
}

// publicPreview looks at a finished form; nil when nothing was found. It warns and holds nobody up.
func (w *Web) publicPreview(b *Base, in consult.CommentInput, k consult.Consultation) *publicPreview {
	file := consult.FileOf(in)
	all := file.Find(k)
	list := places(all, nil, false)
	chosen := taken(list)
	held := file.NameHolds()
	if len(chosen) == 0 && len(held) == 0 {
		return nil
	}
	v := &publicPreview{}
	v.Parts, _ = b.redactionParts(all, list, w.marks(b.Language.Code), b.Language.Code)
	for _, part := range v.Parts {
		for _, f := range part.Found {
			if f.Taken {
				v.Found = append(v.Found, f)
			}
		}
	}
	if len(held) > 0 {
		v.Name = b.T("redaction_preview.name", "what", b.T("redaction_kind."+string(held[0].Kind)))
	}
	return v
}

// myRedaction shows an author what was published beside what they wrote, and takes a question about it.
type myRedaction struct {
	Lead    string
	Reasons []string
	Parts   []redactionPart
	Asked   *consult.Correction
	Ask     *TextArea // nil = a question waits already
	Action  string
	Send    Button
}

// myRedaction draws it; nil while nothing was decided about the comment.
func (b *Base) myRedaction(mine consult.MyComment, f *Form) *myRedaction {
	file := mine.Published.File
	v := &myRedaction{Action: "/my-comment/" + mine.Token + "/correction", Send: Button{Text: b.T("redaction_mine.ask_send"), Secondary: true}}
	switch {
	case file.Comment.State == consult.CommentWithheld:
		v.Lead = b.T("redaction_mine.withheld")
	case file.Comment.State != consult.CommentPublished:
		return nil
	case file.Comment.Redacted:
		v.Lead, v.Parts = b.T("redaction_mine.lead"), b.besidePublished(file)
	default:
		v.Lead = b.T("redaction_mine.same")
	}
	for _, reason := range file.Reasons {
		v.Reasons = append(v.Reasons, b.T("redaction."+reason))
	}
	if q := mine.Published.Correction; !q.At.IsZero() {
		v.Asked = &q
	}
	if v.Asked == nil || !v.Asked.RepliedAt.IsZero() {
		ask := b.TextArea(f, "correction", "redaction_mine.ask_field", consult.MaxCorrection)
		ask.Rows = 3
		v.Ask = &ask
	}
	return v
}

// besidePublished sets each text that was changed beside what is published of it. Where officers marked places, each says why; a typed
// text is compared word by word.
func (b *Base) besidePublished(file consult.CommentFile) (parts []redactionPart) {
	published := map[consult.Topic]string{consult.PlacePart: file.Comment.PlaceText}
	for _, p := range file.Comment.Points {
		published[p.Topic] = p.Text
	}
	for _, p := range append(file.Original, consult.CommentPoint{Topic: consult.PlacePart, Text: file.OriginalPlace}) {
		if p.Text == published[p.Topic] {
			continue
		}
		part := redactionPart{Label: b.partLabel(p.Topic), Public: published[p.Topic]}
		part.Segments = b.takenOut(p, file.Comment.Redactions, published[p.Topic])
		parts = append(parts, part)
	}
	return parts
}

func (b *Base) takenOut(p consult.CommentPoint, redactions []consult.Redaction, published string) (list []stretch) {
	chars, at := []rune(p.Text), 0
	for _, r := range redactions {
		if r.Topic != p.Topic || r.Begins < at || r.Ends > len(chars) {
			continue
		}
		list = append(list, stretch{Text: string(chars[at:r.Begins])}, stretch{Text: string(chars[r.Begins:r.Ends]), N: 1, Reason: b.T("redaction." + r.Reason)})
		at = r.Ends
	}
	if at > 0 {
		return append(list, stretch{Text: string(chars[at:])})
	}
	for _, e := range consult.DiffWords(p.Text, published) {
		switch e.Kind {
		case consult.Kept:
			list = append(list, stretch{Text: e.Text})
		case consult.Removed:
			list = append(list, stretch{Text: e.Text, N: 1})
		}
	}
	return list
}

// AskCorrection takes an author's question about what was taken out.
func (w *Web) AskCorrection(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	token := c.Params("token")
	body := f.Text("correction", consult.MaxCorrection)
	err = f.Err("ask correction")
	if err == nil {
		err = w.Service.AskCorrection(c.UserContext(), token, body)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.myComment(c, f, err)
		return shown(w, c, "my-comment", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/my-comment/"+token+"#redaction", fiber.StatusSeeOther)
}
