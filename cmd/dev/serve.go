package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// lookEvery is how often watch looks for changed sources. Asking for a thousand files' times costs about a
// millisecond, and works on every system and on mounted folders, where notifications get lost.
const lookEvery = 500 * time.Millisecond

func (w *workbench) runCommand(ctx context.Context, args []string) error {
	if _, err := w.bundleNow(ctx); err != nil {
		return err
	}
	binary, err := w.buildServer(ctx)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// The server takes our place, so it gets the terminal's signals and its exit is ours.
	return syscall.Exec(binary, w.serverArgs(binary, args), w.serverEnvironment())
}

func (w *workbench) serverArgs(binary string, args []string) []string {
	return append([]string{binary, "demo"}, args...)
}

func (w *workbench) buildServer(ctx context.Context) (string, error) {
	binary := filepath.Join(w.root, "bin", "yousaid")
	fmt.Fprintln(w.out, "building the server")
	return binary, w.succeed(ctx, "go", "build", "-o", binary, "./cmd/yousaid")
}

// serverEnvironment adds to our environment what it does not say: where data lies, where to listen, and that
// templates and built files are read from the checkout.
func (w *workbench) serverEnvironment() []string {
	env := os.Environ()
	for name, value := range map[string]string{
		"YOUSAID_LISTEN": "127.0.0.1:8080",
		"YOUSAID_DATA":   filepath.Join(w.root, "data"),
		"YOUSAID_STATIC": filepath.Join(w.root, "static"),
	} {
		if _, set := os.LookupEnv(name); !set {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// watchCommand serves like run. When a source of the front end changes it bundles again, and when the program's
// changes it builds and starts it again; a mistake is printed and the last good state goes on.
func (w *workbench) watchCommand(ctx context.Context, args []string) error {
	var server *exec.Cmd
	ended := make(chan struct{})
	stop := func() {
		if server != nil {
			_ = syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
			<-ended
			server = nil
		}
	}
	defer stop()
	var page, program string
	for ctx.Err() == nil {
		nowPage, nowProgram := w.fingerprint("static", isPageSource), w.fingerprint(".", isProgramSource)
		if nowPage != page {
			if _, err := w.bundleNow(ctx); err != nil {
				fmt.Fprintln(w.out, err)
			}
		}
		if nowProgram != program {
			if binary, err := w.buildServer(ctx); err != nil {
				fmt.Fprintln(w.out, err)
			} else {
				stop()
				server, ended = w.startServer(binary, args)
			}
		}
		page, program = nowPage, nowProgram
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
	return nil
}

// startServer starts the built server; the channel closes when it ends. A server that cannot start has said why.
func (w *workbench) startServer(binary string, args []string) (*exec.Cmd, chan struct{}) {
	ended := make(chan struct{})
	c := w.command(context.Background(), binary, w.serverArgs(binary, args)[1:]...)
	c.Env = w.serverEnvironment()
	if err := c.Start(); err != nil {
		fmt.Fprintln(w.out, err)
		return nil, ended
	}
	go func() {
		_ = c.Wait()
		close(ended)
	}()
	return c, ended
}

func isPageSource(file string) bool {
	ext := filepath.Ext(file)
	return ext == ".ts" || ext == ".css" || ext == ".scss" || isPicture[ext]
}

func isProgramSource(file string) bool {
	switch filepath.Ext(file) {
	case ".go", ".sql", ".json", ".mod":
		return true
	}
	return false
}

// fingerprint is a text that changes when a source below the folder comes, goes or changes.
func (w *workbench) fingerprint(folder string, isSource func(string) bool) string {
	var text strings.Builder
	_ = fs.WalkDir(os.DirFS(filepath.Join(w.root, folder)), ".", func(path string, d fs.DirEntry, err error) error {
		name := path[strings.LastIndex(path, "/")+1:]
		switch {
		case err != nil: // gone since it was listed: the next look sees it
		case d.IsDir() && (name == "node_modules" || name == "dist" || name == "data" || strings.HasPrefix(name, ".") && path != "."):
			return fs.SkipDir
		case !d.IsDir() && isSource(name):
			if info, err := d.Info(); err == nil {
				fmt.Fprintln(&text, path, info.Size(), info.ModTime().UnixNano())
			}
		}
		return nil
	})
	return text.String()
}
