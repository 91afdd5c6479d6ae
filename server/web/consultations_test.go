package web

import (
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	sample("consultations", func(w *Web, c *fiber.Ctx) View {
		p := sampleList(w, c, nil)
		v := sampleCase()
		p.Cards = []consultationCard{p.card(consult.Card{Consultation: v.Consultation, Round: v.Rounds[0], Comments: 4, Answers: 1, Metres: 430, WardName: "Bordesley Green"}, "2026-04-09")}
		p.Total, p.ByDistance, p.Pages = 45, true, Paginate(2, 45, consultationsPerPage, nil)
		return p
	})
	sample("consultations", func(w *Web, c *fiber.Ctx) View { // nothing found, and a wrong postcode
		f := Filled(map[string][]string{"postcode": {"birmingham"}, "q": {"<script>"}})
		f.Fail("postcode", "postcode_part")
		p := sampleList(w, c, f)
		p.Filtered = true
		return p
	})
}

func sampleList(w *Web, c *fiber.Ctx, f *Form) *consultationsPage {
	var err error
	if f != nil {
		err = f.Err("search")
	}
	p := &consultationsPage{Base: w.Base(c, "consultations.title").WithErrors(err), MapHref: "/map"}
	p.drawSearch(f, map[string]string{"E05011127": "Bordesley Green", "E05011167": "Small Heath"})
	return p
}

func TestDistanceIsWordedAsPeopleDo(t *testing.T) {
	w := newTestWeb(t)
	b := Base{Language: w.Texts.Default()}
	for metres, want := range map[float64]string{4: "0 metres away", 123: "120 metres away", 994: "990 metres away", 996: "1.0 kilometres away", 1549: "1.5 kilometres away"} {
		if got := b.distance(metres); got != want {
			t.Errorf("distance(%v) = %q, want %q", metres, got, want)
		}
	}
}
