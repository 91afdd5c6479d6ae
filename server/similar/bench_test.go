package similar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// How many runs and draws a printed figure is the mean of. Tests, which also run with the race detector, make do with fewer.
const (
	seeds = 5
	draws = 10
)

// quality is how well groups agree with the concerns that people sorted the same texts into.
type quality struct{ purity, ari, nmi, f1 float64 }

func (q quality) report(b *testing.B) {
	b.ReportMetric(q.purity, "purity")
	b.ReportMetric(q.ari, "ARI")
	b.ReportMetric(q.nmi, "NMI")
	b.ReportMetric(q.f1, "F1")
}

func measure[G comparable](groups []G, classes []string) quality {
	return quality{Purity(groups, classes), AdjustedRand(groups, classes), NormalisedMutualInformation(groups, classes), MacroF1(groups, classes)}
}

// mean is the mean quality over n seeds.
func mean(n int, one func(seed uint64) quality) quality {
	var sum quality
	for seed := range n {
		q, part := one(uint64(seed)), 1/float64(n)
		sum = quality{sum.purity + q.purity*part, sum.ari + q.ari*part, sum.nmi + q.nmi*part, sum.f1 + q.f1*part}
	}
	return sum
}

// baseline is k-means on plain TF-IDF, told the true number of groups and given as many restarts as ours.
func baseline(all []labelled, classes []string, seeds int) quality {
	p, k := newPlain(all), distinctNames(classes)
	return mean(seeds, func(seed uint64) quality { return measure(p.kMeans(k, seed), classes) })
}

func distinctNames(classes []string) int {
	return len(slices.Compact(slices.Sorted(slices.Values(classes))))
}

// told is our way, also told the true number of groups of each language and made to put every text somewhere.
func told(all []labelled, classes []string, seeds int) quality {
	return mean(seeds, func(seed uint64) quality {
		groups := make([]string, len(all))
		for _, language := range languages {
			var bags [][]uint64
			var at []int
			var own []string
			for i, l := range all {
				if l.Language == language {
					bags, at, own = append(bags, bag(tokenise(l.Text))), append(at, i), append(own, classes[i])
				}
			}
			if len(at) == 0 {
				continue
			}
			for i, g := range kMeans(coordinates(bags), distinctNames(own), restarts, seed).of {
				groups[at[i]] = fmt.Sprint(language, g)
			}
		}
		return measure(groups, classes)
	})
}

// alone is Group as callers use it: the number of groups chosen, unsure texts left out. The quality is that of the texts it kept.
func alone(all []labelled, classes []string, o GroupOptions) (q quality, groups int, kept float64) {
	class := map[int64]string{}
	for i, l := range all {
		class[l.ID] = classes[i]
	}
	found := Group(textsOf(all), o)
	var given []int
	var are []string
	for g, c := range found.Clusters {
		for _, id := range c.IDs {
			given, are = append(given, g), append(are, class[id])
		}
	}
	return measure(given, are), len(found.Clusters), float64(len(are)) / float64(len(all))
}

// chosen are the labelled texts of one language, or of all, with what they are measured against: concerns, which in two languages are
// two classes, since nothing here could join them.
func chosen(tb testing.TB, language string) ([]labelled, []string) {
	all := set(tb, strings.TrimPrefix(language, "all"))
	classes := concernsOf(all)
	for i, l := range all {
		classes[i] = l.Language + " " + classes[i]
	}
	return all, classes
}

func BenchmarkGroup(b *testing.B) {
	for _, language := range append([]string{"all"}, languages...) {
		all, classes := chosen(b, language)
		b.Run(language+"/plain", func(b *testing.B) {
			var q quality
			for b.Loop() {
				q = baseline(all, classes, seeds)
			}
			q.report(b)
		})
		b.Run(language+"/ours", func(b *testing.B) {
			var q quality
			for b.Loop() {
				q = told(all, classes, seeds)
			}
			q.report(b)
		})
		b.Run(language+"/alone", func(b *testing.B) {
			var q quality
			var groups int
			var kept float64
			for b.Loop() {
				q, groups, kept = alone(all, classes, GroupOptions{})
			}
			q.report(b)
			b.ReportMetric(float64(groups), "groups")
			b.ReportMetric(kept, "kept")
		})
	}
}

// sorting is how well suggestions meet the concerns of the texts that were no examples.
type sorting struct{ f1, plain, sure, right float64 }

