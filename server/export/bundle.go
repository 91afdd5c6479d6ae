package export

import (
	"archive/zip"
	"embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

//go:embed bundle
var bundleFiles embed.FS

// Office is what a bundle needs to know of the authority besides the case.
type Office struct {
	Authority string
	Calendar  consult.Calendar
	Words     Words
	Lang, Dir string // of Words
}

// fact is one line of a two-column table.
type fact struct{ Name, Value string }

// bundleWriter writes the files of one bundle.
type bundleWriter struct {
	packer
	Office
	bundle consult.Bundle
	page   *template.Template
	files  []bundleFile
}

// bundleFile is one line of the index.
type bundleFile struct{ Name, Holds string }

// Bundle writes a case as a zip for the Planning Inspectorate: index.html first in reading order, every representation with name and
// address as its author wrote it, every conversation, the documents, the list of files with their SHA-256. It is unredacted.
func Bundle(w io.Writer, b consult.Bundle, office Office) error {
	page, err := template.New("").Funcs(template.FuncMap{"t": office.Words}).ParseFS(bundleFiles, "bundle/*.html")
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	p := &bundleWriter{packer: packer{zip: out}, Office: office, bundle: b, page: page}
	p.put("representations.html", "representations", p.comments)
	p.put("representations.csv", "representations_table", p.commentsTable)
	p.put("report.html", "report", p.report)
	p.put("consultees.html", "consultees", p.consultees)
	p.put("neighbours.csv", "neighbours", p.neighbours)
	p.put("conversations.html", "conversations", p.threads)
	p.put("documents.csv", "documents", p.documents)
	p.texts()
	if b.Applicant != "" {
		p.put("applicant.json", "applicant", func(w io.Writer) error {
			_, err := io.WriteString(w, b.Applicant)
			return err
		})
	}
	p.put("index.html", "index", p.index)
	p.add("SHA256SUMS.txt", func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(p.sums, "\n")+"\n")
		return err
	})
	if p.err != nil {
		return p.err // without its directory the zip cannot be opened: half a bundle is none
	}
	return out.Close()
}

// put adds a file that the index names.
func (p *bundleWriter) put(name, key string, write func(io.Writer) error) {
	p.files = append(p.files, bundleFile{name, p.Words("bundle.file_" + key)})
	p.add(name, write)
}

// framed writes the beginning and the end of a page around its body.
func (p *bundleWriter) framed(w io.Writer, title string, body func() error) error {
	if err := p.page.ExecuteTemplate(w, "head.html", map[string]string{"Title": title, "Lang": p.Lang, "Dir": p.Dir}); err != nil {
		return err
	}
	if err := body(); err != nil {
		return err
	}
	return p.page.ExecuteTemplate(w, "foot.html", nil)
}

func (p *bundleWriter) title(key string) string {
	return p.Words("bundle."+key, "reference", p.bundle.Case.Consultation.Application.Reference)
}

// facts lists names with their values, empty ones left out.
func (p *bundleWriter) facts(pairs ...string) []fact {
	var list []fact
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, fact{p.Words("bundle." + pairs[i]), pairs[i+1]})
		}
	}
	return list
}

// at writes a moment in the authority's zone.
func (p *bundleWriter) at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.Calendar.Location()).Format("2006-01-02 15:04")
}

type bundleRound struct {
	consult.Round
	Publicity []consult.Publicity
}

type bundleMove struct{ At, To, By, Why string }

type bundleOutcome struct {
	consult.Outcome
	Topic string
}

