package api

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// WantsPage tells whether an address below /ogc is asked for as a page: by f=html, else by the header Accept. Programs that say
// nothing, and those that take anything, get the document. It fails for any other f and for callers that want neither.
func WantsPage(c *fiber.Ctx) (bool, error) {
	switch f := c.Query("f"); {
	case f == "html":
		return true, nil
	case f == "json":
		return false, nil
	case f != "" || c.Request().URI().QueryArgs().Has("f"):
		return false, refuse(http.StatusBadRequest, "f is json or html.", consult.FieldError{Field: "f", Rule: "choice"})
	}
	accept := c.Get(fiber.HeaderAccept)
	switch {
	case c.Accepts(mediaType, geoJSON, schemaJSON, htmlType) == htmlType:
		return true, nil
	case accept == "" || strings.Contains(accept, "json") || strings.Contains(accept, "*/*") || strings.Contains(accept, "application/*"):
		return false, nil
	}
	return false, refuse(http.StatusNotAcceptable, "This service answers in JSON, GeoJSON and HTML.")
}

// IsOGC tells whether a path is below /ogc.
func IsOGC(path string) bool { return path == OGCPrefix || strings.HasPrefix(path, OGCPrefix+"/") }

// OGCDoor leads from /ogc to its landing page.
func (a *API) OGCDoor(c *fiber.Ctx) error {
	target := a.baseURL + OGCPrefix + "/"
	if query := string(c.Request().URI().QueryString()); query != "" {
		target += "?" + query
	}
	openFeatures(c)
	return c.Redirect(target, http.StatusPermanentRedirect)
}
