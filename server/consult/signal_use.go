package consult

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Signals lists what stands out in a consultation, what waits to be looked at first. texts are the signals of similar texts, which are
// found elsewhere.
func (s *Service) Signals(ctx context.Context, a Actor, consultation ID, texts []Signal) ([]Signal, error) {
	if err := Must(a, WorkInbox, "read signals"); err != nil {
		return nil, err
	}
	traces, err := s.store.Traces(ctx, consultation, s.clock().Add(-TracesKept))
	if err != nil {
		return nil, err
	}
	list := append(slices.Clone(texts), SignalsOf(traces, s.calendar.Day)...)
	looks, err := s.store.SignalLooks(ctx, consultation)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if j := slices.IndexFunc(looks, func(l SignalLook) bool { return l.Signal == list[i].Key }); j >= 0 {
			list[i].Look = &looks[j]
		}
	}
	slices.SortStableFunc(list, func(x, y Signal) int { return cmp.Compare(rank(x), rank(y)) })
	return list, nil
}

// NoteSignals keeps in the log that somebody read a consultation's signals, which show words as they were written.
func (s *Service) NoteSignals(ctx context.Context, a Actor, consultation ID) error {
	if err := Must(a, WorkInbox, "read signals"); err != nil {
		return err
	}
	return s.store.Note(ctx, s.change(a, "signal.open", consultation))
}

func rank(s Signal) int {
	if s.Open() {
		return 0
	}
	return 1
}

// EachText streams residents' texts as they were written, for signals.
func (s *Service) EachText(ctx context.Context, a Actor, consultation ID, each func(Written) error) error {
	if err := Must(a, WorkInbox, "read texts"); err != nil {
		return err
	}
	return s.store.EachText(ctx, consultation, each)
}

// LookAtSignal notes that a signal was looked at, with what was found.
func (s *Service) LookAtSignal(ctx context.Context, a Actor, consultation ID, l SignalLook) error {
	const op = "look at signal"
	if err := Must(a, Moderate, op); err != nil {
		return err
	}
	if _, err := s.visible(ctx, a, consultation); err != nil {
		return err
	}
	var bad check
	bad.line("signal", l.Signal, 40, true)
	bad.text("note", l.Note, MaxSignalNote, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "signal.look", consultation)
	l.Note, l.By, l.At = strings.TrimSpace(l.Note), a.Standing(), ch.At
	return s.store.SaveSignalLook(ctx, consultation, l, ch)
}
