package live

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
)

// Handler upgrades requests to sockets. identify says who is asking; its error is returned as it is.
//
// A request is refused with 403 unless its Origin is one of Limits.Origins: cookies ride along on a socket that any
// site's page may open. Only a request without an Origin but with an Authorization header may do without: no page can
// make one, so it is a program, and identify must judge it by that header. When the node is full the answer is 503
// with Retry-After.
func (h *Hub) Handler(identify func(*fiber.Ctx) (Viewer, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if !websocket.IsWebSocketUpgrade(c) {
			return fiber.ErrUpgradeRequired
		}
		if !h.originAllowed(c) {
			return fiber.ErrForbidden
		}
		if !subprotocolOffered(c) {
			return fiber.NewError(fiber.StatusBadRequest, "the subprotocol is "+Subprotocol)
		}
		if !h.roomForOne() {
			return h.turnAway(c)
		}
		viewer, err := identify(c)
		if err != nil {
			return err
		}
		address := viewer.Address
		if address == "" {
			address = utils.CopyString(c.IP())
		}
		if !viewer.Unlimited && !h.roomAt(address) {
			return h.turnAway(c)
		}
		return h.upgrade(c, viewer, address)
	}
}

func (h *Hub) upgrade(c *fiber.Ctx, viewer Viewer, address string) error {
	origins := h.limits.Origins
	if c.Get(fiber.HeaderOrigin) == "" {
		origins = []string{""} // originAllowed let a program in; "" is nobody's origin
	}
	return websocket.New(func(ws *websocket.Conn) {
		// The wrapper is pooled: it stays in here. Its raw connection is used until serve returns, and not after.
		raw := ws.NetConn()
		boundKernelBuffer(raw, h.limits.QueueBytes/2)
		h.serve(newConn(h, raw, viewer, address))
	}, websocket.Config{
		Origins:      origins, // checked before, where refusing is a 403, and once more
		Subprotocols: []string{Subprotocol},
		// The library's buffers are not used, so they are as small as it lets them be.
		ReadBufferSize: 1, WriteBufferSize: 1,
		EnableCompression: false,
		RecoverHandler:    h.lastResort,
	})(c)
}

// lastResort stands in place of a handler that sends the panic's text to the client.
func (h *Hub) lastResort(*websocket.Conn) {
	if p := recover(); p != nil {
		h.log.Error("live: panic", "err", fmt.Sprint(p))
	}
}

func (h *Hub) originAllowed(c *fiber.Ctx) bool {
	switch origins := c.Request().Header.PeekAll(fiber.HeaderOrigin); len(origins) {
	case 0:
		return strings.HasPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	case 1:
		return slices.Contains(h.limits.Origins, string(origins[0]))
	default:
		return false
	}
}

// subprotocolOffered lets programs leave it out; who names any must name ours.
func subprotocolOffered(c *fiber.Ctx) bool {
	offered := c.Get("Sec-WebSocket-Protocol")
	if offered == "" {
		return true
	}
	for name := range strings.SplitSeq(offered, ",") {
		if strings.TrimSpace(name) == Subprotocol {
			return true
		}
	}
	return false
}

// roomForOne admits a handshake, before it costs the database anything.
func (h *Hub) roomForOne() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing || len(h.conns) >= h.limits.Connections {
		return false
	}
	if h.arrivals.take(time.Now()) > 0 {
		h.arrivals.tokens++ // who is turned away does not count against the next
		return false
	}
	return true
}

func (h *Hub) roomAt(address string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.limits.PerAddress == 0 || h.addresses[address] < h.limits.PerAddress
}

func (h *Hub) turnAway(c *fiber.Ctx) error {
	h.stats.refused.Add(1)
	c.Set(fiber.HeaderRetryAfter, "1")
	return fiber.ErrServiceUnavailable
}

// boundKernelBuffer keeps the system from queueing megabytes for a client that does not read.
func boundKernelBuffer(raw net.Conn, bytes int) {
	if wrapped, ok := raw.(interface{ UnsafeConn() net.Conn }); ok {
		raw = wrapped.UnsafeConn()
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(bytes) // only a saving
	}
}
