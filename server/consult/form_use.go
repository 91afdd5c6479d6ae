package consult

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/geo"
)

// FormStore keeps forms and what was answered to them.
type FormStore interface {
	// Forms lists the published versions of a consultation's form by number; none for a planning application.
	Forms(ctx context.Context, consultation ID) ([]FormVersion, error)
	// FormDraft is the version that is being written; NotFound when there is none.
	FormDraft(ctx context.Context, consultation ID) (FormVersion, error)
	// SaveFormDraft keeps the draft, as the next version where v.Edits is 0; Conflict when v.Edits is not what is kept.
	SaveFormDraft(ctx context.Context, v FormVersion, ch Change) error
	// PublishForm publishes the draft v; Conflict when it was saved since.
	PublishForm(ctx context.Context, v FormVersion, ch Change) error
	// DropFormDraft throws the draft away; NotFound when there is none.
	DropFormDraft(ctx context.Context, consultation ID, ch Change) error
	// BeginConsultation keeps a new consultation under the next reference of the year ("C-2026-0001") and gives it back.
	BeginConsultation(ctx context.Context, k Consultation, year int, ch Change) (Consultation, error)
	// EachResponseRow streams what received comments of a consultation answered, oldest first: values only, no words. Those withdrawn
	// are left out.
	EachResponseRow(ctx context.Context, consultation ID, each func(ResponseRow) error) error
}

// ResponseRow is what one comment answered, as figures count it; Row tells where it belongs.
type ResponseRow struct {
	Comment   ID
	Row       ReachRow
	Form      int // the version that was answered
	Responses []Response
}

// Subjects tells what the words of a consultation's comments are about.
func (s *Service) Subjects(ctx context.Context, a Actor, consultation ID) (Subjects, error) {
	c, err := s.visible(ctx, a, consultation)
	if err != nil {
		return Subjects{}, err
	}
	return s.subjects(ctx, c)
}

func (s *Service) subjects(ctx context.Context, c Consultation) (v Subjects, err error) {
	v.Kind = c.Kind
	if !c.Kind.Planning() {
		v.Forms, err = s.store.Forms(ctx, c.ID)
	}
	return v, err
}

func (s *Service) subjectsOf(ctx context.Context, consultation ID) (Subjects, error) {
	c, err := s.store.Consultation(ctx, consultation)
	if err != nil {
		return Subjects{}, err
	}
	return s.subjects(ctx, c)
}

// formOf finds the form that a round of a consultation asks; nothing for planning. A matter whose round has no form takes no answers
// here: it was imported and is asked elsewhere.
func (s *Service) formOf(ctx context.Context, c Consultation, r Round) (*FormVersion, error) {
	if c.ID == 0 || c.Kind.Planning() {
		return nil, nil
	}
	subjects, err := s.subjects(ctx, c)
	if err != nil {
		return nil, err
	}
	v, ok := subjects.Version(r.Form)
	if r.Form == 0 || !ok {
		return nil, fail(Closed, "comment")
	}
	return &v, nil
}

// FormAsked is the consultation with the form that answers are taken to now. Closed where none are taken.
func (s *Service) FormAsked(ctx context.Context, a Actor, consultation ID) (Consultation, FormVersion, error) {
	c, w, err := s.openCase(ctx, a, consultation)
	if err != nil {
		return c, FormVersion{}, err
	}
	v, err := s.formOf(ctx, c, w.Round)
	if err == nil && v == nil {
		err = fail(NotFound, "read form")
	}
	if err != nil {
		return c, FormVersion{}, err
	}
	return c, *v, nil
}

// CheckContactOf holds the details of who answers a form to what it asks.
func CheckContactOf(rule ContactRule, k Contact) []FieldError {
	var c check
	if rule.Name != NotAsked {
		c.name("name", k.Name, rule.Name == Required)
	}
	if code := strings.TrimSpace(k.Postcode); rule.Postcode != NotAsked {
		if _, ok := NormalPostcode(code); code == "" && rule.Postcode == Required {
			c.add("postcode", "required")
		} else if code != "" && !ok {
			c.add("postcode", "postcode")
		}
	}
	c.line("address", k.Address, MaxAddress, false)
	c.email("email", k.Email, false)
	c.line("phone", k.Phone, 40, false)
	return c.fields
}

