package web

import (
	"github.com/gofiber/fiber/v2"
)

func init() {
	sample("error", func(w *Web, c *fiber.Ctx) View {
		p := &ErrorPage{Base: w.Base(c, "error_page.not_found_title"), Status: fiber.StatusNotFound}
		p.Text = p.T("error_page.not_found_text")
		return p
	})
	sample("error", func(w *Web, c *fiber.Ctx) View {
		p := &ErrorPage{Base: w.Base(c, "error_page.unavailable_title"), Status: fiber.StatusServiceUnavailable, Reference: "k3m9x2pq"}
		p.Text, p.Action, p.SignIn = p.T("error_page.unavailable_text"), "/c/0123456789abc/comment", SignInPath
		p.Typed = []Kept{
			{Name: "body", Label: p.T("error_page.typed"), Value: "Two lines\nof text", Visible: true}, {Name: "_key", Value: NewKey()},
		}
		return p
	})
}
