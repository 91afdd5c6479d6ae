package notify

import (
	_ "embed"
	"html/template"
	"strings"

	"github.com/yousaid/yousaid/static/lang"
)

// letter is what a mail says, before it becomes text and HTML; so the two parts never differ.
type letter struct {
	Subject string   // one line; also the heading
	Matter  []string // what it is about: the consultation's title, then reference and address
	Before  []string // paragraphs up to the link
	List    []link   // what there is to look at
	Between []string // paragraphs below the list
	Action  link     // the one thing to do; zero = nothing
	More    []link   // what else can be done, below it
	After   []string // paragraphs below it
	Footer  []string // who sends this and why
	Stop    link     // how to end these mails; zero = they were not subscribed to

	Language *lang.Language
}

type link struct{ Text, URL string }

//go:embed letter.html
var letterHTML string

var letterTemplate = template.Must(template.New("letter").Option("missingkey=error").Parse(letterHTML))

func (l letter) html() (string, error) {
	var b strings.Builder
	err := letterTemplate.Execute(&b, l)
	return b.String(), err
}

// text is the plain part: paragraphs with blank lines between them, every link on a line of its own.
func (l letter) text() string {
	blocks := []string{l.Subject}
	if len(l.Matter) > 0 {
		blocks = append(blocks, strings.Join(l.Matter, "\n"))
	}
	blocks = append(blocks, l.Before...)
	for _, item := range l.List {
		blocks = append(blocks, item.Text+":\n"+item.URL)
	}
	blocks = append(blocks, l.Between...)
	if l.Action.URL != "" {
		blocks = append(blocks, l.Action.Text+":\n"+l.Action.URL)
	}
	for _, more := range l.More {
		blocks = append(blocks, more.Text+":\n"+more.URL)
	}
	blocks = append(blocks, l.After...)
	footer := strings.Join(l.Footer, "\n")
	if l.Stop.URL != "" {
		footer += "\n" + l.Stop.Text + ":\n" + l.Stop.URL
	}
	return strings.Join(blocks, "\n\n") + "\n\n-- \n" + footer + "\n"
}
