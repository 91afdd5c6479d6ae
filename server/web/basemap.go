package web

import (
	"fmt"
	"net/url"
	"strings"
)

// Basemap is what lies below our own layers.
type Basemap struct {
	Kind string // "osm", "none", "style" or "pmtiles"
	URL  string // of the style or the file
}

const osmTiles = "https://tile.openstreetmap.org"

// ParseBasemap reads the setting: osm, none, the https URL of a MapLibre style, or of a .pmtiles file. A path on this site works too.
func ParseBasemap(setting string) (Basemap, error) {
	switch setting {
	case "", "none":
		return Basemap{Kind: "none"}, nil
	case "osm":
		return Basemap{Kind: "osm", URL: osmTiles + "/{z}/{x}/{y}.png"}, nil
	}
	u, err := url.Parse(setting)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" && !(u.Scheme == "" && strings.HasPrefix(setting, "/")) {
		return Basemap{}, fmt.Errorf("basemap %q is neither osm, none nor a URL", setting)
	}
	if strings.HasSuffix(u.Path, ".pmtiles") {
		return Basemap{Kind: "pmtiles", URL: setting}, nil
	}
	return Basemap{Kind: "style", URL: setting}, nil
}

// Origins are the other sites a page with this basemap must be allowed to load from.
func (b Basemap) Origins() []string {
	u, err := url.Parse(b.URL)
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}
