package main

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestEntriesAreNamedAfterTheirFolder(t *testing.T) {
	static := fstest.MapFS{}
	for _, name := range []string{
		"layout/layout.ts", "layout/layout.css", "layout/page.html", "layout/keys.ts", "layout/favicon.svg",
		"page/map/map.ts", "page/map/map.css", "page/map/pins.ts", "page/map/map.html", "page/map/map.go",
		"page/map/deep/deep.ts", "page/loose.ts", "part/live-thread/live-thread.ts", "part/live-thread/live.ts",
		"src/src.ts", "dist/dist.css", "static.ts",
	} {
		static[name] = &fstest.MapFile{}
	}
	code, pictures, err := findEntries(static)
	if err != nil {
		t.Fatal(err)
	}
	want := []entry{
		{"static/layout/layout.css", "layout/layout.css"},
		{"static/layout/layout.ts", "layout/layout.js"},
		{"static/page/map/map.css", "page/map/map.css"},
		{"static/page/map/map.ts", "page/map/map.js"},
		{"static/part/live-thread/live-thread.ts", "part/live-thread/live-thread.js"},
	}
	if !slices.Equal(code, want) {
		t.Errorf("entries:\n%v\nwant\n%v", code, want)
	}
	if want := []entry{{"static/layout/favicon.svg", "layout/favicon.svg"}}; !slices.Equal(pictures, want) {
		t.Errorf("pictures: %v, want %v", pictures, want)
	}
}
