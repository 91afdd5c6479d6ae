package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// gofmt fails when a Go file of ours is not formatted.
func (w *workbench) gofmt(ctx context.Context) error {
	unformatted, err := w.runGofmt(ctx, "-l")
	if err != nil {
		return err
	}
	if unformatted != "" {
		return fmt.Errorf("not formatted (`make fmt` does it):\n%s", unformatted)
	}
	return nil
}

func (w *workbench) runGofmt(ctx context.Context, flag string) (string, error) {
	goroot, err := w.answer(ctx, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	folders, err := w.sourceFolders()
	if err != nil {
		return "", err
	}
	return w.answer(ctx, filepath.Join(goroot, "bin", "gofmt"), append([]string{flag}, folders...)...)
}

// sourceFolders are the folders of the checkout that can hold Go code of ours.
func (w *workbench) sourceFolders() ([]string, error) {
	found, err := os.ReadDir(w.root)
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, f := range found {
		if f.IsDir() && f.Name() != "node_modules" && !strings.HasPrefix(f.Name(), ".") {
			folders = append(folders, f.Name())
		}
	}
	return folders, nil
}

// fmtCommand formats everything that `test` would complain about.
func (w *workbench) fmtCommand(ctx context.Context, _ []string) error {
	if err := w.installPackages(ctx); err != nil {
		return err
	}
	if _, err := w.runGofmt(ctx, "-w"); err != nil {
		return err
	}
	return w.succeed(ctx, w.nodeProgram("biome"), "check", "--write")
}

// cleanCommand removes what the workbench made. Data is not among it: the demo may have been written in.
func (w *workbench) cleanCommand(context.Context, []string) error {
	for _, name := range []string{"bin", "node_modules"} {
		if err := os.RemoveAll(filepath.Join(w.root, name)); err != nil {
			return err
		}
	}
	return removeOld(filepath.Join(w.root, "static", "dist"), map[string]bool{".gitkeep": true}, time.Now())
}
