package web

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/valyala/fasthttp"
	"github.com/yousaid/yousaid/static"
)

func TestZZShots(t *testing.T) {
	w := newTestWeb(t)
	for name, makers := range samples {
		for i, make := range makers {
			for _, code := range []string{"en", "ur"} {
				w2 := newTestWeb(t)
				c := w2.App.AcquireCtx(&fasthttp.RequestCtx{})
				c.Locals(languageLocal, w.Texts.Get(code))
				pages, err := NewRenderer(staticFiles, w.Texts, func(n string) string {
					u := static.URL(n)
					if u == "" {
						return ""
					}
					return "/tmp/shots" + u
				}, true)
				if err != nil {
					t.Fatal(err)
				}
				w2.Pages = pages
				w2.Site.Demo = true
				var out bytes.Buffer
				if err := pages.Write(&out, name, make(w2.Web, c)); err != nil {
					t.Fatal(err)
				}
				os.WriteFile(fmt.Sprintf("/tmp/shots/%s-%d-%s.html", name, i, code), out.Bytes(), 0o644)
			}
		}
	}
}