// suggestions draws n examples of each concern that has more, and asks about the rest; the mean of some draws.
func suggestions(all []labelled, n, draws int) sorting {
	p := newPlain(all)
	var sum sorting
	for seed := range draws {
		examples, rest := draw(all, n, uint64(seed))
		s := asked(all, examples, rest)
		s.plain = LabelF1(p.nearest(all, examples, rest), pick(concernsOf(all), rest))
		part := 1 / float64(draws)
		sum = sorting{sum.f1 + s.f1*part, sum.plain + s.plain*part, sum.sure + s.sure*part, sum.right + s.right*part}
	}
	return sum
}

// draw picks n examples of each concern that has more than n texts; rest are its others.
func draw(all []labelled, n int, seed uint64) (examples, rest []int) {
	size, taken := map[string]int{}, map[string]int{}
	for _, l := range all {
		size[l.Concern]++
	}
	for _, i := range rand.New(rand.NewPCG(seed, uint64(n))).Perm(len(all)) {
		switch c := all[i].Concern; {
		case size[c] <= n:
		case taken[c] < n:
			taken[c]++
			examples = append(examples, i)
		default:
			rest = append(rest, i)
		}
	}
	return examples, rest
}

func pick[T any](from []T, at []int) []T {
	picked := make([]T, len(at))
	for i, j := range at {
		picked[i] = from[j]
	}
	return picked
}

func asked(all []labelled, examples, rest []int) sorting {
	texts, numbers := textsOf(all), number(concernsOf(all))
	var learnt []Example
	for _, i := range examples {
		learnt = append(learnt, Example{texts[i], int64(numbers[i])})
	}
	s := NewSuggester(learnt, texts)
	given := make([]int, len(rest))
	sure, right := 0, 0
	for at, i := range rest {
		given[at] = -1
		advice := s.Suggest(texts[i])
		if len(advice.Ranked) > 0 {
			given[at] = int(advice.Ranked[0].Concern)
		}
		if advice.Sure {
			sure++
			if given[at] == numbers[i] {
				right++
			}
		}
	}
	return sorting{f1: LabelF1(given, pick(numbers, rest)), sure: float64(sure) / float64(len(rest)), right: float64(right) / float64(max(1, sure))}
}

func BenchmarkSuggest(b *testing.B) {
	for _, language := range append([]string{"all"}, languages...) {
		all, _ := chosen(b, language)
		for _, n := range []int{1, 3, 5, 10} {
			if _, rest := draw(all, n, 0); len(rest) == 0 {
				continue // no concern has so many texts in this language
			}
			b.Run(fmt.Sprintf("%s/%d", language, n), func(b *testing.B) {
				var s sorting
				for b.Loop() {
					s = suggestions(all, n, draws)
				}
				b.ReportMetric(s.f1, "F1")
				b.ReportMetric(s.plain, "plain-F1")
				b.ReportMetric(s.sure, "sure")
				b.ReportMetric(s.right, "right-if-sure")
			})
		}
	}
}

// crowd is n points, each of some sentences of the labelled set, for measuring time and memory; quality is not measured on them.
func crowd(tb testing.TB, n int) []Text {
	all := set(tb, "en")
	random := rand.New(rand.NewPCG(3, 4))
	texts := make([]Text, n)
	for i := range texts {
		var b strings.Builder
		for range 1 + random.IntN(3) {
			words := strings.Fields(all[random.IntN(len(all))].Text)
			from := random.IntN(len(words))
			b.WriteString(strings.Join(words[from:min(len(words), from+20)], " ") + ". ")
		}
		texts[i] = Text{ID: int64(i + 1), Language: "en", Text: b.String()}
	}
	return texts
}

func BenchmarkTenThousand(b *testing.B) {
	texts := crowd(b, 10_000)
	var examples []Example
	for i, l := range set(b, "en") {
		examples = append(examples, Example{Text{Text: l.Text}, int64(i / 20)})
	}
	b.Run("duplicates", func(b *testing.B) {
		for b.Loop() {
			Duplicates(texts)
		}
	})
	b.Run("group", func(b *testing.B) {
		for b.Loop() {
			Group(texts, GroupOptions{})
		}
	})
	b.Run("suggest", func(b *testing.B) {
		for b.Loop() {
			Suggest(examples, texts)
		}
	})
	index := NewIndex(texts)
	b.Run("nearest", func(b *testing.B) {
		for b.Loop() {
			index.Nearest(texts[0], 10)
		}
	})
	claims := NewClaims(texts[:500])
	b.Run("matches", func(b *testing.B) {
		for b.Loop() {
			claims.Matches(texts[700].Text, 3)
		}
	})
}
