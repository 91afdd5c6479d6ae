package web

import (
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// claimCards are cards with the phrasings that an officer would give them.
func claimCards() []consult.Fact {
	return []consult.Fact{
		{ID: 1, Claim: "All the trees on the Green will be felled", Phrasings: []string{"they are cutting down every tree", "no tree will be left on the Green",
			"تمام درخت کاٹ دیے جائیں گے", "wszystkie drzewa zostaną wycięte", "সব গাছ কেটে ফেলা হবে"}},
		{ID: 2, Claim: "The flats will be ten storeys high", Phrasings: []string{"a ten storey tower block", "عمارت دس منزلہ ہو گی"}},
		{ID: 3, Claim: "The decision has already been made", Phrasings: []string{"it is a done deal", "they have already decided", "the council made up its mind long ago",
			"فیصلہ پہلے ہی ہو چکا ہے", "decyzja już zapadła"}},
		{ID: 4, Claim: "There will be no parking for residents", Phrasings: []string{"residents will lose their parking", "رہائشیوں کے لیے پارکنگ نہیں ہو گی"}},
	}
}

// TestClaimsAreRecognised holds the matching to sentences as people write them. What it must find costs a resident one look at a card;
// what it must leave alone would be a nuisance, so the second list is the longer one.
func TestClaimsAreRecognised(t *testing.T) {
	claims := claimsOf(claimCards())
	first := func(text string) int64 {
		if m := claims.Matches(text, maxMatches); len(m) > 0 {
			return m[0].ID
		}
		return 0
	}
	for text, want := range map[string]int64{
		"All the trees on the Green will be felled!":                                       1,
		"I have lived here for years. Now they're cutting down every tree. It is a shame.": 1,
		"Is it true that all trees on the green will be felled?":                           1,
		"سنا ہے تمام درخت کاٹ دیے جائیں گے۔":                                               1,
		"Słyszałam, że wszystkie drzewa zostaną wycięte.":                                  1,
		"শুনলাম সব গাছ কেটে ফেলা হবে":                                                      1,
		"ten storeys high, these flats, can you believe it":                                2,
		"A ten storey tower block next to our school?":                                     2,
		"Why bother, the decision has already been made.":                                  3,
		"They have already decided, this is for show":                                      3,
		"This is a done deal.":                              3,
		"Decyzja już zapadła, po co pisać":                  3,
		"فیصلہ تو پہلے ہی ہو چکا ہے":                        3,
		"there will be no parking for the residents at all": 4,
		"We residents will lose our parking":                4,
	} {
		if got := first(text); got != want {
			t.Errorf("%q makes claim %d, found %d", text, want, got)
		}
	}
	for _, text := range []string{
		"", "Hello!", "Thank you.", "What happens next?",
		"Which trees stay?", "The trees are lovely in spring.", "Will you plant new trees along the road?", "I like the Green.",
		"The Green is where my children play.", "How high will the flats be?", "The storeys above the shop look odd.", "My flat is on the second storey.",
		"When will the decision be made?", "Who makes the decision?", "I have already written to you.", "Has the committee a date?",
		"Where can visitors park?", "The residents of our street want to know the hours of work.", "Parking on the bend is dangerous.",
		"Will there be bicycle stands?", "The café would be good for us.", "Noise at night worries me.", "My kitchen will be dark.",
		"درخت بہت خوبصورت ہیں", "کیا سائیکل اسٹینڈ ہوں گے؟", "Gdzie będą stojaki na rowery?", "Drzewa są piękne wiosną.",
		"Ten years ago there was a school here.", "All in all I support it.", "It will be high time that something is built.",
		"The council should decide soon.", "A deal was offered to the shops.", "Residents need no parking there, say some.",
		"Is the decision made by a committee?", "The decision on the café was made with us.", "I decided to write to you.", "Will all flats have a balcony?",
	} {
		if got := first(text); got != 0 {
			t.Errorf("%q makes no claim, found %d", text, got)
		}
	}
}

func TestACardIsShownWithTheWordsThatBroughtItUp(t *testing.T) {
	m := claimsOf(claimCards()).Matches("Why bother, the decision has already been made.", 1)
	if len(m) != 1 {
		t.Fatal("no match")
	}
	if words := sharedWords(m[0].Phrases); words == "" {
		t.Error("a match that does not explain itself")
	}
}
