package consult

import (
	"context"
	"slices"
	"strconv"
)

// TakeComments imports comments that were made elsewhere into a consultation, all or nothing. Each goes to the round in which it was
// received. Nobody is mailed and nothing is promised: the authors never spoke to this site. A comment that was this site's own before it
// was exported is left as it is.
func (s *Service) TakeComments(ctx context.Context, a Actor, consultation ID, list []ImportedComment) (created, updated, unchanged int, err error) {
	const op = "import comments"
	if err := Must(a, Import, op); err != nil {
		return 0, 0, 0, err
	}
	if _, err := s.store.Consultation(ctx, consultation); err != nil {
		return 0, 0, 0, err
	}
	rounds, err := s.store.Rounds(ctx, consultation)
	if err != nil {
		return 0, 0, 0, err
	}
	var taken []ImportedComment
	for _, c := range list {
		if fields := CheckImported(c); len(fields) > 0 {
			return 0, 0, 0, fail(Invalid, op, fields...)
		}
		own, err := s.ownComment(ctx, consultation, c.SourceID)
		if err != nil {
			return 0, 0, 0, err
		}
		if own {
			unchanged++
			continue
		}
		c.fingerprint()
		c.Comment.Consultation = consultation
		if err := s.placeImported(ctx, &c, rounds); err != nil {
			return 0, 0, 0, err
		}
		taken = append(taken, c)
	}
	if len(taken) == 0 {
		return 0, 0, unchanged, nil
	}
	ch := s.change(a, "comment.import", consultation)
	ch.Detail = taken[0].Source + " " + strconv.Itoa(len(taken))
	created, updated, same, err := s.store.SaveImportedComments(ctx, taken, ch)
	return created, updated, unchanged + same, err
}

// CheckImported holds a comment from elsewhere to what this site can keep. Names and postcodes are not asked for: a published comment has
// neither.
func CheckImported(c ImportedComment) []FieldError {
	bad := check{fields: CheckStance(c.Comment.Stance)}
	if len(c.Comment.Points)+len(c.Original) == 0 {
		bad.add("topics", "topics_required")
	}
	if c.Source == "" || c.SourceID == "" {
		bad.add("source", "required")
	}
	for _, points := range [][]CommentPoint{c.Comment.Points, c.Original} {
		seen := map[Topic]bool{}
		for _, p := range points {
			if !slices.Contains(Topics(), p.Topic) || seen[p.Topic] {
				bad.add("topics", "choice")
			}
			seen[p.Topic] = true
			bad.text("text-"+string(p.Topic), p.Text, MaxImported, true)
		}
	}
	bad.line("place", c.Comment.PlaceText, MaxPlace, false)
	bad.line("name", c.Contact.Name, MaxName, false)
	bad.line("address", c.Contact.Address, MaxAddress, false)
	return bad.fields
}

// ownComment tells whether a source id is the id of a comment that was made here.
func (s *Service) ownComment(ctx context.Context, consultation ID, sourceID string) (bool, error) {
	id, err := ParseID(sourceID)
	if err != nil {
		return false, nil
	}
	known, err := s.store.Comment(ctx, id)
	if KindOf(err) == NotFound {
		return false, nil
	}
	return known.Consultation == consultation, err
}

// placeImported completes the record: its id, state, round, version and ward.
func (s *Service) placeImported(ctx context.Context, c *ImportedComment, rounds []Round) error {
	now, k := s.clock(), &c.Comment
	k.ID, k.State, k.Channel = NewID(now), CommentReceived, "import"
	if k.ReceivedAt.IsZero() {
		k.ReceivedAt = now
	}
	original := c.Original
	if len(original) == 0 {
		original = slices.Clone(k.Points)
	}
	for _, p := range k.Points { // a topic that only the published words name is kept too
		if !slices.ContainsFunc(original, func(o CommentPoint) bool { return o.Topic == p.Topic }) {
			original = append(original, p)
		}
	}
	if len(k.Points) > 0 {
		k.State, k.Redacted = CommentPublished, k.Redacted || !slices.Equal(original, k.Points)
		if k.PublishedAt.IsZero() {
			k.PublishedAt = now
		}
	}
	c.Original = original
	r, late := roundReceived(rounds, s.calendar.Day(k.ReceivedAt))
	k.Round, k.Late, k.Version = r.Number, late, max(r.Version, 1)
	var err error
	k.WardCode, err = s.wardOfAuthor(ctx, CommentInput{Contact: c.Contact, Place: k.Place, HasPlace: k.HasPlace})
	return err
}

// roundReceived is the round that was open on a day, else the last one before it, with late set; the zero round for neither.
func roundReceived(rounds []Round, day Date) (found Round, late bool) {
	for _, r := range rounds {
		if r.OpenOn(day) {
			return r, false
		}
		if r.Closes < day {
			found, late = r, true
		}
	}
	return found, late
}

// EachCommentFile streams every comment of a consultation that was not withdrawn, with the authors' own words and contact, to an officer
// who hands the case to another system. That it was taken out is in the log before the first comment is.
func (s *Service) EachCommentFile(ctx context.Context, a Actor, consultation ID, file string, each func(CommentFile) error) error {
	if err := Must(a, WorkInbox, "export comments with contact"); err != nil {
		return err
	}
	if _, err := s.store.Consultation(ctx, consultation); err != nil {
		return err
	}
	ch := s.change(a, "comment.export", consultation)
	ch.Detail = file
	if err := s.store.Note(ctx, ch); err != nil {
		return err
	}
	return s.store.EachCommentFile(ctx, consultation, each)
}
