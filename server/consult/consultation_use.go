package consult

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/geo"
)

// MaxRadius is the widest circle a search may take, in metres.
const MaxRadius = 20_000

// CaseView is everything a reader sees of one consultation.
type CaseView struct {
	Consultation Consultation
	Current      ProposalVersion
	Versions     []ProposalVersion
	Rounds       []Round
	Publicity    []Publicity // how people were told of the rounds
	Window       Window
	Documents    []Document // published ones of every version
	History      []StateEvent
	Tally        Tally
	Answers      []Message // latest official messages, newest first
	Threads      []Thread
	Outcomes     []Outcome // published ones
	WardName     string
	Subjects     Subjects  // what comments are about
	Posting      Posting   // whether residents can post messages
	Terms        CaseTerms // what is promised to those who ask
}

// Search lists public consultations.
func (s *Service) Search(ctx context.Context, f Filter) (CardPage, error) {
	f.Limit, f.Offset = ClampPage(f.Limit, f.Offset)
	if f.Radius > MaxRadius {
		f.Radius = MaxRadius
	}
	if len([]rune(f.Words)) > 200 {
		return CardPage{}, fail(Invalid, "search", FieldError{Field: "q", Rule: "too_long", Args: map[string]any{"max": 200, "over": Length(f.Words) - 200}})
	}
	page, err := s.store.Consultations(ctx, f)
	if err != nil {
		return CardPage{}, err
	}
	_, names, err := s.wardIndex(ctx)
	if err != nil {
		return CardPage{}, err
	}
	for i := range page.Cards {
		page.Cards[i].WardName = names[page.Cards[i].Consultation.WardCode]
	}
	return page, nil
}

// ClampPage holds a page request to what lists serve: 20 entries where none are asked for, at most 100, from 0 to 100,000.
func ClampPage(limit, offset int) (int, int) {
	if limit <= 0 {
		limit = 20
	}
	return min(limit, 100), min(max(offset, 0), 100_000)
}

// Locate finds the place of a postcode or the beginning of one.
func (s *Service) Locate(ctx context.Context, postcode string) (geo.Point, error) {
	code, ok := PartialPostcode(postcode)
	if !ok {
		return geo.Point{}, fail(Invalid, "locate", FieldError{Field: "postcode", Rule: "postcode"})
	}
	row, err := s.store.Postcode(ctx, code)
	return row.Place, err
}

// WardAt is the code of the ward a place lies in, "" for none.
func (s *Service) WardAt(ctx context.Context, p geo.Point) (string, error) {
	return s.wardOf(ctx, p, true)
}

// Wards lists the known wards, code to name.
func (s *Service) Wards(ctx context.Context) (map[string]string, error) {
	_, names, err := s.wardIndex(ctx)
	return names, err
}

// Case reads one consultation. Officers may also read those that are not public yet.
func (s *Service) Case(ctx context.Context, a Actor, id ID) (CaseView, error) {
	c, err := s.visible(ctx, a, id)
	if err != nil {
		return CaseView{}, err
	}
	v := CaseView{Consultation: c}
	if v.Rounds, err = s.store.Rounds(ctx, id); err != nil {
		return v, err
	}
	if v.Publicity, err = s.store.Publicity(ctx, id); err != nil {
		return v, err
	}
	v.Publicity = slices.DeleteFunc(v.Publicity, Publicity.TakenBack)
	v.Window = WindowOf(c.State, v.Rounds, s.today())
	if v.Versions, err = s.store.Versions(ctx, id); err != nil {
		return v, err
	}
	for _, pv := range v.Versions {
		if pv.Number == c.Version {
			v.Current = pv
		}
	}
	if v.Subjects, err = s.subjects(ctx, c); err != nil {
		return v, err
	}
	if v.Terms, err = s.store.PromiseTerms(ctx, id); err != nil {
		return v, err
	}
	return v, s.readDialogue(ctx, &v)
}

// readDialogue fills what people said and were told.
func (s *Service) readDialogue(ctx context.Context, v *CaseView) error {
	id := v.Consultation.ID
	documents, err := s.store.Documents(ctx, id)
	if err != nil {
		return err
	}
	for _, d := range documents {
		if d.Status == PublishDocument {
			v.Documents = append(v.Documents, d)
		}
	}
	if v.History, err = s.store.StateEvents(ctx, id); err != nil {
		return err
	}
	if v.Tally, err = s.store.Tally(ctx, id); err != nil {
		return err
	}
	if v.Answers, err = s.store.LatestAnswers(ctx, id, 3); err != nil {
		return err
	}
	if v.Answers, err = s.withFacts(ctx, v.Answers); err != nil {
		return err
	}
	if v.Threads, err = s.store.Threads(ctx, id, 20); err != nil {
		return err
	}
	if v.Posting, err = s.store.Posting(ctx, id); err != nil {
		return err
	}
	if v.Outcomes, err = s.Outcomes(ctx, id); err != nil {
		return err
	}
	_, names, err := s.wardIndex(ctx)
	v.WardName = names[v.Consultation.WardCode]
	return err
}

