package consult

import (
	"context"
	"strconv"
)

// Again is what an author can say about a comment that was made before.
type Again struct {
	Round    Round  // the open round, when it came after the comment's own; zero = none
	Stood    bool   // the author said that it still stands, in that round
	Withdraw bool   // it can be withdrawn: nothing is decided yet
	Newer    string // token of the comment that superseded it; "" = none
}

// again is what the author of a comment can say now.
func (s *Service) again(c Comment, k Consultation, w Window) Again {
	var v Again
	if c.ReplacedBy != 0 {
		v.Newer = s.MyCommentToken(c.ReplacedBy)
	}
	if !c.Counts() {
		return v
	}
	if w.Status == WindowOpen && w.Round.Number > c.Round {
		v.Round, v.Stood = w.Round, c.Stands == w.Round.Number
	}
	v.Withdraw = k.State.Public() && !k.State.Settled()
	return v
}

// mine is a comment's file with what its author can say, opened by its token.
func (s *Service) mine(ctx context.Context, token string) (CommentFile, Again, error) {
	id, err := s.open(linkMine, token)
	if err != nil {
		return CommentFile{}, Again{}, err
	}
	file, err := s.store.CommentFile(ctx, id)
	if err != nil {
		return CommentFile{}, Again{}, err
	}
	k, err := s.store.Consultation(ctx, file.Comment.Consultation)
	if err != nil {
		return CommentFile{}, Again{}, err
	}
	rounds, err := s.store.Rounds(ctx, k.ID)
	return file, s.again(file.Comment, k, WindowOf(k.State, rounds, s.today())), err
}

// StandBy keeps that a comment of an earlier round still stands in the open one. Saying it again changes nothing.
func (s *Service) StandBy(ctx context.Context, token string) error {
	const op = "stand by comment"
	file, again, err := s.mine(ctx, token)
	switch {
	case err != nil:
		return err
	case !file.Comment.Counts():
		return fail(Conflict, op)
	case again.Round.Number == 0:
		return fail(Closed, op)
	}
	ch := s.change(Actor{}, "comment.stand", file.Comment.ID)
	ch.Detail = "round " + strconv.Itoa(again.Round.Number)
	return s.store.Stand(ctx, file.Comment.ID, again.Round.Number, ch)
}

// UpdateMyComment begins a new comment with the words of an earlier one, which it supersedes when it is sent.
func (s *Service) UpdateMyComment(ctx context.Context, token string) (Draft, error) {
	const op = "update comment"
	file, again, err := s.mine(ctx, token)
	switch {
	case err != nil:
		return Draft{}, err
	case !file.Comment.Counts():
		return Draft{}, fail(Conflict, op)
	case again.Round.Number == 0:
		return Draft{}, fail(Closed, op)
	}
	c := file.Comment
	data := DraftData{Stance: c.Stance, Texts: map[Topic]string{}, PlaceText: c.PlaceText, Contact: file.Contact, ShowName: c.NameShown != "",
		Replaces: c.ID}
	for _, p := range file.Original {
		data.Topics = append(data.Topics, p.Topic)
		data.Texts[p.Topic] = p.Text
	}
	if c.HasPlace {
		data.Lat, data.Lon = strconv.FormatFloat(c.Place.Lat, 'f', 5, 64), strconv.FormatFloat(c.Place.Lon, 'f', 5, 64)
	}
	return s.StartDraft(ctx, Actor{}, c.Consultation, data)
}

// WithdrawMyComment takes a comment back: it leaves lists, counts and files. It is kept, its author and officers still see it. Doing
// it again changes nothing. Closed once nothing can change any more.
func (s *Service) WithdrawMyComment(ctx context.Context, token string) error {
	const op = "withdraw comment"
	file, again, err := s.mine(ctx, token)
	switch {
	case err != nil:
		return err
	case file.Comment.State == CommentWithdrawn:
		return nil
	case file.Comment.State == CommentSuperseded:
		return fail(Conflict, op)
	case !again.Withdraw:
		return fail(Closed, op)
	}
	ch := s.change(Actor{}, "comment.withdraw", file.Comment.ID)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: file.Comment.ID, At: ch.At}}
	return s.store.WithdrawComment(ctx, file.Comment.ID, ch)
}
