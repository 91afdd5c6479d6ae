package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// FlagView is what a reader sees who wants to tell moderators about a thing.
type FlagView struct {
	Thing Thing
	Mine  *Flag // what this browser told them before
}

// FlagForm finds the thing and what this browser said of it. A thing that is hidden by now is shown as a stub to who flagged it.
func (s *Service) FlagForm(ctx context.Context, a Actor, id ID) (FlagView, error) {
	t, err := s.thing(ctx, a, id)
	if err != nil {
		return FlagView{}, err
	}
	v := FlagView{Thing: t}
	if a.ID != 0 {
		f, err := s.store.FlagOf(ctx, id, a.ID)
		switch {
		case err == nil:
			v.Mine = &f
		case KindOf(err) != NotFound:
			return v, err
		}
	}
	if v.Mine == nil && !t.Readable() {
		return v, fail(NotFound, "flag")
	}
	return v, nil
}

// Flag tells moderators that a thing breaks a rule. It stays where it is until one of them has looked. Once for each person and thing: the
// same again changes nothing.
func (s *Service) Flag(ctx context.Context, a Actor, id ID, rule, words string) error {
	const op = "flag"
	if a.ID == 0 || a.Kind != Visitor && a.Kind != Signed {
		return fail(Forbidden, op)
	}
	v, err := s.FlagForm(ctx, a, id)
	if err != nil || v.Mine != nil {
		return err
	}
	var bad check
	if !slices.Contains(HideRules(), rule) {
		bad.add("rule", "rule_required")
	}
	bad.text("words", words, MaxFlagWords, false)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(Actor{Kind: a.Kind}, "flag.add", id) // who flags is not for the log
	ch.Detail = rule
	if ch.Trace, err = s.trace(ctx, a, TraceFlag, id, v.Thing.Consultation.ID); err != nil {
		return err
	}
	ch.Events = []Event{{Thread: DeskThread, Kind: EventWaiting, Subject: id, At: ch.At}}
	_, err = s.store.SaveFlag(ctx, Flag{Thing: id, Visitor: a.ID, Consultation: v.Thing.Consultation.ID, Rule: rule,
		Words: strings.TrimSpace(words), At: ch.At}, ch)
	return err
}

// FlagDesk lists what waits for a moderator.
func (s *Service) FlagDesk(ctx context.Context, a Actor, offset int) ([]FlaggedThing, int, error) {
	if err := Must(a, Moderate, "list flags"); err != nil {
		return nil, 0, err
	}
	limit, offset := ClampPage(25, offset)
	list, total, err := s.store.FlaggedThings(ctx, offset, limit)
	for i := range list {
		if err == nil {
			err = s.excerpt(ctx, &list[i])
		}
	}
	return list, total, err
}

// excerptLength is how many characters of a thing a list shows.
const excerptLength = 200

// excerpt fills what a thing is and its first words.
func (s *Service) excerpt(ctx context.Context, f *FlaggedThing) error {
	file, err := s.store.CommentFile(ctx, f.Thing)
	text := ""
	switch {
	case err == nil:
		f.Kind = TraceComment
		points := file.Comment.Points
		if len(points) == 0 {
			points = file.Original
		}
		for _, p := range points {
			text += p.Text + "\n"
		}
	case KindOf(err) == NotFound:
		f.Kind = TraceMessage
		m, err := s.store.Message(ctx, f.Thing)
		if err != nil {
			return err
		}
		text = m.Body
	default:
		return err
	}
	if r := []rune(strings.TrimSpace(text)); len(r) > excerptLength {
		text = string(r[:excerptLength]) + "…"
	}
	f.Excerpt = strings.TrimSpace(text)
	return nil
}

// ThingFile is a thing as a moderator works on it.
type ThingFile struct {
	Thing      Thing
	Words      []CommentPoint // of a comment: what is or was published
	Flags      []Flag
	FlagCount  int
	Decisions  []Decision
	Objections []Objection
}

// Waiting counts the flags nobody has looked at.
func (f ThingFile) Waiting() int {
	n := 0
	for _, flag := range f.Flags {
		if flag.DecidedAt.IsZero() {
			n++
		}
	}
	return n
}

