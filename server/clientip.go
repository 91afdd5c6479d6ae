package server

import (
	"net/netip"
	"strings"
)

// clientAddr is who asks: the peer itself, or, when the peer is a trusted proxy, the rightmost address in X-Forwarded-For that is
// not a trusted proxy. Whatever stands left of it was written by somebody we have no reason to believe (S24).
func clientAddr(peer netip.Addr, forwarded string, trusted []netip.Prefix) netip.Addr {
	peer = peer.Unmap()
	hops := strings.Split(forwarded, ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(peer, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer
		}
		peer = hop.Unmap().WithZone("")
	}
	return peer
}

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	for _, p := range trusted {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
