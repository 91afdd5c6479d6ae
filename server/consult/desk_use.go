package consult

import (
	"context"
	"slices"
)

// Inbox lists what waits on the officers' desk.
func (s *Service) Inbox(ctx context.Context, a Actor, view InboxView, offset int) (InboxPage, error) {
	if err := Must(a, WorkInbox, "open inbox"); err != nil {
		return InboxPage{}, err
	}
	switch view {
	case InboxUnanswered, InboxPublish, InboxHeld:
	default:
		view = InboxUnanswered
	}
	limit, offset := ClampPage(25, offset)
	return s.store.Inbox(ctx, view, offset, limit)
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
