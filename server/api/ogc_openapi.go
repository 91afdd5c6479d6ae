package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/ogc"
	"github.com/yousaid/yousaid/static/lang"
)

// object is a node of the description.
type object = map[string]any

// OGCDescription describes everything below /ogc (OpenAPI 3.0), made of the collections themselves.
func (a *API) OGCDescription(c *fiber.Ctx) error {
	if err := badQuery(ogc.ReadNone(queryOf(c))); err != nil {
		return err
	}
	l := a.language(c)
	paths := object{
		"/":            operation("getLandingPage", l.T("ogc.title"), nil, mediaType),
		"/api":         operation("getApi", "This document", nil, openAPI30),
		"/conformance": operation("getConformance", "Parts of the standard that are kept", nil, mediaType),
		"/collections": operation("getCollections", "All collections", nil, mediaType),
	}
	for _, k := range ogc.Collections() {
		at, title := "/collections/"+k.ID, l.T("ogc."+k.ID+".title")
		feature := object{"name": "featureId", "in": "path", "required": true, "description": "The feature's id", "schema": object{"type": "string"}}
		paths[at] = operation("describe_"+k.ID, title, nil, mediaType)
		paths[at+"/schema"] = operation("schema_"+k.ID, title+": JSON Schema", nil, schemaJSON)
		paths[at+"/items"] = operation("items_"+k.ID, title, itemParameters(l, k), geoJSON)
		paths[at+"/items/{featureId}"] = operation("item_"+k.ID, title+": one", []any{feature, crsParameter("crs")}, geoJSON)
	}
	return reply(c, openAPI30, object{
		"openapi": "3.0.3",
		"info":    object{"title": l.T("ogc.title"), "version": "1.0.0", "description": l.T("ogc.about")},
		"servers": []any{object{"url": a.baseURL + OGCPrefix}},
		"paths":   paths,
		"components": object{"schemas": object{"problem": object{"type": "object", "description": "RFC 9457", "required": []string{"title", "status", "code"},
			"properties": object{"title": object{"type": "string"}, "status": object{"type": "integer"}, "code": object{"type": "string"}, "detail": object{"type": "string"}}}}},
	})
}

// operation describes reading an address.
func operation(id, summary string, parameters []any, content string) object {
	answer := func(description, kind string, schema object) object {
		return object{"description": description, "content": object{kind: object{"schema": schema}}}
	}
	problem := object{"$ref": "#/components/schemas/problem"}
	ok := answer("What was asked for", content, object{"type": "object"})
	ok["content"].(object)[htmlType] = object{"schema": object{"type": "string"}}
	return object{"get": object{
		"operationId": id, "summary": summary, "parameters": append(parameters, formParameter(), languageParameter()),
		"responses": object{"200": ok,
			"400": answer("A parameter is unknown or cannot be", "application/problem+json", problem),
			"404": answer("There is none, or it is not public", "application/problem+json", problem)},
	}}
}

func parameter(name, description string, schema object) object {
	return object{"name": name, "in": "query", "required": false, "description": description, "schema": schema, "style": "form", "explode": false}
}

func formParameter() object {
	return parameter("f", "The form of the answer; without it the header Accept decides", object{"type": "string", "enum": []string{"json", "html"}})
}

func languageParameter() object {
	return parameter("lang", "The language of titles and descriptions; without it the header Accept-Language decides", object{"type": "string"})
}

func crsParameter(name string) object {
	return parameter(name, "A coordinate reference system, by its URI", object{"type": "string", "format": "uri", "enum": systems(), "default": systems()[0]})
}

// itemParameters are those of a collection's items, its filters among them.
func itemParameters(l *lang.Language, k ogc.Collection) []any {
	numbers := object{"type": "array", "items": object{"type": "number"}, "minItems": 4, "maxItems": 6}
	list := []any{
		parameter("limit", "How many features at most; a higher number is taken for the highest",
			object{"type": "integer", "minimum": 1, "maximum": ogc.MaxLimit, "default": ogc.DefaultLimit}),
		parameter("after", "The id of the last feature of the page before; follow the link next instead of making it", object{"type": "string"}),
		parameter("bbox", "Features that share a place with the rectangle: lower corner, upper corner", numbers),
		crsParameter("bbox-crs"), crsParameter("crs"),
		parameter("datetime", "A moment, a day, or an interval of them with a slash; an open end is ..", object{"type": "string"}),
	}
	for _, p := range k.Filters() {
		schema := object{"type": p.Type}
		if p.Values != nil {
			schema["enum"] = p.Values
		}
		list = append(list, parameter(p.Name, l.T("ogc.property."+p.Name), schema))
	}
	return list
}
