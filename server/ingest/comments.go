package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// importedComment is a comment as a file tells it, with where it stands there.
type importedComment struct {
	consult.ImportedComment
	path string
}

// saidComment is a public comment of Open Digital Planning or of BOPS, whose public API gives four of its members.
type saidComment struct {
	ID              loose        `json:"id"`
	Sentiment       string       `json:"sentiment"`
	Comment         saidPoints   `json:"comment"`
	CommentRedacted saidPoints   `json:"commentRedacted"`
	ReceivedAt      string       `json:"receivedAt"`   // BOPS
	ReceivedDate    string       `json:"receivedDate"` // the register's own shape of it
	Author          saidAuthor   `json:"author"`
	Metadata        saidMetadata `json:"metadata"`
	YouSaid         *ourComment  `json:"yousaid"`
}

type saidAuthor struct {
	Name struct {
		SingleLine string `json:"singleLine"`
	} `json:"name"`
	Address *struct {
		Line1    string `json:"line1"`
		Line2    string `json:"line2"`
		Town     string `json:"town"`
		County   string `json:"county"`
		Postcode string `json:"postcode"`
	} `json:"address"`
}

type saidMetadata struct {
	SubmittedAt string `json:"submittedAt"`
	PublishedAt string `json:"publishedAt"`
}

// ourComment is what an export of this program adds to a comment.
type ourComment struct {
	Language  string `json:"language"`
	NameShown bool   `json:"nameShown"`
	Redacted  bool   `json:"redacted"`
	Place     *struct {
		Text string   `json:"text"`
		Lat  *float64 `json:"lat"`
		Lon  *float64 `json:"lon"`
	} `json:"place"`
}

// loose is an id that some systems write as a number and others as text.
type loose string

// UnmarshalJSON reads 1, "1" and null.
func (l *loose) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*l = loose(text)
		return nil
	}
	var number json.Number
	err := json.Unmarshal(b, &number)
	*l = loose(number)
	return err
}

// saidPoints are the words of a comment: a list by topic, or one text.
type saidPoints []consult.CommentPoint

// UnmarshalJSON reads both forms; one text is kept under the topic "other".
func (p *saidPoints) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		if text = plain(text); text != "" {
			*p = saidPoints{{Topic: "other", Text: text}}
		}
		return nil
	}
	var list []struct{ Topic, Comment string }
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for _, one := range list {
		p.add(consult.Topic(one.Topic), one.Comment)
	}
	return nil
}

// add appends words on a topic. Topics outside the vocabulary are "other"; several texts on one topic become one.
func (p *saidPoints) add(topic consult.Topic, words string) {
	words = plain(words)
	if words == "" {
		return
	}
	if !slices.Contains(consult.Topics(), topic) {
		topic = "other"
	}
	for i := range *p {
		if (*p)[i].Topic == topic {
			(*p)[i].Text += "\n\n" + words
			return
		}
	}
	*p = append(*p, consult.CommentPoint{Topic: topic, Text: words})
}

// imported makes our comment of one of theirs. Where a comment has its published words and the moment of publication it is published
// here; the author's own words and address are kept apart; e-mail addresses and telephone numbers are not kept, as nobody gave them to
// this site. BOPS' public API hands out nothing that was not redacted and published.
func (s *saidComment) imported(path string) importedComment {
	c := importedComment{path: path}
	c.Source, c.SourceID = "odp", string(s.ID)
	k := &c.Comment
	k.Stance, k.Language = consult.Stance(s.Sentiment), "en"
	k.ReceivedAt = moment(s.Metadata.SubmittedAt)
	c.Original, k.Points = s.Comment, s.CommentRedacted
	if at := orElse(s.ReceivedAt, s.ReceivedDate); at != "" {
		c.Source, k.ReceivedAt, k.PublishedAt = "bops", moment(at), moment(at)
		c.Original, k.Points = nil, s.Comment
	} else if k.PublishedAt = moment(s.Metadata.PublishedAt); k.PublishedAt.IsZero() {
		if len(c.Original) == 0 {
			c.Original = s.CommentRedacted
		}
		k.Points = nil
	}
	if k.ReceivedAt.IsZero() {
		k.ReceivedAt = k.PublishedAt
	}
	s.contact(&c)
	s.ours(&c)
	return c
}

