package web

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// wrong is an Invalid error about fields.
func wrong(rule string, fields ...string) error {
	e := &consult.Error{Kind: consult.Invalid}
	for _, f := range fields {
		e.Fields = append(e.Fields, consult.FieldError{Field: f, Rule: rule})
	}
	return e
}

var sampleConsultees = []consult.Consultee{
	{ID: 61, Consultation: 3, Kind: consult.StatutoryConsultee, Name: "Example Flood Authority", Why: "The yard lies low.", State: consult.AwaitingAnswer,
		Asking: 1, Link: 1, ConsultedOn: "2026-03-01", DueOn: "2026-03-23", ExpiresOn: "2026-03-30", RemindedAt: testNow},
	{ID: 62, Consultation: 3, Kind: consult.InternalService, Name: "Highways service", Why: "A new crossing.", State: consult.Responded, Asking: 2, Link: 2,
		ConsultedOn: "2026-03-01", DueOn: "2026-04-20", ExpiresOn: "2026-04-27", Reason: "The entrance moved."},
	{ID: 63, Consultation: 3, Kind: consult.Organisation, Name: "Example Canal Society", Why: "نہر", State: consult.NotConsulted, DueOn: "2026-04-20"},
	{ID: 64, Consultation: 3, Kind: consult.Organisation, Name: "Example School", Why: "Next door.", State: consult.NotRequired, Asking: 1, Reason: "Closed."},
}

func sampleFile(c consult.Consultee) consult.ConsulteeFile {
	said := consult.ConsulteeAnswer{Opinion: consult.AmendmentsNeeded, Text: "The bend is blind.", Conditions: "A mirror."}
	r := consult.ConsulteeResponse{ID: 71, Consultee: c.ID, Asking: 1, ReceivedAt: testNow, Late: true}
	public := r
	public.Asking, public.PublishedAt, public.ConsulteeAnswer = 2, testNow, said
	file := consult.ConsulteeFile{Consultee: c, Contact: consult.ConsulteeContact{Email: "highways@example.org"}}
	for _, r := range []consult.ConsulteeResponse{public, r} {
		if r.Asking <= c.Asking && c.State == consult.Responded {
			file.Responses = append(file.Responses, consult.ResponseFile{ConsulteeResponse: r, Wordings: []consult.ConsulteeAnswer{said}})
		}
	}
	return file
}

func init() {
	asOfficer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	neighbours := []consult.Neighbour{{ID: 51, Round: 1, UPRN: "100099900001", Address: "1 Sample Street", Postcode: "B9 9CI", New: true, Search: 5, AddedAt: testNow,
		Letter: consult.LetterPosted}, {ID: 52, Round: 1, Address: "2 Sample Street", Postcode: "B9 9CI", AddedAt: testNow}}
	desk := consult.NeighbourDesk{Round: 1, Listed: 900, Tally: consult.NeighbourTally{Consulted: 60, New: 59, Removed: 1}, List: neighbours, Total: 60,
		Searches: []consult.NeighbourSearch{{Round: 1, Surroundings: consult.Surroundings{Metres: 20}, Found: 60, At: testNow},
			{Round: 1, Surroundings: consult.Surroundings{Area: json.RawMessage(`{}`)}, Found: 1, At: testNow}}}
	for _, err := range []error{nil, wrong("area", "area", "metres"), wrong("required", "address", "postcode", "why-"+consult.ID(51).String())} {
		sample("officer-consulted", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			d := desk
			d.Case = sampleCase()
			var f *Form
			if err != nil {
				f = Filled(map[string][]string{"round": {"1"}})
			}
			return drawOfficerConsulted(w.StaffBase(c, "officer_consulted.title", "title", "Homes").WithErrors(err), d, f, false, 2)
		})
	}
	sample("officer-consulted", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		gone := neighbours[0]
		gone.RemovedAt, gone.RemovedWhy = testNow, "A garage"
		d := consult.NeighbourDesk{Case: sampleCase(), Round: 2, Tally: consult.NeighbourTally{Removed: 1}, List: []consult.Neighbour{gone}, Total: 1}
		return drawOfficerConsulted(w.StaffBase(c, "officer_consulted.title", "title", "Homes"), d, nil, true, 1)
	})
	found := consult.Found{New: 1, Old: 1, Here: 1, Taken: 1}
	for i := range 4 {
		a := consult.FoundAddress{Address: consult.Address{UPRN: "1", Text: "1 Sample Street", Postcode: "B9 9CI"}, Here: i == 0, Taken: i == 1, Before: i == 2}
		found.Addresses = append(found.Addresses, a)
	}
	for _, f := range []consult.Found{found, {Here: 1, Addresses: found.Addresses[:1]}, {New: 300, Addresses: slices.Repeat(found.Addresses[3:], 300)}} {
		sample("officer-consulted-found", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			return drawOfficerFound(w.StaffBase(c, "officer_consulted.found_title", "n", len(f.Addresses)), 3, f, 1, Filled(map[string][]string{"metres": {"20"}}))
		})
	}
	sampleConsulteePages(asOfficer)
	sampleLetterPages(asOfficer)
}

