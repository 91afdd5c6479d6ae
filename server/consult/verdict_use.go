package consult

import (
	"context"
	"slices"
	"strings"
)

// JudgeMyAnswer keeps what a comment's author says of an answer to one of its points. The token is that of the comment's own page.
func (s *Service) JudgeMyAnswer(ctx context.Context, token string, in VerdictInput) error {
	comment, err := s.open(linkMine, token)
	if err != nil {
		return err
	}
	c, err := s.store.Comment(ctx, comment)
	if err != nil {
		return err
	}
	if !c.Counts() {
		return fail(Closed, "judge answer")
	}
	return s.judge(ctx, Actor{Kind: Visitor}, PointRef{comment, in.Topic}, in)
}

// JudgeAnswer keeps what somebody who asked in a thread says of the answer. Only the browser that wrote the message may.
func (s *Service) JudgeAnswer(ctx context.Context, a Actor, message ID, in VerdictInput) error {
	const op = "judge answer"
	m, err := s.store.Message(ctx, message)
	if err != nil {
		return err
	}
	if _, _, err := s.threadOf(ctx, a, m.Thread); err != nil {
		return err
	}
	if a.ID == 0 || a.Kind != Visitor || m.Visitor != a.ID || m.State != MessageVisible {
		return fail(NotFound, op)
	}
	return s.judge(ctx, a, PointRef{message, ""}, in)
}

func (s *Service) judge(ctx context.Context, a Actor, ref PointRef, in VerdictInput) error {
	const op = "judge answer"
	bad := check{CheckVerdict(in)}
	if err := bad.err(op); err != nil {
		return err
	}
	v := Verdict{Answer: in.Answer, Ref: ref, Value: in.Value, Reason: strings.TrimSpace(in.Reason)}
	if v.Value == VerdictYes {
		v.Reason = ""
	}
	ch := s.change(a, "answer.verdict", ref.Source).keyed(in.Key, in)
	ch.Detail, v.At = string(v.Value), ch.At
	kind := EventSettled
	if v.Value == VerdictNo {
		kind = EventWaiting
	}
	ch.Events = []Event{{Thread: DeskThread, Kind: kind, Subject: ref.Source, At: ch.At}}
	err := s.store.SaveVerdict(ctx, v, ch)
	if _, again := repeated(err); again {
		return nil
	}
	return err
}

// MyAnswers lists the answers that reached messages this browser wrote in a thread, so that the page can ask about them.
func (s *Service) MyAnswers(ctx context.Context, a Actor, messages []Message) ([]PointAnswer, error) {
	if a.ID == 0 || a.Kind != Visitor {
		return nil, nil
	}
	var mine []ID
	for _, m := range messages {
		if m.Visitor == a.ID && m.Author == ByResident && m.State == MessageVisible {
			mine = append(mine, m.ID)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	return s.latestAnswers(ctx, mine)
}

// latestAnswers lists the newest version of each answer that reached sources, as anybody may read it.
func (s *Service) latestAnswers(ctx context.Context, sources []ID) ([]PointAnswer, error) {
	all, err := s.store.PointAnswers(ctx, sources)
	all = slices.DeleteFunc(all, func(p PointAnswer) bool { return !p.Latest })
	for i := range all {
		all[i].Answer = forPublic(all[i].Answer)
	}
	return all, err
}

// AnswerReasons lists what authors said who were not, or only partly, answered: for officers.
func (s *Service) AnswerReasons(ctx context.Context, a Actor, answer ID, offset int) ([]Verdict, int, error) {
	if err := Must(a, WorkInbox, "read verdicts"); err != nil {
		return nil, 0, err
	}
	limit, offset := ClampPage(20, offset)
	return s.store.Verdicts(ctx, answer, offset, limit)
}

// OpenPoints lists a comment's points whose author said that the answer is none, for officers.
func (s *Service) OpenPoints(ctx context.Context, a Actor, comment ID) ([]PointAnswer, error) {
	if err := Must(a, WorkInbox, "read verdicts"); err != nil {
		return nil, err
	}
	return s.store.PointAnswers(ctx, []ID{comment})
}
