package consult

import (
	"context"
	"slices"
	"time"
)

// Inbox lists what waits on the officers' desk, as the officer sees it, and counts further lists.
func (s *Service) Inbox(ctx context.Context, a Actor, f InboxFilter, offset int, saved ...InboxFilter) (InboxPage, error) {
	if err := Must(a, WorkInbox, "open inbox"); err != nil {
		return InboxPage{}, err
	}
	q := s.inboxQuery(a, f)
	q.Limit, q.Offset = ClampPage(InboxPerPage, offset)
	for _, v := range saved {
		q.Saved = append(q.Saved, knownView(v))
	}
	return s.store.Inbox(ctx, q)
}

func (s *Service) inboxQuery(a Actor, f InboxFilter) InboxQuery {
	now := s.clock()
	return InboxQuery{InboxFilter: knownView(f), Me: a.ID, Service: a.Service, Now: now, Soon: s.calendar.Promise(now, DueSoon)}
}

func knownView(f InboxFilter) InboxFilter {
	if !slices.Contains(InboxViews(), f.View) {
		f.View = InboxUnanswered
	}
	return f
}

// InboxItems lists the items of a whole view, what came in by a moment only, for one act: at most MaxBulk of them.
func (s *Service) InboxItems(ctx context.Context, a Actor, f InboxFilter, by time.Time) ([]ID, error) {
	if err := Must(a, WorkInbox, "list items"); err != nil {
		return nil, err
	}
	return s.store.InboxItems(ctx, s.inboxQuery(a, f), by, MaxBulk)
}

// AnswerEquality keeps the optional equality answers of one comment's author, apart from the comment, once.
func (s *Service) AnswerEquality(ctx context.Context, token string, answers EqualityAnswers) error {
	const op = "answer equality questions"
	id, err := s.open(linkMine, token)
	if err != nil {
		return err
	}
	var bad check
	given := map[string]string{"age": answers.AgeBand, "sex": answers.Sex, "ethnic": answers.EthnicGroup, "disability": answers.Disability}
	for _, q := range EqualityQuestions() {
		if v := given[q.Name]; v != "" && !slices.Contains(q.Codes, v) {
			bad.add(q.Name, "choice")
		}
	}
	if err := bad.err(op); err != nil {
		return err
	}
	c, err := s.store.Comment(ctx, id)
	if err != nil {
		return err
	}
	answers.Consultation, answers.WardCode, answers.RecordedOn = c.Consultation, c.WardCode, s.today()
	// The audit row names no subject: which comment belongs to the answers must not be told by their order.
	return s.store.SaveEquality(ctx, id, answers, s.change(Actor{}, "equality.answer", 0))
}

// DueIn is how many working days are left of an item's promise: 0 today, negative when it was broken; not known without a promise.
func (s *Service) DueIn(item InboxItem) (workingDays int, known bool) {
	if item.Due.IsZero() {
		return 0, false
	}
	return s.calendar.WorkingDaysUntil(s.today(), s.calendar.Day(item.Due.Add(-1))), true
}
