package testservices

import (
	"errors"
	"os/exec"
	"testing"
)

// OgrinfoBin returns the path of ogrinfo, GDAL's reader of maps and open data.
func OgrinfoBin() (string, error) {
	path, err := exec.LookPath("ogrinfo")
	if err != nil {
		return "", errors.New("GDAL's program ogrinfo is not installed")
	}
	return path, nil
}

// Ogrinfo runs it and returns what it printed; anything but success fails the test.
func Ogrinfo(t testing.TB, args ...string) string {
	t.Helper()
	program, err := OgrinfoBin()
	if err != nil {
		t.Fatalf("%v\nRun `make test`: it installs or names what is missing.", err)
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("ogrinfo %q: %v\n%s", args, err, out)
	}
	return string(out)
}
