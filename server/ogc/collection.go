package ogc

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// Collection is a set of features of one kind. Its words for people stand in the catalogue under "ogc.<ID>.title" and ".about".
type Collection struct {
	ID         string     // in addresses; never changes
	Geometry   string     // of its features: "point", "polygon" or "any", as JSON Schema's format "geometry-…"
	Properties []Property // in the order they are written
	Time       []string   // the properties datetime is asked of; nil = its features have no time and datetime changes nothing

	items func(ctx context.Context, s *Source, q Query, each func(Feature) error) (Page, error)
	item  func(ctx context.Context, s *Source, id string) (Feature, error)
}

// Property is one thing a feature says. Its name for people stands in the catalogue under "ogc.property.<Name>".
type Property struct {
	Name   string
	Type   string   // of JSON Schema: "string", "integer", "boolean"
	Format string   // "date" or "uri"; "" = none
	Values []string // the vocabulary; nil = open
	Filter bool     // may be asked for: name=value

	narrow func(f *consult.FeatureFilter, value string) bool // false = no such value
}

// Feature is one thing with its place. Values stand beside the collection's Properties: string, int, bool or nil.
type Feature struct {
	ID     string
	Place  geo.Geometry
	Values []any
}

// Page says what reading a page found.
type Page struct {
	Matched int    // features in all
	Next    string // the parameter after of the next page; "" = that was the last
}

// Collections lists them in the order they are shown.
func Collections() []Collection {
	return []Collection{applications(), applicationPoints(), rounds(), comments(), density(), wards()}
}

// Find gives the collection with the id; NotFound when there is none.
func Find(id string) (Collection, error) {
	all := Collections()
	i := slices.IndexFunc(all, func(c Collection) bool { return c.ID == id })
	if i < 0 {
		return Collection{}, &consult.Error{Kind: consult.NotFound, Op: "find collection"}
	}
	return all[i], nil
}

// Filters lists the properties that may be asked for.
func (c Collection) Filters() []Property {
	return slices.DeleteFunc(slices.Clone(c.Properties), func(p Property) bool { return !p.Filter })
}

// field is a property and where its value is found.
type field[T any] struct {
	Property
	take func(s *Source, v T) any
}

func properties[T any](fields []field[T]) []Property {
	list := make([]Property, len(fields))
	for i, f := range fields {
		list[i] = f.Property
	}
	return list
}

func values[T any](s *Source, fields []field[T], v T) []any {
	list := make([]any, len(fields))
	for i, f := range fields {
		list[i] = f.take(s, v)
	}
	return list
}

// These make fields. An empty text and an unknown day are null.

func line[T any](name string, take func(T) string) field[T] {
	return field[T]{Property{Name: name, Type: "string"}, func(_ *Source, v T) any { return orNull(take(v)) }}
}

func day[T any](name string, take func(T) consult.Date) field[T] {
	return field[T]{Property{Name: name, Type: "string", Format: "date"}, func(_ *Source, v T) any { return orNull(string(take(v))) }}
}

func link[T any](name string, take func(*Source, T) string) field[T] {
	return field[T]{Property{Name: name, Type: "string", Format: "uri"}, func(s *Source, v T) any { return orNull(take(s, v)) }}
}

func number[T any](name string, take func(T) int) field[T] {
	return field[T]{Property{Name: name, Type: "integer"}, func(_ *Source, v T) any { return take(v) }}
}

func flag[T any](name string, take func(T) bool) field[T] {
	return field[T]{Property{Name: name, Type: "boolean"}, func(_ *Source, v T) any { return take(v) }}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// asked makes a field one that may be asked for.
func (f field[T]) asked(narrow func(f *consult.FeatureFilter, value string) bool) field[T] {
	f.Filter, f.narrow = true, narrow
	return f
}

// of gives a field its vocabulary.
func (f field[T]) of(values []string) field[T] {
	f.Values = values
	return f
}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
