package similar

import (
	"cmp"
	"maps"
	"slices"
)

// GroupOptions are what a caller may wish. The zero value lets the texts decide.
type GroupOptions struct {
	// Groups is how many groups to make in each language; 0 chooses the number by silhouette.
	Groups int
}

// Cluster is texts of one language, or of one script, that share vocabulary.
type Cluster struct {
	// IDs are the texts, ascending.
	IDs []int64
	// Language is the first part of the texts' tag or, when they have none, the name of their script.
	Language string
	// Phrases are what the texts share and others have less, the most telling first.
	Phrases []Phrase
	// Campaigns are the letters of which several texts are copies; the copies count in IDs.
	Campaigns []Campaign
}

// Grouping is what Group found.
type Grouping struct {
	// Clusters are the groups, largest first.
	Clusters []Cluster
	// Loose are the texts that belong clearly to none, ascending.
	Loose []int64
}

// Group gathers texts that share vocabulary. It never puts texts of two languages together: shared words are all it sees, and the
// same concern in two languages is two groups, which a person may join. Copies of one letter weigh as one text. Points that do not
// clearly belong stay loose. The same texts in any order give the same groups.
func Group(texts []Text, o GroupOptions) Grouping {
	docs := read(texts)
	tongues := map[string][]unit{}
	for _, members := range letters(docs) {
		lead := docs[members[0]]
		tongues[lead.tongue()] = append(tongues[lead.tongue()], unit{members})
	}
	var g Grouping
	for _, tongue := range slices.Sorted(maps.Keys(tongues)) {
		groupTongue(&g, docs, tongue, tongues[tongue], o)
	}
	slices.SortStableFunc(g.Clusters, func(a, b Cluster) int { return cmp.Compare(len(b.IDs), len(a.IDs)) })
	slices.Sort(g.Loose)
	return g
}

// unit is what is grouped: one text, or a letter with all of its copies. The first speaks for them.
type unit struct{ members []int }

// groupTongue groups the units of one language.
func groupTongue(g *Grouping, docs []document, tongue string, units []unit, o GroupOptions) {
	slices.SortFunc(units, func(a, b unit) int { return cmp.Compare(a.members[0], b.members[0]) })
	leads := make([]document, len(units))
	weight := make([]int, len(units))
	for i, u := range units {
		leads[i] = docs[u.members[0]]
		weight[i] = len(u.members)
	}
	members := map[int][]int{}
	for i, group := range cluster(bags(leads), o.Groups) {
		if group < 0 && len(units[i].members) > 1 {
			group = len(units) + i // a letter sent by several is a group by itself
		}
		members[group] = append(members[group], i)
	}
	groups := slices.Sorted(maps.Keys(members))
	e := newExplainer(leads, weight)
	for _, group := range groups {
		if group >= 0 {
			e.gather(members[group])
		}
	}
	e.countEverywhere()
	for _, group := range groups {
		list, loose := []int(nil), members[group]
		var found []Phrase
		if group >= 0 {
			list, loose, found = e.explain(members[group])
		}
		if len(found) > 0 {
			g.Clusters = append(g.Clusters, newCluster(docs, units, list, tongue, found))
		}
		for _, i := range loose {
			for _, m := range units[i].members {
				g.Loose = append(g.Loose, docs[m].ID)
			}
		}
	}
}

func newCluster(docs []document, units []unit, list []int, tongue string, found []Phrase) Cluster {
	c := Cluster{Language: tongue, Phrases: found}
	for _, i := range list {
		for _, m := range units[i].members {
			c.IDs = append(c.IDs, docs[m].ID)
		}
		if len(units[i].members) > 1 {
			c.Campaigns = append(c.Campaigns, campaign(docs, units[i].members))
		}
	}
	slices.Sort(c.IDs)
	return c
}
