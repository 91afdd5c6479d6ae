package consult

import "context"

// BundleStore reads what an appeal bundle is made of.
type BundleStore interface {
	// Applicant is the contact data of applicant and agent as it was imported, JSON; "" = none.
	Applicant(ctx context.Context, consultation ID) (string, error)
	// EachThread streams every thread of a consultation, those about comments too, oldest first, with all its messages, hidden ones
	// included.
	EachThread(ctx context.Context, consultation ID, each func(Thread, []Message) error) error
	// CaseLog lists the log's rows about a consultation, its comments, threads and messages, newest first, and counts all of them.
	CaseLog(ctx context.Context, consultation ID, limit int) (rows []AuditRow, total int, err error)
}

// CaseLog is what was done about a case, newest first.
func (s *Service) CaseLog(ctx context.Context, a Actor, consultation ID, limit int) (Consultation, []AuditRow, int, error) {
	if err := Must(a, RecordOutcome, "read the case's log"); err != nil {
		return Consultation{}, nil, 0, err
	}
	c, err := s.store.Consultation(ctx, consultation)
	if err != nil {
		return c, nil, 0, err
	}
	rows, total, err := s.store.CaseLog(ctx, consultation, limit)
	return c, rows, total, err
}

// Bundle is everything the authority holds about a case, unredacted: what the Planning Inspectorate is sent when a decision is
// appealed. Most appeals are decided on it alone: since April 2026 nobody can add to what was said at application stage.
type Bundle struct {
	Case      CaseView
	Documents []Document // of every status
	Publicity []Publicity
	Outcomes  []Outcome // drafts too
	Applicant string    // JSON

	Amendments []Amendment
	Summaries  []TopicSummary
	Report     Report
	Consultees []ConsulteeFile
	Neighbours map[int]map[string]Neighbour // by round and address
	// The long parts are read while the file is written.
	EachComment func(func(CommentFile) error) error
	EachThread  func(func(Thread, []Message) error) error
}

// Bundle opens a case for its appeal bundle and keeps in the log that somebody took everything out.
func (s *Service) Bundle(ctx context.Context, a Actor, consultation ID) (Bundle, error) {
	const op = "make appeal bundle"
	if err := Must(a, RecordOutcome, op); err != nil {
		return Bundle{}, err
	}
	v, err := s.Case(ctx, a, consultation)
	if err != nil {
		return Bundle{}, err
	}
	b := Bundle{Case: v}
	for _, read := range []func() error{
		func() (err error) { b.Documents, err = s.store.Documents(ctx, consultation); return },
		func() (err error) { b.Publicity, err = s.store.Publicity(ctx, consultation); return },
		func() (err error) { b.Outcomes, err = s.store.Outcomes(ctx, consultation); return },
		func() (err error) { b.Applicant, err = s.store.Applicant(ctx, consultation); return },
		func() (err error) { b.Amendments, err = s.store.Amendments(ctx, consultation); return },
		func() (err error) { b.Summaries, err = s.store.Summaries(ctx, consultation); return },
		func() (err error) { b.Report, err = s.store.Report(ctx, consultation, 0); return },
		func() (err error) { b.Neighbours, err = s.store.NeighbourRounds(ctx, consultation); return },
		func() (err error) { b.Consultees, err = s.consulteeFiles(ctx, consultation); return },
		func() error { return s.store.Note(ctx, s.change(a, "bundle.export", consultation)) },
	} {
		if err := read(); err != nil {
			return Bundle{}, err
		}
	}
	b.EachComment = func(each func(CommentFile) error) error { return s.store.EachCommentFile(ctx, consultation, each) }
	b.EachThread = func(each func(Thread, []Message) error) error { return s.store.EachThread(ctx, consultation, each) }
	return b, nil
}

func (s *Service) consulteeFiles(ctx context.Context, consultation ID) ([]ConsulteeFile, error) {
	list, err := s.store.Consultees(ctx, consultation)
	if err != nil {
		return nil, err
	}
	files := make([]ConsulteeFile, len(list))
	for i, c := range list {
		if files[i], err = s.store.ConsulteeFile(ctx, c.ID); err != nil {
			return nil, err
		}
	}
	return files, nil
}
