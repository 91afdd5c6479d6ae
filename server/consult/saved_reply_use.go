package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// SavedReplies lists them all for officers.
func (s *Service) SavedReplies(ctx context.Context, a Actor) ([]SavedReply, error) {
	if err := Must(a, Reply, "list saved replies"); err != nil {
		return nil, err
	}
	return s.store.SavedReplies(ctx)
}

// UsableReplies lists those that the actor can put into a reply: approved, in use, of the actor's service or everybody's.
func (s *Service) UsableReplies(ctx context.Context, a Actor) ([]SavedReply, error) {
	all, err := s.SavedReplies(ctx, a)
	return slices.DeleteFunc(all, func(r SavedReply) bool { return !r.Usable() || r.Service != "" && r.Service != a.Service }), err
}

// SavedReply opens one.
func (s *Service) SavedReply(ctx context.Context, a Actor, id ID) (SavedReply, error) {
	if err := Must(a, Reply, "open saved reply"); err != nil {
		return SavedReply{}, err
	}
	return s.store.SavedReply(ctx, id)
}

// WriteSavedReply keeps one, new or changed. New words need to be approved anew.
func (s *Service) WriteSavedReply(ctx context.Context, a Actor, r SavedReply) (ID, error) {
	const op = "write saved reply"
	if err := Must(a, Reply, op); err != nil {
		return 0, err
	}
	r.Name, r.Policy, r.Service = strings.TrimSpace(r.Name), strings.TrimSpace(r.Policy), strings.TrimSpace(r.Service)
	for i := range r.Texts {
		r.Texts[i].Body = strings.TrimSpace(r.Texts[i].Body)
	}
	if fields := CheckSavedReply(r); len(fields) > 0 {
		return 0, fail(Invalid, op, fields...)
	}
	ch := s.change(a, "saved-reply.write", r.ID)
	r.UpdatedAt = ch.At
	if r.ID == 0 {
		r.ID, r.Version = NewID(ch.At), 0
		ch.Subject = r.ID
		return r.ID, s.store.SaveReply(ctx, r, ch)
	}
	kept, err := s.store.SavedReply(ctx, r.ID)
	if err != nil {
		return 0, err
	}
	r.Uses, r.RetiredAt = kept.Uses, kept.RetiredAt
	if slices.Equal(kept.Texts, r.Texts) {
		r.ApprovedBy, r.ApprovedAt = kept.ApprovedBy, kept.ApprovedAt
	}
	return r.ID, s.store.SaveReply(ctx, r, ch)
}

// ApproveSavedReply lets a saved reply be used; version is the one that was read.
func (s *Service) ApproveSavedReply(ctx context.Context, a Actor, id ID, version int) error {
	return s.settleReply(ctx, a, id, version, "saved-reply.approve", func(r *SavedReply, at time.Time) {
		r.ApprovedBy, r.ApprovedAt, r.RetiredAt = a.Standing(), at, time.Time{}
	})
}

// RetireSavedReply takes one out of use; approving brings it back.
func (s *Service) RetireSavedReply(ctx context.Context, a Actor, id ID, version int) error {
	return s.settleReply(ctx, a, id, version, "saved-reply.retire", func(r *SavedReply, at time.Time) { r.RetiredAt = at })
}

func (s *Service) settleReply(ctx context.Context, a Actor, id ID, version int, action string, edit func(*SavedReply, time.Time)) error {
	if err := Must(a, Reply, action); err != nil {
		return err
	}
	r, err := s.store.SavedReply(ctx, id)
	if err != nil {
		return err
	}
	ch := s.change(a, action, id)
	r.Version, r.UpdatedAt = version, ch.At
	edit(&r, ch.At)
	return s.store.SaveReply(ctx, r, ch)
}

// FilledReply is a saved reply for one case.
type FilledReply struct {
	Text     SavedText // with the case's facts
	Missing  []string  // variables that have no value here, still in their brackets
	Language bool      // whether it is in the language that was asked for
}

// UseSavedReply puts the facts of a case into a saved reply and counts the use. day words a day in the language, site is this site's
// address. Closed when it was not approved, or is retired.
func (s *Service) UseSavedReply(ctx context.Context, a Actor, id, consultation ID, language, site string, day func(Date) string) (FilledReply, error) {
	const op = "use saved reply"
	r, err := s.SavedReply(ctx, a, id)
	if err != nil {
		return FilledReply{}, err
	}
	if !r.Usable() {
		return FilledReply{}, fail(Closed, op)
	}
	v, err := s.Case(ctx, a, consultation)
	if err != nil {
		return FilledReply{}, err
	}
	text, same := r.In(language)
	out := FilledReply{Text: text, Language: same}
	out.Text.Body, out.Missing = Fill(text.Body, replyFacts(v.Consultation, v.Window, day, site))
	return out, s.store.UseReply(ctx, id, s.change(a, "saved-reply.use", id))
}
