package demo_test

import (
	"regexp"
	"strings"
)

var (
	postcodes = regexp.MustCompile(`\b[A-Z]{1,2}[0-9][0-9A-Z]? [0-9]([A-Z]{2})\b`)
	links     = regexp.MustCompile(`https?://([^/"\s]+)`)
	addresses = regexp.MustCompile(`[\w.+-]+@([\w.-]+)`)
	phones    = regexp.MustCompile(`\b0\d{3} ?\d{3} ?\d{4}\b`)
)

// outside finds what could exist: postcodes outside the sector B9 9 or with letters that real ones end in, hosts and mailboxes that
// are not kept for examples (RFC 2606), telephone numbers outside the block kept for drama (Ofcom: 0121 496 0xxx).
func outside(text string) []string {
	var bad []string
	for _, m := range postcodes.FindAllStringSubmatch(text, -1) {
		// Royal Mail uses no C, I, K, M, O or V in the last two letters.
		if !strings.HasPrefix(m[0], "B9 9") || strings.Trim(m[1], "CIKMOV") != "" {
			bad = append(bad, m[0])
		}
	}
	for _, m := range links.FindAllStringSubmatch(text, -1) {
		if m[1] != "example.org" {
			bad = append(bad, m[0])
		}
	}
	for _, m := range addresses.FindAllStringSubmatch(text, -1) {
		if m[1] != "example.org" {
			bad = append(bad, m[0])
		}
	}
	for _, m := range phones.FindAllString(text, -1) {
		if !strings.HasPrefix(m, "0121 496 0") {
			bad = append(bad, m)
		}
	}
	return bad
}
