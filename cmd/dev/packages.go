package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// installPackages brings node_modules to what package-lock.json says, unless it is there already. Install scripts
// never run: nothing we use needs one.
func (w *workbench) installPackages(ctx context.Context) error {
	want, err := w.digest("package.json", "package-lock.json", ".npmrc")
	if err != nil {
		return err
	}
	stamp := filepath.Join(w.root, "node_modules", ".yousaid-installed")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		return nil
	}
	fmt.Fprintln(w.out, "installing the front-end packages")
	if err := w.succeed(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
		return err
	}
	return os.WriteFile(stamp, []byte(want), 0o644)
}

// digest is one checksum over the contents of files of the checkout.
func (w *workbench) digest(names ...string) (string, error) {
	sum := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(w.root, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(text))
		sum.Write(text)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// nodeProgram is the path of a program that an installed package brings.
func (w *workbench) nodeProgram(name string) string {
	return filepath.Join(w.root, "node_modules", ".bin", name)
}
