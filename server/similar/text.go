package similar

import (
	"cmp"
	"slices"
	"strings"
)

// Text is something that somebody wrote.
type Text struct {
	// ID is the caller's. It need not be unique, but results name nothing else.
	ID int64
	// Language is a BCP 47 tag, of which the first part counts. Empty: texts are kept apart by their script only.
	Language string
	Text     string
}

// Phrase is a run of words that several texts share.
type Phrase struct {
	// Text is the phrase as it stands in one of them, in its commonest form.
	Text string
	// Count is how many texts it stands in, inflected forms included.
	Count int
}

// document is a text that has been read.
type document struct {
	Text
	words []word
}

// read tokenises texts and puts them in an order that does not depend on how they came: that of their content.
func read(texts []Text) []document {
	sorted := slices.Clone(texts)
	slices.SortStableFunc(sorted, func(a, b Text) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Language, b.Language), cmp.Compare(a.ID, b.ID))
	})
	docs := make([]document, len(sorted))
	for i, t := range sorted {
		docs[i] = document{t, tokenise(t.Text)}
	}
	return docs
}

// tongue is what a document may be compared within: its language or, where nobody said one, its script.
func (d document) tongue() string {
	if d.Language != "" {
		base, _, _ := strings.Cut(strings.ReplaceAll(d.Language, "_", "-"), "-")
		return strings.ToLower(base)
	}
	return script(d.Text.Text)
}
