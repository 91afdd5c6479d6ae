package storetest

import (
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

var cycleTests = map[string]func(*T){
	"PublicityHoldsItsRoundOpen": func(t *T) {
		id := t.saved()
		end := func(round int, closes consult.Date) consult.RoundEnd {
			return consult.RoundEnd{Round: round, Closes: closes, Over: consult.England().End(closes)}
		}
		later := consult.Publicity{ID: t.id(), Consultation: id, Round: 1, Kind: consult.Newspaper, On: "2026-04-02", Evidence: "Page 4", RecordedAt: t.now}
		t.must(t.SavePublicity(t.ctx, later, end(1, "2026-04-17"), nil, t.change("publicity.record", id)))
		earlier := consult.Publicity{ID: t.id(), Consultation: id, Round: 1, Kind: consult.SiteNotice, On: "2026-03-10", Evidence: "At the gate", RecordedAt: t.now}
		t.must(t.SavePublicity(t.ctx, earlier, end(1, "2026-03-30"), nil, t.change("publicity.record", id)))
		future := consult.Publicity{ID: t.id(), Consultation: id, Round: 2, Kind: consult.Website, On: "2026-06-01", Evidence: "The page", RecordedAt: t.now}
		t.must(t.SavePublicity(t.ctx, future, end(2, "2026-06-14"), nil, t.change("publicity.record", id)))
		same(t, "publicity", got(t.Publicity(t.ctx, id))(t), []consult.Publicity{earlier, later, future})
		same(t, "the round's end", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-17"))
		t.must(t.SavePublicity(t.ctx, consult.Publicity{ID: t.id(), Consultation: id, Round: 1, Kind: consult.EmailNotice, On: "2026-04-09",
			RecordedAt: t.now}, consult.RoundEnd{Round: 1}, nil, t.change("publicity.record", id)))
		same(t, "a notice that moves no date", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-17"))

		t.must(t.TakeBackPublicity(t.ctx, id, later.ID, "It was another paper.", t.change("publicity.take_back", id)))
		t.wants(consult.NotFound, t.TakeBackPublicity(t.ctx, id, later.ID, "twice", t.change("publicity.take_back", id)))
		t.wants(consult.NotFound, t.TakeBackPublicity(t.ctx, t.id(), earlier.ID, "elsewhere", t.change("publicity.take_back", id)))
		kept := got(t.Publicity(t.ctx, id))(t)
		if p := kept[1]; len(kept) != 4 || p.ID != later.ID || !p.TakenBack() || p.TakenBackWhy != "It was another paper." || kept[0].TakenBack() {
			t.Errorf("taken back: %+v", kept)
		}
		same(t, "the round's end stays", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-17"))
	},
	"ALateNoticeOpensARoundAgain": func(t *T) {
		id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.ClosedState })
		late := t.commented(id, func(c *consult.Comment) { c.Late = true })
		n := consult.Publicity{ID: t.id(), Consultation: id, Round: 1, Kind: consult.Newspaper, On: "2026-04-02", Evidence: "Page 4", RecordedAt: t.now}
		end := consult.RoundEnd{Round: 1, Closes: "2026-04-17", Over: consult.England().End("2026-04-17")}
		again := consult.StateEvent{Consultation: id, From: consult.ClosedState, To: consult.Consulting, At: t.now, By: "Planning"}
		t.must(t.SavePublicity(t.ctx, n, end, &again, t.change("publicity.record", id)))
		same(t, "state", got(t.Consultation(t.ctx, id))(t).State, consult.Consulting)
		same(t, "marked late", got(t.Comment(t.ctx, late.ID))(t).Late, false)
		n.ID = t.id()
		t.wants(consult.Conflict, t.SavePublicity(t.ctx, n, end, &again, t.change("publicity.record", id)))
		same(t, "notices after a conflict", len(got(t.Publicity(t.ctx, id))(t)), 1)
	},
	"ARoundEndsLaterOnce": func(t *T) {
		id := t.saved()
		inTime := t.commented(id, func(c *consult.Comment) { c.Late = true })
		after := t.commented(id, func(c *consult.Comment) { c.Late, c.ReceivedAt = true, t.now.AddDate(0, 1, 0) })
		e := consult.StateEvent{Consultation: id, From: consult.Consulting, To: consult.Consulting, At: t.now, Why: "The site was down", By: "Planning"}
		end := consult.RoundEnd{Round: 1, Closes: "2026-04-14", Over: consult.England().End("2026-04-14")}
		t.must(t.ExtendRound(t.ctx, e, end, "2026-04-10", t.change("round.extend", id)))
		same(t, "the round's end", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-14"))
		same(t, "came before the new end", got(t.Comment(t.ctx, inTime.ID))(t).Late, false)
		same(t, "came after it", got(t.Comment(t.ctx, after.ID))(t).Late, true)
		history := got(t.StateEvents(t.ctx, id))(t)
		same(t, "why", history[len(history)-1].Why, "The site was down")
		end.Closes = "2026-04-20"
		t.wants(consult.Conflict, t.ExtendRound(t.ctx, e, end, "2026-04-10", t.change("round.extend", id)))
		e.From = consult.ClosedState
		t.wants(consult.Conflict, t.ExtendRound(t.ctx, e, end, "2026-04-14", t.change("round.extend", id)))
		same(t, "the round's end after conflicts", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-14"))
		same(t, "history after conflicts", len(got(t.StateEvents(t.ctx, id))(t)), len(history))
	},
	"RoundsThatAreOver": func(t *T) {
		open := t.saved()
		t.saved(func(c *consult.Case) { c.Consultation.State = consult.ClosedState })
		t.saved(func(c *consult.Case) { c.Rounds = nil })
		t.saved(func(c *consult.Case) { c.Rounds[0].Opens, c.Rounds[0].Closes = "2026-04-20", "2026-05-20" })
		two := t.saved(func(c *consult.Case) {
			c.Consultation.State = consult.Reconsulting
			c.Rounds = append(c.Rounds, consult.Round{Number: 2, Kind: consult.AmendmentRound, Opens: "2026-04-05", Closes: "2026-04-30", Version: 1})
		})
		both := []consult.ID{open, two}
		slices.Sort(both)
		for day, want := range map[consult.Date][]consult.ID{"2026-04-10": nil, "2026-04-11": {open}, "2026-04-30": {open}, "2026-05-01": both} {
			same(t, "over on "+string(day), got(t.RoundsOver(t.ctx, day))(t), want)
		}
	},
	"APlannedRoundGetsItsFinalDays": func(t *T) {
		id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.Validated })
		planned := got(t.Rounds(t.ctx, id))(t)[0]
		e := consult.StateEvent{Consultation: id, From: consult.Validated, To: consult.Consulting, At: t.now, Why: "why"}
		final := consult.Round{Number: 1, Kind: consult.InitialRound, Opens: "2026-04-02", Closes: "2026-05-01", Version: 1}
		t.must(t.MoveState(t.ctx, e, nil, &final, t.change("consultation.move", id)))
		rounds := got(t.Rounds(t.ctx, id))(t)
		if len(rounds) != 1 || rounds[0].ID != planned.ID || rounds[0].Closes != "2026-05-01" || rounds[0].Question != planned.Question {
			t.Errorf("rounds: %+v", rounds)
		}
	},
	"InfluenceIsReplacedWhole": func(t *T) {
		id := t.saved()
		i := consult.Influence{Fixed: "a", Open: "b", Decider: "c", When: "d", Rules: "e"}
		t.must(t.SaveInfluence(t.ctx, id, i, true, t.change("influence.set", id)))
		c := got(t.Consultation(t.ctx, id))(t)
		same(t, "influence", c.Influence, i)
		same(t, "environmental statement", c.Application.EIA, true)
		t.wants(consult.NotFound, t.SaveInfluence(t.ctx, t.id(), i, true, t.change("influence.set", id)))
	},
	"DocumentsAreAddedBehindTheOthers": func(t *T) {
		id := t.saved()
		for _, name := range []string{"Plan", "Elevations"} {
			d := consult.Document{ID: t.id(), Consultation: id, Version: 1, Name: name, URL: "https://example.org/" + name, Status: consult.PublishDocument}
			t.must(t.AddDocument(t.ctx, d, t.change("document.add", id)))
		}
		documents := got(t.Documents(t.ctx, id))(t)
		if len(documents) != 2 || documents[0].Name != "Plan" || documents[1].Name != "Elevations" {
			t.Errorf("documents: %+v", documents)
		}
	},
	"AMoveKeepsWhatCameWithIt": func(t *T) {
		id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.Assessed })
		move := func(from, to consult.State, r consult.Ruling, committee consult.Date) {
			t.Helper()
			e := consult.StateEvent{Consultation: id, From: from, To: to, At: t.now, On: "2026-04-02", Why: "why", By: "Planning, Officer", Ruling: r, CommitteeOn: committee}
			t.must(t.MoveState(t.ctx, e, nil, nil, t.change("consultation.move", id)))
		}
		move(consult.Assessed, consult.InCommittee, consult.Ruling{}, "2026-04-20")
		move(consult.InCommittee, consult.Decided, consult.Ruling{Decision: "refused", By: "committee", On: "2026-04-20"}, "")
		move(consult.Decided, consult.Appealed, consult.Ruling{}, "")
		move(consult.Appealed, consult.AppealDecided, consult.Ruling{Decision: "allowed", On: "2026-09-01"}, "")
		a := got(t.Consultation(t.ctx, id))(t).Application
		same(t, "committee", a.CommitteeOn, consult.Date("2026-04-20"))
		same(t, "decision", a.Decision, "refused")
		same(t, "appeal", a.Appeal, consult.Appeal{LodgedOn: "2026-04-02", Decision: "allowed", DecidedOn: "2026-09-01"})
		history := got(t.StateEvents(t.ctx, id))(t)
		same(t, "who", history[len(history)-1].By, "Planning, Officer")
	},
}
