package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/similar"
)

// What somebody types is compared with the claims of published fact cards, here and nowhere else: before a message is posted, while it
// is being typed, and on the last page of a comment. It never keeps anybody from sending; a card is shown once and then known by the
// form. The text is read for this and kept nowhere.

// factField names the cards that a form has shown already.
const factField = "fact"

// maxMatches is how many cards one text is shown: more would be a lecture.
const maxMatches = 2

// matchedFact is a card that answers a sentence, with the words that say why.
type matchedFact struct {
	factView
	Shared string // the words of the text that are the claim's, too
}

// factMatch is the cards found for a text. Part "fact-match".
type factMatch struct {
	Facts []matchedFact
	Sends bool // the form they stand in sends at once; false: there is a page before sending
}

// factWatch stands beside a box: the place where cards appear, and the address that finds them. Part "fact-watch".
type factWatch struct {
	Endpoint string
	Match    *factMatch
	Seen     []string // cards that were shown before
}

// matchFacts finds the cards of a consultation whose claims texts make; those in seen are left out. nil = none.
func (w *Web) matchFacts(c *fiber.Ctx, consultation consult.ID, seen []string, texts ...string) (*factMatch, error) {
	_, facts, err := w.Service.PublicFacts(c.UserContext(), w.actor(c), consultation)
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	facts = slices.DeleteFunc(facts, func(f consult.Fact) bool { return slices.Contains(seen, f.ID.String()) })
	b := Base{Language: w.Language(c)}
	found := &factMatch{}
	for _, m := range claimsOf(facts).Matches(strings.Join(texts, "\n"), maxMatches) {
		i := slices.IndexFunc(facts, func(f consult.Fact) bool { return f.ID == consult.ID(m.ID) })
		found.Facts = append(found.Facts, matchedFact{b.factView(facts[i]), sharedWords(m.Phrases)})
	}
	if len(found.Facts) == 0 {
		return nil, nil
	}
	return found, nil
}

// sharedWords lists phrases for people.
func sharedWords(phrases []similar.Phrase) string {
	words := make([]string, len(phrases))
	for i, p := range phrases {
		words[i] = p.Text
	}
	return strings.Join(words, " … ")
}

// watchFacts makes the place beside a box; nil where there is no card to find, so that nothing that is typed goes anywhere.
func (w *Web) watchFacts(c *fiber.Ctx, b *Base, consultation consult.ID, f *Form) (*factWatch, error) {
	if consult.Can(w.actor(c), consult.Reply) {
		return nil, nil
	}
	_, facts, err := w.Service.PublicFacts(c.UserContext(), w.actor(c), consultation)
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	b.Scripts = append(b.Scripts, "part/fact-watch/fact-watch.js")
	return &factWatch{Endpoint: "/consultations/" + consultation.String() + "/facts/match", Seen: seenFacts(f)}, nil
}

// seenFacts reads which cards a form has shown.
func seenFacts(f *Form) []string {
	var seen []string
	for _, value := range f.Values(factField) {
		if id, err := consult.ParseID(value); err == nil && !slices.Contains(seen, id.String()) {
			seen = append(seen, id.String())
		}
	}
	return seen
}

// factsFirst finds the cards to show before something is posted: nil when nothing matches, everything that does was shown, or it is an
// official answer.
func (w *Web) factsFirst(c *fiber.Ctx, f *Form, consultation consult.ID, texts ...string) (*factMatch, error) {
	f.Has(factField)
	if consult.Can(w.actor(c), consult.Reply) {
		return nil, nil
	}
	match, err := w.matchFacts(c, consultation, seenFacts(f), texts...)
	if match != nil {
		match.Sends = true
	}
	return match, err
}

// showFacts puts cards beside a message's box: it was not posted yet, and the same button posts it.
func (m *messageForm) showFacts(b *Base, match *factMatch) {
	if m == nil || m.Facts == nil {
		return
	}
	m.Facts.Match = match
	m.Send.Text = b.T("fact.post_anyway")
	b.Notice = b.T("fact.not_posted")
}

// MatchFacts answers a page that asks while somebody types: the cards as the page shows them, or nothing.
func (w *Web) MatchFacts(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	f.Has(factField)
	match, err := w.matchFacts(c, id, seenFacts(f), f.Text("text", consult.MaxPoint))
	if err != nil {
		return err
	}
	if match == nil {
		return c.SendStatus(fiber.StatusNoContent)
	}
	match.Sends = f.Has("sends")
	fragment, err := w.Pages.Fragment(w.Language(c), "fact-match", match)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(fragment)
}

// factsBeforeMessage draws the thread's page with the cards that answer a message, which is not posted then; nil = post it.
func (w *Web) factsBeforeMessage(c *fiber.Ctx, f *Form, in consult.MessageInput) (*threadPage, error) {
	v, err := w.Service.Thread(c.UserContext(), w.actor(c), in.Thread, 0, 1)
	if err != nil || !v.Open {
		return nil, err
	}
	match, err := w.factsFirst(c, f, v.Consultation.ID, in.Body)
	if match == nil || err != nil {
		return nil, err
	}
	p, err := w.threadView(c, f, nil)
	if err == nil {
		p.Post.showFacts(&p.Base, match)
	}
	return p, err
}

// factsBeforeAsking is the same for a question that opens a thread.
func (w *Web) factsBeforeAsking(c *fiber.Ctx, f *Form, in consult.ThreadInput) (*askPage, error) {
	match, err := w.factsFirst(c, f, in.Consultation, in.Title+".", in.First.Body)
	if match == nil || err != nil {
		return nil, err
	}
	p, err := w.askView(c, f, nil)
	if err == nil {
		p.Form.showFacts(&p.Base, match)
	}
	return p, err
}

// commentFacts looks at a comment's words while they are written, and before they are sent.
func (w *Web) commentFacts(c *fiber.Ctx, p *commentStep, step string, d consult.Draft, f *Form) (err error) {
	switch step {
	case "words":
		p.Watch, err = w.watchFacts(c, &p.Base, d.Consultation, f)
	case "check":
		var texts []string
		for _, t := range d.Data.Topics {
			texts = append(texts, d.Data.Texts[t])
		}
		p.Facts, err = w.matchFacts(c, d.Consultation, nil, texts...)
	}
	return err
}
