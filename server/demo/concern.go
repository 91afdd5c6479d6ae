package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// concernStory is what officers put together of one case's comments, and a letter that many send.
type concernStory struct {
	Case    string `json:"case"` // reference of the application
	Letters struct {
		Topic   consult.Topic  `json:"topic"`
		Stance  consult.Stance `json:"stance"`
		Text    string         `json:"text"`
		At      []moment       `json:"at"`
		Streets []string       `json:"streets"` // in turn
	} `json:"letters"`
	Concerns []struct {
		At      moment `json:"at"`
		Title   string `json:"title"`
		Service string `json:"service"`
		Shown   bool   `json:"shown"`
		Points  []struct {
			At    moment        `json:"at"` // of the comment
			Topic consult.Topic `json:"topic"`
		} `json:"points"`
	} `json:"concerns"`
}

// planConcerns makes the steps of sorting a case's points. Letters stay for whoever tries the desk.
func (t *told) planConcerns() error {
	var all []concernStory
	if err := read("concern.json", &all); err != nil {
		return err
	}
	for _, s := range all {
		if s.Case != t.Reference {
			continue
		}
		for i, at := range s.Letters.At {
			letter := comment{At: at, Stance: s.Letters.Stance, Street: s.Letters.Streets[i%len(s.Letters.Streets)],
				Points: []consult.CommentPoint{{Topic: s.Letters.Topic, Text: s.Letters.Text}}}
			if err := t.planComment(letter); err != nil {
				return fmt.Errorf("letter %d: %w", i+1, err)
			}
		}
		if err := t.planSorting(s); err != nil {
			return err
		}
	}
	return nil
}

func (t *told) planSorting(s concernStory) error {
	c := &chain{run: t.run}
	for _, k := range s.Concerns {
		if err := c.add(k.At, true, func(ctx context.Context) error {
			officer := t.officers["planning"].Actor()
			in := consult.ConcernInput{Consultation: t.id, Title: k.Title, Service: k.Service, By: consult.ByHand}
			for _, p := range k.Points {
				in.Refs = append(in.Refs, consult.PointRef{Source: t.said[p.At], Topic: p.Topic})
			}
			id, err := t.svc.MakeConcern(ctx, officer, in)
			if err != nil {
				return fmt.Errorf("%s, concern %q: %w", t.Reference, k.Title, err)
			}
			if !k.Shown {
				return nil
			}
			return t.svc.SaveConcern(ctx, officer, consult.Concern{ID: id, Title: k.Title, Service: k.Service, Version: 1}, true)
		}); err != nil {
			return err
		}
	}
	return nil
}
