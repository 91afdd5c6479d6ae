package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

const (
	maxWords  = 8     // of a search; further ones are ignored
	maxRadius = 20000 // metres
	pageLimit = 100
	circleBy  = 8 // ranges of quadkeys that cover a circle
)

// Consultations lists public consultations, newest first, or nearest first with Near and Radius. Cards carry no ward names.
func (s *Store) Consultations(ctx context.Context, f consult.Filter) (consult.CardPage, error) {
	page := consult.CardPage{Offset: max(f.Offset, 0), Limit: pageSize(f.Limit)}
	err := s.snapshot(ctx, "list consultations", false, func(c *conn) error {
		metres, err := s.pickPage(c, f, &page)
		if err != nil {
			return err
		}
		for i := range page.Cards {
			page.Cards[i].Metres = metres[page.Cards[i].Consultation.ID]
		}
		return fillCards(c, page.Cards)
	})
	return page, err
}

func pageSize(limit int) int {
	if limit <= 0 {
		return 20
	}
	return min(limit, pageLimit)
}

// pickPage counts what matches and reads the page's consultations, with their distances.
func (s *Store) pickPage(c *conn, f consult.Filter, page *consult.CardPage) (map[consult.ID]float64, error) {
	if f.Radius > 0 {
		return pickNear(c, f, page)
	}
	var count text
	count.add(`SELECT COUNT(*) FROM consultation c WHERE `)
	match(&count, f)
	total, err := one(c, number, count.String(), count.args...)
	if err != nil {
		return nil, err
	}
	page.Total = int(total)
	var q text
	q.add(`SELECT ` + consultationColumns + ` FROM consultation c WHERE `)
	match(&q, f)
	q.add(` ORDER BY c.listed_on DESC, c.id DESC LIMIT ? OFFSET ?`, page.Limit, page.Offset)
	found, err := list(c, scanConsultation, q.String(), q.args...)
	page.Cards = cards(found)
	return nil, err
}

// match adds the filter's conditions.
func match(q *text, f consult.Filter) {
	q.add(`c.state IN `)
	in(q, publicStates())
	if len(f.States) > 0 {
		q.add(` AND c.state IN `)
		in(q, f.States)
	}
	for _, word := range words(f.Words) {
		q.add(` AND c.search_text LIKE ? ESCAPE '\'`, "%"+escapeLike.Replace(word)+"%")
	}
	if prefix := postcodePrefix(f.Postcode); prefix != "" {
		q.add(` AND substr(c.postcode || ' ', 1, ?) = ?`, utf8.RuneCountInString(prefix), prefix)
	}
	if f.Ward != "" {
		q.add(` AND c.ward_code = ?`, f.Ward)
	}
	if f.Kind != "" {
		q.add(` AND (c.type = ? OR substr(c.type, 1, ?) = ?)`, f.Kind, utf8.RuneCountInString(f.Kind)+1, f.Kind+".")
	}
	if f.Reference != "" {
		q.add(` AND c.reference = ?`, f.Reference)
	}
	if len(f.Kinds) > 0 {
		q.add(` AND c.kind IN `)
		in(q, f.Kinds)
	}
	if f.OpenOn != "" {
		q.add(` AND EXISTS (SELECT 1 FROM round r WHERE r.consultation = c.id AND r.opens <= ? AND r.closes >= ?)`, f.OpenOn, f.OpenOn)
	}
}

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// postcodePrefix is what a postcode must begin with: "b9" means the district B9 and not B90.
func postcodePrefix(s string) string {
	if s == "" {
		return ""
	}
	code, _ := consult.PartialPostcode(s)
	if !strings.Contains(code, " ") {
		code += " "
	}
	return code
}

// words are the words a search must find, as search_text keeps them.
func words(s string) []string {
	l := strings.Fields(searchText(s))
	return l[:min(len(l), maxWords)]
}

