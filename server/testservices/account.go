package testservices

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// unprivileged returns the account the services run under: nil (our own) unless we are root, which PostgreSQL
// refuses. Debian's packages create "postgres"; "nobody" exists everywhere.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, fmt.Errorf("running as root, and there is neither a postgres nor a nobody account to start services under")
}

// temporaryDir makes a folder the account owns. Its path stays short, because a UNIX socket's path (which lies in
// it) may have about 100 bytes only, and every parent must let the account pass.
func temporaryDir(kind string, account *syscall.Credential) (string, error) {
	parent := os.TempDir()
	if account != nil && !passable(parent) {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "yousaid-"+kind+"-")
	if err != nil {
		return "", err
	}
	if account != nil {
		err = os.Chown(dir, int(account.Uid), int(account.Gid))
	}
	return dir, err
}

// passable says whether everybody may enter the folder and each of its parents.
func passable(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
		dir = filepath.Dir(dir)
	}
}

// writeOwned writes a private file for the account.
func writeOwned(path, text string, account *syscall.Credential) error {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	if account == nil {
		return nil
	}
	return os.Chown(path, int(account.Uid), int(account.Gid))
}

// randomWord is an unguessable word that needs no quoting anywhere. The services listen on the loopback of machines
// that other people may share, so they ask for a password.
func randomWord() string {
	return "t" + rand.Text()
}
