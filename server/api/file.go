package api

import (
	"io"

	"github.com/gofiber/fiber/v2"
)

// sendFile streams a file that write writes. Anybody may keep a public one but must ask for it again; nobody's cache keeps another.
func (a *API) sendFile(c *fiber.Ctx, name, kind string, public bool, write func(io.Writer) error) error {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="yousaid-`+name+`"`)
	if public {
		openToAll(c)
		c.Set(fiber.HeaderCacheControl, "no-cache")
	} else {
		c.Set(fiber.HeaderCacheControl, "private, no-store")
	}
	if c.Method() == fiber.MethodHead {
		return nil
	}
	body, err := a.files.Start(func(out io.Writer) error {
		failed := write(out)
		if failed != nil {
			a.log.Error("file stopped", "file", name, "error", failed)
		}
		return failed
	})
	if err != nil {
		c.Response().Header.Del(fiber.HeaderContentDisposition)
		return err
	}
	c.Context().SetBodyStream(body, -1)
	return nil
}
