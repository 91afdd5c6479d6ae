package storetest

import (
	"math"

	"github.com/yousaid/yousaid/server/consult"
)

var notFoundTests = map[string]func(*T){
	"every reader of one record, whatever the number": func(t *T) {
		for _, id := range []consult.ID{0, -1, 1, 4711, math.MaxInt64, math.MinInt64} {
			readers := map[string]func() error{
				"consultation":   func() error { _, err := t.Consultation(t.ctx, id); return err },
				"document":       func() error { _, err := t.Document(t.ctx, id); return err },
				"comment":        func() error { _, err := t.Comment(t.ctx, id); return err },
				"comment file":   func() error { _, err := t.CommentFile(t.ctx, id); return err },
				"message":        func() error { _, err := t.Message(t.ctx, id); return err },
				"follow":         func() error { _, err := t.Follow(t.ctx, id); return err },
				"officer":        func() error { _, err := t.Officer(t.ctx, id); return err },
				"equality asked": func() error { _, err := t.EqualityAsked(t.ctx, id); return err },
			}
			if id != consult.DeskThread {
				readers["thread"] = func() error { _, err := t.Thread(t.ctx, id); return err }
			}
			for name, read := range readers {
				if err := read(); consult.KindOf(err) != consult.NotFound {
					t.Errorf("%s %d: got %v, want not found", name, int64(id), err)
				}
			}
		}
	},
	"every reader by text": func(t *T) {
		for _, s := range []string{"", "unknown", "' OR 1=1 --", "%"} {
			for name, err := range map[string]error{
				"reference": second(t.ConsultationByReference(t.ctx, s, s)),
				"draft":     second(t.Draft(t.ctx, s)),
				"address":   second(t.OfficerByEmail(t.ctx, s)),
				"link":      second(t.Link(t.ctx, s)),
				"session":   second(t.Session(t.ctx, s)),
				"token":     second(t.Token(t.ctx, s)),
				"postcode":  second(t.Postcode(t.ctx, s)),
				"repeated":  second(t.Repeated(t.ctx, consult.Actor{}, s)),
			} {
				if consult.KindOf(err) != consult.NotFound {
					t.Errorf("%s %q: got %v, want not found", name, s, err)
				}
			}
		}
	},
	"every writer, which then leaves no audit row": func(t *T) {
		ch := t.change("x", 4711)
		e := consult.StateEvent{Consultation: 4711, From: consult.Consulting, To: consult.Decided}
		post := t.question(4711, "Hello")
		session := consult.Session{Hash: "h", Officer: consult.Officer{ID: 4711}}
		for name, err := range map[string]error{
			"move":             t.MoveState(t.ctx, e, nil, nil, ch),
			"publish":          t.PublishComment(t.ctx, consult.Comment{ID: 4711}, nil, ch),
			"post":             second(t.PostMessage(t.ctx, post, ch)),
			"moderate":         t.SetMessageState(t.ctx, 4711, consult.MessageHidden, "", "", ch),
			"outcome":          t.SaveOutcome(t.ctx, consult.Outcome{Consultation: 4711, Topic: "use"}, ch),
			"follow":           second(t.SaveFollow(t.ctx, consult.Follow{ID: 1, Consultation: 4711, Email: "a@example.org"}, ch)),
			"confirm":          t.ConfirmFollow(t.ctx, 4711, ch),
			"unfollow":         t.RemoveFollow(t.ctx, 4711, ch),
			"stop mail":        t.StopMail(t.ctx, 4711, ch),
			"mail sent":        t.DeliverySent(t.ctx, 4711, t.now),
			"mail failed":      t.DeliveryFailed(t.ctx, 4711, "", t.now, t.now),
			"link":             t.ConsumeLink(t.ctx, "unknown", ch),
			"link tried":       t.LinkTried(t.ctx, "unknown"),
			"sign in":          t.SaveSession(t.ctx, session, ch),
			"session seen":     t.TouchSession(t.ctx, "unknown", t.now),
			"sign out":         t.EndSession(t.ctx, "unknown", ch),
			"equality answers": t.SaveEquality(t.ctx, 4711, consult.EqualityAnswers{}, ch),
		} {
			if consult.KindOf(err) != consult.NotFound {
				t.Errorf("%s: got %v, want not found", name, err)
			}
		}
		same(t, "audit rows", len(got(t.AuditRows(t.ctx, 0, 100))(t)), 0)
	},
	"lists of nothing are empty": func(t *T) {
		same(t, "rounds", got(t.Rounds(t.ctx, 4711))(t), nil)
		same(t, "versions", got(t.Versions(t.ctx, 4711))(t), nil)
		same(t, "documents", got(t.Documents(t.ctx, 4711))(t), nil)
		same(t, "history", got(t.StateEvents(t.ctx, 4711))(t), nil)
		same(t, "threads", got(t.Threads(t.ctx, 4711, 10))(t), nil)
		same(t, "messages", got(t.Messages(t.ctx, 4711, 0, 10))(t), nil)
		same(t, "events", got(t.Events(t.ctx, 4711, 0, 10))(t), nil)
		same(t, "outcomes", got(t.Outcomes(t.ctx, 4711))(t), nil)
		same(t, "sessions", got(t.SessionsOf(t.ctx, 4711))(t), nil)
		same(t, "reach", t.reach(consult.ReachFilter{Consultation: 4711}), nil)
		list, total, err := t.Comments(t.ctx, consult.CommentFilter{Consultation: 4711})
		t.must(err)
		same(t, "comments", []int{len(list), total}, []int{0, 0})
	},
}

func second[V any](_ V, err error) error { return err }
