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
			i.sources = append(i.sources, &source{report, c})
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
	steps := []struct {
		kinds []Kind
		take  func(context.Context, *source) error
	}{
		{[]Kind{Wards, Constituencies}, i.takeAreas},
		{[]Kind{Postcodes}, i.takePostcodes},
		{[]Kind{WardPopulation}, i.takePopulation},
		{[]Kind{WardQualifications}, i.takeQualifications},
		{[]Kind{CitizenSpace, BOPS, JSONSchema}, notYet},
	}
	for _, step := range steps {
		for _, src := range i.of(step.kinds...) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := step.take(ctx, src); err != nil {
				return err
			}
		}
	}
	return i.applications(ctx)
}

// notYet says that a file was recognised and why nothing of it is taken.
func notYet(_ context.Context, src *source) error {
	reasons := map[Kind]string{
		CitizenSpace: "recognised, but not imported yet: it comes with consultations that are not planning applications",
		BOPS:         "recognised, but not imported yet: give the application as an Open Digital Planning file",
		JSONSchema:   "recognised, but not imported: it describes data and holds none",
	}
	src.refuse(Problem{Reason: reasons[src.kind]})
	return nil
}

// applications reads every file of applications, decides which record counts for each of them, and takes those.
func (i *importer) applications(ctx context.Context) error {
	var records []*record
	for _, src := range i.of(ODPApplication) {
		r, bad := readODP(src.data, src.FileReport, i.dayOf)
		if bad != nil {
			src.refuse(bad.problem())
			continue
		}
		records = append(records, r)
	}
	for _, src := range i.of(LGAApplications) {
		records = append(records, readLGA(src)...)
	}
	records = append(records, i.planningData()...)
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

// take saves one application.
func (i *importer) take(ctx context.Context, r *record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if behind, err := i.behind(ctx, r); behind || err != nil {
		return err
	}
	c := r.toCase(i.svc.Calendar().Location())
	result, err := i.svc.Take(ctx, i.actor, c)
	switch consult.KindOf(err) {
	case consult.Invalid, consult.Conflict, consult.TooLarge:
		r.file.skip(r.problem("", refusalOf(err)))
		return nil
	}
	if err != nil {
		return err
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
	return nil
}

// behind tells whether the site knows more recently of an application than the record, so that an old file taken alone does not
// reopen what was decided or hide what is public. A record of the same state is a correction and never behind.
func (i *importer) behind(ctx context.Context, r *record) (bool, error) {
	c, err := i.svc.ByReference(ctx, i.actor, r.Authority, r.Reference)
	if consult.KindOf(err) == consult.NotFound {
		return false, nil
	}
	if err != nil || c.Application.SourceHash == r.hash() {
		return false, err
	}
	v, err := i.svc.Case(ctx, i.actor, c.ID)
	if err != nil || !r.olderThan(v) {
		return false, err
	}
	r.file.Superseded++
	r.warn("", fmt.Sprintf("%s is already %s here and %s in the file, which is older: not changed", quoted(r.Reference), c.State, r.state()))
	return true, nil
}

// dayOf is the civil day of a moment in the authority's zone.
func (i *importer) dayOf(t time.Time) consult.Date { return i.svc.Calendar().Day(t) }
