// Package lang holds every sentence that people read, in every language the site speaks.
//
// A catalogue is a folder of small JSON files, one folder per language: en/page-home.json, ur/page-home.json. A file is one flat
// object. A key is "area.name"; a value is a text with {placeholders}, or an object of CLDR plural forms chosen by {n}:
//
//	{
//	  "comment.reference": "Your reference is {reference}",
//	  "comment.count": {"one": "{n} comment", "other": "{n} comments"}
//	}
//
// Texts are plain text, never HTML: whatever prints them escapes them. English is the source; a key that another language lacks
// is read in English. Files named officer*, analyst* or admin* may exist in English only.
//
// The package knows nothing of HTTP: pages, mails, live threads and exports all use it.
package lang
