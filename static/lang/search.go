package lang

import (
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// Said is one line of a search in words: what it is about and what was asked for. Typed marks words that a person wrote.
type Said struct {
	Key, Value string
	Typed      bool
}

// Search says in words what an alert looks for, for pages and mails alike.
func (l *Language) Search(s consult.Search) []Said {
	said := []Said{{Key: l.T("alert.where"), Value: l.area(s.Area)}}
	if s.Words != "" {
		said = append(said, Said{Key: l.T("alert.words"), Value: s.Words, Typed: true})
	}
	if s.Kind != "" {
		said = append(said, Said{Key: l.T("alert.kind"), Value: l.applicationKind(s.Kind)})
	}
	var about []string
	for _, k := range s.About {
		about = append(about, l.T("alert.about."+string(k)))
	}
	return append(said, Said{Key: l.T("alert.when"), Value: strings.Join(about, " · ")})
}

func (l *Language) area(a consult.AlertArea) string {
	switch a.Kind {
	case consult.WardArea:
		return l.T("alert.in_ward", "ward", a.Name)
	case consult.CircleArea:
		if a.Name == "" {
			return l.T("alert.near_place", "metres", a.Radius)
		}
		return l.T("alert.near", "metres", a.Radius, "place", a.Name)
	case consult.PolygonArea:
		return l.T("alert.inside", "n", len(a.Corners))
	}
	return l.T("alert.everywhere")
}

// applicationKind is the kind's name, else the code itself: an alert may be older than the list.
func (l *Language) applicationKind(prefix string) string {
	kinds := consult.ApplicationKinds()
	if at := slices.IndexFunc(kinds, func(k consult.ApplicationKind) bool { return k.Prefix == prefix }); at >= 0 {
		return l.T("kind." + kinds[at].Name)
	}
	return prefix
}
