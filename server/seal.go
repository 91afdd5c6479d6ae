package server

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// OpenSeal reads the key that signs the log from its file, base64 on one line, and makes it when there is none. Whoever has only the
// database does not have it. Two programs that start at once agree on the file of the first.
func OpenSeal(cfg Config) (consult.Seal, error) {
	path := cfg.auditKey()
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSeal(path); err != nil {
			return consult.Seal{}, fmt.Errorf("audit-key: %w", err)
		}
		raw, err = os.ReadFile(path)
	}
	if err != nil {
		return consult.Seal{}, fmt.Errorf("audit-key: %w", err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return consult.Seal{}, fmt.Errorf("audit-key: %s does not hold a key of %d bytes in base64", path, ed25519.SeedSize)
	}
	return consult.NewSeal([ed25519.SeedSize]byte(seed)), nil
}

// makeSeal writes a fresh key whole or not at all, and never over one that is there.
func makeSeal(path string) error {
	var seed [ed25519.SeedSize]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".audit-key-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.WriteString(base64.StdEncoding.EncodeToString(seed[:]) + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
