package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

// sessionsPage lists where an officer is signed in, to end what they do not recognise.
type sessionsPage struct {
	Base
	Sessions []sessionView
}

type sessionView struct {
	Name       string
	Begun      time.Time
	Seen, Ends time.Time
	Here       bool
	Handle     string
	End        Button
}

func (w *Web) drawSessions(b Base, list []consult.Session, here string) *sessionsPage {
	p := &sessionsPage{Base: b}
	for _, k := range list {
		v := sessionView{Name: k.Agent, Begun: k.CreatedAt, Seen: k.SeenAt, Ends: w.Identity.SessionEnds(k), Handle: identity.Handle(k)}
		if v.Name == "" {
			v.Name = p.T("sessions.unknown")
		}
		v.Here = v.Handle == here
		v.End = Button{Text: p.T("sessions.end", "name", v.Name), Secondary: true}
		p.Sessions = append(p.Sessions, v)
	}
	return p
}

// Sessions lists the officer's own sessions.
func (w *Web) Sessions(c *fiber.Ctx) error {
	list, err := w.Identity.Sessions(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "sessions", w.drawSessions(w.StaffBase(c, "sessions.title"), list, handleOf(c)))
}

// RevokeSession ends one of them; ending the one in use is signing out.
func (w *Web) RevokeSession(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	handle := f.Value("session")
	if handle != "" && handle == handleOf(c) {
		return w.SignOut(c)
	}
	if err := w.Identity.Revoke(c.UserContext(), w.actor(c), handle); err != nil {
		return err
	}
	return c.Redirect("/officer/sessions", fiber.StatusSeeOther)
}

// handleOf names the session of the request, "" without one.
func handleOf(c *fiber.Ctx) string {
	if k, ok := c.Locals(sessionLocal).(consult.Session); ok {
		return identity.Handle(k)
	}
	return ""
}
