// Package hook calls addresses that somebody typed, and nothing in our own house: the one place from which the program speaks to servers
// that its operator did not name. It knows HTTP and signatures, no domain.
//
//	policy.go   which addresses may be called (S12)
//	sender.go   one call: checked again as it connects, bounded in time and bytes, no redirects
//	sign.go     signatures of the Standard Webhooks specification
package hook

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
)

// Policy says which addresses may be called. The zero Policy is that of production.
type Policy struct {
	Loopback bool // this machine too, on any port and without TLS: for tests of an installation, never on a public site
}

// Errors of CheckURL.
var (
	ErrForm = errors.New("not an absolute https address without user, password and fragment")
	ErrPort = errors.New("only ports 443 and 8443 may be called")
	ErrHost = errors.New("an address inside our own network, or of no network, may not be called")
)

// ports that may be called: those of HTTPS, so that no other service can be spoken to.
var ports = map[string]bool{"": true, "443": true, "8443": true}

// CheckURL holds an address to its form. Whom its name leads to is only known, and checked, when it is called.
func (p Policy) CheckURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return ErrForm
	}
	literal, err := netip.ParseAddr(u.Hostname())
	isAddr := err == nil
	if p.Loopback && (isAddr && literal.Unmap().IsLoopback() || u.Hostname() == "localhost") && (u.Scheme == "http" || u.Scheme == "https") {
		return nil
	}
	switch {
	case u.Scheme != "https":
		return ErrForm
	case !ports[u.Port()]:
		return ErrPort
	case isAddr && !p.Allowed(literal), !isAddr && numeric(u.Hostname()), u.Hostname() == "localhost":
		return ErrHost
	}
	return nil
}

// numeric finds hosts that some resolvers take for an IPv4 address though they are written in another way: 2130706433, 0x7f.1, 0177.1.
func numeric(host string) bool {
	last := host
	for i := len(host) - 1; i >= 0; i-- {
		if host[i] == '.' {
			last = host[i+1:]
			break
		}
	}
	_, err := strconv.ParseUint(last, 0, 64)
	return err == nil
}

// global is the only part of IPv6 that is given to networks of the world (IANA, IPv6 global unicast); what is not in it is never called:
// loopback, mapped IPv4, NAT64 (64:ff9b::/96), unique local, link-local, multicast.
var global = netip.MustParsePrefix("2000::/3")

// special are addresses that belong to nobody in particular, by the IANA registries of special-purpose addresses (RFC 6890 and its
// successors), and 168.63.129.16, the inside door of a large host of machines.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
	"2001::/23",         // protocol assignments: Teredo, benchmarking, ORCHID
	"2001:db8::/32",     // documentation
	"2002::/16",         // 6to4: an IPv4 address in disguise
	"2620:4f:8000::/48", // AS112
	"3fff::/20",         // documentation
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// Allowed tells whether a server at the address may be called. An IPv4 address written as IPv6 is none that any network routes.
func (p Policy) Allowed(addr netip.Addr) bool {
	if p.Loopback && addr.Unmap().IsLoopback() {
		return true
	}
	if !addr.IsValid() || addr.Zone() != "" || addr.Is4In6() || addr.Is6() && !global.Contains(addr) {
		return false
	}
	for _, s := range special {
		if s.Contains(addr) {
			return false
		}
	}
	return true
}

// portAllowed is Allowed for the port, once it is known whom a name led to.
func (p Policy) portAllowed(addr netip.AddrPort) bool {
	return addr.Port() == 443 || addr.Port() == 8443 || p.Loopback && addr.Addr().Unmap().IsLoopback()
}