// Objection is the one that waits; nil = none.
func (f ThingFile) Objection() *Objection {
	if i := slices.IndexFunc(f.Objections, func(o Objection) bool { return o.DecidedAt.IsZero() }); i >= 0 {
		return &f.Objections[i]
	}
	return nil
}

// ThingFile opens a thing for a moderator. Readers' words are private, so that somebody read them is noted.
func (s *Service) ThingFile(ctx context.Context, a Actor, id ID, offset int) (ThingFile, error) {
	if err := Must(a, Moderate, "open thing"); err != nil {
		return ThingFile{}, err
	}
	t, err := s.thing(ctx, a, id)
	if err != nil {
		return ThingFile{}, err
	}
	f := ThingFile{Thing: t}
	if t.Comment != nil {
		file, err := s.store.CommentFile(ctx, id)
		if err != nil {
			return f, err
		}
		if f.Words = file.Comment.Points; len(f.Words) == 0 {
			f.Words = file.Original
		}
	}
	limit, offset := ClampPage(25, offset)
	if f.Flags, f.FlagCount, err = s.store.FlagsOf(ctx, id, offset, limit); err != nil {
		return f, err
	}
	if f.Decisions, _, err = s.store.Decisions(ctx, id, 0, 0, 100); err != nil {
		return f, err
	}
	if f.Objections, err = s.store.Objections(ctx, id); err != nil {
		return f, err
	}
	return f, s.store.Note(ctx, s.change(a, "flag.open", id))
}

// Moderation is what a moderator decides about a thing.
type Moderation struct {
	Thing  ID
	Act    Act // kept, hidden, restored or upheld
	Rule   string
	Reason string // public where it explains a stub
}

// Moderate decides about a thing: leave it and close its flags, hide it under a rule, show it again, or leave it hidden after an objection.
// Who made a decision does not judge the objection to it.
func (s *Service) Moderate(ctx context.Context, a Actor, j Moderation) error {
	const op = "moderate"
	if err := Must(a, Moderate, op); err != nil {
		return err
	}
	t, err := s.thing(ctx, a, j.Thing)
	if err != nil {
		return err
	}
	switch j.Act {
	case ActHidden, ActRestored:
		if t.Comment != nil {
			return s.moderateComment(ctx, a, t, j)
		}
		state := MessageHidden
		if j.Act == ActRestored {
			state = MessageVisible
		}
		_, err := s.SetMessageState(ctx, a, j.Thing, state, j.Rule, j.Reason)
		return err
	case ActKept, ActUpheld:
		return s.leave(ctx, a, t, j)
	}
	return fail(Invalid, op, FieldError{Field: "do", Rule: "choice"})
}

// leave closes flags or an objection without changing the thing.
func (s *Service) leave(ctx context.Context, a Actor, t Thing, j Moderation) error {
	const op = "moderate"
	var bad check
	bad.text("reason", j.Reason, MaxRuling, true)
	if j.Act == ActUpheld {
		all, err := s.store.Objections(ctx, t.ID)
		if err != nil {
			return err
		}
		open := ThingFile{Objections: all}.Objection()
		if open == nil {
			return fail(Conflict, op)
		}
		if a.Kind == Signed && open.Officer == a.ID {
			bad.add("do", "second_person")
		}
	}
	if err := bad.err(op); err != nil {
		return err
	}
	rule, _ := t.Rule()
	ch := s.change(a, "moderation."+string(j.Act), t.ID)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: t.ID, At: ch.At}}
	if j.Act == ActUpheld && t.Comment != nil {
		ch.Mails = []Mail{{Kind: MailUpheld, Audience: Audience{Comment: t.ID}, Subject: t.ID}}
	}
	return s.store.Decide(ctx, Decision{Thing: t.ID, Consultation: t.Consultation.ID, Act: j.Act, Rule: rule, Reason: strings.TrimSpace(j.Reason)}, ch)
}

// moderateComment hides a published comment or shows a hidden one again, and tells its author.
func (s *Service) moderateComment(ctx context.Context, a Actor, t Thing, j Moderation) error {
	const op = "moderate comment"
	ch := s.change(a, "comment."+string(j.Act), t.ID)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: t.ID, At: ch.At}}
	if j.Act == ActRestored {
		ch.Mails = []Mail{{Kind: MailRestored, Audience: Audience{Comment: t.ID}, Subject: t.ID}}
		return s.store.RestoreComment(ctx, t.ID, ch)
	}
	var bad check
	bad.ruling(j.Rule, j.Reason)
	if err := bad.err(op); err != nil {
		return err
	}
	ch.Detail = j.Rule
	ch.Mails = []Mail{{Kind: MailHidden, Audience: Audience{Comment: t.ID}, Subject: t.ID}}
	return s.store.HideComment(ctx, t.ID, j.Rule, strings.TrimSpace(j.Reason), ch)
}

