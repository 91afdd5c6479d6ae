package hook

import (
	"errors"
	"net/netip"
	"testing"
)

func TestS12OnlyAddressesOfTheWorldAreCalled(t *testing.T) {
	refused := []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808",
		"64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1",
		"2001:db8::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "febf::1", "ff02::1", "100::1", "5f00::1", "4000::1",
		"fec0::1", "2606:4700:4700::1111%1",
	}
	for _, s := range refused {
		if (Policy{}).Allowed(netip.MustParseAddr(s)) {
			t.Errorf("%s may be called", s)
		}
	}
	if (Policy{}).Allowed(netip.Addr{}) {
		t.Error("no address at all may be called")
	}
	for _, s := range []string{"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.0.1.1", "223.255.255.255",
		"11.0.0.1", "168.63.129.17", "2606:4700:4700::1111", "2a00:1450::1", "2001:200::1", "2003::1"} {
		if !(Policy{}).Allowed(netip.MustParseAddr(s)) {
			t.Errorf("%s, an address of the world, is refused", s)
		}
	}
	for _, s := range []string{"127.0.0.1", "::1", "::ffff:127.0.0.1"} {
		if !(Policy{Loopback: true}).Allowed(netip.MustParseAddr(s)) {
			t.Errorf("%s is refused though the operator allowed this machine", s)
		}
	}
	for _, s := range []string{"10.0.0.1", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1"} {
		if (Policy{Loopback: true}).Allowed(netip.MustParseAddr(s)) {
			t.Errorf("%s may be called where only this machine was allowed", s)
		}
	}
}

func TestS12AddressesAreHeldToTheirForm(t *testing.T) {
	for _, row := range []struct {
		url  string
		want error
	}{
		{"https://hooks.example.org/yousaid", nil},
		{"https://hooks.example.org:8443/yousaid?a=b", nil},
		{"https://8.8.8.8/x", nil},
		{"https://[2606:4700:4700::1111]/x", nil},
		{"http://hooks.example.org/", ErrForm},
		{"HTTP://hooks.example.org/", ErrForm},
		{"ftp://hooks.example.org/", ErrForm},
		{"file:///etc/passwd", ErrForm},
		{"gopher://hooks.example.org/", ErrForm},
		{"//hooks.example.org/", ErrForm},
		{"hooks.example.org", ErrForm},
		{"", ErrForm},
		{"https://", ErrForm},
		{"https:hooks.example.org", ErrForm},
		{"https://user:secret@hooks.example.org/", ErrForm},
		{"https://hooks.example.org@127.0.0.1/", ErrForm},
		{"https://hooks.example.org/#x", ErrForm},
		{"https://hooks.example.org:22/", ErrPort},
		{"https://hooks.example.org:80/", ErrPort},
		{"https://hooks.example.org:6379/", ErrPort},
		{"https://localhost/", ErrHost},
		{"https://127.0.0.1/", ErrHost},
		{"https://127.1/", ErrHost},
		{"https://2130706433/", ErrHost},
		{"https://0x7f000001/", ErrHost},
		{"https://0x7f.0x1/", ErrHost},
		{"https://0177.0.0.01/", ErrHost},
		{"https://[::1]/", ErrHost},
		{"https://[::ffff:127.0.0.1]/", ErrHost},
		{"https://[64:ff9b::7f00:1]/", ErrHost},
		{"https://[fe80::1%25eth0]/", ErrHost},
		{"https://169.254.169.254/latest/meta-data", ErrHost},
	} {
		if got := (Policy{}).CheckURL(row.url); !errors.Is(got, row.want) {
			t.Errorf("%q: %v, want %v", row.url, got, row.want)
		}
	}
	for _, url := range []string{"http://127.0.0.1:8080/x", "http://localhost:9/x", "http://[::1]:9/x"} {
		if err := (Policy{Loopback: true}).CheckURL(url); err != nil {
			t.Errorf("%q is refused though the operator allowed this machine: %v", url, err)
		}
	}
	if err := (Policy{Loopback: true}).CheckURL("http://hooks.example.org/"); !errors.Is(err, ErrForm) {
		t.Errorf("allowing this machine allowed plain HTTP elsewhere: %v", err)
	}
}

// What a name leads to is checked as the connection is made, and so is the port: CheckURL cannot know either.
func TestS12ConnectionsAreHeldToThePolicy(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8:443": true, "8.8.8.8:8443": true, "[2606:4700:4700::1111]:443": true, "8.8.8.8:80": false, "127.0.0.1:443": false,
		"[::1]:443": false, "[fe80::1%eth0]:443": false, "hooks.example.org:443": false, "": false,
	} {
		if got := (Policy{}).control(address) == nil; got != want {
			t.Errorf("connecting to %q: %v, want %v", address, got, want)
		}
	}
}
