package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// SaveConcern makes a concern of points, or saves what it says of itself over the version that was seen.
func (s *Store) SaveConcern(ctx context.Context, k consult.Concern, refs []consult.PointRef, by consult.ByHow, ch consult.Change) error {
	h := consult.ConcernChange{Consultation: k.Consultation, Act: consult.ConcernMade, Concern: k.ID}
	if k.Version > 0 {
		h.Act = consult.ConcernRenamed
	}
	return s.act(ctx, "save concern", h, ch, func(a *act) error {
		if k.Version > 0 {
			return a.rename(k)
		}
		if err := a.create(k); err != nil || len(refs) == 0 {
			return err
		}
		return a.add(refs, k.ID, by, true)
	})
}

func (a *act) rename(k consult.Concern) error {
	was, err := a.standing(k.ID)
	if err != nil {
		return err
	}
	if was.Version != k.Version {
		return fail(consult.Conflict, "", errSavedMeanwhile)
	}
	if was.Face() == k.Face() {
		return errNothing
	}
	if was.Shown() && k.Shown() {
		k.ShownAt = was.ShownAt
	}
	if !k.Shown() {
		if err := a.notAnswered(k.ID, "show"); err != nil {
			return err
		}
	}
	a.Was, a.Became = was.Face(), k.Face()
	return a.face(k)
}

// face writes what a concern says of itself.
func (a *act) face(k consult.Concern) error {
	_, err := a.exec(`UPDATE concern SET title = $1, service = $2, shown_at = $3, version = version + 1, updated_at = $4 WHERE id = $5`, k.Title, k.Service,
		k.ShownAt, a.Change.At, k.ID)
	return err
}

// AddPoints puts points into a concern.
func (s *Store) AddPoints(ctx context.Context, in consult.Sorting, ch consult.Change) error {
	consultation, err := s.consultationOf(ctx, in.Concern)
	if err != nil {
		return err
	}
	h := consult.ConcernChange{Consultation: consultation, Act: consult.ConcernAdded, Concern: in.Concern}
	return s.act(ctx, "add points", h, ch, func(a *act) error {
		if _, err := a.standing(in.Concern); err != nil {
			return err
		}
		return a.add(in.Refs, in.Concern, in.By, in.Loose)
	})
}

// consultationOf finds whose turn an act takes; a concern never changes its consultation.
func (s *Store) consultationOf(ctx context.Context, concern consult.ID) (consult.ID, error) {
	n, err := one(s.reading(ctx), id, `SELECT consultation FROM concern WHERE id = $1`, concern)
	return n, failure("read concern", err)
}

// MovePoints takes points out of one concern and, unless to is 0, puts them into another.
func (s *Store) MovePoints(ctx context.Context, from, to consult.ID, refs []consult.PointRef, ch consult.Change) error {
	consultation, err := s.consultationOf(ctx, from)
	if err != nil {
		return err
	}
	h := consult.ConcernChange{Consultation: consultation, Act: consult.ConcernMoved, Concern: from, Other: to}
	if to == 0 {
		h.Act = consult.ConcernRemoved
	}
	return s.act(ctx, "move points", h, ch, func(a *act) error {
		if _, err := a.standing(from); err != nil {
			return err
		}
		if to != 0 {
			if _, err := a.standing(to); err != nil {
				return err
			}
		}
		return a.move(refs, from, to)
	})
}

// SplitConcern moves points of a concern into a new one.
func (s *Store) SplitConcern(ctx context.Context, from consult.ID, into consult.Concern, refs []consult.PointRef, ch consult.Change) error {
	h := consult.ConcernChange{Consultation: into.Consultation, Act: consult.ConcernSplit, Concern: from, Other: into.ID}
	return s.act(ctx, "split concern", h, ch, func(a *act) error {
		if _, err := a.standing(from); err != nil {
			return err
		}
		if err := a.create(into); err != nil {
			return err
		}
		return a.move(refs, from, into.ID)
	})
}

// MergeConcerns moves every point of a concern into another and ends it.
func (s *Store) MergeConcerns(ctx context.Context, from consult.Concern, into consult.ID, ch consult.Change) error {
	consultation, err := s.consultationOf(ctx, from.ID)
	if err != nil {
		return err
	}
	h := consult.ConcernChange{Consultation: consultation, Act: consult.ConcernMerged, Concern: from.ID, Other: into}
	return s.act(ctx, "merge concerns", h, ch, func(a *act) error {
		seen, err := a.standing(from.ID)
		if err != nil {
			return err
		}
		if seen.Version != from.Version {
			return fail(consult.Conflict, "", errSavedMeanwhile)
		}
		if err := a.notAnswered(from.ID, "into"); err != nil {
			return err
		}
		if _, err := a.standing(into); err != nil {
			return err
		}
		refs, err := list(&a.conn, func(r row) (p consult.PointRef, err error) { return p, r.Scan(&p.Source, &p.Topic) },
			`SELECT source, topic FROM concern_point WHERE concern = $1 ORDER BY source, topic`, from.ID)
		if err != nil {
			return err
		}
		if err := a.move(refs, from.ID, into); err != nil {
			return err
		}
		_, err = a.exec(`UPDATE concern SET merged_into = $1, version = version + 1, updated_at = $2 WHERE id = $3`, into, a.Change.At, from.ID)
		return err
	})
}

