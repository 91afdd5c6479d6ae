package consult

import (
	"context"
	"fmt"
	"time"
)

// RetentionStore finds and forgets what is over its time.
type RetentionStore interface {
	// Expired counts the cases and rows of a class that were settled, or sent, before a moment.
	Expired(ctx context.Context, class RetentionClass, before time.Time) (cases, rows int, err error)
	// Expire forgets exactly those and counts them. The audit row is written even when there were none.
	Expire(ctx context.Context, class RetentionClass, before time.Time, ch Change) (cases, rows int, err error)
}

// RetentionDue says what is over its time, class by class, and changes nothing.
func (s *Service) RetentionDue(ctx context.Context, a Actor, keep Retention) ([]RetentionLine, error) {
	if err := Must(a, ManageOfficers, "read retention"); err != nil {
		return nil, err
	}
	return s.eachClass(keep, func(l *RetentionLine, before time.Time) (err error) {
		l.Cases, l.Rows, err = s.store.Expired(ctx, l.Class, before)
		return err
	})
}

// ApplyRetention forgets what is over its time. It cannot be undone.
func (s *Service) ApplyRetention(ctx context.Context, a Actor, keep Retention) ([]RetentionLine, error) {
	if err := Must(a, ManageOfficers, "apply retention"); err != nil {
		return nil, err
	}
	return s.eachClass(keep, func(l *RetentionLine, before time.Time) (err error) {
		ch := s.change(a, "retention.apply", 0)
		ch.Detail = fmt.Sprintf("%s before %s", l.Class, l.Before)
		l.Cases, l.Rows, err = s.store.Expire(ctx, l.Class, before, ch)
		return err
	})
}

func (s *Service) eachClass(keep Retention, do func(*RetentionLine, time.Time) error) ([]RetentionLine, error) {
	var lines []RetentionLine
	for _, class := range RetentionClasses() {
		l := RetentionLine{Class: class, Days: keep[class]}
		if l.Days > 0 {
			l.Before = s.today().Add(-l.Days)
			// The first moment of that day: the day before has ended.
			if err := do(&l, s.calendar.End(l.Before.Add(-1))); err != nil {
				return lines, err
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}
