package server_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/servertest"
	"github.com/yousaid/yousaid/server/web"
)

func TestABasemapFileIsServedInRanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "city.pmtiles")
	if err := os.WriteFile(file, []byte("PMTiles\x03 and the rest of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	app := servertest.New(t, servertest.WithConfig(func(c *server.Config) {
		c.Basemap, c.BasemapHosts = file, "https://fonts.example.org"
	}))
	c := app.Client(t)
	a := c.Do(t, http.MethodGet, "/basemap.pmtiles", nil, map[string]string{"Range": "bytes=0-7"})
	if a.Status != http.StatusPartialContent || a.Body != "PMTiles\x03" || a.Header.Get("Content-Type") != "application/vnd.pmtiles" {
		t.Errorf("%d %q %q", a.Status, a.Body, a.Header.Get("Content-Type"))
	}
	page := c.Get(t, "/map")
	if !strings.Contains(page.Body, `data-basemap="pmtiles"`) || !strings.Contains(page.Body, `data-basemap-url="/basemap.pmtiles"`) {
		t.Error("the map does not know its ground")
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' https://fonts.example.org") {
		t.Errorf("the further host is not allowed: %s", policy)
	}
	if none := servertest.New(t).Client(t).Get(t, "/basemap.pmtiles"); none.Status != http.StatusNotFound {
		t.Errorf("a site without such a file: %d", none.Status)
	}
}

func TestBasemapSettingsThatCannotWorkAreRefusedAtTheStart(t *testing.T) {
	for _, setting := range [][2]string{{"ftp://x/y", ""}, {"map", ""}, {"/nowhere/city.pmtiles", ""}, {"osm", "tiles.example.org"}, {"osm", "https://a.example/path"}} {
		if b, err := web.ParseBasemap(setting[0], setting[1]); err == nil {
			t.Errorf("%v became %+v", setting, b)
		}
	}
	if b, err := web.ParseBasemap("https://maps.example.org/style.json", "https://tiles.example.org"); err != nil ||
		strings.Join(b.Origins(), " ") != "https://maps.example.org https://tiles.example.org" {
		t.Errorf("%+v, %v", b, err)
	}
}
