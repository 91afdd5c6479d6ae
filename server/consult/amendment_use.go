package consult

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/geo"
)

// Amendments lists a public consultation's amendments with their decisions, by version.
func (s *Service) Amendments(ctx context.Context, a Actor, consultation ID) ([]Amendment, error) {
	if _, err := s.visible(ctx, a, consultation); err != nil {
		return nil, err
	}
	return s.store.Amendments(ctx, consultation)
}

// amendment is that of the current version, nil for none.
func (s *Service) amendment(ctx context.Context, k Consultation) (*Amendment, error) {
	all, err := s.store.Amendments(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	if am, ok := OfVersion(all, k.Version); ok {
		return &am, nil
	}
	return nil, nil
}

// ReceiveAmendment takes a changed proposal in: the new version, its documents and the move to amended, all or nothing. Everybody
// concerned is told that the plans have changed.
func (s *Service) ReceiveAmendment(ctx context.Context, a Actor, in AmendmentInput) error {
	const op = "receive amendment"
	standing, err := s.Standing(ctx, a, in.Consultation)
	if err != nil {
		return err
	}
	versions, err := s.store.Versions(ctx, in.Consultation)
	if err != nil {
		return err
	}
	k := standing.Consultation
	if in.After != k.Version {
		return fail(Conflict, op)
	}
	var last ProposalVersion
	for _, v := range versions {
		if v.Number == k.Version {
			last = v
		}
	}
	var bad check
	next := s.checkVersion(&bad, in, last)
	bad.fields = append(bad.fields, standing.Refuse(Move{Consultation: k.ID, To: Amended, Version: &next})...)
	ch := s.change(a, "amendment.receive", k.ID)
	documents := checkPapers(&bad, in.Documents, standing.Documents, k.ID, next.Number, ch)
	bad.text("why", in.Why, 1000, true)
	if len(bad.fields) == 0 && len(documents) == 0 && sameProposal(last, next) {
		bad.add("description", "nothing_changed")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch.Detail = string(k.State) + " → " + string(Amended) + ", version " + strconv.Itoa(next.Number)
	ch.Mails = []Mail{{Kind: MailStateChange, Audience: Audience{Consultation: k.ID, Everyone: true}, Subject: k.ID,
		Data: map[string]string{DataState: string(Amended)}}}
	e := StateEvent{Consultation: k.ID, From: k.State, To: Amended, At: ch.At, On: standing.Today, Why: strings.TrimSpace(in.Why), By: a.Standing()}
	am := Amendment{Consultation: k.ID, Version: next.Number, RecordedAt: ch.At, By: a.Standing()}
	return s.store.ReceiveAmendment(ctx, e, next, documents, am, ch)
}

func sameProposal(a, b ProposalVersion) bool {
	return a.Description == b.Description && string(a.Boundary) == string(b.Boundary) && string(a.Massing) == string(b.Massing)
}

// checkVersion makes the version that follows last.
func (s *Service) checkVersion(bad *check, in AmendmentInput, last ProposalVersion) ProposalVersion {
	v := ProposalVersion{Consultation: in.Consultation, Number: in.After + 1, Summary: strings.TrimSpace(in.Summary),
		Description: strings.TrimSpace(in.Description), Boundary: last.Boundary, Massing: last.Massing, ReceivedOn: in.ReceivedOn}
	bad.text("summary", v.Summary, MaxChangeSummary, true)
	bad.text("description", v.Description, MaxDescription, false)
	if v.Description == "" {
		v.Description = last.Description
	}
	if _, err := ParseDate(string(in.ReceivedOn)); err != nil || in.ReceivedOn > s.today() {
		bad.add("received", "date_past")
	}
	if strings.TrimSpace(in.Boundary) != "" {
		g, err := geo.ParseGeoJSON([]byte(in.Boundary), geo.DefaultLimits())
		switch {
		case err != nil:
			bad.place("boundary", err)
		case g.Kind() == geo.KindPoint:
			bad.place("boundary", &geo.Error{Reason: geo.ReasonWrongType})
		default:
			v.Boundary = json.RawMessage(g.GeoJSON())
		}
	}
	if strings.TrimSpace(in.Massing) != "" {
		m, err := geo.ParseMassing([]byte(in.Massing), geo.DefaultLimits())
		if err != nil {
			bad.place("massing", err)
		} else {
			v.Massing = json.RawMessage(m.GeoJSON())
		}
	}
	return v
}

// place adds what is wrong with a drawing, by the rule "geo_<reason>"; the first of several.
func (c *check) place(field string, err error) {
	var one *geo.Error
	if !errors.As(err, &one) {
		one = &geo.Error{Reason: geo.ReasonNotJSON}
	}
	c.add(field, "geo_"+strings.ReplaceAll(string(one.Reason), "-", "_"), "feature", max(one.Feature, 1))
}

// checkPapers makes the documents of a new version; each supersedes one that counts now, or none. Fields carry their number from 1.
func checkPapers(bad *check, papers, known []Document, consultation ID, version int, ch Change) []Document {
	counting := countingAt(version-1, known)
	taken := map[ID]bool{}
	var list []Document
	for i, d := range papers {
		n := "-" + strconv.Itoa(i+1)
		bad.line("name"+n, d.Name, 200, true)
		bad.line("url"+n, d.URL, 1000, false)
		bad.text("text"+n, d.Text, 50_000, d.URL == "")
		if d.URL != "" && !WebLink(d.URL) {
			bad.add("url"+n, "link")
		}
		if d.Replaces != 0 && (!counting[d.Replaces] || taken[d.Replaces]) {
			bad.add("replaces"+n, "choice")
		}
		taken[d.Replaces] = true
		d.ID, d.Consultation, d.Version, d.Status = NewID(ch.At), consultation, version, PublishDocument
		d.Name = strings.TrimSpace(d.Name)
		list = append(list, d)
	}
	return list
}

// DecideReconsultation records, once, whether people are asked again about the current amendment, and why. No leads back to weighing at
// once; yes lets a round open, when its publicity is recorded (Advance).
func (s *Service) DecideReconsultation(ctx context.Context, a Actor, consultation ID, version int, r Reconsultation) error {
	const op = "decide on reconsultation"
	standing, err := s.Standing(ctx, a, consultation)
	if err != nil {
		return err
	}
	am := standing.Amendment
	if am == nil || am.Version != version || standing.Consultation.State != Amended || am.Decision.Made() {
		return fail(Conflict, op)
	}
	bad := check{fields: r.Check(TopicsOf(standing.Subjects))}
	ch := s.change(a, "amendment.decide", consultation)
	decided := *am
	decided.Decision = r
	decided.Decision.Why, decided.Decision.At, decided.Decision.By = strings.TrimSpace(r.Why), ch.At, a.Standing()
	ch.Detail = "no"
	if r.Required {
		ch.Detail = "yes"
		if err := bad.err(op); err != nil {
			return err
		}
		return s.store.DecideAmendment(ctx, decided, nil, ch)
	}
	decided.Decision.Days = 0
	standing.Amendment = &decided
	bad.fields = append(bad.fields, standing.Refuse(Move{Consultation: consultation, To: ClosedState})...)
	if err := bad.err(op); err != nil {
		return err
	}
	ch.Mails = []Mail{{Kind: MailStateChange, Audience: Audience{Consultation: consultation, Everyone: true}, Subject: consultation,
		Data: map[string]string{DataState: string(ClosedState)}}}
	e := StateEvent{Consultation: consultation, From: Amended, To: ClosedState, At: ch.At, On: standing.Today, Why: decided.Decision.Why,
		By: a.Standing()}
	return s.store.DecideAmendment(ctx, decided, &e, ch)
}

// askAgain is the mail to those whose points an amendment touches, for the round that opens because of it.
func (s *Service) askAgain(ctx context.Context, standing Standing, m Move) ([]Mail, error) {
	am := standing.Amendment
	if m.To != Reconsulting || am == nil || !am.Decision.Required {
		return nil, nil
	}
	versions, err := s.store.Versions(ctx, m.Consultation)
	if err != nil {
		return nil, err
	}
	r, _ := standing.roundOf(m)
	data := map[string]string{DataCloses: string(r.Closes), DataRound: strconv.Itoa(r.Number)}
	for _, v := range versions {
		if v.Number == am.Version {
			data[DataChanged] = v.Summary
		}
	}
	return []Mail{{Kind: MailAmendment, Audience: Audience{Consultation: m.Consultation, Topics: am.Decision.Topics}, Subject: m.Consultation,
		Data: data}}, nil
}
