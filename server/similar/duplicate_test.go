package similar_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/server/similar"
)

// letter is a campaign's text with places to fill in.
const letter = `{name}
{number} {street}
{postcode}

Dear planning team,

My name is {name} and I have lived at {number} {street} for {years} years. I am writing to object to the proposal for the former dairy.
The building would be far higher than anything around it and would take the afternoon sun from the gardens behind. There are not nearly enough
parking spaces for the flats, so that cars would be left on the pavement where children walk to school. The junction is dangerous already
and the traffic survey was done during the holidays. The surgery takes no new patients and the drains overflow whenever it rains hard.
Please refuse the application, or at least ask for two storeys less and for a proper survey in term time.

Yours faithfully,
{name}
Telephone {telephone}`

var urduLetter = `{name}
{number} {street}

محترم جناب، میں {number} {street} پر رہتا ہوں اور اس منصوبے پر اعتراض کرتا ہوں۔ نئی عمارت ہمارے گھروں سے بہت اونچی ہے اور باغوں کی دھوپ روک دے گی۔
گاڑیاں کھڑی کرنے کی جگہ بہت کم ہے، اس لیے لوگ فٹ پاتھ پر گاڑیاں چھوڑیں گے جہاں بچے پیدل سکول جاتے ہیں۔ چوراہا پہلے ہی خطرناک ہے اور ٹریفک کا جائزہ چھٹیوں میں لیا گیا تھا۔
ڈاکٹر کے ہاں نئے مریضوں کی گنجائش نہیں اور تیز بارش میں نالیاں ابل پڑتی ہیں۔ براہ کرم یہ درخواست مسترد کریں یا کم از کم دو منزلیں کم کرائیں۔

والسلام
{name}`

func fill(template string, r *rand.Rand) string {
	name := func() string {
		return "Resident " + strings.Repeat("of ", r.IntN(2)) + "Letter" + string(rune('A'+r.IntN(26)))
	}()
	street := []string{"Example Street", "Upper Sample Road", "Test Lane", "The Specimen", "Old Model Yard Close"}[r.IntN(5)]
	if template == urduLetter {
		name = []string{"نمونہ سڑک کا رہائشی", "مثال گلی کا باسی", "ایک پڑوسی", "فرضی محلے کا رہنے والا"}[r.IntN(4)]
		street = []string{"مثال سٹریٹ", "نمونہ روڈ", "فرضی لین"}[r.IntN(3)]
	}
	return strings.NewReplacer("{name}", name, "{street}", street, "{number}", fmt.Sprint(1+r.IntN(200)), "{years}", fmt.Sprint(1+r.IntN(60)),
		"{postcode}", fmt.Sprintf("ZZ%d %dZZ", 1+r.IntN(99), r.IntN(10)), "{telephone}", fmt.Sprintf("07700 900%03d", r.IntN(1000))).Replace(template)
}

func letters(template string, n int) []similar.Text {
	r := rand.New(rand.NewPCG(7, 7))
	texts := make([]similar.Text, n)
	for i := range texts {
		texts[i] = similar.Text{ID: int64(i + 1), Text: fill(template, r)}
	}
	return texts
}

func TestS16FiveHundredTemplatedLettersAreOneCampaign(t *testing.T) {
	for language, template := range map[string]string{"en": letter, "ur": urduLetter} {
		texts := letters(template, 500)
		texts = append(texts,
			similar.Text{ID: 1001, Text: "The junction is dangerous already and somebody will be hurt there before long; I see it from my window every single morning."},
			similar.Text{ID: 1002, Text: "We welcome the new homes. Our own children could not find a flat here and have moved to the other side of the city."})
		found := similar.Duplicates(texts)
		if len(found) != 1 || len(found[0].IDs) != 500 || found[0].IDs[0] != 1 || found[0].IDs[499] != 500 {
			t.Errorf("%s: %d campaigns; the first has %d signatories, want one of 500", language, len(found), sizes(found))
		}
	}
}

func sizes(found []similar.Campaign) []int {
	var all []int
	for _, c := range found {
		all = append(all, len(c.IDs))
	}
	return all
}

func TestWhatIsOneLetterAndWhatIsNot(t *testing.T) {
	long := fill(letter, rand.New(rand.NewPCG(1, 1)))
	for name, test := range map[string]struct {
		a, b string
		same bool
	}{
		"the same":                      {long, long, true},
		"case, quotes and line ends":    {"I object. Don’t build here, it is far too high!", "i OBJECT\r\ndon't build here - it is FAR too high", true},
		"accents left out":              {"Nie chcę tego bloku, zabierze światło", "nie chce tego bloku zabierze swiatlo", true},
		"one sentence more":             {long, long + "\nI also worry about the noise at night from the loading bay.", true},
		"half of it":                    {long, long[:len(long)/2], false},
		"short and other":               {"I support this", "I do not support this", false},
		"short, one word other":         {"Please save the library garden wall", "Please save the library garden tree", false},
		"short, another place":          {"I object to the closing of Sample Baths", "I object to the closing of Test Library", false},
		"nothing":                       {"", "", false},
		"nothing to be read":            {"!!! 👍", "!!! 👍", false},
		"the same in a script of Japan": {"この建物は高すぎます。反対です。", "この建物は高すぎます 反対です", true},
	} {
		found := similar.Duplicates([]similar.Text{{ID: 1, Text: test.a}, {ID: 2, Text: test.b}})
		if got := len(found) == 1; got != test.same {
			t.Errorf("%s: one letter: %v, want %v", name, got, test.same)
		}
	}
}

func TestDuplicatesDoNotDependOnTheOrder(t *testing.T) {
	texts := letters(letter, 30)
	for i := range 10 {
		texts = append(texts, similar.Text{ID: int64(100 + i), Text: fmt.Sprintf("A word about item %d: I like the trees", i%3)})
	}
	want := similar.Duplicates(texts)
	rapid.Check(t, func(t *rapid.T) {
		shuffled := rapid.Permutation(texts).Draw(t, "order")
		if got := similar.Duplicates(shuffled); !slices.EqualFunc(got, want, func(a, b similar.Campaign) bool {
			return slices.Equal(a.IDs, b.IDs) && a.Sample == b.Sample
		}) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
