package server

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/live"
	"github.com/yousaid/yousaid/server/web"
	"github.com/yousaid/yousaid/static/lang"
)

// threads gives the live hub what it may not know itself: the log, the rules about it, and how an event looks.
type threads struct {
	service  *consult.Service
	identity *identity.Service
	pages    *web.Renderer
	texts    *lang.Catalogue
}

// viewer says who opens a socket. A bearer token counts before a cookie: it was sent on purpose.
func (a *App) viewer(c *fiber.Ctx) (live.Viewer, error) {
	actor, err := a.caller(c)
	if err != nil {
		return live.Viewer{}, err
	}
	v := live.Viewer{Address: network(a.client(c)), Actor: actor, Language: a.web.Language(c).Code, Unlimited: consult.Can(actor, consult.Unlimited)}
	if actor.Kind == consult.Signed {
		v.SessionID = a.web.SessionToken(c)
	}
	return v, nil
}

// Join implements live.Source.
func (t threads) Join(ctx context.Context, v live.Viewer, thread consult.ID, key string) (live.Head, live.Audience, error) {
	actor, _ := v.Actor.(consult.Actor)
	head, err := t.service.JoinThread(ctx, actor, thread, key)
	return live.Head(head), live.Audience{Language: v.Language, Officer: consult.Can(actor, consult.WorkInbox)}, err
}

// Heads implements live.Source.
func (t threads) Heads(ctx context.Context, ids []consult.ID) (map[consult.ID]live.Head, error) {
	found, err := t.service.Heads(ctx, ids)
	if err != nil {
		return nil, err
	}
	heads := make(map[consult.ID]live.Head, len(found))
	for id, head := range found {
		heads[id] = live.Head(head)
	}
	return heads, nil
}

// Events implements live.Source: one Frame for each event, with the fragment that the page would have drawn.
func (t threads) Events(ctx context.Context, thread consult.ID, after, upto int64, audience live.Audience) ([]live.Frame, error) {
	reader := consult.Actor{Kind: consult.Visitor}
	if audience.Officer {
		reader = consult.Actor{Kind: consult.Signed, Roles: []consult.Role{consult.RoleOfficer}}
	}
	events, err := t.service.Events(ctx, reader, thread, after, upto)
	if err != nil {
		return nil, err
	}
	frames := make([]live.Frame, 0, len(events))
	for _, e := range events {
		frame, err := t.frame(e, audience)
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

func (t threads) frame(e consult.Event, audience live.Audience) (live.Frame, error) {
	f := live.Frame{Seq: e.Seq, Kind: string(e.Kind)}
	var data any = struct {
		Subject consult.ID `json:"subject"`
	}{e.Subject}
	if e.Message != nil {
		data = api.MessageOf(*e.Message)
		html, err := t.pages.Fragment(t.texts.Get(audience.Language), "message", web.LiveMessage(*e.Message, t.texts.Get(audience.Language), audience.Officer))
		if err != nil {
			return f, err
		}
		f.HTML = string(html)
	}
	raw, err := json.Marshal(data)
	f.Data = raw
	return f, err
}

// AliveAll implements live.Source.
func (t threads) AliveAll(ctx context.Context, viewers []live.Viewer) ([]bool, error) {
	alive := make([]bool, len(viewers))
	for i, v := range viewers {
		if v.SessionID == "" {
			alive[i] = true
			continue
		}
		session, err := t.identity.Session(ctx, v.SessionID)
		if err != nil && consult.KindOf(err) != consult.SignedOut {
			return nil, err
		}
		actor, _ := v.Actor.(consult.Actor)
		alive[i] = err == nil && slices.Equal(session.Officer.Roles, actor.Roles)
	}
	return alive, nil
}