// answers holds a comment that answers a form to its rules and completes it: the words of the responses are its points, its place is
// the first place named.
func (in *CommentInput) answers(v FormVersion) []FieldError {
	responses, fields := CheckResponses(v.Form, in.Responses)
	var bad check
	if len(responses) == 0 && len(fields) == 0 {
		bad.add("responses", "responses_required")
	}
	if in.Stance != "" {
		bad.fields = append(bad.fields, CheckStance(in.Stance)...)
	}
	if v.Form.Contact.Name == NotAsked {
		in.Contact.Name, in.ShowName = "", false
	}
	if v.Form.Contact.Postcode == NotAsked {
		in.Contact.Postcode = ""
	}
	in.Responses, in.Points, in.PlaceText = responses, WordsOf(responses), ""
	in.Place, in.HasPlace = geo.Point{}, false
	for _, r := range responses {
		if r.HasPlace && !in.HasPlace {
			in.Place, in.HasPlace = r.Place(), true
		}
	}
	return slices.Concat(fields, bad.fields, CheckContactOf(v.Form.Contact, in.Contact))
}

// check holds a finished comment to its rules: those of the form v, or of planning where v is nil.
func (in *CommentInput) check(v *FormVersion) check {
	bad := check{}
	if v != nil {
		bad.fields = in.answers(*v)
	} else {
		bad.fields = slices.Concat(CheckStance(in.Stance), CheckPoints(in.Points), CheckPlace(*in), CheckContact(in.Contact))
		if len(in.Responses) > 0 {
			bad.add("responses", "response_planning")
		}
	}
	bad.key(in.Key)
	return bad
}

// answered completes the record of a comment that answers a form. One without any words or place has nothing that an officer must read
// before it counts, and asks nothing that must be answered.
func (c *Comment) answered(v *FormVersion, in CommentInput) {
	if v == nil {
		return
	}
	c.Form, c.Responses = v.Number, in.Responses
	if len(in.Points) == 0 && !in.HasPlace && c.NameShown == "" {
		c.State, c.PublishedAt = CommentPublished, c.ReceivedAt
	}
}

// FormDesk is what an officer sees who works on a form.
type FormDesk struct {
	Consultation Consultation
	Draft        FormVersion // Number 0 = none is being written
	Published    []FormVersion
	Problems     []FieldError // what keeps the draft from being published; fields are places in the definition
}

// FormDesk opens the form of a consultation that is no planning application, for who builds it.
func (s *Service) FormDesk(ctx context.Context, a Actor, consultation ID) (FormDesk, error) {
	const op = "open form"
	if err := Must(a, RecordOutcome, op); err != nil {
		return FormDesk{}, err
	}
	c, err := s.store.Consultation(ctx, consultation)
	if err != nil {
		return FormDesk{}, err
	}
	if c.Kind.Planning() {
		return FormDesk{}, fail(NotFound, op)
	}
	d := FormDesk{Consultation: c}
	if d.Published, err = s.store.Forms(ctx, consultation); err != nil {
		return d, err
	}
	d.Draft, err = s.store.FormDraft(ctx, consultation)
	if KindOf(err) == NotFound {
		return d, nil
	}
	d.Problems = slices.Concat(CheckForm(d.Draft.Form), changedKinds(d.Draft.Form, d.Published))
	return d, err
}

// SaveForm keeps the draft of a form. It need not be complete, but what stands in it is bounded. edits is how often it had been saved
// when it was read, 0 for a new one; Conflict when somebody else was faster.
func (s *Service) SaveForm(ctx context.Context, a Actor, consultation ID, f Form, edits int) error {
	const op = "save form"
	if _, err := s.FormDesk(ctx, a, consultation); err != nil {
		return err
	}
	var bad check
	if len(f.Encode()) > MaxFormSize {
		bad.add("definition", "form_size", "max", MaxFormSize>>10)
	}
	if len(f.Sections) > MaxSections || len(f.Questions()) > MaxQuestions {
		bad.add("sections", "form_many", "max", MaxQuestions)
	}
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.SaveFormDraft(ctx, FormVersion{Consultation: consultation, Form: f, Edits: edits}, s.change(a, "form.save", consultation))
}

// PublishForm makes the draft a version that never changes again. Rounds that open from now on ask it; one that is open keeps its own.
func (s *Service) PublishForm(ctx context.Context, a Actor, consultation ID, edits int) error {
	const op = "publish form"
	d, err := s.FormDesk(ctx, a, consultation)
	if err != nil {
		return err
	}
	if d.Draft.Number == 0 {
		return fail(NotFound, op)
	}
	bad := check{fields: d.Problems}
	if err := bad.err(op); err != nil {
		return err
	}
	d.Draft.Edits = edits
	return s.store.PublishForm(ctx, d.Draft, s.change(a, "form.publish", consultation))
}

