// Package geo knows places: points, boxes, tiles, boundaries, areas and the
// massing of a proposal. It knows nothing of the app around it, and it is the
// only package that sees the geometry library (github.com/paulmach/orb).
package geo
