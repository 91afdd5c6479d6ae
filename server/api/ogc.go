package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ogc"
	"github.com/yousaid/yousaid/static/lang"
)

// OGCPrefix is where OGC API Features begins.
const OGCPrefix = "/ogc"

// The media types of OGC API Features.
const (
	geoJSON    = "application/geo+json"
	schemaJSON = "application/schema+json"
	openAPI30  = "application/vnd.oai.openapi+json;version=3.0"
	htmlType   = "text/html"
)

// conformance are the parts of OGC API Features that hold here.
func conformance() []string {
	const features = "http://www.opengis.net/spec/ogcapi-features-"
	return []string{features + "1/1.0/conf/core", features + "1/1.0/conf/oas30", features + "1/1.0/conf/geojson",
		features + "1/1.0/conf/html", features + "2/1.0/conf/crs"}
}

// Link is a link as OGC API Features writes it.
type Link struct {
	Href     string `json:"href"`
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Title    string `json:"title,omitempty"`
	Hreflang string `json:"hreflang,omitempty"`
}

// at is an address below /ogc with a query.
func (a *API) at(path string, query url.Values) string {
	address := a.baseURL + OGCPrefix + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}

// twins are the link to a document itself and to its page for people.
func (a *API) twins(c *fiber.Ctx, path, mediaType string) []Link {
	asked := queryOf(c)
	page := url.Values{"f": {"html"}}
	for name, values := range asked {
		if name != "f" {
			page[name] = values
		}
	}
	return []Link{{Href: a.at(path, asked), Rel: "self", Type: mediaType}, {Href: a.at(path, page), Rel: "alternate", Type: htmlType}}
}

func queryOf(c *fiber.Ctx) url.Values {
	values := url.Values{}
	for name, value := range c.Request().URI().QueryArgs().All() {
		values.Add(string(name), string(value))
	}
	return values
}

// language is what the collections are described in: ?lang=, else Accept-Language. No cookie counts: programs share answers.
func (a *API) language(c *fiber.Ctx) *lang.Language {
	c.Vary(fiber.HeaderAccept, fiber.HeaderAcceptLanguage)
	return a.texts.Match(c.Get(fiber.HeaderAcceptLanguage), "", c.Query("lang"))
}

// reply answers with a document, which anybody's page may read and keep as long as it asks again.
func reply(c *fiber.Ctx, mediaType string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	openFeatures(c)
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderETag, "W/"+tag)
	if known(c.Get(fiber.HeaderIfNoneMatch), tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, mediaType)
	return c.Send(body)
}

// openFeatures is openToAll for answers that name the system of their coordinates.
func openFeatures(c *fiber.Ctx) {
	openToAll(c)
	c.Set(fiber.HeaderAccessControlExposeHeaders, "Content-Crs, ETag, Retry-After")
	c.Set(fiber.HeaderCacheControl, "no-cache")
}

func badQuery(bad []consult.FieldError) error {
	if len(bad) == 0 {
		return nil
	}
	return refuse(http.StatusBadRequest, "The query is wrong; errors names each parameter and rule.", bad...)
}

// OGCLanding is the door of OGC API Features.
func (a *API) OGCLanding(c *fiber.Ctx) error {
	if err := badQuery(ogc.ReadNone(queryOf(c))); err != nil {
		return err
	}
	t := a.language(c).T
	return reply(c, mediaType, map[string]any{
		"title": t("ogc.title"), "description": t("ogc.about"),
		"links": append(a.twins(c, "/", mediaType),
			Link{Href: a.at("/api", url.Values{"f": {"json"}}), Rel: "service-desc", Type: openAPI30},
			Link{Href: a.at("/api", url.Values{"f": {"html"}}), Rel: "service-doc", Type: htmlType},
			Link{Href: a.at("/conformance", nil), Rel: "conformance", Type: mediaType},
			Link{Href: a.at("/collections", nil), Rel: "data", Type: mediaType}),
	})
}

// OGCConformance lists what is kept of the standard.
func (a *API) OGCConformance(c *fiber.Ctx) error {
	if err := badQuery(ogc.ReadNone(queryOf(c))); err != nil {
		return err
	}
	return reply(c, mediaType, map[string]any{"conformsTo": conformance(), "links": a.twins(c, "/conformance", mediaType)})
}

// OGCCollection is a collection as the standard describes it.
type OGCCollection struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Extent      *OGCExtent `json:"extent,omitempty"`
	ItemType    string     `json:"itemType"`
	CRS         []string   `json:"crs"`
	StorageCRS  string     `json:"storageCrs"`
	Links       []Link     `json:"links"`
}

// OGCExtent is where and when a collection's features are.
type OGCExtent struct {
	Spatial struct {
		Bbox [][4]float64 `json:"bbox"`
		CRS  string       `json:"crs"`
	} `json:"spatial"`
	Temporal *OGCInterval `json:"temporal,omitempty"`
}