// ruling wants a rule of the list and a reason in words.
func (c *check) ruling(rule, reason string) {
	if !slices.Contains(HideRules(), rule) {
		c.add("rule", "choice")
	}
	c.text("reason", reason, MaxRuling, true)
}

// ThingHistory is what was decided about one thing, for everybody, and for its author the way to object.
type ThingHistory struct {
	Thing     Thing
	Decisions []Decision
	Total     int
	Objection *Objection // the author's own, to the latest decision; nil = none
	MayObject bool
}

// ThingHistory reads it. NotFound for a thing about which nothing was decided.
func (s *Service) ThingHistory(ctx context.Context, a Actor, id ID) (ThingHistory, error) {
	t, err := s.thing(ctx, a, id)
	if err != nil {
		return ThingHistory{}, err
	}
	return s.history(ctx, t, t.Own)
}

// MyHistory is the same for the author of a comment, by the token of its own page.
func (s *Service) MyHistory(ctx context.Context, token string) (ThingHistory, error) {
	t, err := s.myThing(ctx, token)
	if err != nil {
		return ThingHistory{}, err
	}
	return s.history(ctx, t, true)
}

// myThing finds a comment by its author's token, hidden or not.
func (s *Service) myThing(ctx context.Context, token string) (Thing, error) {
	id, err := s.open(linkMine, token)
	if err != nil {
		return Thing{}, err
	}
	return s.thing(ctx, Actor{Kind: Visitor}, id)
}

func (s *Service) history(ctx context.Context, t Thing, own bool) (h ThingHistory, err error) {
	h.Thing = t
	if h.Decisions, h.Total, err = s.store.Decisions(ctx, t.ID, 0, 0, 100); err != nil {
		return h, err
	}
	if h.Total == 0 {
		return h, fail(NotFound, "read decisions")
	}
	latest, objectable := lastHiding(t, h.Decisions)
	h.Decisions = withoutOfficers(h.Decisions)
	if !own {
		return h, nil
	}
	all, err := s.store.Objections(ctx, t.ID)
	for i, o := range all {
		if o.Decision == latest.ID {
			h.Objection = &all[i]
		}
	}
	h.MayObject = objectable && h.Objection == nil
	return h, err
}

// lastHiding is the decision that took a hidden thing out of sight; false when it can be read, or its time was over.
func lastHiding(t Thing, decisions []Decision) (Decision, bool) {
	i := slices.IndexFunc(decisions, func(d Decision) bool { return d.Act == ActHidden })
	if !t.Hidden() || i < 0 {
		return Decision{}, false
	}
	return decisions[i], true
}

// withoutOfficers leaves what everybody may read of decisions about things: no name, no word.
func withoutOfficers(list []Decision) []Decision {
	for i := range list {
		list[i].Officer = 0
		if list[i].Thing != list[i].Consultation {
			list[i].Reason = ""
		}
	}
	return list
}

// Object keeps what the author of a hidden message or comment says against it, from the browser that wrote it.
func (s *Service) Object(ctx context.Context, a Actor, id ID, words string) error {
	t, err := s.thing(ctx, a, id)
	if err != nil {
		return err
	}
	if !t.Own {
		return fail(Forbidden, "object")
	}
	return s.object(ctx, t, words)
}

// ObjectMine is the same by the token of a comment's own page.
func (s *Service) ObjectMine(ctx context.Context, token, words string) error {
	t, err := s.myThing(ctx, token)
	if err != nil {
		return err
	}
	return s.object(ctx, t, words)
}