// DropForm throws the draft away; the published versions stay.
func (s *Service) DropForm(ctx context.Context, a Actor, consultation ID) error {
	if _, err := s.FormDesk(ctx, a, consultation); err != nil {
		return err
	}
	return s.store.DropFormDraft(ctx, consultation, s.change(a, "form.drop", consultation))
}

// OwnAuthority stands where an application names its planning authority: the matter was begun here, not in any register.
const OwnAuthority = "own"

// Begin starts a consultation that is no planning application, not public yet. It gets a reference of its own.
func (s *Service) Begin(ctx context.Context, a Actor, k Consultation) (Consultation, error) {
	const op = "begin consultation"
	if err := Must(a, RecordOutcome, op); err != nil {
		return Consultation{}, err
	}
	var bad check
	if !slices.Contains(OwnKinds(), k.Kind) {
		bad.add("kind", "choice")
	}
	bad.line("title", k.Title, 200, true)
	bad.text("summary", k.Summary, 2000, true)
	bad.line("address", k.Address, MaxAddress, false)
	bad.line("service", k.Service, 100, true)
	if k.HasPlace && !k.Place.Valid() {
		bad.add("lat", "place")
	}
	if k.PromiseDays < 0 || k.PromiseDays > 60 {
		bad.add("promise-days", "number", "low", 1, "high", 60)
	}
	if err := bad.err(op); err != nil {
		return Consultation{}, err
	}
	now := s.clock()
	ward, err := s.wardOf(ctx, k.Place, k.HasPlace)
	if err != nil {
		return Consultation{}, err
	}
	if k.WardCode == "" {
		k.WardCode = ward
	}
	k.ID, k.State, k.Version, k.CreatedAt, k.UpdatedAt = NewID(now), Received, 1, now, now
	k.Title, k.Summary, k.Address = strings.TrimSpace(k.Title), strings.TrimSpace(k.Summary), strings.TrimSpace(k.Address)
	k.Application = Application{Authority: orOwn(k.Application.Authority), ReceivedOn: s.today(), Source: "own"}
	for attempt := 1; ; attempt++ {
		begun, err := s.store.BeginConsultation(ctx, k, now.Year(), s.change(a, "consultation.begin", k.ID))
		if KindOf(err) != Conflict || attempt == 5 {
			return begun, err // two who begin in the same moment want the same number: the slower one asks again
		}
	}
}

func orOwn(authority string) string {
	if authority == "" {
		return OwnAuthority
	}
	return authority
}

// Results is what everybody may see of what a form's questions were answered: the rows, to be protected by package reach.
type Results struct {
	Consultation Consultation
	Subjects     Subjects
	Window       Window
	Open         bool // people are still asked: figures now would sway those who have not answered
	service      *Service
}

// Results opens the figures of a form.
func (s *Service) Results(ctx context.Context, a Actor, consultation ID) (Results, error) {
	c, err := s.visible(ctx, a, consultation)
	if err != nil {
		return Results{}, err
	}
	v := Results{Consultation: c, service: s}
	if c.Kind.Planning() {
		return v, fail(NotFound, "read results")
	}
	if v.Subjects, err = s.subjects(ctx, c); err != nil {
		return v, err
	}
	rounds, err := s.store.Rounds(ctx, consultation)
	if err != nil {
		return v, err
	}
	v.Window = WindowOf(c.State, rounds, s.today())
	v.Open = v.Window.Status == WindowOpen || v.Window.Status == WindowNotYet
	return v, nil
}

// EachResponseRow streams the answers, once nobody is asked any more: Closed before.
func (r Results) EachResponseRow(ctx context.Context, each func(ResponseRow) error) error {
	if r.Open {
		return fail(Closed, "read results")
	}
	return r.service.store.EachResponseRow(ctx, r.Consultation.ID, each)
}

// EachResponseRow streams the answers for an analyst, at any time.
func (r ReachSource) EachResponseRow(ctx context.Context, consultation ID, each func(ResponseRow) error) error {
	return r.service.store.EachResponseRow(ctx, consultation, each)
}

// Subjects tells the questions of a consultation that is public.
func (r ReachSource) Subjects(ctx context.Context, consultation ID) (Subjects, error) {
	return r.service.subjectsOf(ctx, consultation)
}

// OwnReference is the reference of the n-th matter of a year that has none of another register's: "C-2026-0001".
func OwnReference(year, n int) string { return fmt.Sprintf("C-%04d-%04d", year, n) }
