package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

// subject is whose application and which one comments are about.
type subject struct{ authority, reference string }

// addressed are comments with what they are about.
type addressed struct {
	subject
	comment importedComment
}

// neighbourResponse is one row of BOPS' neighbour_responses.
type neighbourResponse struct {
	ReceivedAt string `json:"receivedAt"`
	Text       string `json:"text"`
	Sentiment  string `json:"sentiment"`
	Respondent struct {
		Postcode string `json:"postcode"`
	} `json:"respondent"`
	Application struct {
		Reference string `json:"reference"`
	} `json:"application"`
}

// submission is a comment as a register sends it to BOPS (neighbourResponseSubmission), and as this program writes it.
type submission struct {
	ID         loose    `json:"id"`
	Name       string   `json:"name"`
	Address    string   `json:"address"`
	Response   string   `json:"response"`
	SummaryTag string   `json:"summary_tag"`
	Tags       []string `json:"tags"`
	YouSaid    *struct {
		Comment    string     `json:"comment"`
		Authority  string     `json:"authority"`
		Reference  string     `json:"reference"`
		ReceivedAt string     `json:"receivedAt"`
		Points     saidPoints `json:"points"`
	} `json:"yousaid"`
}

// commentFile reads a file that holds comments and nothing else.
func commentFile(src *source) ([]addressed, *refusal) {
	hint := subject{src.authority, src.reference}
	switch src.kind {
	case NeighbourResponses:
		return neighbourResponses(src, hint)
	case CommentSubmissions:
		return submissions(src, hint)
	}
	var in struct {
		Comments []saidComment   `json:"comments"`
		Data     json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(src.data, &in); err != nil {
		return nil, jsonRefusal(src.data, err)
	}
	path := "comments"
	if len(in.Data) > 0 {
		path = "data.comments"
		if err := json.Unmarshal(in.Data, &in); err != nil {
			return nil, jsonRefusal(src.data, err)
		}
	}
	src.Rows = len(in.Comments)
	var list []addressed
	for _, c := range readSaid(in.Comments, path, src.skip) {
		list = append(list, addressed{hint, c})
	}
	return list, nil
}

// neighbourResponses reads what BOPS hands to a system that may read it. Nothing in it says that a text was redacted, so none is published
// here before an officer has looked at it.
func neighbourResponses(src *source, hint subject) ([]addressed, *refusal) {
	var in struct {
		Responses []neighbourResponse `json:"responses"`
	}
	if err := json.Unmarshal(src.data, &in); err != nil {
		return nil, jsonRefusal(src.data, err)
	}
	src.Rows = len(in.Responses)
	var list []addressed
	for n, r := range in.Responses {
		c := importedComment{path: fmt.Sprintf("responses[%d]", n)}
		c.Source, c.SourceID = "bops", saidOnce(r.ReceivedAt, r.Sentiment, r.Text)
		c.Comment.Stance, c.Comment.ReceivedAt, c.Comment.Language = consult.Stance(r.Sentiment), moment(r.ReceivedAt), "en"
		var words saidPoints
		words.add("other", r.Text)
		c.Original = words
		c.Contact.Postcode, _ = consult.NormalPostcode(r.Respondent.Postcode)
		list = append(list, addressed{subject{hint.authority, orElse(line(r.Application.Reference), hint.reference)}, c})
	}
	return readable(src, list), nil
}

// submissions reads comments as they are sent to BOPS, one or a list. Their words are the authors' own, so none is published here before
// an officer has looked at it. A flattened text stays whole: under its topic where there is one, under "other" where there are several.
func submissions(src *source, hint subject) ([]addressed, *refusal) {
	var in []submission
	if json.Unmarshal(src.data, &in) != nil {
		in = make([]submission, 1)
		if err := json.Unmarshal(src.data, &in[0]); err != nil {
			return nil, jsonRefusal(src.data, err)
		}
	}
	src.Rows = len(in)
	var list []addressed
	for n, s := range in {
		c := importedComment{path: "[" + strconv.Itoa(n) + "]"}
		c.Source, c.SourceID = "bops", orElse(string(s.ID), saidOnce(s.Name, s.Address, s.SummaryTag, s.Response))
		c.Comment.Stance, c.Comment.Language = consult.Stance(s.SummaryTag), "en"
		topic := consult.Topic("other")
		if len(s.Tags) == 1 {
			topic = consult.Topic(s.Tags[0])
		}
		var words saidPoints
		words.add(topic, s.Response)
		about := hint
		if o := s.YouSaid; o != nil {
			c.SourceID, c.Comment.ReceivedAt = orElse(o.Comment, c.SourceID), moment(o.ReceivedAt)
			about = subject{orElse(o.Authority, hint.authority), orElse(o.Reference, hint.reference)}
			if len(o.Points) > 0 {
				words = o.Points
			}
		}
		c.Original = words
		c.Contact.Name, c.Contact.Address = cut(line(s.Name), consult.MaxName), cut(line(s.Address), consult.MaxAddress)
		c.Contact.Postcode = postcodeIn(c.Contact.Address)
		list = append(list, addressed{about, c})
	}
	return readable(src, list), nil
}

// readable skips what cannot be kept, and all but the first of what stands in a file twice.
func readable(src *source, list []addressed) []addressed {
	type key struct {
		subject
		id string
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(list, func(a addressed) bool {
		reason, k := a.comment.wrong(), key{a.subject, a.comment.SourceID}
		if reason == "" && seen[k] {
			reason = "it stands in the file twice"
		}
		seen[k] = true
		if reason != "" {
			src.skip(Problem{Path: a.comment.path, Reason: reason})
		}
		return reason != ""
	})
}

// takeCommentFile saves the comments of a file, application by application.
func (i *importer) takeCommentFile(ctx context.Context, src *source) error {
	list, bad := commentFile(src)
	if bad != nil {
		src.refuse(bad.problem())
		return nil
	}
	var order []subject
	about := map[subject][]importedComment{}
	for _, a := range list {
		if about[a.subject] == nil {
			order = append(order, a.subject)
		}
		about[a.subject] = append(about[a.subject], a.comment)
	}
	for _, s := range order {
		id, reason, err := i.find(ctx, s)
		if err != nil {
			return err
		}
		if reason != "" {
			for _, c := range about[s] {
				src.skip(Problem{Path: c.path, Reason: reason})
			}
			continue
		}
		var t Tally
		if err := i.takeComments(ctx, id, about[s], &t); err != nil {
			return err
		}
		src.Created, src.Updated, src.Unchanged = src.Created+t.Created, src.Updated+t.Updated, src.Unchanged+t.Unchanged
	}
	return nil
}

// find looks for the application comments are about; the reason says why it is not found. Where no authority is known the reference must
// be that of one public application only.
func (i *importer) find(ctx context.Context, s subject) (id consult.ID, reason string, err error) {
	if s.reference == "" {
		return 0, "the file does not say which application it is about; give --reference", nil
	}
	if s.authority != "" {
		c, err := i.svc.ByReference(ctx, i.actor, s.authority, s.reference)
		if consult.KindOf(err) == consult.NotFound {
			return 0, "no application " + quoted(s.reference) + " of " + quoted(s.authority) + " here; import it first, or with this file", nil
		}
		return c.ID, "", err
	}
	page, err := i.svc.Search(ctx, consult.Filter{Reference: s.reference, Limit: 2})
	switch {
	case err != nil:
		return 0, "", err
	case len(page.Cards) == 1:
		return page.Cards[0].Consultation.ID, "", nil
	case len(page.Cards) > 1:
		return 0, "several authorities have an application " + quoted(s.reference) + "; give --of", nil
	}
	return 0, "no public application " + quoted(s.reference) + " here; import it first, or give --of", nil
}
