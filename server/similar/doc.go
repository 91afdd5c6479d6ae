// Package similar finds texts that say the same: letters of a campaign, points that could be one concern, the concern a new point
// belongs to, the claim somebody is typing. Text in, groups out: it keeps nothing, asks no other machine, and gives the same
// result for the same texts in any order.
//
// It compares words and knows no meanings. Two people who ask the same in different words, and above all in different languages,
// are not brought together here; officers do that. Whatever it brings together it explains by phrases that stand in the texts.
// docs/methodology.md has the formulas, their sources and what they cannot do.
//
//	Duplicates    letters of campaigns: one text sent by many
//	Group         points that share vocabulary, with the phrases they share, and those left loose
//	NewSuggester  the concern a point may belong to, learnt from points that officers have sorted
//	NewIndex      texts like this one
//	NewClaims     claims that somebody is making while they type
//	Mark          where the phrases stand in a text
package similar
