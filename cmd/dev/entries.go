package main

import (
	"io/fs"
	"path"
	"strings"
)

// entry is a source that the browser gets as a file of its own. Whatever an entry imports comes with it.
type entry struct {
	source  string // path in the checkout
	logical string // stable name: key of the manifest, argument of static.URL
}

// worker is MapLibre's second thread. MapLibre loads it by its address (setWorkerUrl), so it has to be a file of its
// own; a page hands the address over.
var worker = entry{source: "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", logical: "maplibre-gl-worker.mjs"}

// entryFolders are the patterns, below static, of the folders that hold entries.
var entryFolders = []string{"layout", "page/*", "part/*"}

// findEntries lists the scripts, styles and pictures of the folder static. A script or style is an entry when it is
// named after its folder: page/map/map.ts is, page/map/pins.ts is for the entry to import.
func findEntries(static fs.FS) (code, pictures []entry, err error) {
	for _, pattern := range entryFolders {
		files, err := fs.Glob(static, pattern+"/*")
		if err != nil {
			return nil, nil, err
		}
		for _, file := range files {
			ext := path.Ext(file)
			stem := strings.TrimSuffix(file, ext)
			source := "static/" + file
			switch {
			case isPicture[ext]:
				pictures = append(pictures, entry{source, file})
			case path.Base(stem) != path.Base(path.Dir(file)):
			case ext == ".ts":
				code = append(code, entry{source, stem + ".js"})
			case ext == ".css":
				code = append(code, entry{source, file})
			}
		}
	}
	return code, pictures, nil
}

var isPicture = map[string]bool{".ico": true, ".jpg": true, ".png": true, ".svg": true, ".webp": true}
