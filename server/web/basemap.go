package web

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Basemap is what lies below our own layers.
type Basemap struct {
	Kind  string   // "osm", "none", "style" or "pmtiles"
	URL   string   // of the style or the file
	File  string   // a .pmtiles file on this machine, which the site serves itself; "" = none
	Hosts []string // further origins that a style loads from
}

// BasemapPath is where the site serves a .pmtiles file of its own.
const BasemapPath = "/basemap.pmtiles"

const osmTiles = "https://tile.openstreetmap.org"

// ParseBasemap reads the setting: osm, none, the URL of a MapLibre style or of a .pmtiles file, or a .pmtiles file on this machine.
// hosts are further origins, comma-separated, that a style loads tiles, letters and pictures from.
func ParseBasemap(setting, hosts string) (Basemap, error) {
	b, err := parseGround(setting)
	for _, host := range strings.FieldsFunc(hosts, func(r rune) bool { return r == ',' || r == ' ' }) {
		u, failed := url.Parse(host)
		if failed != nil || u.Host == "" || u.Path != "" || u.Scheme != "https" && u.Scheme != "http" {
			return b, fmt.Errorf("basemap-hosts: %q is not an origin such as https://tiles.example.org", host)
		}
		b.Hosts = append(b.Hosts, u.Scheme+"://"+u.Host)
	}
	return b, err
}

func parseGround(setting string) (Basemap, error) {
	switch setting {
	case "", "none":
		return Basemap{Kind: "none"}, nil
	case "osm":
		return Basemap{Kind: "osm", URL: osmTiles + "/{z}/{x}/{y}.png"}, nil
	}
	u, err := url.Parse(setting)
	if err == nil && u.Scheme == "" && strings.HasSuffix(setting, ".pmtiles") {
		return localGround(setting)
	}
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return Basemap{}, fmt.Errorf("basemap %q is neither osm, none, a URL nor a .pmtiles file", setting)
	}
	if strings.HasSuffix(u.Path, ".pmtiles") {
		return Basemap{Kind: "pmtiles", URL: setting}, nil
	}
	return Basemap{Kind: "style", URL: setting}, nil
}

// localGround is a file that must be there when the site starts: a map without its ground would be noticed by residents first.
func localGround(path string) (Basemap, error) {
	file, err := filepath.Abs(path)
	if err != nil {
		return Basemap{}, fmt.Errorf("basemap: %w", err)
	}
	if info, err := os.Stat(file); err != nil || info.IsDir() {
		return Basemap{}, fmt.Errorf("basemap: there is no file %s", path)
	}
	return Basemap{Kind: "pmtiles", URL: BasemapPath, File: file}, nil
}

// BasemapFile serves the site's own .pmtiles file; browsers ask for ranges of it.
func (w *Web) BasemapFile(c *fiber.Ctx) error {
	if w.Map.basemap.File == "" {
		return &consult.Error{Kind: consult.NotFound, Op: "read basemap"}
	}
	if err := c.SendFile(w.Map.basemap.File); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.pmtiles")
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return nil
}

// Origins are the other sites a page with this basemap must be allowed to load from.
func (b Basemap) Origins() []string {
	u, err := url.Parse(b.URL)
	if err != nil || u.Host == "" {
		return b.Hosts
	}
	return append([]string{u.Scheme + "://" + u.Host}, b.Hosts...)
}
