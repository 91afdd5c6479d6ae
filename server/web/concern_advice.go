package web

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/similar"
)

// How much looking for likeness may cost. Grouping grows with the square of the texts' number, so past atOnce it runs beside the page.
const (
	advisedCases = 16   // cases whose advice is kept
	advisedMost  = 5000 // points of a case that are compared, the oldest first
	groupedMost  = 2000 // loose texts that are grouped
	groupedFew   = 200  // how many of them a page waits for
	groupsShown  = 6
	groupLeast   = 3 // points
	lettersShown = 8
)

// advisor keeps what programs find alike among a case's points. It proposes and sorts nothing.
type advisor struct {
	mu    sync.Mutex
	cases map[consult.ID]*caseAdvice
	order []consult.ID // least lately asked first
}

// caseAdvice is what is known of one case.
type caseAdvice struct {
	mu        sync.Mutex
	mark      string // of the points that were compared
	suggester *similar.Suggester
	campaigns []likeness
	loose     map[consult.PointRef]consult.ConcernPoint // without words
	beyond    int                                       // points that were not compared

	groups  []likeness
	grouped map[consult.PointRef]bool // what the groups were looked for in
	running bool
}

// likeness is loose points that are alike: the letters of a campaign, or points that share vocabulary.
type likeness struct {
	refs     []consult.PointRef // loose ones, oldest first
	people   int                // comments and messages they stand in
	sample   string             // the words of one
	language string
	phrases  []similar.Phrase
	concern  consult.ID // where copies of the letter stand already; 0 = nowhere
}

// key names the likeness in a form: its first point, and how many there were when the page was drawn.
func (l likeness) key() string { return pointValue(l.refs[0], 0) + "." + strconv.Itoa(len(l.refs)) }

// find is the likeness that key named, unless it has changed since.
func find(list []likeness, key string) (likeness, bool) {
	i := slices.IndexFunc(list, func(l likeness) bool { return l.key() == key })
	if i < 0 {
		return likeness{}, false
	}
	return list[i], true
}

// advised is what a page shows of it.
type advised struct {
	suggester *similar.Suggester
	campaigns []likeness
	groups    []likeness
	searching bool // groups are still being looked for
	beyond    int
}

// of finds the case's place in the cache and makes room for it.
func (a *advisor) of(consultation consult.ID) *caseAdvice {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cases == nil {
		a.cases = map[consult.ID]*caseAdvice{}
	}
	a.order = append(slices.DeleteFunc(a.order, func(id consult.ID) bool { return id == consultation }), consultation)
	if len(a.order) > advisedCases {
		delete(a.cases, a.order[0])
		a.order = a.order[1:]
	}
	if a.cases[consultation] == nil {
		a.cases[consultation] = &caseAdvice{}
	}
	return a.cases[consultation]
}

// advice compares a case's points, unless nothing has changed since it last did.
func (w *Web) advice(ctx context.Context, actor consult.Actor, consultation consult.ID) (advised, error) {
	mark, err := w.Service.ConcernMark(ctx, actor, consultation)
	if err != nil {
		return advised{}, err
	}
	c := w.advisor.of(consultation)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.suggester == nil || c.mark != mark {
		points, err := w.Service.PointsToCompare(ctx, actor, consultation)
		if err != nil {
			return advised{}, err
		}
		c.compare(points)
		c.mark = mark
	}
	return advised{c.suggester, c.campaigns, c.standing(), c.running, c.beyond}, nil
}

// compare looks for letters, learns from what is sorted, and has groups looked for where they are out of date. The texts' numbers
// are their places in points.
func (c *caseAdvice) compare(points []consult.ConcernPoint) {
	c.beyond = max(0, len(points)-advisedMost)
	points = points[:len(points)-c.beyond]
	c.loose = map[consult.PointRef]consult.ConcernPoint{}
	var examples []similar.Example
	texts := make([]similar.Text, len(points))
	for i, p := range points {
		texts[i] = similar.Text{ID: int64(i), Language: p.Language, Text: p.Text}
		if p.Concern == 0 {
			p.Text = ""
			c.loose[p.Ref] = p
		} else {
			examples = append(examples, similar.Example{Text: texts[i], Concern: int64(p.Concern)})
		}
	}
	c.suggester = similar.NewSuggester(examples, texts)
	c.campaigns = c.letters(points, texts)
	c.regroup(points, texts)
}

