package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// endWithin is how long a stopped command has to tidy up before it is killed.
const endWithin = 10 * time.Second

// command prepares a program that runs in the checkout, prints where we print, and takes its whole process group
// with it when ctx ends.
func (w *workbench) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = w.root
	c.Env = os.Environ()
	c.Stdout, c.Stderr = w.out, w.out
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error {
		pid := c.Process.Pid
		time.AfterFunc(endWithin, func() { _ = syscall.Kill(-pid, syscall.SIGKILL) }) // usually gone long before
		return syscall.Kill(-pid, syscall.SIGTERM)
	}
	c.WaitDelay = endWithin + time.Second
	return c
}

// succeed runs a command to its end, naming it in the error.
func (w *workbench) succeed(ctx context.Context, name string, args ...string) error {
	return named(w.command(ctx, name, args...).Run(), name, args)
}

func named(err error, name string, args []string) error {
	if err == nil {
		return nil
	}
	line := strings.Join(append([]string{filepath.Base(name)}, args...), " ")
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s: %s is not installed", line, name)
	}
	return fmt.Errorf("%s: %w", line, err)
}

// answer runs a command quietly and returns what it printed.
func (w *workbench) answer(ctx context.Context, name string, args ...string) (string, error) {
	c := w.command(ctx, name, args...)
	var said, complained strings.Builder
	c.Stdout, c.Stderr = &said, &complained
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%w\n%s", named(err, name, args), complained.String())
	}
	return strings.TrimSpace(said.String()), nil
}