func sampleConsulteePages(asOfficer func(*Web)) {
	directory := []consult.DirectoryEntry{{Name: "Highways service", Kind: consult.InternalService}}
	for _, err := range []error{nil, wrong("required", "name", "kind", "email", "postcode", "why", "due")} {
		sample("officer-consultees", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			return drawOfficerConsultees(w.StaffBase(c, "officer_consultees.title", "title", "Homes").WithErrors(err), sampleCase(), sampleConsultees, directory, nil, 1, "2026-04-02")
		})
	}
	sample("officer-consultees", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		return drawOfficerConsultees(w.StaffBase(c, "officer_consultees.title", "title", "Homes"), sampleCase(), nil, nil, nil, 1, "2026-04-02")
	})
	for _, list := range [][]consult.Consultee{nil, sampleConsultees[:1]} {
		sample("officer-consultees-due", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			return drawConsulteesDue(w.StaffBase(c, "officer_consultees.due_title"), list, map[consult.ID]consult.Consultation{3: sampleCase().Consultation}, "2026-04-02")
		})
	}
	for i := range sampleConsultees {
		sample("officer-consultee", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			b := w.StaffBase(c, "officer_consultee.title", "name", sampleConsultees[i].Name, "title", "Homes")
			return drawOfficerConsultee(b, sampleFile(sampleConsultees[i]), sampleCase().Consultation, nil, consult.Calendar{}, "2026-04-02")
		})
	}
	for _, v := range []struct {
		typed map[string][]string
		err   error
	}{{map[string][]string{"do": {"resend"}}, wrong("required", "do", "reason", "due")}, {map[string][]string{"opinion": {"objected"}}, wrong("required", "opinion", "text")},
		{map[string][]string{"asking": {"2"}, "text-2": {"x"}}, wrong("reason_required", "reasons-2", "text-2")}} {
		sample("officer-consultee", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			b := w.StaffBase(c, "officer_consultee.title", "name", "Highways service", "title", "Homes").WithErrors(v.err)
			return drawOfficerConsultee(b, sampleFile(sampleConsultees[1]), sampleCase().Consultation, Filled(v.typed), consult.Calendar{}, "2026-04-02")
		})
	}
	said := &consult.ConsulteeAnswer{Opinion: consult.Objected, Text: "The bend is blind.", Conditions: "A mirror."}
	for _, v := range []struct {
		asked consult.Asked
		err   error
	}{{consult.Asked{Open: true}, nil}, {consult.Asked{Open: true, Answer: said}, nil}, {consult.Asked{Answer: said}, nil}, {consult.Asked{}, nil},
		{consult.Asked{Open: true}, wrong("required", "opinion", "text")}} {
		sample("consultee", func(w *Web, c *fiber.Ctx) View {
			asked := v.asked
			asked.Consultee, asked.Case = sampleConsultees[0], sampleCase()
			return drawConsultee(w.Base(c, "consultee.title", "name", asked.Consultee.Name).WithErrors(v.err), asked, "token", nil)
		})
	}
	for _, v := range []consult.ConsultedView{{}, {Asked: sampleConsultees, Total: 11, Responses: []consult.ConsulteeResponse{{ID: 71, Name: "Highways service", Kind: consult.InternalService,
		ConsulteeAnswer: *said, Late: true, Redacted: true, ReceivedAt: testNow}}}} {
		sample("consultees", func(w *Web, c *fiber.Ctx) View {
			v := v
			v.Case = sampleCase()
			return drawConsultees(w.Base(c, "consultees.title", "title", "Homes"), v, 1, consult.Calendar{})
		})
	}
}

