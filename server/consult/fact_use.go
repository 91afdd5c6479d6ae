package consult

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
)

// PublicFact reads a card as anybody may: published, or retired with the reason why.
func (s *Service) PublicFact(ctx context.Context, a Actor, id ID) (Fact, Consultation, error) {
	const op = "read fact"
	f, err := s.store.Fact(ctx, id)
	if err != nil {
		return Fact{}, Consultation{}, err
	}
	if f.PublishedAt.IsZero() {
		return Fact{}, Consultation{}, fail(NotFound, op)
	}
	if f.Consultation == 0 {
		return f, Consultation{}, nil
	}
	k, err := s.visible(ctx, a, f.Consultation)
	return f, k, err
}

// PublicFacts lists the published cards of a consultation and those that hold everywhere.
func (s *Service) PublicFacts(ctx context.Context, a Actor, consultation ID) (Consultation, []Fact, error) {
	k, err := s.visible(ctx, a, consultation)
	if err != nil {
		return k, nil, err
	}
	list, err := s.store.Facts(ctx, k.ID, true)
	return k, list, err
}

// FactHistory lists the wordings of a card that could be read, newest first.
func (s *Service) FactHistory(ctx context.Context, fact ID) ([]FactVersion, error) {
	list, err := s.store.FactVersions(ctx, fact)
	return slices.DeleteFunc(list, func(v FactVersion) bool { return v.PublicAt.IsZero() }), err
}

// FactsUnder finds the published cards that are pinned to messages or comments.
func (s *Service) FactsUnder(ctx context.Context, subjects ...ID) (map[ID][]Fact, error) {
	if len(subjects) == 0 {
		return map[ID][]Fact{}, nil
	}
	return s.store.PinnedFacts(ctx, subjects)
}

// withFacts adds to messages that can be read what is pinned under them.
func (s *Service) withFacts(ctx context.Context, list []Message) ([]Message, error) {
	var ids []ID
	for _, m := range list {
		if m.State == MessageVisible {
			ids = append(ids, m.ID)
		}
	}
	pinned, err := s.FactsUnder(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Facts = pinned[list[i].ID]
	}
	return list, nil
}

// FactDesk is what officers see of the cards of a consultation, or of all (consultation 0).
type FactDesk struct {
	Consultation Consultation // zero = the desk of all cards
	Facts        []Fact       // what is due for review first, then drafts, then by the latest words
	Figures      map[ID]FactFigure
	Pace         Pace
	Today        Date
}

// FactDesk opens the officers' list.
func (s *Service) FactDesk(ctx context.Context, a Actor, consultation ID) (FactDesk, error) {
	d := FactDesk{Today: s.today()}
	if err := Must(a, Reply, "read fact cards"); err != nil {
		return d, err
	}
	var err error
	if consultation != 0 {
		if d.Consultation, err = s.store.Consultation(ctx, consultation); err != nil {
			return d, err
		}
	}
	if d.Facts, err = s.store.Facts(ctx, consultation, false); err != nil {
		return d, err
	}
	ids := make([]ID, len(d.Facts))
	for i, f := range d.Facts {
		ids[i] = f.ID
	}
	if d.Figures, err = s.store.FactFigures(ctx, ids); err != nil {
		return d, err
	}
	d.Pace = PaceOf(d.Facts, d.Figures)
	slices.SortStableFunc(d.Facts, func(a, b Fact) int { return cmp.Compare(factRank(a, d.Today), factRank(b, d.Today)) })
	return d, nil
}

// factRank puts first what needs somebody.
func factRank(f Fact, today Date) int {
	switch {
	case f.Due(today):
		return 0
	case f.State == FactDraft:
		return 1
	case f.State == FactPublished:
		return 2
	}
	return 3
}

// FactFile is one card on an officer's desk.
type FactFile struct {
	Fact         Fact
	Consultation Consultation // zero = it holds everywhere
	Documents    []Document   // that it may rest on
	Versions     []FactVersion
	Pins         []FactPin
	Figure       FactFigure
	Today        Date
}

// FactFile opens a card.
func (s *Service) FactFile(ctx context.Context, a Actor, id ID) (FactFile, error) {
	if err := Must(a, Reply, "open fact card"); err != nil {
		return FactFile{}, err
	}
	f, err := s.store.Fact(ctx, id)
	if err != nil {
		return FactFile{}, err
	}
	file, err := s.NewFact(ctx, a, f.Consultation)
	if err != nil {
		return file, err
	}
	file.Fact = f
	if file.Versions, err = s.store.FactVersions(ctx, id); err != nil {
		return file, err
	}
	if file.Pins, err = s.store.FactPins(ctx, id); err != nil {
		return file, err
	}
	figures, err := s.store.FactFigures(ctx, []ID{id})
	file.Figure = figures[id]
	return file, err
}

