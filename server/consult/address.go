package consult

import (
	"context"
	"strings"

	"github.com/yousaid/yousaid/geo"
)

// Address is one line of an imported list of postal addresses, without anybody's name. It is kept as personal data all the same:
// it says who is written to.
type Address struct {
	UPRN     string // the national number of the property
	Text     string // street and number with commas, without the postcode
	Postcode string
	Place    geo.Point
}

// AddressStore keeps the list.
type AddressStore interface {
	// SaveAddresses adds and changes addresses by UPRN, all or nothing.
	SaveAddresses(ctx context.Context, list []Address, ch Change) (created, updated, unchanged int, err error)
	// EachAddress reads the addresses of the ranges: every one in them, and some beside them.
	EachAddress(ctx context.Context, ranges []geo.Range, each func(Address) error) error
	// AddressCount counts the list.
	AddressCount(ctx context.Context) (int, error)
}

// TakeAddresses imports a list of addresses.
func (s *Service) TakeAddresses(ctx context.Context, a Actor, list []Address) (created, updated, unchanged int, err error) {
	if err := Must(a, Import, "import addresses"); err != nil {
		return 0, 0, 0, err
	}
	return s.store.SaveAddresses(ctx, list, s.change(a, "addresses.import", 0))
}

// addressKey is how one address is recognised in several rounds: by its number, else by its letters and digits.
func addressKey(uprn, text, postcode string) string {
	if uprn != "" {
		return uprn
	}
	packed := strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ,.;-\t\n", r) {
			return -1
		}
		return r
	}, text))
	return "typed:" + packed + ":" + packPostcode(postcode)
}
