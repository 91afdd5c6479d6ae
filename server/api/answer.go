package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const mediaType = "application/json"

// openToAll lets pages of other sites read an answer. Browsers hand it over only where they sent no cookie.
func openToAll(c *fiber.Ctx) {
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlExposeHeaders, "ETag, Retry-After")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// show answers a reader. The entity tag is weak because the same answer may travel compressed.
func (a *API) show(c *fiber.Ctx, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return showRaw(c, body)
}

func showRaw(c *fiber.Ctx, body []byte) error {
	if err := acceptable(c); err != nil {
		return err
	}
	openToAll(c)
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderETag, "W/"+tag)
	c.Set(fiber.HeaderCacheControl, "no-cache") // may be kept by anybody, must be asked for again
	if known(c.Get(fiber.HeaderIfNoneMatch), tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, mediaType)
	return c.Send(body)
}

// known compares as If-None-Match asks: weakly (RFC 9110, 13.1.2).
func known(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == tag || one == "*" {
			return true
		}
	}
	return false
}

// made answers a writer: 201 with the address of what was made, or 200 where the same request had made it before. What it says is
// for the writer alone.
func made(c *fiber.Ctx, again bool, location string, v any) error {
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderLocation, location)
	status := http.StatusCreated
	if again {
		status = http.StatusOK
	}
	return c.Status(status).JSON(v, mediaType)
}

// acceptable refuses callers that want no JSON (H15).
func acceptable(c *fiber.Ctx) error {
	if c.Accepts(mediaType) == "" {
		return refuse(http.StatusNotAcceptable, "")
	}
	return nil
}

// moment writes a time as RFC 3339 in UTC; nil for none.
func moment(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339)
	return &s
}

// id writes the id of a record that may be missing.
func idOrNone(id consult.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}
