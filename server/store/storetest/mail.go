package storetest

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// following keeps a confirmed follower.
func (t *T) following(consultation consult.ID, email string) consult.Follow {
	t.Helper()
	f := consult.Follow{ID: t.id(), Consultation: consultation, Email: email, Language: "ur", Confirmed: true, CreatedAt: t.now}
	return got(t.SaveFollow(t.ctx, f, t.change("follow.ask", f.ID)))(t)
}

// mails claims whatever is due now, for a minute.
func (t *T) mails() []consult.Delivery {
	t.Helper()
	l := got(t.ClaimDeliveries(t.ctx, t.now, time.Minute, 1000))(t)
	slices.SortFunc(l, func(a, b consult.Delivery) int { return cmp.Compare(a.To, b.To) })
	return l
}

var followTests = map[string]func(*T){
	"a new address is asked to confirm, at most once an hour": func(t *T) {
		id := t.saved()
		f := consult.Follow{ID: t.id(), Consultation: id, Email: "Follower@Example.org", Language: "en", CreatedAt: t.now}
		same(t, "kept", got(t.SaveFollow(t.ctx, f, t.change("follow.ask", f.ID)))(t), f)
		same(t, "by id", got(t.Follow(t.ctx, f.ID))(t), f)
		m := t.mails()
		same(t, "mail", []any{len(m), m[0].Kind, m[0].To, m[0].Follow, m[0].Consultation}, []any{1, consult.MailConfirm, f.Email, f.ID, id})
		again := consult.Follow{ID: t.id(), Consultation: id, Email: "follower@example.org", Language: "ur", CreatedAt: t.later(30 * time.Minute)}
		same(t, "the existing one", got(t.SaveFollow(t.ctx, again, t.change("follow.ask", again.ID)))(t).ID, f.ID)
		t.must(t.DeliverySent(t.ctx, m[0].ID, t.now))
		same(t, "no second mail yet", len(t.mails()), 0)
		t.later(31 * time.Minute)
		kept := got(t.SaveFollow(t.ctx, again, t.change("follow.ask", again.ID)))(t)
		same(t, "the existing one, in the language asked for", []any{kept.ID, kept.Language}, []any{f.ID, "ur"})
		m = t.mails()
		same(t, "second mail names the existing one", []any{len(m), m[0].Follow, m[0].Language}, []any{1, f.ID, "ur"})
	},
	"a confirmed one is left in peace": func(t *T) {
		id := t.saved()
		f := consult.Follow{ID: t.id(), Consultation: id, Email: "follower@example.org", CreatedAt: t.now}
		got(t.SaveFollow(t.ctx, f, t.change("follow.ask", f.ID)))(t)
		t.must(t.ConfirmFollow(t.ctx, f.ID, t.change("follow.confirm", f.ID)))
		t.must(t.ConfirmFollow(t.ctx, f.ID, t.change("follow.confirm", f.ID)))
		t.mails()
		t.later(2 * time.Hour)
		t.must(t.DeliverySent(t.ctx, t.mails()[0].ID, t.now))
		again := f
		again.ID = t.id()
		same(t, "existing", got(t.SaveFollow(t.ctx, again, t.change("follow.ask", again.ID)))(t).Confirmed, true)
		same(t, "mails", len(t.mails()), 0)
	},
	"unfollowing takes waiting mails back": func(t *T) {
		id := t.saved()
		f := t.following(id, "follower@example.org")
		ch := t.change("x", id)
		ch.Mails = []consult.Mail{{Kind: consult.MailOutcome, Audience: consult.Audience{Consultation: id}, Subject: id}}
		t.must(t.Note(t.ctx, ch))
		t.must(t.RemoveFollow(t.ctx, f.ID, t.change("follow.end", f.ID)))
		same(t, "mails", len(t.mails()), 0)
		t.wants(consult.NotFound, t.RemoveFollow(t.ctx, f.ID, t.change("follow.end", f.ID)))
		_, err := t.Follow(t.ctx, f.ID)
		t.wants(consult.NotFound, err)
	},
	"an author who stops mail gets none, by whatever door": func(t *T) {
		id := t.saved()
		c, other := t.commented(id), t.commented(id)
		t.following(id, "Resident@Example.org")
		ch := t.change("x", id)
		ch.Mails = []consult.Mail{{Kind: consult.MailOutcome, Audience: consult.Audience{Consultation: id, Everyone: true}, Subject: id}}
		t.must(t.Note(t.ctx, ch))
		t.must(t.StopMail(t.ctx, c.ID, t.change("comment.stop-mail", c.ID)))
		t.must(t.StopMail(t.ctx, c.ID, t.change("comment.stop-mail", c.ID)))
		t.must(t.Note(t.ctx, ch))
		same(t, "mails", len(t.mails()), 0)
		file := got(t.CommentFile(t.ctx, other.ID))(t)
		same(t, "address and the rest", []string{file.Contact.Email, file.Contact.Name}, []string{"", resident.Name})
	},
}

