package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// importer is one run of an import.
type importer struct {
	svc     *consult.Service
	actor   consult.Actor
	sources []*source
}

// source is one file of a run with its line in the report.
type source struct {
	*FileReport
	content
	authority, reference string // what the operator says where the file does not
}

// outcome turns a use case's refusal into a line of the report; only an error that stops the whole import comes back.
func (s *source) outcome(err error) error {
	switch consult.KindOf(err) {
	case consult.Invalid, consult.Conflict, consult.TooLarge:
		s.refuse(Problem{Reason: refusalOf(err)})
		return nil
	}
	return err
}

// refusalOf says in words of the report which rules of the domain something breaks.
func refusalOf(err error) string {
	reason := "it breaks a rule of the site"
	for _, f := range consult.FieldsOf(err) {
		reason += "; " + f.Field + ": " + f.Rule
	}
	return reason
}

// Files imports files given together: areas, postcodes and benchmarks first, then the applications, whatever their order. The
// report has every file and every problem. The error is for what stops the import as a whole (no permission, a store that does
// not answer); what was taken before it stays, whole cases only, and importing again completes the rest.
func Files(ctx context.Context, svc *consult.Service, actor consult.Actor, files []File) (Report, error) {
	if err := consult.Must(actor, consult.Import, "import"); err != nil {
		return Report{}, err
	}
	if len(files) > MaxFiles {
		return Report{}, &consult.Error{Kind: consult.TooLarge, Op: "import", Err: fmt.Errorf("%d files at once, at most %d", len(files), MaxFiles)}
	}
	i := &importer{svc: svc, actor: actor}
	reports := make([]FileReport, len(files))
	for n, f := range files {
		reports[n].Name = f.Name
		i.open(f, &reports[n])
	}
	err := i.run(ctx)
	return Report{Files: reports}, err
}

// open reads and recognises a file.
func (i *importer) open(f File, report *FileReport) {
	data, bad := read(f)
	if bad == nil {
		var c content
		c, bad = recognise(data)
		report.Kind = c.kind
		if bad == nil {
			i.sources = append(i.sources, &source{FileReport: report, content: c, authority: f.Authority, reference: f.Reference})
		}
	}
	if bad != nil {
		report.refuse(bad.problem())
	}
}

func (i *importer) of(kinds ...Kind) []*source {
	return slices.DeleteFunc(slices.Clone(i.sources), func(s *source) bool { return !slices.Contains(kinds, s.kind) })
}