// NewFact is the empty card of a consultation, or of the whole site (0).
func (s *Service) NewFact(ctx context.Context, a Actor, consultation ID) (FactFile, error) {
	if err := Must(a, Reply, "write fact card"); err != nil {
		return FactFile{}, err
	}
	file := FactFile{Today: s.today(), Fact: Fact{Consultation: consultation, Kind: FactClaim, State: FactDraft, Service: a.Service}}
	if consultation == 0 {
		return file, nil
	}
	var err error
	if file.Consultation, err = s.store.Consultation(ctx, consultation); err != nil {
		return file, err
	}
	file.Fact.Service = cmp.Or(a.Service, file.Consultation.Service)
	documents, err := s.store.Documents(ctx, consultation)
	file.Documents = slices.DeleteFunc(documents, func(d Document) bool { return d.Status != PublishDocument })
	return file, err
}

// FactTelling says who is written to when a card is published or changed. Whoever reads it under a message is told by the page.
type FactTelling struct {
	Authors   bool // of the comments it is pinned to, where they left an address
	Followers bool // of the consultations in which it is pinned, and of its own
}

// WriteFact adds a card (Rev 0) or saves the revision that was seen. Of a published card, words that changed are public at once: it
// needs a line that says what changed, and tells whom the officer chose. Conflict when somebody else was faster.
func (s *Service) WriteFact(ctx context.Context, a Actor, in Fact, tell FactTelling) (ID, error) {
	const op = "write fact"
	if err := Must(a, Reply, op); err != nil {
		return 0, err
	}
	in = in.tidy()
	was := Fact{Consultation: in.Consultation, State: FactDraft}
	if in.Rev > 0 {
		var err error
		if was, err = s.store.Fact(ctx, in.ID); err != nil {
			return 0, err
		}
	}
	in.Consultation = was.Consultation
	var bad check
	if was.State == FactRetired {
		bad.add("claim", "fact_retired")
	}
	if err := s.checkFact(ctx, in, was.State, &bad); err != nil {
		return 0, err
	}
	anew := !in.sameWords(was)
	if anew && was.State == FactPublished {
		bad.line("changed", in.Changed, MaxReason, true)
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	return s.saveFact(ctx, a, in, was, anew, tell)
}

// saveFact keeps a checked card.
func (s *Service) saveFact(ctx context.Context, a Actor, f, was Fact, anew bool, tell FactTelling) (ID, error) {
	ch := s.change(a, "fact.write", f.ID)
	f.State, f.Version, f.CreatedAt, f.PublishedAt = was.State, was.Version, was.CreatedAt, was.PublishedAt
	f.UpdatedAt, f.By = was.UpdatedAt, was.By
	if f.Rev == 0 {
		f.ID, f.CreatedAt = NewID(ch.At), ch.At
		ch.Subject = f.ID
		if f.Consultation != 0 {
			if _, err := s.store.Consultation(ctx, f.Consultation); err != nil {
				return 0, err
			}
		}
	}
	if anew {
		f.Version, f.UpdatedAt, f.By = was.Version+1, ch.At, a.Standing()
	}
	if !anew || f.PublishedAt.IsZero() { // what a draft changed is nobody's business
		f.Changed = was.Changed
	}
	ch.Detail = "version " + strconv.Itoa(f.Version)
	if anew && f.State == FactPublished {
		var err error
		if ch.Mails, err = s.factMails(ctx, f, tell); err != nil {
			return 0, err
		}
	}
	return f.ID, s.store.SaveFact(ctx, f, ch)
}

// PublishFact makes a card public, or a retired one public again.
func (s *Service) PublishFact(ctx context.Context, a Actor, id ID, rev int, tell FactTelling) error {
	const op = "publish fact"
	f, err := s.factToMove(ctx, a, id, rev, op)
	if err != nil {
		return err
	}
	var bad check
	if f.State == FactPublished {
		bad.add("claim", "fact_published")
	}
	if err := s.checkFact(ctx, f, FactPublished, &bad); err != nil {
		return err
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "fact.publish", id)
	ch.Detail = "version " + strconv.Itoa(f.Version)
	f.State, f.RetiredWhy = FactPublished, ""
	if f.PublishedAt.IsZero() {
		f.PublishedAt = ch.At
	}
	if ch.Mails, err = s.factMails(ctx, f, tell); err != nil {
		return err
	}
	return s.store.SaveFact(ctx, f, ch)
}

// RetireFact takes a card back with a reason. Its page stays and says so; the pins vanish with it.
func (s *Service) RetireFact(ctx context.Context, a Actor, id ID, rev int, why string) error {
	const op = "retire fact"
	f, err := s.factToMove(ctx, a, id, rev, op)
	if err != nil {
		return err
	}
	var bad check
	if f.State != FactPublished {
		bad.add("why", "fact_not_published")
	}
	bad.line("why", why, MaxReason, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "fact.retire", id)
	f.State, f.RetiredWhy, f.RetiredAt = FactRetired, strings.TrimSpace(why), ch.At
	return s.store.SaveFact(ctx, f, ch)
}

// factToMove reads a card whose state an officer wants to change, as they saw it.
func (s *Service) factToMove(ctx context.Context, a Actor, id ID, rev int, op string) (Fact, error) {
	if err := Must(a, Reply, op); err != nil {
		return Fact{}, err
	}
	f, err := s.store.Fact(ctx, id)
	if err == nil && f.Rev != rev {
		err = fail(Conflict, op)
	}
	return f, err
}

// tidy takes away what surrounds the words, and lines that say nothing or the same again.
func (f Fact) tidy() Fact {
	for _, text := range []*string{&f.Claim, &f.Short, &f.Answer, &f.Service, &f.Changed} {
		*text = strings.TrimSpace(*text)
	}
	var said []string
	for _, line := range f.Phrasings {
		if line = strings.TrimSpace(line); line != "" && line != f.Claim && !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	f.Phrasings = said
	var sources []FactSource
	for _, source := range f.Sources {
		source.Title, source.URL = strings.TrimSpace(source.Title), strings.TrimSpace(source.URL)
		if source != (FactSource{}) {
			sources = append(sources, source)
		}
	}
	f.Sources = sources
	return f
}

// checkFact holds a card to its rules; what goes out needs its whole answer, a source and a later day of review.
func (s *Service) checkFact(ctx context.Context, f Fact, state FactState, bad *check) error {
	out := state == FactPublished
	if !slices.Contains(FactKinds(), f.Kind) {
		bad.add("kind", "required")
	}
	bad.line("claim", f.Claim, MaxClaim, true)
	bad.line("short", f.Short, MaxShort, out)
	bad.text("answer", f.Answer, MaxFact, out)
	bad.line("service", f.Service, MaxName, true)
	bad.line("changed", f.Changed, MaxReason, false)
	if len(f.Phrasings) > MaxPhrasings {
		bad.add("phrasings", "too_many", "max", MaxPhrasings)
	}
	for _, line := range f.Phrasings {
		bad.line("phrasings", line, MaxClaim, true)
	}
	if out && len(f.Sources) == 0 {
		bad.add("source-1", "source_required")
	}
	if out && f.ReviewOn <= s.today() {
		bad.add("review", "review_later")
	}
	return s.checkSources(ctx, f, bad)
}

// checkSources wants each source to have a title and to lead somewhere: to a published document of the case, or to an address.
func (s *Service) checkSources(ctx context.Context, f Fact, bad *check) error {
	if len(f.Sources) > MaxSources {
		bad.add("source-1", "too_many", "max", MaxSources)
	}
	for i, source := range f.Sources {
		field := "source-" + strconv.Itoa(i+1)
		bad.line(field, source.Title, MaxHeading, true)
		switch {
		case source.Document != 0:
			d, err := s.store.Document(ctx, source.Document)
			if err != nil && KindOf(err) != NotFound {
				return err
			}
			if err != nil || d.Consultation != f.Consultation || d.Status != PublishDocument {
				bad.add(field+"-document", "choice")
			}
		case !WebLink(source.URL) || Length(source.URL) > maxSourceURL:
			bad.add(field+"-link", "link")
		}
	}
	return nil
}

// factMails tells the authors and followers of every consultation that a card concerns. Who got this version already gets nothing.
func (s *Service) factMails(ctx context.Context, f Fact, tell FactTelling) ([]Mail, error) {
	if !tell.Authors && !tell.Followers {
		return nil, nil
	}
	pins, err := s.store.FactPins(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	consultations := []ID{f.Consultation}
	for _, p := range pins {
		consultations = append(consultations, p.Consultation)
	}
	return factMailsTo(f, tell, consultations), nil
}

func factMailsTo(f Fact, tell FactTelling, consultations []ID) []Mail {
	var mails []Mail
	slices.Sort(consultations)
	for _, k := range slices.Compact(consultations) {
		if k == 0 {
			continue
		}
		mails = append(mails, Mail{Kind: MailFact, Subject: k,
			Audience: Audience{Consultation: k, Fact: f.ID, FactVersion: f.Version, Authors: tell.Authors, Followers: tell.Followers},
			Data:     map[string]string{DataFact: f.ID.String(), DataClaim: f.Claim, DataShort: f.Short, DataService: f.Service}})
	}
	return mails
}
