package server

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// healthz says that the process serves requests.
func (a *App) healthz(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"status": "ok"})
}

// readyz says whether this node can do its work. Without the bus it can, only slower: absent Redis is a mode, not an error (L9).
func (a *App) readyz(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), 2*time.Second)
	defer cancel()
	if err := a.kept.Ping(ctx); err != nil {
		a.log.Warn("not ready", "error", err)
		c.Set(fiber.HeaderRetryAfter, "5")
		return c.Status(fiber.StatusServiceUnavailable).JSON(fiber.Map{"status": "unavailable", "failing": []string{"store"}})
	}
	degraded := []string{}
	if !a.bus.Up() {
		degraded = append(degraded, "bus")
	}
	return c.JSON(fiber.Map{"status": "ready", "degraded": degraded})
}