func sampleLetterPages(asOfficer func(*Web)) {
	var letters []consult.Letter
	for i, s := range consult.LetterStates() {
		letters = append(letters, consult.Letter{ID: consult.ID(81 + i), Consultation: 3, Kind: consult.MailNeighbour, Round: 1, State: s, Address: "1 Sample Street", Postcode: "B9 9CI",
			Why: "Torn", Trouble: "Gone away"})
	}
	letters[4].Kind, letters[4].Name = consult.MailStateChange, "Resident of Sample Street"
	batch := consult.LetterBatch{ID: 91, Consultation: 3, Kind: consult.MailNeighbour, Round: 1, Letters: 2, PrintedAt: testNow, PostOn: "2026-04-02", Closes: "2026-04-24"}
	posted := batch
	posted.Kind, posted.PostedOn = consult.MailOutcome, "2026-04-03"
	full := consult.LetterDesk{Unreachable: 2, Batches: []consult.LetterBatch{batch, posted}, Letters: letters, Total: 60, State: consult.LetterPosted,
		Counts: []consult.LetterCount{{Kind: consult.MailNeighbour, Round: 1, State: consult.LetterWaiting, N: 3}, {Kind: consult.MailStateChange, State: consult.LetterWaiting, N: 1}},
		Mails:  []consult.MailCount{{Kind: consult.MailStateChange, State: consult.MailGivenUp, N: 1}, {Kind: consult.MailConsultee, State: consult.MailDelayed, N: 2}}}
	for _, v := range []struct {
		desk consult.LetterDesk
		f    *Form
		err  error
	}{{full, nil, nil}, {consult.LetterDesk{State: consult.LetterWaiting}, nil, nil},
		{full, Filled(map[string][]string{"kind": {"neighbour"}, "round": {"1"}}), wrong("date_future", "post-on-neighbour-1")},
		{full, Filled(nil), wrong("required", "why-"+letters[2].ID.String())}} {
		sample("officer-letters", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			d := v.desk
			d.Case = sampleCase()
			return drawOfficerLetters(w.StaffBase(c, "officer_letters.title", "title", "Homes").WithErrors(v.err), d, v.f, 1, "2026-04-02")
		})
	}
	text := consult.LetterText{Language: "ur", Dir: "rtl", Name: "مالک", Subject: "درخواست", Matter: []string{"Homes", "2099/1"}, Paragraphs: []string{"One."}, LinkText: "پڑھیں",
		Link: "https://example.org/c/1", Also: []consult.AlsoIn{{Language: "en", Dir: "ltr", Text: "In English"}}, Footer: []string{"Council"}}
	for _, v := range []struct {
		batch consult.LetterBatch
		err   error
	}{{batch, nil}, {batch, wrong("date_past", "on", "evidence")}, {posted, nil}} {
		sample("officer-letter-batch", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			sheets := []sheet{{text, addressBlock(text.Name, "1 Sample Street", "B9 9CI"), "2 April 2026"}}
			return drawLetterBatch(w.StaffBase(c, "officer_letters.batch_title", "id", v.batch.ID.String()).WithErrors(v.err), v.batch, sheets, nil, "2026-04-02")
		})
	}
}

func TestAnAddressFitsTheWindow(t *testing.T) {
	for _, c := range []struct {
		address string
		want    []string
	}{
		{"1 Sample Street", []string{"The occupier", "1 Sample Street", "B9 9CI"}},
		{" Flat 1 ,, 3 Sample Street, Bordesley Green", []string{"The occupier", "Flat 1", "3 Sample Street", "Bordesley Green", "B9 9CI"}},
		{"a,b,c,d,e,f,g", []string{"The occupier", "a", "b", "c", "d", "e, f, g", "B9 9CI"}},
	} {
		if got := addressBlock("The occupier", c.address, "B9 9CI"); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q", c.address, got)
		}
	}
}