// contact keeps who said it where the file is not the published variant.
func (s *saidComment) contact(c *importedComment) {
	if len(c.Original) == 0 {
		return
	}
	c.Contact.Name = cut(line(s.Author.Name.SingleLine), consult.MaxName)
	if a := s.Author.Address; a != nil {
		parts := slices.DeleteFunc([]string{line(a.Line1), line(a.Line2), line(a.Town), line(a.County)}, func(p string) bool { return p == "" })
		c.Contact.Address = cut(strings.Join(parts, ", "), consult.MaxAddress)
		c.Contact.Postcode, _ = consult.NormalPostcode(a.Postcode)
	}
}

// ours takes back what an export of this program said besides.
func (s *saidComment) ours(c *importedComment) {
	o := s.YouSaid
	if o == nil {
		return
	}
	k := &c.Comment
	if tag := line(o.Language); tag != "" && len(tag) <= 35 {
		k.Language = tag
	}
	if o.NameShown {
		k.NameShown = cut(line(s.Author.Name.SingleLine), consult.MaxName)
	}
	k.Redacted = o.Redacted
	if p := o.Place; p != nil {
		k.PlaceText = cut(line(p.Text), consult.MaxPlace)
		if p.Lat != nil && p.Lon != nil {
			at := geo.Point{Lon: *p.Lon, Lat: *p.Lat}
			k.Place, k.HasPlace = at, at.Valid()
		}
	}
}

// moment reads a timestamp or a day; the zero time for neither.
func moment(s string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// saidOnce names a comment of a system that gives it no id: by what it says and when it came.
func saidOnce(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// readSaid makes comments of a list; those that cannot be told apart or read are skipped with their reason.
func readSaid(list []saidComment, path string, skip func(Problem)) []importedComment {
	seen := map[string]bool{}
	var found []importedComment
	for i := range list {
		c := list[i].imported(fmt.Sprintf("%s[%d]", path, i))
		found = append(found, c)
	}
	return slices.DeleteFunc(found, func(c importedComment) bool {
		reason := c.wrong()
		if reason == "" && seen[c.SourceID] {
			reason = "another comment before it has the id " + quoted(c.SourceID)
		}
		seen[c.SourceID] = true
		if reason != "" {
			skip(Problem{Path: c.path, Reason: reason})
		}
		return reason != ""
	})
}

// wrong says why a comment cannot be kept; "" when it can.
func (c *importedComment) wrong() string {
	switch {
	case c.SourceID == "":
		return "a comment without an id"
	case !slices.Contains(consult.Stances(), c.Comment.Stance):
		return "not a sentiment: " + quoted(string(c.Comment.Stance))
	case len(c.Original)+len(c.Comment.Points) == 0:
		return "a comment without words"
	}
	if fields := consult.CheckImported(c.ImportedComment); len(fields) > 0 {
		return "it breaks a rule of the site; " + fields[0].Field + ": " + fields[0].Rule
	}
	return ""
}

// takeComments saves comments into a consultation and counts them.
func (i *importer) takeComments(ctx context.Context, consultation consult.ID, list []importedComment, t *Tally) error {
	if len(list) == 0 {
		return nil
	}
	bare := make([]consult.ImportedComment, len(list))
	for n, c := range list {
		bare[n] = c.ImportedComment
	}
	created, updated, unchanged, err := i.svc.TakeComments(ctx, i.actor, consultation, bare)
	t.Created, t.Updated, t.Unchanged = t.Created+created, t.Updated+updated, t.Unchanged+unchanged
	return err
}
