package notify

import (
	"context"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// PathShort is the address of a consultation as paper carries it: short enough to be typed.
const PathShort = "/c/:id"

// Letter words paper mail in its reader's language: what the mail of the same kind says, with an address that can be typed instead of a
// link that must be pressed. A permanent Failure means that the letter has lost its sense.
func (c *Composer) Letter(ctx context.Context, l consult.Letter) (consult.LetterText, error) {
	write, known := kinds[l.Kind]
	if !known {
		return consult.LetterText{}, &Failure{Step: "unknown kind of letter", Permanent: true}
	}
	// Without the comment every link leads to the public page: nobody types the secret one.
	in := writing{Composer: c, l: c.texts.Get(l.Language), paper: true,
		Delivery: consult.Delivery{ID: l.ID, Kind: l.Kind, Language: l.Language, Data: l.Data, Consultation: l.Consultation}}
	if err := in.load(ctx); err != nil {
		return consult.LetterText{}, err
	}
	said, err := write(in)
	if err != nil {
		return consult.LetterText{}, err
	}
	short := c.to(PathShort, l.Consultation.String())
	text := consult.LetterText{Language: in.l.Code, Dir: in.l.Dir, Name: oneLine(l.Name), Subject: oneLine(said.Subject), Matter: said.Matter,
		LinkText: said.Action.Text, Link: strings.Replace(said.Action.URL, c.to(PathConsultation, l.Consultation.String()), short, 1)}
	for _, p := range append(said.Before, said.After...) {
		if p != "" {
			text.Paragraphs = append(text.Paragraphs, p)
		}
	}
	if text.Name == "" {
		text.Name = in.l.T("mail.neighbour.occupier")
	}
	text.Footer = []string{in.l.T("mail.paper.sent_by", "authority", c.site.Authority)}
	if l.Comment != 0 {
		text.Footer = append(text.Footer, in.l.T("mail.because_comment"))
	}
	if in.subject.Demo {
		text.Footer = append(text.Footer, in.l.T("site.demo"))
	}
	text.Also = in.also(short)
	return text, nil
}

// also says in every other language where to read on in it.
func (w writing) also(short string) []consult.AlsoIn {
	var list []consult.AlsoIn
	for _, l := range w.texts.Languages() {
		if l != w.l {
			list = append(list, consult.AlsoIn{Language: l.Code, Dir: l.Dir, Text: l.T("mail.paper.also", "link", short+"?lang="+l.Code)})
		}
	}
	return list
}
