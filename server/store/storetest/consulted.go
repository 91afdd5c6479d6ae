package storetest

import (
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// anAddress is the n-th house of a street that goes east.
func anAddress(n int) consult.Address {
	number := string(rune('0' + n))
	return consult.Address{UPRN: "10009990000" + number, Text: number + " Sample Street", Postcode: "B9 9CI",
		Place: geo.Point{Lon: -1.8600 + float64(n)*0.0001, Lat: 52.4720}}
}

// neighbour is an address on a round's list.
func (t *T) neighbour(consultation consult.ID, round int, a consult.Address) consult.Neighbour {
	return consult.Neighbour{ID: t.id(), Consultation: consultation, Round: round, Key: a.UPRN, UPRN: a.UPRN, Address: a.Text, Postcode: a.Postcode, AddedAt: t.now}
}

func (t *T) listed(consultation consult.ID, round int, removed bool) []consult.Neighbour {
	t.Helper()
	l, total, err := t.Neighbours(t.ctx, consult.NeighbourFilter{Consultation: consultation, Round: round, Removed: removed, Limit: 100})
	t.must(err)
	same(t, "their number", total, len(l))
	return l
}

var neighbourTests = map[string]func(*T){
	"addresses are found by runs of quadkeys": func(t *T) {
		list := []consult.Address{anAddress(1), anAddress(2), anAddress(3)}
		created, updated, unchanged, err := t.SaveAddresses(t.ctx, list, t.change("addresses.import", 0))
		same(t, "first", []any{created, updated, unchanged, err}, []any{3, 0, 0, nil})
		list[2].Text = "3a Sample Street"
		created, updated, unchanged, err = t.SaveAddresses(t.ctx, list, t.change("addresses.import", 0))
		same(t, "second", []any{created, updated, unchanged, err}, []any{0, 1, 2, nil})
		same(t, "count", got(t.AddressCount(t.ctx))(t), 3)
		var found []string
		box := geo.Box{West: -1.86005, South: 52.4719, East: -1.85985, North: 52.4721}
		t.must(t.EachAddress(t.ctx, geo.Ranges(box, 8), func(a consult.Address) error {
			if box.Contains(a.Place) {
				found = append(found, a.Text)
			}
			return nil
		}))
		same(t, "found", found, []string{"1 Sample Street"})
		t.must(t.EachAddress(t.ctx, nil, func(consult.Address) error { t.Error("an address of no range"); return nil }))
	},
	"a round has an address once, and knows whether it is new to the case": func(t *T) {
		id := t.saved()
		one, two, three := anAddress(1), anAddress(2), anAddress(3)
		search := &consult.NeighbourSearch{ID: t.id(), Consultation: id, Round: 1, Surroundings: consult.Surroundings{Metres: 20}, Found: 2, At: t.now}
		first := []consult.Neighbour{t.neighbour(id, 1, one), t.neighbour(id, 1, two)}
		same(t, "added", got(t.SaveNeighbours(t.ctx, first, search, t.change("neighbours.add", id)))(t), 2)
		same(t, "again", got(t.SaveNeighbours(t.ctx, []consult.Neighbour{t.neighbour(id, 1, one)}, nil, t.change("neighbours.add", id)))(t), 0)
		same(t, "searches", got(t.NeighbourSearches(t.ctx, id, 1))(t), []consult.NeighbourSearch{*search})

		t.must(t.RemoveNeighbour(t.ctx, id, first[1].ID, "A garage", t.change("neighbours.remove", id)))
		t.wants(consult.Conflict, t.RemoveNeighbour(t.ctx, id, first[1].ID, "A garage", t.change("neighbours.remove", id)))
		t.wants(consult.NotFound, t.RemoveNeighbour(t.ctx, t.id(), first[0].ID, "x", t.change("neighbours.remove", id)))
		second := []consult.Neighbour{t.neighbour(id, 2, one), t.neighbour(id, 2, two), t.neighbour(id, 2, three)}
		same(t, "added", got(t.SaveNeighbours(t.ctx, second, nil, t.change("neighbours.add", id)))(t), 3)
		news := map[string]bool{}
		for _, n := range t.listed(id, 2, false) {
			news[n.Address] = n.New
		}
		same(t, "new in round 2", news, map[string]bool{one.Text: false, two.Text: true, three.Text: true})
		same(t, "tally", got(t.NeighbourTally(t.ctx, id, 1))(t), consult.NeighbourTally{Consulted: 1, New: 1, Removed: 1})
		gone := t.listed(id, 1, true)
		same(t, "removed", []any{len(gone), gone[0].RemovedWhy, gone[0].Letter}, []any{1, "A garage", consult.LetterState("")})

		same(t, "brought back", got(t.SaveNeighbours(t.ctx, []consult.Neighbour{t.neighbour(id, 1, two)}, nil, t.change("neighbours.add", id)))(t), 1)
		back := t.listed(id, 1, false)
		same(t, "back with a letter", []any{len(back), back[1].ID, back[1].Letter}, []any{2, first[1].ID, consult.LetterWaiting})
		same(t, "by round and key", got(t.NeighbourRounds(t.ctx, id))(t)[2][three.UPRN].Address, three.Text)
	},
}

// written keeps neighbours with letters and returns them.
func (t *T) written(consultation consult.ID, n int) []consult.Neighbour {
	t.Helper()
	var list []consult.Neighbour
	for i := range n {
		list = append(list, t.neighbour(consultation, 1, anAddress(i+1)))
	}
	got(t.SaveNeighbours(t.ctx, list, nil, t.change("neighbours.add", consultation)))(t)
	return list
}

func (t *T) printed(consultation consult.ID) consult.LetterBatch {
	t.Helper()
	b := consult.LetterBatch{ID: t.id(), Consultation: consultation, Kind: consult.MailNeighbour, Round: 1, PrintedAt: t.now, PostOn: "2026-04-02", Closes: "2026-04-24"}
	b.Letters = got(t.PrintLetters(t.ctx, b, t.change("letters.print", b.ID)))(t)
	return b
}

var letterTests = map[string]func(*T){
	"a letter is printed once, posted once, comes back and goes again": func(t *T) {
		id := t.saved()
		t.written(id, 3)
		b := t.printed(id)
		same(t, "letters", b.Letters, 3)
		nothing := consult.LetterBatch{ID: t.id(), Consultation: id, Kind: consult.MailNeighbour, Round: 1}
		same(t, "nothing is left", got(t.PrintLetters(t.ctx, nothing, t.change("letters.print", nothing.ID)))(t), 0)
		same(t, "batches", got(t.LetterBatches(t.ctx, id))(t), []consult.LetterBatch{b})
		kept, letters, err := t.LetterBatch(t.ctx, b.ID)
		t.must(err)
		same(t, "batch", kept, b)
		same(t, "whom to", []string{letters[0].Name, letters[0].Address, letters[0].Postcode, letters[0].Language}, []string{"", "1 Sample Street", "B9 9CI", "en"})
		t.must(t.MarkLetter(t.ctx, letters[2].ID, consult.LetterFailed, "Torn", t.change("letter.failed", letters[2].ID)))

		n := &consult.Notice{Publicity: consult.Publicity{ID: t.id(), Consultation: id, Round: 1, Kind: consult.NeighbourLetter, On: "2026-04-02", Evidence: "Batch", RecordedAt: t.now},
			End: consult.RoundEnd{Round: 1, Closes: "2026-04-24", Over: t.now.AddDate(0, 0, 23)}}
		t.must(t.PostLetters(t.ctx, b.ID, "2026-04-02", n, t.change("letters.post", b.ID)))
		t.wants(consult.Conflict, t.PostLetters(t.ctx, b.ID, "2026-04-03", n, t.change("letters.post", b.ID)))
		t.wants(consult.NotFound, t.PostLetters(t.ctx, t.id(), "2026-04-03", nil, t.change("letters.post", b.ID)))
		same(t, "publicity", len(got(t.Publicity(t.ctx, id))(t)), 1)
		same(t, "the round's end", got(t.Rounds(t.ctx, id))(t)[0].Closes, consult.Date("2026-04-24"))

		back := letters[0]
		t.must(t.MarkLetter(t.ctx, back.ID, consult.LetterReturned, "Gone away", t.change("letter.returned", back.ID)))
		t.wants(consult.Conflict, t.MarkLetter(t.ctx, back.ID, consult.LetterReturned, "Gone away", t.change("letter.returned", back.ID)))
		again := back
		again.ID, again.State, again.Batch, again.PostedOn, again.Resends, again.Why, again.CreatedAt = t.id(), consult.LetterWaiting, 0, "", back.ID, "Moved", t.now
		t.must(t.SaveLetter(t.ctx, again, t.change("letter.resend", back.ID)))
		t.wants(consult.Conflict, t.SaveLetter(t.ctx, again, t.change("letter.resend", back.ID)))
		found := got(t.Letter(t.ctx, again.ID))(t)
		same(t, "again", []any{found.Resends, found.Why, found.Address}, []any{back.ID, "Moved", "1 Sample Street"})
		counts := map[consult.LetterState]int{}
		for _, c := range got(t.LetterCounts(t.ctx, id))(t) {
			counts[c.State] = c.N
		}
		same(t, "counts", counts, map[consult.LetterState]int{consult.LetterWaiting: 1, consult.LetterPosted: 1, consult.LetterReturned: 1, consult.LetterFailed: 1})
		posted, total, err := t.Letters(t.ctx, id, consult.LetterPosted, 0, 10)
		t.must(err)
		same(t, "posted", []any{len(posted), total, posted[0].PostedOn}, []any{1, 1, consult.Date("2026-04-02")})
	},
	"who left an address and no mailbox gets a letter with every mail to all, once": func(t *T) {
		id := t.saved()
		comment := func(k consult.Contact, state consult.CommentState) consult.ID {
			t.later(time.Second)
			c := t.aComment(id, func(c *consult.Comment) { c.State = state })
			t.must(t.SaveComment(t.ctx, c, words, k, "", t.change("comment.submit", c.ID)))
			return c.ID
		}
		paper := consult.Contact{Name: "Resident of Sample Street", Address: "1 Sample Street", Postcode: "B9 9CI", Language: "ur"}
		comment(paper, consult.CommentReceived)
		latest := comment(paper, consult.CommentWithheld)
		comment(consult.Contact{Name: "Resident of Example Row", Address: "2 Example Row", Postcode: "B9 9CK"}, consult.CommentWithdrawn)
		comment(consult.Contact{Name: "Nobody knows where"}, consult.CommentReceived)
		comment(consult.Contact{Name: "With a mailbox", Address: "3 Example Row", Postcode: "B9 9CK", Email: "resident@example.org"}, consult.CommentReceived)

		ch := t.change("consultation.move", id)
		data := map[string]string{consult.DataState: "decided"}
		ch.Mails = []consult.Mail{{Kind: consult.MailStateChange, Audience: consult.Audience{Consultation: id, Everyone: true}, Subject: id, Data: data},
			{Kind: consult.MailStateChange, Audience: consult.Audience{Consultation: id}, Subject: id, Data: data}}
		t.must(t.Note(t.ctx, ch))
		l, total, err := t.Letters(t.ctx, id, consult.LetterWaiting, 0, 10)
		t.must(err)
		same(t, "letters", total, 1)
		same(t, "letter", []any{l[0].Kind, l[0].Comment, l[0].Name, l[0].Address, l[0].Language, l[0].Data}, []any{consult.MailStateChange, latest,
			paper.Name, paper.Address, "ur", data})
		same(t, "who cannot be told", got(t.Unreachable(t.ctx, id))(t), 1)
		same(t, "mails", got(t.MailCounts(t.ctx, id))(t), []consult.MailCount{{Kind: consult.MailStateChange, State: consult.MailWaiting, N: 1}})
		m := t.mails()
		t.must(t.DeliveryFailed(t.ctx, m[0].ID, "refused", t.now, t.now.Add(time.Hour)))
		same(t, "delayed", got(t.MailCounts(t.ctx, id))(t)[0].State, consult.MailDelayed)
		t.must(t.DeliverySent(t.ctx, m[0].ID, t.now))
		same(t, "sent", got(t.MailCounts(t.ctx, id))(t)[0].State, consult.MailSent)
	},
}
