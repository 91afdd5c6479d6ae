package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/yousaid/yousaid/server"
)

func TestS23TheLogsKeyIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.key")
	keys := make([]string, 8)
	var wait sync.WaitGroup
	for i := range keys {
		wait.Go(func() {
			seal, err := server.OpenSeal(server.Config{AuditKey: path})
			if err != nil {
				t.Error(err)
			}
			keys[i] = seal.Public()
		})
	}
	wait.Wait()
	for _, k := range keys {
		if k == "" || k != keys[0] {
			t.Fatalf("programs that start at once have different keys: %q", keys)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info.Mode(), err)
	}
	if names, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestAKeyThatIsNoneIsRefused(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "words": "my key", "too short": "AAAA"} {
		path := filepath.Join(t.TempDir(), "audit.key")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := server.OpenSeal(server.Config{AuditKey: path}); err == nil || !strings.Contains(err.Error(), "audit-key") {
			t.Errorf("%s: %v", name, err)
		}
		if kept, _ := os.ReadFile(path); string(kept) != content {
			t.Errorf("%s: the file was changed to %q", name, kept)
		}
	}
}
