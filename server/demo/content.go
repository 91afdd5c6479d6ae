package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

//go:embed content
var content embed.FS

// ground is what is there before anybody applies for anything.
type ground struct {
	Centre   spot     `json:"centre"`
	Wards    []ward   `json:"wards"`
	Streets  []street `json:"streets"`
	Officers []struct {
		Key     string         `json:"key"`
		Email   string         `json:"email"`
		Name    string         `json:"name"`
		Service string         `json:"service"`
		Title   string         `json:"title"`
		Roles   []consult.Role `json:"roles"`
	} `json:"officers"`
}

// ward is a sketched ward; corners are metres east and north of the centre.
type ward struct {
	Code       string       `json:"code"`
	Name       string       `json:"name"`
	Population int          `json:"population"` // mid-2024
	Corners    [][2]float64 `json:"corners"`
}

// street is an invented street with its invented postcode.
type street struct {
	Name     string     `json:"name"`
	Postcode string     `json:"postcode"`
	At       [2]float64 `json:"at"` // metres east and north of the centre
}

type spot struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// story is one application with everything that happened to it. Numbers of days count from the day of loading.
type story struct {
	Reference   string            `json:"reference"`
	Type        string            `json:"type"`
	Scale       string            `json:"scale"`
	Title       string            `json:"title"`
	Summary     string            `json:"summary"`
	Description string            `json:"description"`
	Address     string            `json:"address"`
	Postcode    string            `json:"postcode"`
	Influence   consult.Influence `json:"influence"`
	PromiseDays int               `json:"promiseDays"`
	Terms       *terms            `json:"terms"`
	Place       [2]float64        `json:"place"` // metres east and north of the centre
	Received    int               `json:"received"`
	Validated   int               `json:"validated"`
	Published   int               `json:"published"`
	Due         int               `json:"due"`
	Decision    *decision         `json:"decision"`
	Proposal    proposal          `json:"proposal"`
	Round       round             `json:"round"`
	Documents   []document        `json:"documents"`
	Moves       []move            `json:"moves"`
	Weighing    *weighing         `json:"weighing"`
	Threads     []thread          `json:"threads"`
	Comments    []comment         `json:"comments"`
	Outcomes    []outcome         `json:"outcomes"`
	PublishedAt moment            `json:"outcomesPublished"`
}

type decision struct {
	Day    int    `json:"day"`
	Result string `json:"result"`
	By     string `json:"by"`
}

// proposal is one version; the first has the story's own words.
type proposal struct {
	Summary     string  `json:"summary"`
	Description string  `json:"description"`
	Received    int     `json:"received"`
	Boundary    plan    `json:"boundary"`
	Massing     []block `json:"massing"`
}

type round struct {
	Opens     int    `json:"opens"`
	Closes    int    `json:"closes"`
	Question  string `json:"question"`
	Publicity []struct {
		Kind     consult.PublicityKind `json:"kind"`
		Evidence string                `json:"evidence"`
	} `json:"publicity"`
}

type document struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Version  int      `json:"version"`  // 0 = 1
	Replaces string   `json:"replaces"` // name of the document it supersedes
	Text     []string `json:"text"`     // paragraphs
}

// move is one step of the state machine.
type move struct {
	At        moment        `json:"at"`
	To        consult.State `json:"to"`
	Why       string        `json:"why"`
	Proposal  *proposal     `json:"proposal"`
	Round     *round        `json:"round"`
	Committee int           `json:"committee"` // the day of its meeting
	Amendment *amendment    `json:"amendment"` // what was decided about a changed proposal
}

type thread struct {
	Title    string    `json:"title"`
	Document string    `json:"document"` // name; "" = the consultation
	Messages []message `json:"messages"`
}

