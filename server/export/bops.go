package export

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// BOPSComment is a comment as a register sends it to BOPS (neighbourResponseSubmission 0.7.7). It holds personal data: name, address and
// the author's own words.
type BOPSComment struct {
	Name       string       `json:"name"`
	Address    string       `json:"address"`
	Email      string       `json:"email,omitempty"`
	Response   string       `json:"response"`
	SummaryTag string       `json:"summary_tag"`
	Tags       []string     `json:"tags"`
	YouSaid    BOPSAddition `json:"yousaid"`
}

// BOPSAddition is what that shape has no member for: which comment on which application it is, when it came, and its words by topic.
type BOPSAddition struct {
	Comment    string      `json:"comment"`
	Authority  string      `json:"authority"`
	Reference  string      `json:"reference"`
	Round      int         `json:"round,omitempty"`
	Late       bool        `json:"late"`
	ReceivedAt string      `json:"receivedAt"`
	Points     []BOPSPoint `json:"points"`
}

// BOPSPoint is what a comment says on one topic.
type BOPSPoint struct {
	Topic   string `json:"topic"`
	Comment string `json:"comment"`
}

// BOPSCommentOf makes the document that BOPS takes of a comment on an application. Its topics become one text, as BOPS keeps one: each
// under its name, with a blank line between. BOPS refuses a comment without name and address, so a missing one is said to be missing.
func BOPSCommentOf(f consult.CommentFile, a consult.Application, words Words) BOPSComment {
	k := f.Comment
	out := BOPSComment{Name: f.Contact.Name, Email: f.Contact.Email, SummaryTag: string(k.Stance), Tags: []string{},
		YouSaid: BOPSAddition{Comment: k.ID.String(), Authority: a.Authority, Reference: a.Reference, Round: k.Round, Late: k.Late,
			ReceivedAt: exactly(k.ReceivedAt), Points: []BOPSPoint{}}}
	if out.Name == "" {
		out.Name = words("exchange.no_name")
	}
	out.Address = strings.Join(strings.FieldsFunc(f.Contact.Address+"\n"+f.Contact.Postcode, func(r rune) bool { return r == '\n' }), ", ")
	if f.Contact.Postcode != "" && strings.Contains(f.Contact.Address, f.Contact.Postcode) {
		out.Address = f.Contact.Address
	}
	if out.Address == "" {
		out.Address = words("exchange.no_address")
	}
	var parts []string
	for _, p := range f.Original {
		out.Tags = append(out.Tags, string(p.Topic))
		out.YouSaid.Points = append(out.YouSaid.Points, BOPSPoint{string(p.Topic), p.Text})
		parts = append(parts, words("topic."+string(p.Topic))+": "+p.Text)
	}
	out.Response = strings.Join(parts, "\n\n")
	if len(f.Original) == 1 {
		out.Response = f.Original[0].Text
	}
	return out
}

// CommentFiles streams the officers' view of a consultation's comments.
type CommentFiles func(each func(consult.CommentFile) error) error

// BOPSComments writes comments as one JSON list, a comment a line.
func BOPSComments(w io.Writer, files CommentFiles, a consult.Application, words Words) error {
	out := bufio.NewWriter(w)
	between := "[\n"
	err := files(func(f consult.CommentFile) error {
		line, err := json.Marshal(BOPSCommentOf(f, a, words))
		if err != nil {
			return err
		}
		_, err = out.WriteString(between + string(line))
		between = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	if between == "[\n" {
		if _, err := out.WriteString("["); err != nil {
			return err
		}
	}
	if _, err := out.WriteString("\n]\n"); err != nil {
		return err
	}
	return out.Flush()
}