func (p *bundleWriter) index(w io.Writer) error {
	v := p.bundle.Case
	k := v.Consultation
	view := struct {
		Authority string
		Facts     []fact
		Files     []bundleFile
		Rounds    []bundleRound
		History   []bundleMove
		Changes   []bundleChange
		Outcomes  []bundleOutcome
	}{Authority: p.Authority, Files: p.files[:len(p.files)-1]} // all but the index itself
	a := k.Application
	view.Facts = p.facts("reference", a.Reference, "title", k.Title, "address", k.Address, "description", a.Description, "received", string(a.ReceivedOn),
		"validated", string(a.ValidatedOn), "due", string(a.DecisionDue), "committee", string(a.CommitteeOn), "decision", a.Decision,
		"decided", string(a.DecidedOn), "decider", a.DecidedBy, "lodged", string(a.Appeal.LodgedOn),
		"fixed", k.Influence.Fixed, "open", k.Influence.Open, "rules", k.Influence.Rules)
	for _, r := range v.Rounds {
		view.Rounds = append(view.Rounds, bundleRound{r, consult.OfRound(p.bundle.Publicity, r.Number)})
	}
	for _, e := range v.History {
		view.History = append(view.History, bundleMove{p.at(e.At), string(e.To), e.By, e.Why})
	}
	view.Changes = p.changes()
	for _, o := range p.bundle.Outcomes {
		view.Outcomes = append(view.Outcomes, bundleOutcome{o, p.topic(o.Topic)})
	}
	if err := p.page.ExecuteTemplate(w, "head.html", map[string]string{"Title": p.title("title_index"), "Lang": p.Lang, "Dir": p.Dir}); err != nil {
		return err
	}
	return p.page.ExecuteTemplate(w, "index.html", view)
}

// bundleChange is an amendment with what was decided about it.
type bundleChange struct {
	Version                   int
	At, Summary, Required, By string
	Why                       string
}

func (p *bundleWriter) changes() []bundleChange {
	var list []bundleChange
	for _, a := range p.bundle.Amendments {
		row := bundleChange{Version: a.Version, At: p.at(a.RecordedAt), By: a.Decision.By, Why: a.Decision.Why, Required: p.Words("bundle.undecided")}
		for _, v := range p.bundle.Case.Versions {
			if v.Number == a.Version {
				row.Summary = v.Summary
			}
		}
		switch {
		case a.Decision.At.IsZero():
		case a.Decision.Required:
			row.Required = p.Words("bundle.yes")
		default:
			row.Required = p.Words("bundle.no")
		}
		list = append(list, row)
	}
	return list
}

// topic is a topic in words; questions of other kinds of consultation stay codes.
func (p *bundleWriter) topic(t consult.Topic) string {
	for _, known := range consult.Topics() {
		if t == known {
			return p.Words("topic." + string(t))
		}
	}
	return string(t)
}

// comments writes every representation as its author wrote it.
func (p *bundleWriter) comments(w io.Writer) error {
	return p.framed(w, p.title("title_representations"), func() error {
		return p.bundle.EachComment(func(f consult.CommentFile) error {
			c, k := f.Comment, f.Contact
			view := struct {
				ID, Lang string
				Facts    []fact
				Points   []bundlePoint
			}{ID: c.ID.String(), Lang: c.Language}
			late := ""
			if c.Late {
				late = p.Words("bundle.yes")
			}
			view.Facts = p.facts("name", k.Name, "author_address", k.Address, "postcode", k.Postcode, "email", k.Email, "phone", k.Phone,
				"stance", p.stance(c.Stance), "received", p.at(c.ReceivedAt), "round", whole(c.Round), "version", whole(c.Version), "late", late,
				"channel", p.Words("channel."+string(c.Channel)), "comment_state", p.Words("comment_state."+string(c.State)), "place", c.PlaceText,
				"reasons", p.reasons(f.Reasons))
			for _, pt := range f.Original {
				view.Points = append(view.Points, bundlePoint{p.topic(pt.Topic), pt.Text})
			}
			return p.page.ExecuteTemplate(w, "comment.html", view)
		})
	})
}

type bundlePoint struct{ Topic, Text string }

func (p *bundleWriter) stance(s consult.Stance) string {
	if s == "" {
		return ""
	}
	return p.Words("stance." + string(s))
}

func (p *bundleWriter) reasons(list []string) string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = p.Words("redaction." + r)
	}
	return strings.Join(words, ", ")
}

