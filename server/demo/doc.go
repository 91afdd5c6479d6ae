// Package demo fills an empty store with eight invented planning applications around Bordesley Green, Birmingham, one in each state
// from validated to decided, so that everything the site does can be seen on the first start.
//
// Everything is invented: streets, postcodes, proposals, people and figures about proposals. Names are roles. References of the
// year 2099 and postcodes whose last letters no postcode has can match nothing real (docs/demo.md lists them). Only the wards'
// codes, names and populations are public facts; their shapes are sketches.
//
// The words stand in content/*.json, one file for each application, with moments relative to the day of loading: "-12d 19:40" is
// twelve days ago at 19:40, "-90m" ninety minutes ago. Load plays them through the use cases of consult in the order in which they
// happened, on a clock that moves along, so that promises, marks of lateness and the audit log come out as they would have.
package demo
