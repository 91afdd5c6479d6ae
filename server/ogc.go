package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/api"
)

// either answers below /ogc with a document for programs or with its page for people, whichever is asked for.
func either(document, page fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		people, err := api.WantsPage(c)
		switch {
		case err != nil:
			return err
		case people:
			return page(c)
		}
		return document(c)
	}
}

// program tells whether who asked reads problems in JSON rather than pages.
func program(c *fiber.Ctx) bool {
	if !api.IsOGC(c.Path()) {
		return false
	}
	people, err := api.WantsPage(c)
	return err != nil || !people
}