// visible is the consultation when the actor may know of it; NotFound otherwise, as for one that does not exist.
func (s *Service) visible(ctx context.Context, a Actor, id ID) (Consultation, error) {
	c, err := s.store.Consultation(ctx, id)
	if err != nil {
		return c, err
	}
	if !c.State.Public() && !Can(a, WorkInbox) {
		return Consultation{}, fail(NotFound, "read consultation")
	}
	return c, nil
}

// ByReference finds a consultation by the reference its authority gave the application.
func (s *Service) ByReference(ctx context.Context, a Actor, authority, reference string) (Consultation, error) {
	c, err := s.store.ConsultationByReference(ctx, authority, reference)
	if err != nil {
		return Consultation{}, err
	}
	return s.visible(ctx, a, c.ID)
}

// PublishedDocument reads one document's record and text.
func (s *Service) PublishedDocument(ctx context.Context, a Actor, id ID) (Document, Consultation, error) {
	d, err := s.store.Document(ctx, id)
	if err != nil {
		return Document{}, Consultation{}, err
	}
	if d.Status != PublishDocument && !Can(a, WorkInbox) {
		return Document{}, Consultation{}, fail(NotFound, "read document")
	}
	c, err := s.visible(ctx, a, d.Consultation)
	if err != nil {
		return Document{}, Consultation{}, err
	}
	return d, c, nil
}

// Places lists the pins of the map.
func (s *Service) Places(ctx context.Context) ([]PlaceRow, error) { return s.store.Places(ctx) }

// Areas lists boundaries of a kind.
func (s *Service) Areas(ctx context.Context, kind string) ([]Area, error) {
	return s.store.Areas(ctx, kind)
}

// Take imports or replaces one whole case by authority and reference. Places without a ward get one.
func (s *Service) Take(ctx context.Context, a Actor, c Case) (SaveResult, error) {
	if err := Must(a, Import, "import"); err != nil {
		return SaveResult{}, err
	}
	k := &c.Consultation
	if k.WardCode == "" {
		ward, err := s.wardOf(ctx, k.Place, k.HasPlace)
		if err != nil {
			return SaveResult{}, err
		}
		k.WardCode = ward
	}
	now := s.clock()
	if k.CreatedAt.IsZero() {
		k.CreatedAt = now
	}
	k.UpdatedAt = now
	if k.ID == 0 {
		k.ID = NewID(k.CreatedAt)
	}
	return s.store.SaveCase(ctx, c, s.change(a, "consultation.import", k.ID))
}

// TakeAreas imports boundaries, all or nothing.
func (s *Service) TakeAreas(ctx context.Context, a Actor, areas []Area) (created, updated, unchanged int, err error) {
	if err := Must(a, Import, "import areas"); err != nil {
		return 0, 0, 0, err
	}
	created, updated, unchanged, err = s.store.SaveAreas(ctx, areas, s.change(a, "area.import", 0))
	s.wards.Lock()
	s.wards.index = nil
	s.wards.Unlock()
	return created, updated, unchanged, err
}

// TakeBenchmarks imports population figures; every row's area name must be the name its code has here.
func (s *Service) TakeBenchmarks(ctx context.Context, a Actor, rows []Benchmark) (created, updated, unchanged int, err error) {
	if err := Must(a, Import, "import benchmarks"); err != nil {
		return 0, 0, 0, err
	}
	_, names, err := s.wardIndex(ctx)
	if err != nil {
		return 0, 0, 0, err
	}
	var bad check
	for _, r := range rows {
		if name, known := names[r.AreaCode]; known && r.AreaName != "" && name != r.AreaName {
			bad.add(r.AreaCode, "area_name", "expected", name, "given", r.AreaName)
		}
	}
	if err := bad.err("import benchmarks"); err != nil {
		return 0, 0, 0, err
	}
	return s.store.SaveBenchmarks(ctx, rows, s.change(a, "benchmark.import", 0))
}

// TakePostcodes imports where postcodes lie.
func (s *Service) TakePostcodes(ctx context.Context, a Actor, rows []Postcode) (created, updated, unchanged int, err error) {
	if err := Must(a, Import, "import postcodes"); err != nil {
		return 0, 0, 0, err
	}
	return s.store.SavePostcodes(ctx, rows, s.change(a, "postcode.import", 0))
}
