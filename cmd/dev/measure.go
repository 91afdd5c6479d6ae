package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"

	"github.com/yousaid/yousaid/server/testservices"
)

func (w *workbench) benchCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", ".", "the benchmarks whose names match this `pattern`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return w.withServices(ctx, testservices.Fast, func() error {
		return w.succeed(ctx, "go", "test", "-run", "^$", "-bench", *only, "-benchmem", "-timeout", "60m", "-p", "1", "./...")
	})
}

// soakCommand runs the fault tests against the very binary that people install.
func (w *workbench) soakCommand(ctx context.Context, _ []string) error {
	scratch, err := os.MkdirTemp("", "yousaid-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if _, err := w.bundleNow(ctx); err != nil {
		return err
	}
	return w.withServices(ctx, testservices.Durable, func() error {
		binary := filepath.Join(scratch, "yousaid")
		if err := w.succeed(ctx, "go", "build", "-o", binary, "./cmd/yousaid"); err != nil {
			return err
		}
		if err := os.Setenv("YOUSAID_TEST_BINARY", binary); err != nil {
			return err
		}
		return w.succeed(ctx, "go", "test", "-tags", "soak", "-run", "Soak", "-count=1", "-v", "-timeout", "60m", "./server/faults/...")
	})
}
