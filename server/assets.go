package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/static"
)

// asset serves a built script, style or picture under its hashed name, to be kept for ever.
func (a *App) asset(c *fiber.Ctx) error {
	file, err := static.Open(c.Params("name"))
	if err != nil {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.Type)
	c.Set(fiber.HeaderCacheControl, static.CacheControl)
	c.Vary(fiber.HeaderAcceptEncoding)
	if file.Gzip != nil && c.AcceptsEncodings("gzip") == "gzip" {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.Gzip)
	}
	return c.Send(file.Body)
}
