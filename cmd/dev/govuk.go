package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// govukSource lists the components of the GOV.UK Design System that we use. A style sheet gets them by importing
// "govuk-frontend"; the package itself has only one style sheet with all of them, 16 KB compressed.
const govukSource = "static/src/govuk.scss"

// govukPlugin answers every import of govuk-frontend's style sheets with ours. Scripts import its modules as usual.
func (w *workbench) govukPlugin(ctx context.Context) api.Plugin {
	source := filepath.Join(w.root, govukSource)
	return api.Plugin{Name: "govuk", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^govuk-frontend(/|$)`},
			func(a api.OnResolveArgs) (api.OnResolveResult, error) {
				if a.Kind != api.ResolveCSSImportRule {
					return api.OnResolveResult{}, nil
				}
				return api.OnResolveResult{Path: source, WatchFiles: []string{source}}, nil
			})
		build.OnLoad(api.OnLoadOptions{Filter: `[/\\]govuk\.scss$`},
			func(api.OnLoadArgs) (api.OnLoadResult, error) {
				css, err := w.govukStyle(ctx)
				return api.OnLoadResult{Contents: &css, Loader: api.LoaderCSS}, err
			})
	}}
}

// govukStyle compiles govukSource. Sass takes two to four seconds, so the result is kept beside the packages until
// the list or a package changes.
func (w *workbench) govukStyle(ctx context.Context) (string, error) {
	key, err := w.digest(govukSource, "package-lock.json")
	if err != nil {
		return "", err
	}
	cache := filepath.Join(w.root, "node_modules", ".cache", "govuk-"+key[:16]+".css")
	if css, err := os.ReadFile(cache); err == nil {
		return withoutCrown(logical(string(css)))
	}
	css, err := w.answer(ctx, w.nodeProgram("sass"), "--style=compressed", "--no-charset", "--no-source-map",
		"--quiet-deps", "--load-path=node_modules", govukSource)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(cache), 0o755); err != nil {
		return "", err
	}
	if err := replace(cache, []byte(css)); err != nil {
		return "", err
	}
	return withoutCrown(logical(css))
}

// assetRule is an innermost CSS block that fetches one of the package's own files: a font or the crest.
var assetRule = regexp.MustCompile(`[^{};]*\{[^{}]*url\(["']?/assets/[^{}]*\}`)

// withoutCrown removes what only central government may use from govuk-frontend's style: the rules that fetch the GDS
// Transport fonts or the royal crest. Should a new version of the package bring them in another way, it fails.
func withoutCrown(css string) (string, error) {
	css = assetRule.ReplaceAllString(css, "")
	if strings.Contains(css, "GDS Transport") {
		return "", errors.New("govuk-frontend's style names GDS Transport, which only central government may use: set $govuk-font-family in " + govukSource)
	}
	if strings.Contains(css, "url(") {
		return "", errors.New("govuk-frontend's style fetches files of the package, which we do not serve")
	}
	return css, nil
}