// searchText makes texts findable whatever their case, accents and width: NFKD, marks removed, lower case, single spaces.
func searchText(parts ...string) string {
	fold := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	s, _, err := transform.String(fold, strings.Join(parts, " "))
	if err != nil { // only invalid UTF-8, which no statement would take
		s = strings.Join(parts, " ")
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

type near struct {
	id     consult.ID
	metres float64
}

// pickNear reads the places in the few quadkey ranges that cover the circle, measures them exactly, and reads the page's rows.
func pickNear(c *conn, f consult.Filter, page *consult.CardPage) (map[consult.ID]float64, error) {
	radius := min(f.Radius, maxRadius)
	found, err := inCircle(c, f, radius)
	if err != nil {
		return nil, err
	}
	page.Total = len(found)
	found = found[min(page.Offset, len(found)):]
	found = found[:min(page.Limit, len(found))]
	metres := make(map[consult.ID]float64, len(found))
	order := make([]consult.ID, len(found))
	for i, n := range found {
		metres[n.id], order[i] = n.metres, n.id
	}
	var q text
	q.add(`SELECT ` + consultationColumns + ` FROM consultation c WHERE c.id IN `)
	in(&q, order)
	l, err := list(c, scanConsultation, q.String(), q.args...)
	slices.SortFunc(l, func(a, b consult.Consultation) int {
		return cmp.Compare(slices.Index(order, a.ID), slices.Index(order, b.ID))
	})
	page.Cards = cards(l)
	return metres, err
}

// inCircle finds what matches within the radius, nearest first.
func inCircle(c *conn, f consult.Filter, radius float64) ([]near, error) {
	ranges := geo.RangesAround(f.Near, radius, circleBy)
	if len(ranges) == 0 { // not a place on Earth
		return nil, nil
	}
	var q text
	q.add(`SELECT c.id, c.lon, c.lat FROM consultation c WHERE (`)
	for i, r := range ranges {
		if i > 0 {
			q.add(` OR `)
		}
		q.add(`c.quadkey >= ? AND c.quadkey < ?`, r.Low, r.High)
	}
	q.add(`) AND `)
	match(&q, f)
	var found []near
	err := c.each(func(r row) error {
		var n near
		var p geo.Point
		if err := r.Scan(&n.id, &p.Lon, &p.Lat); err != nil {
			return err
		}
		if n.metres = geo.Distance(f.Near, p); n.metres <= radius {
			found = append(found, n)
		}
		return nil
	}, q.String(), q.args...)
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(b.id, a.id))
	})
	return found, err
}

func cards(l []consult.Consultation) []consult.Card {
	out := make([]consult.Card, len(l))
	for i, c := range l {
		out[i].Consultation = c
	}
	return out
}

// fillCards adds latest rounds and counts to a page of cards: three queries, however many cards.
func fillCards(c *conn, page []consult.Card) error {
	at := make(map[consult.ID]*consult.Card, len(page))
	var ids []consult.ID
	for i := range page {
		at[page[i].Consultation.ID] = &page[i]
		ids = append(ids, page[i].Consultation.ID)
	}
	var rounds text
	rounds.add(`SELECT id, consultation, number, kind, opens, closes, question, version, form FROM round WHERE consultation IN `)
	in(&rounds, ids)
	rounds.add(` ORDER BY number`)
	latest, err := list(c, scanRound, rounds.String(), rounds.args...)
	if err != nil {
		return err
	}
	for _, r := range latest {
		at[r.Consultation].Round = r
	}
	comments, answers := map[consult.ID]int{}, map[consult.ID]int{}
	var q text
	q.add(`SELECT consultation, COUNT(*) FROM comment WHERE state NOT IN ('withdrawn', 'superseded') AND consultation IN `)
	in(&q, ids)
	q.add(` GROUP BY consultation`)
	if err := c.each(counting(comments), q.String(), q.args...); err != nil {
		return err
	}
	var a text
	a.add(`SELECT consultation, COUNT(*) FROM (SELECT t.consultation FROM thread t JOIN message m ON m.thread = t.id
		WHERE m.author = 'officer' AND m.state = 'visible' AND m.answer = 0 AND t.consultation IN `)
	in(&a, ids)
	a.add(` UNION ALL SELECT consultation FROM answer WHERE state = 'published' AND consultation IN `)
	in(&a, ids)
	a.add(`) given GROUP BY consultation`)
	err = c.each(counting(answers), a.String(), a.args...)
	for id, card := range at {
		card.Comments, card.Answers = comments[id], answers[id]
	}
	return err
}