// OGCInterval is a stretch of time; an open end is null.
type OGCInterval struct {
	Interval [][2]*string `json:"interval"`
	TRS      string       `json:"trs"`
}

func (a *API) extent(e ogc.Extent) *OGCExtent {
	if !e.HasBox {
		return nil
	}
	out := &OGCExtent{}
	out.Spatial.Bbox = [][4]float64{{e.Box.West, e.Box.South, e.Box.East, e.Box.North}}
	out.Spatial.CRS = geo.CRS84.URI()
	if e.From != "" {
		begin := moment(a.service.Calendar().End(e.From.Add(-1)))
		out.Temporal = &OGCInterval{Interval: [][2]*string{{begin, nil}}, TRS: "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	return out
}

func systems() []string {
	var list []string
	for _, s := range geo.Systems() {
		list = append(list, s.URI())
	}
	return list
}

// collection describes one; links are further ones before those to its features.
func (a *API) collection(l *lang.Language, k ogc.Collection, e ogc.Extent, links []Link) OGCCollection {
	at := "/collections/" + k.ID
	title := l.T("ogc." + k.ID + ".title")
	return OGCCollection{ID: k.ID, Title: title, Description: l.T("ogc."+k.ID+".about") + " " + l.T("ogc.accuracy"),
		Extent: a.extent(e), ItemType: "feature", CRS: systems(), StorageCRS: geo.CRS84.URI(),
		Links: append(links,
			Link{Href: a.at(at+"/items", nil), Rel: "items", Type: geoJSON, Title: title},
			Link{Href: a.at(at+"/items", url.Values{"f": {"html"}}), Rel: "items", Type: htmlType, Title: title},
			Link{Href: a.at(at+"/schema", nil), Rel: "describedby", Type: schemaJSON, Title: title})}
}

// OGCCollections lists the collections.
func (a *API) OGCCollections(c *fiber.Ctx) error {
	if err := badQuery(ogc.ReadNone(queryOf(c))); err != nil {
		return err
	}
	extents, err := a.features.Extents(c.UserContext())
	if err != nil {
		return err
	}
	l := a.language(c)
	list := []OGCCollection{}
	for _, k := range ogc.Collections() {
		list = append(list, a.collection(l, k, extents[k.ID], []Link{{Href: a.at("/collections/"+k.ID, nil), Rel: "self", Type: mediaType}}))
	}
	return reply(c, mediaType, map[string]any{"links": a.twins(c, "/collections", mediaType), "collections": list, "crs": systems()})
}

// OGCCollection shows one collection.
func (a *API) OGCCollection(c *fiber.Ctx) error {
	k, err := ogc.Find(c.Params("collection"))
	if err != nil {
		return err
	}
	if err := badQuery(ogc.ReadNone(queryOf(c))); err != nil {
		return err
	}
	extents, err := a.features.Extents(c.UserContext())
	if err != nil {
		return err
	}
	return reply(c, mediaType, a.collection(a.language(c), k, extents[k.ID], a.twins(c, "/collections/"+k.ID, mediaType)))
}

// OGCSchema says what a collection's features look like (JSON Schema).
func (a *API) OGCSchema(c *fiber.Ctx) error {
	k, err := ogc.Find(c.Params("collection"))
	if err != nil {
		return err
	}
	if err := badQuery(ogc.ReadNone(queryOf(c))); err != nil {
		return err
	}
	l := a.language(c)
	properties := map[string]any{}
	for _, p := range k.Properties {
		properties[p.Name] = schemaOf(l, p)
	}
	return reply(c, schemaJSON, map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": a.at("/collections/"+k.ID+"/schema", nil),
		"title": l.T("ogc." + k.ID + ".title"), "type": "object", "required": []string{"type", "id", "geometry", "properties"},
		"properties": map[string]any{
			"type": map[string]any{"const": "Feature"}, "id": map[string]any{"type": "string"},
			"geometry":   map[string]any{"x-ogc-role": "primary-geometry", "format": "geometry-" + k.Geometry},
			"properties": map[string]any{"type": "object", "properties": properties, "additionalProperties": false},
		},
	})
}

// schemaOf describes a property. Texts, days and links may be unknown, and then are null.
func schemaOf(l *lang.Language, p ogc.Property) map[string]any {
	s := map[string]any{"title": l.T("ogc.property." + p.Name), "type": p.Type}
	if p.Type != "boolean" {
		s["type"] = []string{p.Type, "null"}
	}
	if p.Format != "" {
		s["format"] = p.Format
	}
	if p.Values != nil {
		values := []any{}
		for _, v := range p.Values {
			values = append(values, v)
		}
		s["enum"] = append(values, nil)
	}
	return s
}