// UndoConcernChange puts back exactly what an act changed, or refuses: never half of it, and never over what somebody did since.
func (s *Store) UndoConcernChange(ctx context.Context, change consult.ID, ch consult.Change) error {
	const op = "undo an act on concerns"
	all, err := list(s.reading(ctx), scanConcernChange, changeByID, change)
	if err == nil && len(all) == 0 {
		err = fail(consult.NotFound, op, nil)
	}
	if err != nil {
		return failure(op, err)
	}
	h := consult.ConcernChange{Consultation: all[0].Consultation, Act: consult.ConcernUndone, Concern: all[0].Concern, Other: all[0].Other}
	return s.act(ctx, op, h, ch, func(a *act) error {
		// Again, now that it is our turn: another officer may have been faster.
		old, err := one(&a.conn, scanConcernChange, changeByID, change)
		if err != nil {
			return err
		}
		a.aim(change, old.Concern)
		return a.undo(old)
	})
}

const changeByID = `SELECT h.id, h.consultation, h.act, h.concern, h.other, '', '', 0, h.was, h.became, h.by_whom, h.at, h.undone_at
	FROM concern_change h WHERE h.id = $1`

func (a *act) undo(old consult.ConcernChange) error {
	switch {
	case !old.UndoneAt.IsZero():
		return fail(consult.Conflict, "", errUndone)
	case !old.CanUndo():
		return fail(consult.Conflict, "", errNotUndoable)
	}
	a.Was, a.Became = old.Became, old.Was
	// A concern that ended stands again before points come back to it, one that was made goes when its points have gone.
	if old.Act == consult.ConcernMerged {
		if err := a.stand(old); err != nil {
			return err
		}
	}
	if err := a.putBack(old.ID); err != nil {
		return err
	}
	switch old.Act {
	case consult.ConcernRenamed:
		if err := a.renameBack(old); err != nil {
			return err
		}
	case consult.ConcernMade:
		if err := a.unmake(old.Concern, old.Became); err != nil {
			return err
		}
	case consult.ConcernSplit:
		if err := a.unmake(old.Other, old.Became); err != nil {
			return err
		}
	}
	_, err := a.exec(`UPDATE concern_change SET undone_at = $1 WHERE id = $2`, a.Change.At, old.ID)
	return err
}

// stand ends a merge.
func (a *act) stand(old consult.ConcernChange) error {
	n, err := a.exec(`UPDATE concern SET merged_into = 0, version = version + 1, updated_at = $1 WHERE id = $2 AND merged_into = $3`, a.Change.At, old.Concern,
		old.Other)
	if err == nil && n == 0 {
		err = fail(consult.Conflict, "", errNotUndoable)
	}
	return err
}

// putBack takes out the points the act put in and puts in those it took out, as they were. What it put in must be as it was put in, what
// it took out must not have come back, and must have a concern to come back to.
func (a *act) putBack(old consult.ID) error {
	const kept = `SELECT p.source, p.topic, p.concern, p.how, p.by_whom, p.added_at FROM concern_change_point p WHERE p.change = $1 AND p.added = $2
		ORDER BY p.source, p.topic, p.concern`
	added, err := list(&a.conn, scanPlaced, kept, old, true)
	if err != nil {
		return err
	}
	removed, err := list(&a.conn, scanPlaced, kept, old, false)
	if err != nil {
		return err
	}
	var refs []consult.PointRef
	homes := map[consult.ID]bool{}
	for _, p := range added {
		refs = append(refs, p.ref)
	}
	for _, p := range removed {
		refs, homes[p.concern] = append(refs, p.ref), true
	}
	have, err := a.where(refs)
	if err != nil {
		return err
	}
	moved := slices.ContainsFunc(added, func(p placed) bool { return !slices.Contains(have[p.ref], p) }) ||
		slices.ContainsFunc(removed, func(p placed) bool { return among(have[p.ref], p.concern) })
	if moved {
		return fail(consult.Conflict, "", errNotUndoable)
	}
	for home := range homes {
		if _, err := a.standing(home); errors.Is(err, sql.ErrNoRows) {
			return fail(consult.Conflict, "", errNotUndoable)
		} else if err != nil {
			return err
		}
	}
	if err := a.take(added); err != nil {
		return err
	}
	return a.put(removed)
}

// renameBack restores what a concern said of itself, unless it says something else by now.
func (a *act) renameBack(old consult.ConcernChange) error {
	k, err := a.standing(old.Concern)
	if errors.Is(err, sql.ErrNoRows) || err == nil && k.Face() != old.Became {
		return fail(consult.Conflict, "", errNotUndoable)
	}
	if err != nil {
		return err
	}
	k.Title, k.Service, k.ShownAt = old.Was.Title, old.Was.Service, time.Time{}
	if old.Was.Shown != 0 {
		k.ShownAt = time.UnixMicro(old.Was.Shown)
	} else if answered, err := a.answered(k.ID); err != nil || answered {
		return cmp.Or(err, fail(consult.Conflict, "", errNotUndoable))
	}
	return a.face(k)
}

// unmake removes a concern that is as it was made and that nothing stands in or leads to any more.
func (a *act) unmake(concern consult.ID, became consult.ConcernFace) error {
	k, err := one(&a.conn, scanConcern, concernByID, concern)
	if errors.Is(err, sql.ErrNoRows) {
		err = fail(consult.Conflict, "", errNotUndoable)
	}
	if err != nil {
		return err
	}
	used, err := one(&a.conn, number, `SELECT (SELECT COUNT(*) FROM concern_point WHERE concern = $1) + (SELECT COUNT(*) FROM concern WHERE merged_into = $1)
		+ (SELECT COUNT(*) FROM answer WHERE concern = $1)`,
		concern)
	if err != nil {
		return err
	}
	if used > 0 || k.MergedInto != 0 || k.Face() != became {
		return fail(consult.Conflict, "", errNotUndoable)
	}
	_, err = a.exec(`DELETE FROM concern WHERE id = $1`, concern)
	return err
}
