package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/yousaid/yousaid/server/testservices"
)

// tool is a program the checks need besides Go and Node.
type tool struct {
	name   string
	debian []string // packages that bring it
	find   func() (string, error)
}

var tools = []tool{
	{"a C compiler (for Go's race detector)", []string{"gcc", "libc6-dev"}, func() (string, error) { return lookUp(cCompiler()) }},
	{"Chromium", []string{"chromium"}, findChromium},
	{"Redis", []string{"redis-server"}, testservices.RedisBin},
	{"PostgreSQL", []string{"postgresql"}, testservices.PostgreSQLBin},
	{"GDAL (ogrinfo)", []string{"gdal-bin"}, testservices.OgrinfoBin},
}

func cCompiler() string {
	if cc := os.Getenv("CC"); cc != "" {
		return strings.Fields(cc)[0]
	}
	return "gcc"
}

func lookUp(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed", names[0])
}

func findChromium() (string, error) {
	if path := os.Getenv("YOUSAID_TEST_CHROMIUM"); path != "" {
		return lookUp(path)
	}
	return lookUp("chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
}

// ensureTools installs what the checks need where it can (Debian, as root), and elsewhere fails naming all of it.
func (w *workbench) ensureTools(ctx context.Context) error {
	missing, packages := lacking(tools)
	if len(missing) == 0 {
		return nil
	}
	install := "apt-get install -y --no-install-recommends " + strings.Join(packages, " ")
	if !isDebian() {
		return fmt.Errorf("missing: %s. Install them; on Debian: %s", strings.Join(missing, ", "), install)
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("missing: %s. As root: apt-get update && %s", strings.Join(missing, ", "), install)
	}
	fmt.Fprintf(w.out, "installing %s\n", strings.Join(missing, ", "))
	for _, line := range []string{"apt-get update", install} {
		args := strings.Fields(line)
		c := w.command(ctx, args[0], args[1:]...)
		c.Env = append(c.Env, "DEBIAN_FRONTEND=noninteractive")
		if err := named(c.Run(), args[0], args[1:]); err != nil {
			return err
		}
	}
	if missing, _ = lacking(tools); len(missing) > 0 {
		return fmt.Errorf("still missing after installing: %s", strings.Join(missing, ", "))
	}
	return nil
}

// lacking names the tools that are not there, and the Debian packages that bring them.
func lacking(tools []tool) (names, packages []string) {
	for _, t := range tools {
		if _, err := t.find(); err != nil {
			names = append(names, t.name)
			packages = append(packages, t.debian...)
		}
	}
	return names, packages
}

var debianLine = regexp.MustCompile(`(?m)^ID=["']?debian["']?$`)

func isDebian() bool {
	text, err := os.ReadFile("/etc/os-release")
	return err == nil && debianLine.Match(text)
}

// linter is golangci-lint at the version its configuration was written for.
const linter = "v2.15.0"

// ensureLinter returns the path of the linter. It is installed once per version of itself and of Go into the user's
// cache: as a requirement of the module it would bring more than a hundred others.
func (w *workbench) ensureLinter(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	version, err := w.answer(ctx, "go", "env", "GOVERSION")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "yousaid", "golangci-lint-"+linter+"-"+strings.Fields(version)[0])
	program := filepath.Join(bin, "golangci-lint")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	fmt.Fprintf(w.out, "installing golangci-lint %s, once (two minutes)\n", linter)
	args := []string{"install", "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@" + linter}
	c := w.command(ctx, "go", args...)
	c.Env = append(c.Env, "GOBIN="+bin)
	c.Stdout, c.Stderr = nil, nil // two hundred lines of downloads
	said, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", named(err, "go", args), said)
	}
	return program, nil
}
