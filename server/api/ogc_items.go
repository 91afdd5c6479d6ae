package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ogc"
)

// OGCItems sends a page of features. It is written while it is read, so that a long one takes no more memory than a short one.
func (a *API) OGCItems(c *fiber.Ctx) error {
	k, err := ogc.Find(c.Params("collection"))
	if err != nil {
		return err
	}
	q, bad := ogc.ReadQuery(k, queryOf(c), a.service.Calendar())
	if err := badQuery(bad); err != nil {
		return err
	}
	links := append(a.twins(c, "/collections/"+k.ID+"/items", geoJSON),
		Link{Href: a.at("/collections/"+k.ID, nil), Rel: "collection", Type: mediaType})
	c.Vary(fiber.HeaderAccept, fiber.HeaderAcceptLanguage)
	a.geoHeaders(c, q.CRS)
	if c.Method() == fiber.MethodHead {
		return nil
	}
	body, err := a.streams.start(c.UserContext(), func(ctx context.Context, out io.Writer) error {
		failed := a.writeItems(ctx, out, q, links)
		if failed != nil {
			a.log.Error("features stopped", "collection", k.ID, "error", failed)
		}
		return failed
	})
	if err != nil {
		return err
	}
	c.Context().SetBodyStream(body, -1)
	return nil
}

func (a *API) geoHeaders(c *fiber.Ctx, crs geo.System) {
	openFeatures(c)
	c.Set(fiber.HeaderContentType, geoJSON)
	c.Set("Content-Crs", "<"+crs.URI()+">")
}

func (a *API) writeItems(ctx context.Context, out io.Writer, q ogc.Query, links []Link) error {
	returned := 0
	before := `{"type":"FeatureCollection","features":[`
	page, err := a.features.Items(ctx, q, func(f ogc.Feature) error {
		raw, err := feature(q.Collection, f, q.CRS, nil)
		if err != nil {
			return err
		}
		returned++
		_, err = out.Write(append([]byte(before), raw...))
		before = ","
		return err
	})
	if err != nil {
		return err
	}
	if returned > 0 {
		before = ""
	}
	if page.Next != "" {
		next := url.Values{}
		for name, values := range q.Asked {
			next[name] = values
		}
		next.Set("after", page.Next)
		next.Set("limit", strconv.Itoa(q.Limit))
		links = append(links, Link{Href: a.at("/collections/"+q.Collection.ID+"/items", next), Rel: "next", Type: geoJSON})
	}
	end, err := json.Marshal(links)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `%s],"numberReturned":%d,"numberMatched":%d,"timeStamp":%q,"links":%s}`, before, returned, page.Matched,
		a.service.Now().UTC().Format(time.RFC3339), end)
	return err
}

// feature writes one as GeoJSON; its properties stand in the order of the collection's.
func feature(k ogc.Collection, f ogc.Feature, crs geo.System, links []Link) ([]byte, error) {
	id, err := json.Marshal(f.ID)
	if err != nil {
		return nil, err
	}
	out := append([]byte(`{"type":"Feature","id":`), id...)
	out = append(out, `,"geometry":`...)
	out = append(out, f.Place.In(crs)...)
	between := `,"properties":{"`
	for i, p := range k.Properties {
		value, err := json.Marshal(f.Values[i])
		if err != nil {
			return nil, err
		}
		out = append(out, between+p.Name+`":`...)
		out = append(out, value...)
		between = `,"`
	}
	out = append(out, '}')
	if links != nil {
		list, err := json.Marshal(links)
		if err != nil {
			return nil, err
		}
		out = append(append(out, `,"links":`...), list...)
	}
	return append(out, '}'), nil
}

// OGCItem sends one feature.
func (a *API) OGCItem(c *fiber.Ctx) error {
	k, err := ogc.Find(c.Params("collection"))
	if err != nil {
		return err
	}
	crs, bad := ogc.ReadCRS(queryOf(c))
	if err := badQuery(bad); err != nil {
		return err
	}
	f, err := a.features.Item(c.UserContext(), k, c.Params("feature"))
	if err != nil {
		return err
	}
	c.Vary(fiber.HeaderAccept, fiber.HeaderAcceptLanguage)
	at := "/collections/" + k.ID
	raw, err := feature(k, f, crs, append(a.twins(c, at+"/items/"+url.PathEscape(f.ID), geoJSON),
		Link{Href: a.at(at, nil), Rel: "collection", Type: mediaType}))
	if err != nil {
		return err
	}
	a.geoHeaders(c, crs)
	return reply(c, geoJSON, json.RawMessage(raw))
}

const (
	maxStreams   = 6                // pages of features that are written at once
	streamFor    = 50 * time.Second // no longer than an answer may take to be sent
	streamBuffer = 64 << 10
)

// streams bounds how many answers are written while they are read; further ones wait for their turn.
type streams chan struct{}

func newStreams() streams { return make(streams, maxStreams) }

// start runs write in the background and gives what it writes. It waits for the first bytes, so that what cannot even begin is a
// problem and not an empty answer. What fails later breaks the connection off: the reader sees that it is not whole.
func (s streams) start(request context.Context, write func(context.Context, io.Writer) error) (io.ReadCloser, error) {
	select {
	case s <- struct{}{}:
	case <-request.Done():
		return nil, &consult.Error{Kind: consult.TooMany, Op: "stream features", RetryAfter: 15}
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(request), streamFor)
	reader, writer := io.Pipe()
	go func() {
		defer func() { stop(); <-s }()
		writer.CloseWithError(written(ctx, writer, write))
	}()
	body := bufio.NewReader(reader)
	if _, err := body.Peek(1); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{body, reader}, nil
}

// written runs write through a buffer and turns a panic, which no handler would catch here, into an error.
func written(ctx context.Context, out io.Writer, write func(context.Context, io.Writer) error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	buffer := bufio.NewWriterSize(out, streamBuffer)
	if err := write(ctx, buffer); err != nil {
		return err
	}
	return buffer.Flush()
}