// run imports kind by kind: what later kinds are checked against comes first.
func (i *importer) run(ctx context.Context) error {
	one := func(take func(context.Context, *source) error, kinds ...Kind) error {
		for _, src := range i.of(kinds...) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := take(ctx, src); err != nil {
				return err
			}
		}
		return nil
	}
	for _, step := range []func() error{
		func() error { return one(i.takeAreas, Wards, Constituencies) },
		func() error { return one(i.takePostcodes, Postcodes) },
		func() error { return one(i.takeAddresses, AddressList) },
		func() error { return one(i.takeDirectory, ConsulteeList) },
		func() error { return one(i.takePopulation, WardPopulation) },
		func() error { return one(i.takeQualifications, WardQualifications) },
		func() error { return one(notTaken, SpecialistComments, JSONSchema) },
		func() error { return i.applications(ctx) },
		func() error { return one(i.takeCommentFile, PublicComments, NeighbourResponses, CommentSubmissions) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// notTaken says that a file was recognised and why nothing of it is taken.
func notTaken(_ context.Context, src *source) error {
	reasons := map[Kind]string{
		SpecialistComments: "recognised, but not imported: what consultees answered is asked for here, by a link of their own",
		JSONSchema:         "recognised, but not imported: it describes data and holds none",
	}
	src.refuse(Problem{Reason: reasons[src.kind]})
	return nil
}

// applications reads every file of applications, decides which record counts for each of them, and takes those.
func (i *importer) applications(ctx context.Context) error {
	records := i.documents()
	for _, src := range i.of(LGAApplications) {
		records = append(records, readLGA(src)...)
	}
	records = append(records, i.planningData()...)
	for _, src := range i.of(BOPSRequests) {
		attachRequests(src, records, i.dayOf)
	}
	today := i.dayOf(i.svc.Now())
	for _, r := range records {
		r.today = today
		r.keepApart()
		if err := r.locate(ctx, i.svc); err != nil {
			return err
		}
	}
	for _, r := range supersede(records) {
		if err := i.take(ctx, r); err != nil {
			return err
		}
	}
	for _, src := range i.sources {
		src.noteHidden()
	}
	return nil
}

// planningData reads the MHCLG set, with the codelists given beside it.
func (i *importer) planningData() []*record {
	set := padsSet{files: map[Kind][]*source{}, lists: ownCodelists(), day: i.dayOf}
	for _, src := range i.of(PADSApplications, PADSSites, PADSTimeline, PADSDecisions, PADSSection106) {
		set.files[src.kind] = append(set.files[src.kind], src)
	}
	for _, src := range i.of(PADSCodelist) {
		src.Rows = len(src.table.rows)
		name := codelistName(src.table)
		switch {
		case name == "":
			src.Note = "a codelist that no column read here uses: not needed"
		case len(set.files[PADSApplications]) == 0:
			src.Note = name + ": used to check planning-application files; there are none in this import, so it was not needed"
		default:
			set.lists.take(name, src.table)
			src.Note = fmt.Sprintf("%s: %d values, used to check the other files", name, len(set.lists[name]))
		}
	}
	return set.records()
}

// supersede leaves one record of every application: the one that knows most recently of it. Registers export one application in
// one file for each stage; taken one after the other they would change it back and forth at every import.
func supersede(records []*record) []*record {
	type key struct{ authority, reference string }
	best := map[key]*record{}
	for _, r := range records {
		k := key{r.Authority, r.Reference}
		if o := best[k]; o == nil || r.newer(o) {
			best[k] = r
		}
	}
	var counting []*record
	for _, r := range records {
		b := best[key{r.Authority, r.Reference}]
		switch {
		case b == r:
			counting = append(counting, r)
		case b.file == r.file && b.hash() != r.hash():
			r.file.skip(r.problem("", fmt.Sprintf("the application %s stands in row %d too, with other values; that row counts", quoted(r.Reference), b.row)))
		case b.file == r.file:
			r.file.Superseded++
			r.warn("", fmt.Sprintf("the application %s stands in row %d too", quoted(r.Reference), b.row))
		default:
			r.file.Superseded++
			r.warn("", fmt.Sprintf("%s is also in %s, which is more recent; that file counts", quoted(r.Reference), printable(b.file.Name)))
		}
	}
	return counting
}

// take saves one application with the comments in its record.
func (i *importer) take(ctx context.Context, r *record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	known, err := i.known(ctx, r)
	if err != nil || known != nil && i.behind(r, *known) {
		return err
	}
	c := r.toCase(i.svc.Calendar().Location())
	if known != nil {
		keepOurs(&c, known.Consultation)
	}
	result := consult.SaveResult{Outcome: consult.Unchanged}
	if own := known != nil && r.Addition != nil && r.Addition.ID == known.Consultation.ID.String(); own {
		result.ID = known.Consultation.ID // this site's own export takes nothing back
	} else if result, err = i.svc.Take(ctx, i.actor, c); err != nil {
		return r.refusedBy(err)
	}
	switch result.Outcome {
	case consult.Created:
		r.file.Created++
	case consult.Updated:
		r.file.Updated++
	default:
		r.file.Unchanged++
	}
	if !c.Consultation.State.Public() {
		r.file.hidden++
	}
	return i.takeComments(ctx, result.ID, r.comments, &r.file.Comments)
}

// refusedBy turns a use case's refusal into a line of the report; only an error that stops the whole import comes back.
func (r *record) refusedBy(err error) error {
	switch consult.KindOf(err) {
	case consult.Invalid, consult.Conflict, consult.TooLarge:
		r.file.skip(r.problem("", refusalOf(err)))
		return nil
	}
	return err
}

// keepOurs leaves what officers recorded here and no register knows: the statement of influence, the promise, whether there is an
// environmental statement.
func keepOurs(c *consult.Case, known consult.Consultation) {
	k := &c.Consultation
	if k.Influence == (consult.Influence{}) {
		k.Influence = known.Influence
	}
	if k.PromiseDays == 0 {
		k.PromiseDays = known.PromiseDays
	}
	k.Application.EIA = k.Application.EIA || known.Application.EIA
}

// known reads what the site has of an application; nil for nothing.
func (i *importer) known(ctx context.Context, r *record) (*consult.CaseView, error) {
	c, err := i.svc.ByReference(ctx, i.actor, r.Authority, r.Reference)
	if consult.KindOf(err) == consult.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := i.svc.Case(ctx, i.actor, c.ID)
	return &v, err
}

// behind tells whether the site knows more recently of an application than the record, so that an old file taken alone does not
// reopen what was decided or hide what is public. A record of the same state is a correction and never behind.
func (i *importer) behind(r *record, v consult.CaseView) bool {
	if v.Consultation.Application.SourceHash == r.hash() || !r.olderThan(v) {
		return false
	}
	r.file.Superseded++
	r.warn("", fmt.Sprintf("%s is already %s here and %s in the file, which is older: not changed", quoted(r.Reference), v.Consultation.State, r.state()))
	return true
}

// dayOf is the civil day of a moment in the authority's zone.
func (i *importer) dayOf(t time.Time) consult.Date { return i.svc.Calendar().Day(t) }
