package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// SortPoints does what the desk's form asks for: makes a concern of what is ticked, puts it into one, accepts what is proposed, or sorts a
// campaign's letters.
func (w *Web) SortPoints(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	act := Choose(f, looseDo, []string{"make", "put", "accept"})
	switch {
	case f.Has("letters"):
		err = w.sortLetters(c, f, id)
	case act == "accept":
		err = w.acceptProposals(c, f)
	default:
		err = w.sortTicked(c, f, id, act)
	}
	if refused(err) {
		return w.officerConcerns(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(officerConcernsHref(id)+"?done=1", fiber.StatusSeeOther)
}

// sortLetters puts every loose copy of a letter where its copies stand already.
func (w *Web) sortLetters(c *fiber.Ctx, f *Form, id consult.ID) error {
	const op = "sort letters"
	found, err := w.advice(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	l, ok := find(found.campaigns, f.Value("letters"))
	if !ok || l.concern == 0 {
		return &consult.Error{Kind: consult.Conflict, Op: op}
	}
	key := f.Key()
	if err := f.Err(op); err != nil {
		return err
	}
	return w.Service.SortPoints(c.UserContext(), w.actor(c), consult.Sorting{Concern: l.concern, Refs: l.refs, By: consult.ByCampaign, Loose: true}, key)
}

// acceptProposals puts each ticked point into the concern that was proposed beside it: one act for each concern.
func (w *Web) acceptProposals(c *fiber.Ctx, f *Form) error {
	const op = "accept proposals"
	proposed := map[consult.ID][]consult.PointRef{}
	var order []consult.ID
	for _, v := range f.Values("point") {
		ref, concern, ok := parsePoint(v)
		if !ok {
			f.Fail("point", "choice")
		} else if concern != 0 {
			if proposed[concern] == nil {
				order = append(order, concern)
			}
			proposed[concern] = append(proposed[concern], ref)
		}
	}
	if len(order) == 0 {
		f.Fail("point", "points_required")
	}
	key := f.Key()
	if err := f.Err(op); err != nil {
		return err
	}
	for _, concern := range order {
		in := consult.Sorting{Concern: concern, Refs: proposed[concern], By: consult.BySuggestion, Loose: true}
		if err := w.Service.SortPoints(c.UserContext(), w.actor(c), in, key+"-"+concern.String()); err != nil {
			return err
		}
	}
	return nil
}

// sortTicked makes a concern of the ticked points, letters and groups, or puts them into one.
func (w *Web) sortTicked(c *fiber.Ctx, f *Form, id consult.ID, act string) error {
	const op = "sort points"
	refs, by, err := w.ticked(c, f, id)
	if err != nil {
		return err
	}
	key := f.Key()
	if act == "put" {
		if f.Value("into") == "" {
			f.Fail("into", "required")
		}
		if err := f.Err(op); err != nil {
			return err
		}
		into, err := f.ID("into")
		if err != nil {
			return err
		}
		return w.Service.SortPoints(c.UserContext(), w.actor(c), consult.Sorting{Concern: into, Refs: refs, By: by, Loose: true}, key)
	}
	in := consult.ConcernInput{Consultation: id, Title: f.Line("title", consult.MaxConcern), Refs: refs, By: by, Key: key}
	if err := f.Err(op); err != nil {
		return err
	}
	_, err = w.Service.MakeConcern(c.UserContext(), w.actor(c), in)
	return err
}

// ticked are the points that boxes stand for. They count as letters or as proposed only where nothing else was ticked.
func (w *Web) ticked(c *fiber.Ctx, f *Form, id consult.ID) ([]consult.PointRef, consult.ByHow, error) {
	by := consult.ByHand
	refs := tickedPoints(f)
	for _, box := range []struct {
		name string
		by   consult.ByHow
		list func(advised) []likeness
	}{
		{"campaign", consult.ByCampaign, func(a advised) []likeness { return a.campaigns }},
		{"group", consult.BySuggestion, func(a advised) []likeness { return a.groups }},
	} {
		keys := f.Values(box.name)
		if len(keys) == 0 {
			continue
		}
		found, err := w.advice(c.UserContext(), w.actor(c), id)
		if err != nil {
			return nil, by, err
		}
		if len(refs) == 0 {
			by = box.by
		} else {
			by = consult.ByHand
		}
		for _, key := range keys {
			l, ok := find(box.list(found), key)
			if !ok {
				return nil, by, &consult.Error{Kind: consult.Conflict, Op: "sort points"}
			}
			refs = append(refs, l.refs...)
		}
	}
	return refs, by, nil
}

// tickedPoints are the points ticked one by one.
func tickedPoints(f *Form) []consult.PointRef {
	var refs []consult.PointRef
	for _, v := range f.Values("point") {
		ref, _, ok := parsePoint(v)
		if !ok {
			f.Fail("point", "choice")
		} else if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	return refs
}
