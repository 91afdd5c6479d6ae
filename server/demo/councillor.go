package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// councillorStory is the demo's councillor with the one conversation there is.
type councillorStory struct {
	Name  string `json:"name"`
	Ward  string `json:"ward"`
	Email string `json:"email"`
	Case  string `json:"case"` // reference of the application
	Taken moment `json:"taken"`
	Said  []struct {
		At   moment `json:"at"`
		By   string `json:"by"` // resident, passes, asks, or the key of an officer
		Text string `json:"text"`
	} `json:"said"`
}

// planCouncillor makes the steps of a story about which the councillor is asked.
func (t *told) planCouncillor() error {
	var s councillorStory
	if err := read("councillor.json", &s); err != nil || s.Case != t.Reference {
		return err
	}
	c := &chain{run: t.run}
	var token string
	var thread, last consult.ID
	if err := c.add(s.Taken, true, func(ctx context.Context) error {
		id, err := t.svc.AddCouncillor(ctx, t.officers["planning"].Actor(), consult.Councillor{Name: s.Name, WardCode: s.Ward},
			consult.CouncillorContact{Email: s.Email, Language: "en"})
		if err != nil {
			return err
		}
		token = t.svc.CouncillorToken(id, 1)
		opened, err := t.svc.OpenCouncillorThread(ctx, token, t.id)
		thread = opened.ID
		t.result.Threads++
		return err
	}); err != nil {
		return err
	}
	for i, m := range s.Said {
		if err := c.add(m.At, m.By != "resident", func(ctx context.Context) error {
			in := consult.MessageInput{Thread: thread, Body: m.Text, Language: "en"}
			var posted consult.Posted
			var err error
			switch m.By {
			case "resident":
				posted, err = t.svc.PostMessage(ctx, consult.Actor{Kind: consult.Visitor, ID: consult.NewID(t.clock.now())}, in)
				last = posted.Message.ID
			case "passes":
				_, err = t.svc.PassQuestion(ctx, token, last, in)
			case "asks":
				_, err = t.svc.SayAsCouncillor(ctx, token, in, true)
			default:
				_, err = t.svc.PostMessage(ctx, t.officers[m.By].Actor(), in)
			}
			if err != nil {
				return fmt.Errorf("the councillor's conversation, message %d: %w", i+1, err)
			}
			t.result.Messages++
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