var mailTests = map[string]func(*T){
	"an audience is one mail per address, in each reader's language": func(t *T) {
		id := t.saved()
		t.following(id, "follower@example.org")
		t.following(id, "both@example.org")
		unconfirmed := consult.Follow{ID: t.id(), Consultation: id, Email: "maybe@example.org", CreatedAt: t.now}
		got(t.SaveFollow(t.ctx, unconfirmed, t.change("follow.ask", unconfirmed.ID)))(t)
		t.must(t.DeliverySent(t.ctx, t.mails()[0].ID, t.now))
		comment := func(email, language string, state consult.CommentState) consult.ID {
			t.later(time.Second)
			c := t.aComment(id, func(c *consult.Comment) { c.State = state })
			t.must(t.SaveComment(t.ctx, c, words, consult.Contact{Email: email, Language: language}, "", t.change("comment.submit", c.ID)))
			return c.ID
		}
		comment("author@example.org", "en", consult.CommentReceived)
		latest := comment("Author@example.org", "pl", consult.CommentWithheld)
		comment("both@example.org", "en", consult.CommentReceived)
		comment("gone@example.org", "en", consult.CommentWithdrawn)
		comment("", "en", consult.CommentReceived)

		ch := t.change("outcome.publish", id)
		ch.Mails = []consult.Mail{{Kind: consult.MailOutcome, Audience: consult.Audience{Consultation: id, Everyone: true}, Subject: id,
			Data: map[string]string{"state": "decided"}}}
		t.must(t.Note(t.ctx, ch))
		var lines []string
		for _, d := range t.mails() {
			lines = append(lines, d.To+" "+d.Language)
			same(t, "about", []any{d.Consultation, d.Data["state"], d.Tries}, []any{id, "decided", 1})
			if strings.HasPrefix(d.To, "Author") {
				same(t, "links to the latest comment", d.Comment, latest)
			} else if d.Follow == 0 || d.Comment != 0 {
				t.Errorf("%s: no link to unfollow", d.To)
			}
		}
		same(t, "mails", lines, []string{"Author@example.org pl", "both@example.org ur", "follower@example.org ur"})

		ch.Mails[0].Audience.Everyone = false
		t.must(t.Note(t.ctx, ch))
		same(t, "followers only", len(t.mails()), 2)
	},
	"nobody hears of one thing twice": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		t.following(id, "Resident@example.org")
		th := t.answered(id, c.ID).Thread.ID
		m := t.answer(th, "One more thing.")
		ch := t.change("message.post", m.ID)
		ch.Mails = []consult.Mail{{Kind: consult.MailAnswered, Audience: consult.Audience{Comment: c.ID}, Subject: th},
			{Kind: consult.MailReply, Audience: consult.Audience{Consultation: id}, Subject: th}}
		got(t.PostMessage(t.ctx, m, ch))(t)
		l := t.mails()
		same(t, "mails", len(l), 1)
		same(t, "mail", []any{l[0].Kind, l[0].Comment, l[0].Thread, l[0].Consultation}, []any{consult.MailAnswered, c.ID, th, id})
	},
	"one address, about nothing": func(t *T) {
		ch := t.change("link.make", 0)
		ch.Mails = []consult.Mail{{Kind: consult.MailSignIn, To: "officer@example.org", Language: "en", Data: map[string]string{"link": "secret"}}}
		t.must(t.Note(t.ctx, ch))
		d := t.mails()[0]
		want := consult.Delivery{ID: d.ID, Kind: consult.MailSignIn, To: "officer@example.org", Language: "en",
			Data: map[string]string{"link": "secret"}, Tries: 1, NextTry: t.now.Add(time.Minute)}
		same(t, "delivery", d, want)
	},
	"a claim hides, a lost node's mail comes again, a sent one never": func(t *T) {
		ch := t.change("x", 0)
		ch.Mails = []consult.Mail{{Kind: consult.MailSignIn, To: "officer@example.org"}}
		t.must(t.Note(t.ctx, ch))
		first := t.mails()[0]
		same(t, "hidden", len(t.mails()), 0)
		t.later(61 * time.Second)
		again := t.mails()
		same(t, "after the lease", []any{len(again), again[0].ID, again[0].Tries}, []any{1, first.ID, 2})
		t.must(t.DeliveryFailed(t.ctx, first.ID, "421 busy", t.now, t.now.Add(time.Hour)))
		t.later(59 * time.Minute)
		same(t, "before the next try", len(t.mails()), 0)
		t.later(time.Minute)
		third := t.mails()
		same(t, "next try", []any{len(third), third[0].Failed}, []any{1, "421 busy"})
		t.must(t.DeliverySent(t.ctx, first.ID, t.now))
		t.later(100 * time.Hour)
		same(t, "sent", len(t.mails()), 0)
	},
	"giving up is for ever": func(t *T) {
		ch := t.change("x", 0)
		ch.Mails = []consult.Mail{{Kind: consult.MailSignIn, To: "officer@example.org"}}
		t.must(t.Note(t.ctx, ch))
		t.must(t.DeliveryFailed(t.ctx, t.mails()[0].ID, "550 unknown", t.now, time.Time{}))
		t.later(1000 * time.Hour)
		same(t, "mails", len(t.mails()), 0)
	},
	"a mailing to thousands": func(t *T) {
		ch := t.change("x", 0)
		for range 3000 {
			ch.Mails = append(ch.Mails, consult.Mail{Kind: consult.MailSignIn, To: "officer@example.org"})
		}
		t.must(t.Note(t.ctx, ch))
		same(t, "mails", len(got(t.ClaimDeliveries(t.ctx, t.now, time.Hour, 5000))(t)), 3000)
	},
	"many nodes claim, each mail goes to one": func(t *T) {
		ch := t.change("x", 0)
		for range 60 {
			ch.Mails = append(ch.Mails, consult.Mail{Kind: consult.MailSignIn, To: "officer@example.org"})
		}
		t.must(t.Note(t.ctx, ch))
		var mu sync.Mutex
		seen := map[consult.ID]int{}
		for _, err := range parallel(6, func(int) error {
			for {
				l, err := t.ClaimDeliveries(t.ctx, t.now, time.Hour, 7)
				if err != nil || len(l) == 0 {
					return err
				}
				mu.Lock()
				for _, d := range l {
					seen[d.ID]++
				}
				mu.Unlock()
			}
		}) {
			t.must(err)
		}
		// A node that found others' rows locked may leave early; what it left is due now.
		for _, d := range got(t.ClaimDeliveries(t.ctx, t.now, time.Hour, 1000))(t) {
			seen[d.ID]++
		}
		same(t, "mails", len(seen), 60)
		for id, n := range seen {
			if n != 1 {
				t.Errorf("mail %v went out %d times", id, n)
			}
		}
	},
}

// parallel runs n calls at once.
func parallel(n int, call func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = call(i) })
	}
	wg.Wait()
	return errs
}

// count is how many of the errors are the given one.
func count(errs []error, want error) (n int) {
	for _, err := range errs {
		if errors.Is(err, want) {
			n++
		}
	}
	return n
}
