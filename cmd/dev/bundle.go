package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle is a built front end, not yet written.
type bundle struct {
	manifest map[string]string   // stable name → file
	files    map[string][]byte   // file → content
	imports  map[string][]string // file → the files it fetches at once, not the ones it may ask for later
}

func (w *workbench) bundleCommand(ctx context.Context, _ []string) error {
	b, err := w.bundleNow(ctx)
	if err != nil {
		return err
	}
	return b.report(w.out)
}

// bundleNow installs what is missing, builds static/dist and returns what it holds.
func (w *workbench) bundleNow(ctx context.Context) (*bundle, error) {
	if err := w.installPackages(ctx); err != nil {
		return nil, err
	}
	b, err := w.build(ctx)
	if err != nil {
		return nil, err
	}
	return b, b.write(filepath.Join(w.root, "static", "dist"))
}

func (w *workbench) build(ctx context.Context) (*bundle, error) {
	code, pictures, err := findEntries(os.DirFS(filepath.Join(w.root, "static")))
	if err != nil {
		return nil, err
	}
	b, err := w.buildCode(ctx, append(code, worker))
	if err != nil {
		return nil, err
	}
	for _, p := range pictures {
		content, err := os.ReadFile(filepath.Join(w.root, p.source))
		if err != nil {
			return nil, err
		}
		name := hashedName(p.source, content)
		b.manifest[p.logical], b.files[name] = name, content
	}
	return b, nil
}

// buildCode bundles scripts and styles: minified ES modules whose shared parts are files of their own.
func (w *workbench) buildCode(ctx context.Context, code []entry) (*bundle, error) {
	var points []api.EntryPoint
	logical := map[string]string{}
	for _, e := range code {
		points = append(points, api.EntryPoint{InputPath: e.source, OutputPath: stem(e.source)})
		logical[e.source] = e.logical
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:       w.root,
		EntryPointsAdvanced: points,
		Outdir:              "static/dist",
		EntryNames:          "[name]-[hash]",
		ChunkNames:          "chunk-[hash]",
		AssetNames:          "[name]-[hash]",
		PreserveSymlinks:    true, // an entry keeps its name where node_modules is a link
		Bundle:              true,
		Splitting:           true,
		Format:              api.FormatESModule,
		Target:              api.ES2022,
		Charset:             api.CharsetUTF8,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		LegalComments:       api.LegalCommentsLinked,
		Loader:              pictureLoaders(),
		Plugins:             []api.Plugin{w.govukPlugin(ctx)},
		Metafile:            true,
		LogLevel:            api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		return nil, complaint(result.Errors)
	}
	if len(result.Warnings) > 0 {
		return nil, complaint(result.Warnings)
	}
	return collect(result, logical)
}

// complaint makes one error of what esbuild has to say. Its warnings are mistakes too (a property that does not
// exist, an import that does nothing), so they fail the build as well.
func complaint(messages []api.Message) error {
	lines := api.FormatMessages(messages, api.FormatMessagesOptions{Kind: api.ErrorMessage})
	return errors.New("bundle:\n" + strings.Join(lines, ""))
}

func pictureLoaders() map[string]api.Loader {
	loaders := map[string]api.Loader{}
	for ext := range isPicture {
		loaders[ext] = api.LoaderFile
	}
	return loaders
}

// collect takes esbuild's files and reads from its metafile which came from which entry.
func collect(result api.BuildResult, logical map[string]string) (*bundle, error) {
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string `json:"entryPoint"`
			Imports    []struct {
				Path     string `json:"path"`
				Kind     string `json:"kind"`
				External bool   `json:"external"`
			} `json:"imports"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, err
	}
	b := &bundle{manifest: map[string]string{}, files: map[string][]byte{}, imports: map[string][]string{}}
	for _, f := range result.OutputFiles {
		b.files[filepath.Base(f.Path)] = f.Contents
	}
	for output, m := range meta.Outputs {
		file := path.Base(output)
		if name, ok := logical[m.EntryPoint]; ok {
			b.manifest[name] = file
		}
		for _, i := range m.Imports {
			if i.Kind == "import-statement" && !i.External {
				b.imports[file] = append(b.imports[file], path.Base(i.Path))
			}
		}
	}
	for source, name := range logical {
		if b.manifest[name] == "" {
			return nil, fmt.Errorf("bundle: %s was not built", source)
		}
	}
	return b, nil
}

func stem(file string) string {
	return strings.TrimSuffix(path.Base(file), path.Ext(file))
}

// hashedName puts a checksum of the content into a file's name, as esbuild does for what it builds.
func hashedName(file string, content []byte) string {
	sum := sha256.Sum256(content)
	return stem(file) + "-" + base32.StdEncoding.EncodeToString(sum[:5]) + path.Ext(file)
}