func (s *Service) object(ctx context.Context, t Thing, words string) error {
	const op = "object"
	var bad check
	bad.text("words", words, MaxObjection, true)
	if err := bad.err(op); err != nil {
		return err
	}
	decisions, _, err := s.store.Decisions(ctx, t.ID, 0, 0, 100)
	if err != nil {
		return err
	}
	d, ok := lastHiding(t, decisions)
	if !ok {
		return fail(Closed, op)
	}
	ch := s.change(Actor{Kind: Visitor}, "moderation.object", t.ID)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventWaiting, Subject: t.ID, At: ch.At}}
	return s.store.SaveObjection(ctx, Objection{ID: NewID(ch.At), Thing: t.ID, Consultation: t.Consultation.ID, Decision: d.ID, Officer: d.Officer,
		Words: strings.TrimSpace(words), At: ch.At}, ch)
}

// DecisionLog is what was decided in one consultation, for everybody: which rule, when, by which service; no words.
type DecisionLog struct {
	Consultation Consultation
	Posting      Posting
	Decisions    []Decision
	Total        int
}

// DecisionLog reads one page of it, newest first.
func (s *Service) DecisionLog(ctx context.Context, a Actor, consultation ID, offset int) (l DecisionLog, err error) {
	if l.Consultation, err = s.visible(ctx, a, consultation); err != nil {
		return l, err
	}
	if l.Posting, err = s.store.Posting(ctx, consultation); err != nil {
		return l, err
	}
	limit, offset := ClampPage(50, offset)
	l.Decisions, l.Total, err = s.store.Decisions(ctx, 0, consultation, offset, limit)
	l.Decisions = withoutOfficers(l.Decisions)
	return l, err
}

// HiddenComments counts the comments of a consultation that had been published and cannot be read now.
func (s *Service) HiddenComments(ctx context.Context, consultation ID) (int, error) {
	return s.store.HiddenComments(ctx, consultation)
}

// ModerationLog is every decision and their counts, for moderators.
func (s *Service) ModerationLog(ctx context.Context, a Actor, offset int) ([]Decision, int, []RuleTally, error) {
	if err := Must(a, Moderate, "read moderation log"); err != nil {
		return nil, 0, nil, err
	}
	limit, offset := ClampPage(50, offset)
	list, total, err := s.store.Decisions(ctx, 0, 0, offset, limit)
	if err != nil {
		return nil, 0, nil, err
	}
	tallies, err := s.store.RuleTallies(ctx, s.clock().Add(-366*24*time.Hour))
	return list, total, tallies, err
}

// HoldForRelease is the rule under which messages wait while a moderator releases each of them.
const HoldForRelease = "premoderation"

// holds is the rule under which a resident's message waits by the consultation's switch, "" for none; an error while postings are paused.
func (s *Service) holds(ctx context.Context, op string, a Actor, c Consultation) (string, error) {
	if Can(a, Reply) {
		return "", nil
	}
	p, err := s.store.Posting(ctx, c.ID)
	switch {
	case err != nil:
		return "", err
	case p.Paused():
		return "", fail(Invalid, op, FieldError{Field: "body", Rule: "posting_paused"})
	case p.Released():
		return HoldForRelease, nil
	}
	return "", nil
}

// Posting reads the switch of a consultation.
func (s *Service) Posting(ctx context.Context, a Actor, consultation ID) (Posting, Consultation, error) {
	c, err := s.visible(ctx, a, consultation)
	if err != nil {
		return Posting{}, c, err
	}
	p, err := s.store.Posting(ctx, consultation)
	if p.Mode == "" {
		p.Mode = PostingOpen
	}
	return p, c, err
}

// SetPosting pauses residents' postings in a consultation, lets each wait for a moderator, or opens them again. Formal comments go on in any
// mode: the law gives people their time for them. What is not open needs a reason that everybody reads.
func (s *Service) SetPosting(ctx context.Context, a Actor, consultation ID, mode PostingMode, reason string) error {
	const op = "switch postings"
	if err := Must(a, Moderate, op); err != nil {
		return err
	}
	if _, err := s.visible(ctx, a, consultation); err != nil {
		return err
	}
	var bad check
	if !slices.Contains(PostingModes(), mode) {
		bad.add("mode", "choice")
	}
	bad.text("reason", reason, MaxRuling, mode != PostingOpen)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "posting."+string(mode.Act()), consultation)
	return s.store.SavePosting(ctx, consultation, Posting{Mode: mode, Reason: strings.TrimSpace(reason), By: a.Standing(), At: ch.At}, ch)
}
