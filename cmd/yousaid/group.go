package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/similar"
)

// What `yousaid group` takes, so that a wrong file ends in a sentence and not in a full memory.
const (
	maxPointLine = 1 << 20 // bytes of one line
	maxPoints    = 200_000
	maxPointText = 256 << 20 // bytes of all texts together
)

// point is one line of `yousaid group`'s input.
type point struct {
	ID       json.RawMessage `json:"id"` // a string or a number, given back as it was
	Text     *string         `json:"text"`
	Language string          `json:"language"`
	Concern  *string         `json:"concern"` // where a person has sorted it; only --score reads it
}

// pointGroup is one line of its output.
type pointGroup struct {
	ID      json.RawMessage `json:"id"`
	Group   *int            `json:"group"`
	Phrases []string        `json:"phrases"`
}

// group groups points of a file of JSON lines. It needs no store.
func group(set *flag.FlagSet) runner {
	groups := set.Int("groups", 0, "how many groups to make in each language; 0 lets the texts decide")
	summary := set.Bool("summary", false, "print one line for each group instead of one for each point")
	score := set.Bool("score", false, "compare with the concern that each line names, and print how well they agree instead")
	return func(_ context.Context, _ server.Config, args []string, out io.Writer) error {
		if len(args) > 1 || *groups < 0 || *summary && *score {
			return errors.New(`usage: yousaid group [--groups N] [--summary | --score] [FILE], with lines {"id":…,"text":…,"language":…} in FILE or standard input`)
		}
		points, err := pointsFrom(args)
		if err != nil {
			return err
		}
		texts := make([]similar.Text, len(points))
		for i, p := range points {
			texts[i] = similar.Text{ID: int64(i), Language: p.Language, Text: *p.Text}
		}
		found := similar.Group(texts, similar.GroupOptions{Groups: *groups})
		buffered := bufio.NewWriter(out)
		lines := json.NewEncoder(buffered)
		lines.SetEscapeHTML(false)
		switch {
		case *summary:
			err = printGroups(lines, points, found)
		case *score:
			err = printScore(lines, points, found)
		default:
			err = printPoints(lines, points, found)
		}
		return errors.Join(err, buffered.Flush())
	}
}

// pointsFrom reads the file that was named, or standard input.
func pointsFrom(args []string) ([]point, error) {
	if len(args) == 0 || args[0] == "-" {
		return readPoints(os.Stdin)
	}
	file, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	points, err := readPoints(file)
	return points, errors.Join(err, file.Close())
}

// readPoints reads JSON lines. Empty lines are passed over; what cannot be understood is named by its line.
func readPoints(in io.Reader) ([]point, error) {
	var points []point
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxPointLine)
	n, size := 0, 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(line) == 0 {
			continue
		}
		p, err := readPoint(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		points = append(points, p)
		if size += len(*p.Text); len(points) > maxPoints || size > maxPointText {
			return nil, fmt.Errorf("line %d: more than %d points or %d MiB of text; group them in parts", n, maxPoints, maxPointText>>20)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d is longer than %d bytes", n+1, maxPointLine)
	}
	return points, lines.Err()
}

// readPoint reads one line.
func readPoint(line []byte) (point, error) {
	var p point
	if err := json.Unmarshal(line, &p); err != nil {
		return p, fmt.Errorf(`not {"id":…,"text":…}: %w`, err)
	}
	switch {
	case len(p.ID) == 0 || p.ID[0] != '"' && p.ID[0] != '-' && (p.ID[0] < '0' || p.ID[0] > '9'):
		return p, errors.New(`"id" must be a string or a number`)
	case p.Text == nil:
		return p, errors.New(`"text" must be a string`)
	}
	return p, nil
}

// printPoints gives each point its group, in the order they came. Groups are numbered from 1, the largest first; what belongs clearly
// to none has null.
func printPoints(lines *json.Encoder, points []point, found similar.Grouping) error {
	answers := make([]pointGroup, len(points))
	for i, p := range points {
		answers[i] = pointGroup{ID: p.ID, Phrases: []string{}}
	}
	for i, c := range found.Clusters {
		number := i + 1
		shared := make([]string, len(c.Phrases))
		for j, phrase := range c.Phrases {
			shared[j] = phrase.Text
		}
		for _, at := range c.IDs {
			answers[at].Group, answers[at].Phrases = &number, shared
		}
	}
	for _, a := range answers {
		if err := lines.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

// phraseCount is a phrase and how many of the group's texts have it.
type phraseCount struct {
	Text  string `json:"text"`
	Count int    `json:"count"`
}

// letterCount is a letter and how many sent it.
type letterCount struct {
	Sample json.RawMessage `json:"sample"` // the id of one
	Size   int             `json:"size"`
}

// groupSummary is one line of --summary. Group null holds what belongs clearly to none.
type groupSummary struct {
	Group     *int          `json:"group"`
	Language  string        `json:"language,omitempty"`
	Size      int           `json:"size"`
	Phrases   []phraseCount `json:"phrases"`
	Campaigns []letterCount `json:"campaigns"`
}

func printGroups(lines *json.Encoder, points []point, found similar.Grouping) error {
	for i, c := range found.Clusters {
		number := i + 1
		s := groupSummary{Group: &number, Language: c.Language, Size: len(c.IDs), Phrases: []phraseCount{}, Campaigns: []letterCount{}}
		for _, p := range c.Phrases {
			s.Phrases = append(s.Phrases, phraseCount(p))
		}
		for _, letter := range c.Campaigns {
			s.Campaigns = append(s.Campaigns, letterCount{points[letter.Sample].ID, len(letter.IDs)})
		}
		if err := lines.Encode(s); err != nil {
			return err
		}
	}
	if len(found.Loose) == 0 {
		return nil
	}
	return lines.Encode(groupSummary{Size: len(found.Loose), Phrases: []phraseCount{}, Campaigns: []letterCount{}})
}

// groupScore is how well groups agree with concerns, over the points that were put into a group.
type groupScore struct {
	Points   int     `json:"points"`
	Grouped  int     `json:"grouped"`
	Groups   int     `json:"groups"`
	Concerns int     `json:"concerns"`
	Purity   float64 `json:"purity"`
	ARI      float64 `json:"ari"`
	NMI      float64 `json:"nmi"`
	MacroF1  float64 `json:"macro_f1"`
}

func printScore(lines *json.Encoder, points []point, found similar.Grouping) error {
	concerns := map[string]bool{}
	for i, p := range points {
		if p.Concern == nil {
			return fmt.Errorf(`--score needs a "concern" in every line; the one with id %s, number %d, has none`, p.ID, i+1)
		}
		concerns[*p.Concern] = true
	}
	var given []int
	var are []string
	for number, c := range found.Clusters {
		for _, at := range c.IDs {
			given, are = append(given, number), append(are, *points[at].Concern)
		}
	}
	return lines.Encode(groupScore{
		Points: len(points), Grouped: len(given), Groups: len(found.Clusters), Concerns: len(concerns), Purity: similar.Purity(given, are),
		ARI: similar.AdjustedRand(given, are), NMI: similar.NormalisedMutualInformation(given, are), MacroF1: similar.MacroF1(given, are),
	})
}