// message is a resident's when By is empty, else the officer's with that key.
type message struct {
	At       moment `json:"at"`
	By       string `json:"by"`
	Name     string `json:"name"`
	Language string `json:"language"`
	Text     string `json:"text"`
	Hide     *struct {
		At     moment `json:"at"`
		Rule   string `json:"rule"`
		Reason string `json:"reason"`
	} `json:"hide"`
}

type comment struct {
	At       moment                   `json:"at"`
	Stance   consult.Stance           `json:"stance"`
	Points   []consult.CommentPoint   `json:"points"`
	Place    string                   `json:"place"`
	Spot     *[2]float64              `json:"spot"` // metres east and north of the site
	Street   string                   `json:"street"`
	Channel  consult.Channel          `json:"channel"` // "" = web
	Language string                   `json:"language"`
	ShowName bool                     `json:"showName"`
	Mail     bool                     `json:"mail"`
	Phone    string                   `json:"phone"`
	Equality *consult.EqualityAnswers `json:"equality"`
	Publish  *publication             `json:"publish"`
	Answer   *message                 `json:"answer"`
	Clock    []clockAct               `json:"clock"`
	Stands   moment                   `json:"stands"` // when its author said, in a later round, that it still stands
}

// publication is what an officer did with a comment; no points means the author's own words.
type publication struct {
	At       moment                 `json:"at"`
	Points   []consult.CommentPoint `json:"points"`
	Reasons  []string               `json:"reasons"`
	Withhold bool                   `json:"withhold"`
}

type outcome struct {
	Topic     consult.Topic  `json:"topic"`
	YouSaid   string         `json:"youSaid"`
	WeDid     string         `json:"weDid"`
	Effect    consult.Effect `json:"effect"`
	Version   int            `json:"version"`   // the proposal version it led to
	Condition int            `json:"condition"` // the number of the condition it led to
	Reference string         `json:"reference"`
}

// moment is a time relative to loading: "-12d 19:40" in the authority's zone, or "-3h20m" before now.
type moment string

var dayForm = regexp.MustCompile(`^(-?\d+)d (\d\d):(\d\d)$`)

// in gives the moment as seen from now.
func (m moment) in(zone *time.Location, now time.Time) (time.Time, error) {
	if d := dayForm.FindStringSubmatch(string(m)); d != nil {
		n := [3]int{}
		for i := range n {
			v, err := strconv.Atoi(d[i+1])
			if err != nil {
				return time.Time{}, err
			}
			n[i] = v
		}
		today := now.In(zone)
		return time.Date(today.Year(), today.Month(), today.Day()+n[0], n[1], n[2], 0, 0, zone), nil
	}
	d, err := time.ParseDuration(string(m))
	if err != nil || d >= 0 {
		return time.Time{}, fmt.Errorf("%q is no moment of the past", m)
	}
	return now.Add(d), nil
}

// read decodes one embedded file; unknown members are mistakes.
func read(name string, into any) error {
	raw, err := content.ReadFile("content/" + name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("demo content %s: %w", name, err)
	}
	return nil
}

// readAll reads the ground and every story, in the order of their references.
func readAll() (g ground, stories []story, err error) {
	if err = read("ground.json", &g); err != nil {
		return g, nil, err
	}
	names, err := fs.Glob(content, "content/0*.json")
	if err != nil {
		return g, nil, err
	}
	for _, n := range names {
		var s story
		if err := read(strings.TrimPrefix(n, "content/"), &s); err != nil {
			return g, nil, err
		}
		stories = append(stories, s)
	}
	return g, stories, nil
}

var dateForm = regexp.MustCompile(`\{([+-]?\d+)\}`)

// dated writes the dates of a text: "{+6}" is the day in six days, as "2 January 2006".
func dated(text string, today consult.Date) string {
	return dateForm.ReplaceAllStringFunc(text, func(s string) string {
		n, err := strconv.Atoi(strings.TrimPrefix(s[1:len(s)-1], "+"))
		if err != nil {
			return s
		}
		return today.Add(n).Time().Format("2 January 2006")
	})
}
