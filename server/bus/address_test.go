package bus

import (
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"
)

// What a URL means beyond a single Redis is ours, not the library's, so it is checked here; nothing is dialled.
func TestAddressesOfOneRedisOfAClusterAndOfSentinels(t *testing.T) {
	for _, c := range []struct{ address, client, addrs string }{
		{"redis://h:1/2", "*redis.Client", "[h:1]"},
		{"rediss://u:p@h:1", "*redis.Client", "[h:1]"},
		{"unix:///run/redis.sock?db=1", "*redis.Client", "[/run/redis.sock]"},
		{"redis://h:1?addr=i:2&addr=j:3", "*redis.ClusterClient", "[h:1 i:2 j:3]"},
		{"redis://h:1/2?addr=i:2&master_name=m", "*redis.Client", "[h:1 i:2]"},
	} {
		options, err := parse(c.address)
		if err != nil {
			t.Errorf("%s: %v", c.address, err)
			continue
		}
		client := redis.NewUniversalClient(options)
		if got := fmt.Sprintf("%T", client); got != c.client {
			t.Errorf("%s: %s, want %s", c.address, got, c.client)
		}
		if got := fmt.Sprint(options.Addrs); got != c.addrs {
			t.Errorf("%s: addresses %s, want %s", c.address, got, c.addrs)
		}
		if !options.ContextTimeoutEnabled || options.DialTimeout != callTimeout || options.MaxRetries >= 0 {
			t.Errorf("%s: calls are not bounded: %+v", c.address, options)
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	one, err := parse("rediss://u:p@h:1/3")
	if err != nil || one.Username != "u" || one.Password != "p" || one.DB != 3 || one.TLSConfig == nil {
		t.Errorf("got %+v, %v", one, err)
	}
	if sentinel, err := parse("redis://h:1/2?master_name=m"); err != nil || sentinel.MasterName != "m" || sentinel.DB != 2 {
		t.Errorf("got %+v, %v", sentinel, err)
	}
}
