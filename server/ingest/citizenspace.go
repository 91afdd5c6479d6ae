package ingest

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/yousaid/yousaid/server/consult"
)

// citizenActivity is what we read of an activity of Citizen Space's API 2.4, with any choice of fields. Names, telephone numbers and e-mail
// addresses of its staff are not named on purpose.
type citizenActivity struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	URL         string         `json:"url"`
	Overview    string         `json:"overview"` // HTML
	StartDate   string         `json:"startdate"`
	EndDate     string         `json:"enddate"`
	Dept        string         `json:"dept"`
	WorkspaceID string         `json:"workspace_id"`
	Department  string         `json:"department"`
	Workspace   string         `json:"workspace_title"`
	Visibility  string         `json:"visibility"`
	Progress    string         `json:"progress"`
	Why         string         `json:"why"` // HTML
	Documents   []citizenPaper `json:"supporting_documents"`
}

type citizenPaper struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

// readCitizenSpace reads one activity. It becomes a consultation that is no planning application: its questions stay on the hub, to which
// the register's address leads.
func readCitizenSpace(text []byte, out *record, _ string, _ func(time.Time) consult.Date) *refusal {
	var in citizenActivity
	if err := json.Unmarshal(text, &in); err != nil {
		return jsonRefusal(text, err)
	}
	out.Source, out.Kind = "citizen-space", consult.OtherMatter
	if bad := citizenIdentity(&in, out); bad != nil {
		return bad
	}
	out.Title = cut(line(in.Title), maxTitle)
	if out.Title == "" {
		return &refusal{path: out.within("title"), reason: "an activity without a title"}
	}
	out.Description = cut(textOfHTML(in.Overview), maxDescription)
	out.Question = cut(textOfHTML(in.Why), maxQuestion)
	out.Service = cut(line(orElse(in.Workspace, in.Department)), maxReference)
	citizenDates(&in, out)
	if in.Visibility == "private" || in.Progress != "" && in.Progress != "published" {
		out.HeldBack, out.Rounds = true, nil
		out.warn("visibility", "not published on its hub: kept, but not public here")
	}
	for _, d := range in.Documents {
		address, ok := webAddress(d.URL)
		if !ok || len(out.Documents) == maxDocuments {
			out.warn("supporting_documents", "a document without a web address is left out")
			continue
		}
		out.Documents = append(out.Documents, document{Name: cut(line(orElse(d.Title, fileName(d.URL))), maxReference), URL: address,
			Status: consult.PublishDocument})
	}
	return nil
}

// citizenIdentity names an activity by its hub and by department and id, which every choice of fields tells through its address.
func citizenIdentity(in *citizenActivity, out *record) *refusal {
	address, ok := webAddress(in.URL)
	if !ok {
		return &refusal{path: out.within("url"), reason: "an activity without its address: whose it is cannot be told"}
	}
	u, err := url.Parse(address)
	if err != nil {
		return &refusal{path: out.within("url"), reason: "not an address: " + quoted(in.URL)}
	}
	out.RegisterURL, out.Authority = address, "citizen-space:"+strings.ToLower(u.Host)
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	department, id := line(orElse(in.Dept, in.WorkspaceID)), line(in.ID)
	if department == "" && len(parts) >= 2 && parts[1] == id {
		department = parts[0]
	}
	out.Reference = id
	if department != "" {
		out.Reference = department + "/" + id
	}
	if id == "" || consult.Length(out.Reference) > maxReference {
		return &refusal{path: out.within("id"), reason: "the id is missing or too long"}
	}
	return nil
}

// citizenDates reads the one round: yyyy/mm/dd, both days in it.
func citizenDates(in *citizenActivity, out *record) {
	day := func(field, value string) consult.Date {
		if value == "" {
			return ""
		}
		d, err := consult.ParseDate(strings.ReplaceAll(value, "/", "-"))
		if err != nil {
			out.warn(field, "not a date (yyyy/mm/dd): "+quoted(value))
		}
		return d
	}
	opens, closes := day("startdate", in.StartDate), day("enddate", in.EndDate)
	if opens == "" || closes == "" || closes < opens {
		out.HeldBack = true
		out.warn("startdate", "no start, no end, or an end before the start: kept without its round, and not public")
		return
	}
	out.Rounds = []period{{opens, closes}}
}

// textOfHTML is the text of a piece of HTML: paragraphs, list entries and rows on lines of their own, no markup, no script. Where a link leads
// elsewhere than it says, the address stands behind it.
func textOfHTML(source string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(source))
	hidden, href := 0, ""
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		token := tokens.Token()
		switch {
		case kind == html.TextToken && hidden == 0:
			b.WriteString(strings.Join(strings.Fields(" "+marked(token.Data)+" "), " "))
		case unread[token.DataAtom] && kind == html.StartTagToken:
			hidden++
		case unread[token.DataAtom] && kind == html.EndTagToken:
			hidden = max(hidden-1, 0)
		case blocks[token.DataAtom]:
			b.WriteString("\n\n")
		case token.DataAtom == atom.Br || token.DataAtom == atom.Li && kind == html.StartTagToken:
			b.WriteString("\n")
		case token.DataAtom == atom.A && kind == html.StartTagToken:
			href = hrefOf(token)
		case token.DataAtom == atom.A && href != "":
			b.WriteString(" (" + href + ")")
			href = ""
		}
	}
	return tidy(b.String())
}

// edge stands for a blank at the edge of a text, which decides whether words of neighbouring elements touch.
const edge = '\u001f'

func marked(text string) string {
	out := strings.Map(func(r rune) rune {
		if r == edge {
			return -1
		}
		return r
	}, text)
	if strings.TrimLeft(out, " \t\r\n\u00a0") != out {
		out = string(edge) + out
	}
	if strings.TrimRight(out, " \t\r\n\u00a0") != out {
		out += string(edge)
	}
	return out
}

// tidy makes lines of what was collected: edges become blanks, and no more than one empty line stays.
func tidy(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, string(edge), " "), "\n")
	var kept []string
	for _, l := range lines {
		l = line(l)
		if l == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, l)
	}
	return plain(strings.Join(kept, "\n"))
}

// unread are elements whose content is no text for readers.
var unread = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true, atom.Object: true,
	atom.Head: true, atom.Title: true}

// blocks are elements that stand on lines of their own.
var blocks = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Ul: true, atom.Ol: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.H5: true, atom.H6: true, atom.Table: true, atom.Tr: true, atom.Blockquote: true, atom.Section: true, atom.Hr: true, atom.Pre: true}

// hrefOf is where a link leads, "" for none worth telling.
func hrefOf(token html.Token) string {
	for _, a := range token.Attr {
		if a.Key == "href" {
			if address, ok := webAddress(strings.TrimSpace(a.Val)); ok {
				return address
			}
		}
	}
	return ""
}
