package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/static/lang"
)

const (
	languageQuery  = "lang"
	languageCookie = "yousaid_lang"
	languageLocal  = "web.language"
	languageLife   = 365 * 24 * time.Hour
)

// Language is the reader's language: ?lang= chooses it and is remembered in a cookie, else the cookie, else Accept-Language.
func (w *Web) Language(c *fiber.Ctx) *lang.Language {
	if l, ok := c.Locals(languageLocal).(*lang.Language); ok {
		return l
	}
	asked := c.Query(languageQuery)
	l := w.Texts.Match(c.Get(fiber.HeaderAcceptLanguage), c.Cookies(languageCookie), asked)
	if w.Texts.Supports(asked) && asked != c.Cookies(languageCookie) {
		c.Cookie(&fiber.Cookie{
			Name: languageCookie, Value: l.Code, Path: "/", MaxAge: int(languageLife.Seconds()),
			Secure: w.Guard.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
		})
	}
	c.Vary(fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
	c.Locals(languageLocal, l)
	return l
}
