package consult

import (
	"context"
	"strings"
)

// Follow asks for mail about a consultation. The answer is the same whether or not the address followed already; the confirming
// mail goes to the address alone.
func (s *Service) Follow(ctx context.Context, a Actor, consultation ID, email, language string) error {
	const op = "follow"
	email = strings.TrimSpace(email)
	var bad check
	bad.email("email", email, true)
	if err := bad.err(op); err != nil {
		return err
	}
	if _, err := s.visible(ctx, a, consultation); err != nil {
		return err
	}
	now := s.clock()
	f := Follow{ID: NewID(now), Consultation: consultation, Email: email, Language: language, CreatedAt: now}
	ch := s.change(a, "follow.ask", f.ID)
	_, err := s.store.SaveFollow(ctx, f, ch)
	return err
}

// FollowOf finds a subscription by its token.
func (s *Service) FollowOf(ctx context.Context, token string) (Follow, Consultation, error) {
	id, err := s.open(linkFollow, token)
	if err != nil {
		return Follow{}, Consultation{}, err
	}
	f, err := s.store.Follow(ctx, id)
	if err != nil {
		return Follow{}, Consultation{}, err
	}
	c, err := s.store.Consultation(ctx, f.Consultation)
	return f, c, err
}

// ConfirmFollow turns mail on.
func (s *Service) ConfirmFollow(ctx context.Context, token string) error {
	id, err := s.open(linkFollow, token)
	if err != nil {
		return err
	}
	return s.store.ConfirmFollow(ctx, id, s.change(Actor{}, "follow.confirm", id))
}

// Unfollow turns mail off; doing it again is no error.
func (s *Service) Unfollow(ctx context.Context, token string) error {
	id, err := s.open(linkFollow, token)
	if err != nil {
		return err
	}
	err = s.store.RemoveFollow(ctx, id, s.change(Actor{}, "follow.end", id))
	if KindOf(err) == NotFound {
		return nil
	}
	return err
}
