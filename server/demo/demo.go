package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Authority is whose applications the demo's are: an authority that does not exist.
const Authority = "demonstration:council"

// Result is what Load made.
type Result struct {
	Planning, Transport, Analyst, Admin consult.Officer // the demo's officers, able to sign in
	Consultations                       int             // planning applications
	Matters                             int             // consultations of other kinds
	Comments                            int
	Threads                             int
	Messages                            int
}

// run is one loading of the demo.
type run struct {
	store    consult.Store
	svc      *consult.Service
	calendar consult.Calendar
	clock    *clock
	now      time.Time
	today    consult.Date
	ground   ground
	officers map[string]consult.Officer
	steps    []step
	people   int // contacts made so far
	result   Result
}

// Load fills an empty store. Conflict when it is not empty: the demo never mixes with what people have said. now is the moment to
// which the demo's past leads up. A load that was broken off leaves a store that is neither empty nor complete (see Loaded).
func Load(ctx context.Context, store consult.Store, calendar consult.Calendar, now time.Time) (Result, error) {
	const op = "load the demo"
	empty, err := store.Empty(ctx)
	if err != nil {
		return Result{}, err
	}
	if !empty {
		return Result{}, &consult.Error{Kind: consult.Conflict, Op: op,
			Err: errors.New("the store is not empty; the demo goes into a new one only")}
	}
	r := &run{store: store, calendar: calendar, clock: &clock{}, now: now, today: calendar.Day(now), officers: map[string]consult.Officer{}}
	if r.svc, err = consult.New(ctx, store, r.clock.now, calendar); err != nil {
		return Result{}, err
	}
	g, stories, err := readAll()
	if err != nil {
		return Result{}, err
	}
	r.ground = g
	r.clock.moveTo(r.midnight(-400))
	if err := r.prepare(ctx); err != nil {
		return Result{}, fmt.Errorf("%s: %w", op, err)
	}
	for _, s := range stories {
		if err := r.plan(s); err != nil {
			return Result{}, fmt.Errorf("%s: %s: %w", op, s.Reference, err)
		}
	}
	if err := r.planMatter(); err != nil {
		return Result{}, fmt.Errorf("%s: the matter of its own: %w", op, err)
	}
	desk, err := r.planDesk()
	if err != nil {
		return Result{}, fmt.Errorf("%s: the desk: %w", op, err)
	}
	if err := r.play(ctx); err != nil {
		return Result{}, fmt.Errorf("%s: %w", op, err)
	}
	if err := r.workDesk(ctx, desk); err != nil {
		return Result{}, fmt.Errorf("%s: the desk: %w", op, err)
	}
	return r.result, r.forgetMail(ctx)
}

// Loaded tells whether the store holds the whole demo, whatever has been said in it since.
func Loaded(ctx context.Context, store consult.Store) (bool, error) {
	_, stories, err := readAll()
	if err != nil {
		return false, err
	}
	for _, s := range stories {
		c, err := store.ConsultationByReference(ctx, Authority, s.Reference)
		if consult.KindOf(err) == consult.NotFound {
			return false, nil
		}
		if err != nil || !c.Demo {
			return false, err
		}
		tally, err := store.Tally(ctx, c.ID)
		if err != nil {
			return false, err
		}
		order := consult.States()
		if tally.Comments < len(s.Comments) || slices.Index(order, c.State) < slices.Index(order, s.lastState()) {
			return false, nil // broken off before its history was played to the end
		}
	}
	return matterLoaded(ctx, store)
}

// prepare makes the officers, wards, figures and postcodes.
func (r *run) prepare(ctx context.Context) error {
	for _, o := range r.ground.Officers {
		at := r.clock.now()
		officer := consult.Officer{ID: consult.NewID(at), Email: o.Email, Name: o.Name, Service: o.Service, Title: o.Title, Roles: o.Roles,
			CreatedAt: at, SeenAt: at}
		ch := consult.Change{Actor: consult.System(), At: at, Action: "officer.add", Subject: officer.ID}
		if err := r.store.SaveOfficer(ctx, officer, ch); err != nil {
			return err
		}
		r.officers[o.Key] = officer
		r.clock.moveTo(at.Add(time.Minute))
	}
	r.result.Planning, r.result.Transport = r.officers["planning"], r.officers["transport"]
	r.result.Analyst, r.result.Admin = r.officers["analyst"], r.officers["admin"]
	return r.saveGround(ctx)
}

// saveGround imports wards, populations and postcodes through the doors an import uses.
func (r *run) saveGround(ctx context.Context) error {
	centre := r.ground.Centre
	var areas []consult.Area
	var figures []consult.Benchmark
	for _, w := range r.ground.Wards {
		g, err := plan{Corners: w.Corners}.geometry(centre)
		if err != nil {
			return fmt.Errorf("ward %s: %w", w.Code, err)
		}
		sum := sha256.Sum256(g.GeoJSON())
		areas = append(areas, consult.Area{Code: w.Code, Kind: "ward", Name: w.Name, Geometry: g.GeoJSON(),
			Source: "sketched for the demo, not a boundary", Hash: hex.EncodeToString(sum[:])})
		figures = append(figures, consult.Benchmark{Name: "population", AreaCode: w.Code, AreaName: w.Name, Population: w.Population,
			Source: "ONS small-area population estimates (Open Government Licence v3.0)", Vintage: "2024-06-30"})
	}
	var codes []consult.Postcode
	for _, s := range r.ground.Streets {
		codes = append(codes, consult.Postcode{Code: s.Postcode, Place: centre.move(s.At[0], s.At[1]).point()})
	}
	if _, _, _, err := r.svc.TakeAreas(ctx, consult.System(), areas); err != nil {
		return err
	}
	if _, _, _, err := r.svc.TakeBenchmarks(ctx, consult.System(), figures); err != nil {
		return err
	}
	_, _, _, err := r.svc.TakePostcodes(ctx, consult.System(), codes)
	return err
}

// actor is an officer as one who acts.
func (r *run) actor(key string) (consult.Actor, error) {
	o, ok := r.officers[key]
	if !ok {
		return consult.Actor{}, fmt.Errorf("no officer %q", key)
	}
	return o.Actor(), nil
}

// forgetMail marks what the past would have sent as sent: nobody gets mail about invented history.
func (r *run) forgetMail(ctx context.Context) error {
	for {
		waiting, err := r.store.ClaimDeliveries(ctx, r.now, time.Hour, 100)
		if err != nil || len(waiting) == 0 {
			return err
		}
		for _, d := range waiting {
			if err := r.store.DeliverySent(ctx, d.ID, r.now); err != nil {
				return err
			}
		}
	}
}
