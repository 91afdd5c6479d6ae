package api

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

//go:embed openapi.json
var openAPI []byte

// OpenAPI shows the description of everything here (OpenAPI 3.1). Tests hold every answer to it.
func (a *API) OpenAPI(c *fiber.Ctx) error { return showRaw(c, openAPI) }