// letters are the campaigns of which copies are loose.
func (c *caseAdvice) letters(points []consult.ConcernPoint, texts []similar.Text) []likeness {
	var found []likeness
	for _, campaign := range similar.Duplicates(texts) {
		l := likeness{sample: points[campaign.Sample].Text, language: points[campaign.Sample].Language}
		sorted := map[consult.ID]int{}
		for _, i := range campaign.IDs {
			if p := points[i]; p.Concern == 0 {
				l.refs = append(l.refs, p.Ref)
			} else {
				sorted[p.Concern]++
			}
		}
		for id, n := range sorted {
			if n > sorted[l.concern] || n == sorted[l.concern] && id < l.concern {
				l.concern = id
			}
		}
		l.people = people(l.refs)
		if len(l.refs) > 1 || len(l.refs) == 1 && l.concern != 0 {
			found = append(found, l)
		}
	}
	slices.SortStableFunc(found, func(a, b likeness) int { return len(b.refs) - len(a.refs) })
	return found
}

func people(refs []consult.PointRef) int {
	seen := map[consult.ID]bool{}
	for _, r := range refs {
		seen[r.Source] = true
	}
	return len(seen)
}

// regroup looks for groups among the loose points, letters left out, when many of them are new or most have been sorted since.
func (c *caseAdvice) regroup(points []consult.ConcernPoint, texts []similar.Text) {
	letter := map[consult.PointRef]bool{}
	for _, l := range c.campaigns {
		for _, r := range l.refs {
			letter[r] = true
		}
	}
	var among []similar.Text
	refs, fresh := map[consult.PointRef]bool{}, 0
	for i, p := range points {
		if p.Concern != 0 || letter[p.Ref] || len(among) == groupedMost {
			continue
		}
		among, refs[p.Ref] = append(among, texts[i]), true
		if !c.grouped[p.Ref] {
			fresh++
		}
	}
	outdated := fresh > 0 && (len(among) <= groupedFew || fresh*10 >= len(among)) || len(refs)*2 < len(c.grouped)
	if c.running || !outdated {
		return
	}
	if len(among) <= groupedFew {
		c.groups, c.grouped = groupsOf(points, among), refs
		return
	}
	c.running = true
	go func() {
		groups := groupsOf(points, among)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.groups, c.grouped, c.running = groups, refs, false
	}()
}

// groupsOf finds points that share vocabulary.
func groupsOf(points []consult.ConcernPoint, among []similar.Text) []likeness {
	var found []likeness
	for _, g := range similar.Group(among, similar.GroupOptions{}).Clusters {
		l := likeness{phrases: g.Phrases, language: points[g.IDs[0]].Language, sample: points[g.IDs[0]].Text}
		for _, i := range g.IDs {
			l.refs = append(l.refs, points[i].Ref)
		}
		l.people = people(l.refs)
		found = append(found, l)
	}
	return found
}

// standing are the groups with the points that are still loose, largest first.
func (c *caseAdvice) standing() []likeness {
	var found []likeness
	for _, g := range c.groups {
		g.refs = slices.DeleteFunc(slices.Clone(g.refs), func(r consult.PointRef) bool {
			_, loose := c.loose[r]
			return !loose
		})
		g.people = people(g.refs)
		if len(g.refs) >= groupLeast {
			found = append(found, g)
		}
	}
	slices.SortStableFunc(found, func(a, b likeness) int { return len(b.refs) - len(a.refs) })
	return found
}

// textOf is a point as programs compare it.
func textOf(p consult.ConcernPoint) similar.Text {
	return similar.Text{Language: p.Language, Text: p.Text}
}

// pointValue is a point in a form: its source, the concern proposed for it (0 = none), its topic.
func pointValue(ref consult.PointRef, concern consult.ID) string {
	proposed := ""
	if concern != 0 {
		proposed = concern.String()
	}
	return ref.Source.String() + "." + proposed + "." + string(ref.Topic)
}

// parsePoint reads what pointValue wrote.
func parsePoint(value string) (ref consult.PointRef, concern consult.ID, ok bool) {
	parts := strings.SplitN(value, ".", 3)
	if len(parts) != 3 {
		return ref, 0, false
	}
	source, err := consult.ParseID(parts[0])
	if err != nil {
		return ref, 0, false
	}
	if parts[1] != "" {
		if concern, err = consult.ParseID(parts[1]); err != nil {
			return ref, 0, false
		}
	}
	return consult.PointRef{Source: source, Topic: consult.Topic(parts[2])}, concern, true
}

// segment is a piece of a text; a marked one is shared with others.
type segment struct {
	Text   string
	Marked bool
}

// marked cuts a text where phrases stand in it.
func marked(text string, phrases []similar.Phrase) []segment {
	var list []segment
	at := 0
	for _, s := range similar.Mark(text, phrases) {
		if s.Start > at {
			list = append(list, segment{Text: text[at:s.Start]})
		}
		list, at = append(list, segment{text[s.Start:s.End], true}), s.End
	}
	if at < len(text) {
		list = append(list, segment{Text: text[at:]})
	}
	return list
}
