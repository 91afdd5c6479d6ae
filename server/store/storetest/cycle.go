package storetest

import "github.com/yousaid/yousaid/server/consult"

var cycleTests = map[string]func(*T){
	"PublicityHoldsItsRoundOpen": func(t *T) {
		id := t.saved()
		later := consult.Publicity{ID: t.id(), Consultation: id, Round: 1, Kind: consult.Newspaper, On: "2026-04-02", Evidence: "Page 4", RecordedAt: t.now}
		t.must(t.SavePublicity(t.ctx, later, "2026-04-17", t.change("publicity.record", id)))
		earlier := consult.Publicity{ID: t.id(), Consultation: id, Round: 1, Kind: consult.SiteNotice, On: "2026-03-10", Evidence: "At the gate", RecordedAt: t.now}
		t.must(t.SavePublicity(t.ctx, earlier, "2026-03-30", t.change("publicity.record", id)))
		future := consult.Publicity{ID: t.id(), Consultation: id, Round: 2, Kind: consult.Website, On: "2026-06-01", Evidence: "The page", RecordedAt: t.now}
		t.must(t.SavePublicity(t.ctx, future, "2026-06-14", t.change("publicity.record", id)))
		same(t, "publicity", got(t.Publicity(t.ctx, id))(t), []consult.Publicity{earlier, later, future})
		same(t, "the round's end", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-17"))

		t.must(t.RemovePublicity(t.ctx, id, later.ID, t.change("publicity.remove", id)))
		t.wants(consult.NotFound, t.RemovePublicity(t.ctx, id, later.ID, t.change("publicity.remove", id)))
		t.wants(consult.NotFound, t.RemovePublicity(t.ctx, t.id(), earlier.ID, t.change("publicity.remove", id)))
		same(t, "the round's end stays", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-17"))
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
