package similar

import "maps"

// minShare is the least part of a group that a phrase must stand in to explain it: one in this many.
const minShare = 10

// explainer finds the phrases that a group's texts share and other texts have less.
type explainer struct {
	docs       []document
	weight     []int                        // how many texts each document stands for
	inside     map[int]map[uint64]candidate // by the first member of a group
	everywhere map[uint64]int               // of the phrases of any group: how many texts have it
	total      int
}

func newExplainer(docs []document, weight []int) *explainer {
	e := &explainer{docs: docs, weight: weight, inside: map[int]map[uint64]candidate{}, everywhere: map[uint64]int{}}
	for _, w := range weight {
		e.total += w
	}
	return e
}

// gather notes the phrases that at least two texts of a group have.
func (e *explainer) gather(members []int) {
	counts := map[uint64]int{}
	for _, m := range members {
		e.docs[m].grams(func(g gram) { counts[g.key] += e.weight[m] })
	}
	maps.DeleteFunc(counts, func(_ uint64, n int) bool { return n < 2 })
	inside := make(map[uint64]candidate, len(counts))
	forms := make(map[uint64]map[string]int, len(counts))
	for _, m := range members {
		d := e.docs[m]
		d.grams(func(g gram) {
			n, wanted := counts[g.key]
			if !wanted {
				return
			}
			if _, known := inside[g.key]; !known {
				inside[g.key] = candidate{key: g.key, words: d.keysOf(g), matter: d.matter(g), count: n}
				forms[g.key] = map[string]int{}
				e.everywhere[g.key] = 0
			}
			forms[g.key][d.span(g)]++
		})
	}
	for key, c := range inside {
		c.surface = commonest(forms[key])
		inside[key] = c
	}
	e.inside[members[0]] = inside
}

// commonest is the form that most texts use; of several the last in order, which is in lower case if any is.
func commonest(forms map[string]int) string {
	best := ""
	for form, n := range forms {
		if most := forms[best]; n > most || n == most && form > best {
			best = form
		}
	}
	return best
}

// countEverywhere counts the gathered phrases over all texts.
func (e *explainer) countEverywhere() {
	for i, d := range e.docs {
		d.grams(func(g gram) {
			if _, wanted := e.everywhere[g.key]; wanted {
				e.everywhere[g.key] += e.weight[i]
			}
		})
	}
}

// explain picks the phrases of a group that was gathered. Members that have no phrase of it are loose; so are all when there is none.
func (e *explainer) explain(members []int) (kept, loose []int, explained []Phrase) {
	size := 0
	for _, m := range members {
		size += e.weight[m]
	}
	telling := map[uint64]bool{}
	var list []candidate
	for _, c := range shared(e.inside[members[0]], e.everywhere, size, e.total) {
		telling[c.key] = true
		if c.count*minShare >= size {
			list = append(list, c)
		}
	}
	chosen := best(list, maxPhrases)
	if len(chosen) == 0 {
		return nil, members, nil
	}
	for _, m := range members {
		has := false
		e.docs[m].grams(func(g gram) { has = has || telling[g.key] })
		if has {
			kept = append(kept, m)
		} else {
			loose = append(loose, m)
		}
	}
	return kept, loose, phrases(chosen)
}
