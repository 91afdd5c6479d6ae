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
	groups := cluster(bags(leads), o.Groups)
	for i, u := range units {
		if groups[i] < 0 && len(u.members) > 1 {
			groups[i] = len(units) + i // a letter sent by several is a group by itself
		}
	}
	members := map[int][]int{}
	for i, group := range groups {
		members[group] = append(members[group], i)
	}
	for _, group := range slices.Sorted(maps.Keys(members)) {
		list := members[group]
		if group >= 0 {
			if found := explainGroup(leads, weight, list); len(found) > 0 {
				g.Clusters = append(g.Clusters, newCluster(docs, units, list, tongue, found))
				continue
			}
		}
		for _, i := range list {
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

// explainGroup finds the phrases that stand in several members and less elsewhere.
func explainGroup(leads []document, weight []int, members []int) []Phrase {
	size := 0
	inside := map[uint64]candidate{}
	for _, m := range members {
		size += weight[m]
		leads[m].grams(func(g gram) {
			c, known := inside[g.key]
			if !known {
				c = candidate{key: g.key, words: leads[m].keysOf(g), matter: leads[m].matter(g), surface: leads[m].span(g)}
			}
			c.count += weight[m]
			inside[g.key] = c
		})
	}
	maps.DeleteFunc(inside, func(_ uint64, c candidate) bool { return c.count < 2 || c.count*minShare < size })
	everywhere := map[uint64]int{}
	total := 0
	for i, d := range leads {
		total += weight[i]
		d.grams(func(g gram) {
			if _, wanted := inside[g.key]; wanted {
				everywhere[g.key] += weight[i]
			}
		})
	}
	return phrases(best(shared(weight, members, inside, everywhere, total), maxPhrases))
}

// minShare is the least part of a group that a phrase must stand in to explain it: one in this many.
const minShare = 10