// commentsTable is the same for a spreadsheet: one row per representation.
func (p *bundleWriter) commentsTable(w io.Writer) error {
	text := func(name string, take func(consult.CommentFile) string) column[consult.CommentFile] {
		return column[consult.CommentFile]{name: name, kind: typeText, take: take}
	}
	t, err := newTable(w, []column[consult.CommentFile]{
		text("comment", func(f consult.CommentFile) string { return f.Comment.ID.String() }),
		text("received", func(f consult.CommentFile) string { return p.at(f.Comment.ReceivedAt) }),
		text("round", func(f consult.CommentFile) string { return whole(f.Comment.Round) }),
		text("version", func(f consult.CommentFile) string { return whole(f.Comment.Version) }),
		text("late", func(f consult.CommentFile) string { return strconv.FormatBool(f.Comment.Late) }),
		text("state", func(f consult.CommentFile) string { return string(f.Comment.State) }),
		text("stance", func(f consult.CommentFile) string { return string(f.Comment.Stance) }),
		text("name", func(f consult.CommentFile) string { return f.Contact.Name }),
		text("address", func(f consult.CommentFile) string { return f.Contact.Address }),
		text("postcode", func(f consult.CommentFile) string { return f.Contact.Postcode }),
		text("email", func(f consult.CommentFile) string { return f.Contact.Email }),
		text("text", func(f consult.CommentFile) string {
			lines := make([]string, len(f.Original))
			for i, pt := range f.Original {
				lines[i] = p.topic(pt.Topic) + ": " + pt.Text
			}
			return strings.Join(lines, "\n\n")
		}),
	})
	if err != nil {
		return err
	}
	if err := p.bundle.EachComment(t.row); err != nil {
		return err
	}
	return t.end()
}

type bundleMessage struct{ At, Who, State, Body string }

// threads writes the informal conversations: they are no representations, but they are records.
func (p *bundleWriter) threads(w io.Writer) error {
	return p.framed(w, p.title("title_conversations"), func() error {
		return p.bundle.EachThread(func(t consult.Thread, messages []consult.Message) error {
			view := struct {
				ID, Title string
				Messages  []bundleMessage
			}{ID: t.ID.String(), Title: t.Title}
			if t.Anchor == consult.OnComment {
				view.Title = p.Words("bundle.about_comment", "comment", t.AnchorID.String())
			}
			for _, m := range messages {
				row := bundleMessage{At: p.at(m.CreatedAt), Who: m.Name, Body: m.Body}
				switch {
				case m.Author == consult.ByOfficer:
					row.Who = strings.Trim(m.Service+", "+m.Title, ", ")
				case m.Author == consult.ByCouncillor:
					row.Who = m.Name + ", " + p.Words("message.councillor")
				case m.Name == "":
					row.Who = p.Words("bundle.resident")
				}
				if m.State != consult.MessageVisible {
					row.State = p.Words("bundle.message_"+string(m.State)) + " (" + p.Words("rule."+m.Rule) + ")"
				}
				view.Messages = append(view.Messages, row)
			}
			return p.page.ExecuteTemplate(w, "thread.html", view)
		})
	})
}

// documents lists the plans with what replaced what.
func (p *bundleWriter) documents(w io.Writer) error {
	names := map[consult.ID]string{}
	for _, d := range p.bundle.Documents {
		names[d.ID] = d.Name
	}
	text := func(name string, take func(consult.Document) string) column[consult.Document] {
		return column[consult.Document]{name: name, kind: typeText, take: take}
	}
	t, err := newTable(w, []column[consult.Document]{
		text("document", func(d consult.Document) string { return d.ID.String() }),
		text("version", func(d consult.Document) string { return whole(d.Version) }),
		text("name", func(d consult.Document) string { return d.Name }),
		text("type", func(d consult.Document) string { return d.Type }),
		text("replaces", func(d consult.Document) string { return names[d.Replaces] }),
		text("status", func(d consult.Document) string { return string(d.Status) }),
		text("url", func(d consult.Document) string { return d.URL }),
	})
	if err != nil {
		return err
	}
	for _, d := range p.bundle.Documents {
		if err := t.row(d); err != nil {
			return err
		}
	}
	return t.end()
}

// texts writes the documents that are kept here as texts.
func (p *bundleWriter) texts() {
	n := 0
	for _, d := range p.bundle.Documents {
		if d.Text == "" {
			continue
		}
		n++
		name := fmt.Sprintf("documents/%02d.txt", n)
		p.files = append(p.files, bundleFile{name, p.Words("bundle.file_document", "name", d.Name, "version", d.Version)})
		p.add(name, func(w io.Writer) error {
			_, err := io.WriteString(w, d.Name+"\r\n\r\n"+strings.ReplaceAll(d.Text, "\n", "\r\n")+"\r\n")
			return err
		})
	}
}
