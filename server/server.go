package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/live"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/ogc"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/web"
	"github.com/yousaid/yousaid/static"
	"github.com/yousaid/yousaid/static/lang"
)

// Options are what tests replace. The zero Options are those of production.
type Options struct {
	Clock  func() time.Time // nil = time.Now
	Log    *slog.Logger     // nil = slog.Default()
	Mailer notify.Mailer    // nil = what Config.MailURL names
	Limits *Limits          // nil = DefaultLimits()
	Wrap   func(consult.Store) consult.Store
}

// App is one running node, assembled.
type App struct {
	cfg      Config
	limits   Limits
	log      *slog.Logger
	clock    func() time.Time
	store    *store.Store
	kept     consult.Store // store, or what a test put around it
	Service  *consult.Service
	identity *identity.Service
	bus      bus.Bus
	hub      *live.Hub
	web      *web.Web
	api      *api.API
	relay    *relay
	cycle    *cycle
	mail     *notify.Relay
	alerts   *alerts
	webhooks *webhooks
	answers  *answers
	limiter  *limiter
	metrics  *metrics
	fiber    *fiber.App
}

// New assembles a node on its store. Close it when New succeeded.
func New(ctx context.Context, cfg Config, o Options) (*App, error) {
	a := &App{cfg: cfg, limits: DefaultLimits(), log: o.Log, clock: o.Clock}
	if o.Limits != nil {
		a.limits = *o.Limits
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	if a.clock == nil {
		a.clock = time.Now
	}
	a.limiter = newLimiter(a.clock)
	seal, err := OpenSeal(cfg)
	if err != nil {
		return nil, err
	}
	calendar := cfg.calendar()
	kept, err := store.Open(ctx, store.Config{DatabaseURL: cfg.DatabaseURL, Folder: cfg.Data, Seal: seal, Calendar: &calendar})
	if err != nil {
		return nil, err
	}
	a.store, a.kept = kept, kept
	if o.Wrap != nil {
		a.kept = o.Wrap(kept)
	}
	if err := a.assemble(ctx, o); err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	return a, nil
}

func (a *App) assemble(ctx context.Context, o Options) (err error) {
	calendar := a.cfg.calendar()
	if a.Service, err = consult.New(ctx, a.kept, a.clock, calendar); err != nil {
		return err
	}
	limits := identity.DefaultLimits()
	limits.AllowLoad = a.cfg.AllowLoad
	a.identity = identity.New(a.kept, a.clock, limits)
	texts := lang.MustLoad(calendar.Location())
	if a.bus, err = openBus(a.cfg.RedisURL); err != nil {
		return err
	}
	if err := a.assembleWeb(ctx, texts); err != nil {
		return err
	}
	liveLimits := live.Defaults()
	liveLimits.Origins = origins(a.cfg)
	a.hub = live.New(threads{a.Service, a.identity, a.web.Pages, texts}, liveLimits, a.log)
	a.relay = newRelay(a.kept, a.bus, a.log)
	a.cycle = &cycle{service: a.Service, every: a.limits.Beat, log: a.log}
	if err := a.assembleMail(o.Mailer, texts); err != nil {
		return err
	}
	a.assembleNews()
	a.Service.DemandFourEyes(a.cfg.FourEyes)
	a.answers = newAnswers(a.Service, a.log)
	a.store.After(func() { a.relay.Kick(); a.mail.Kick(); a.alerts.Kick(); a.webhooks.Kick(); a.answers.Kick() })
	a.metrics = newMetrics(a)
	return a.assembleFiber()
}

func openBus(redisURL string) (bus.Bus, error) {
	if redisURL == "" {
		return bus.Memory(), nil
	}
	return bus.Redis(redisURL)
}

func (a *App) assembleWeb(ctx context.Context, texts *lang.Catalogue) error {
	secret, err := a.kept.Setting(ctx, "form-key", web.NewKey()+web.NewKey())
	if err != nil {
		return err
	}
	pages, err := web.NewRenderer(static.FS, texts, static.URL, false)
	if err != nil {
		return err
	}
	basemap, err := web.ParseBasemap(a.cfg.Basemap, a.cfg.BasemapHosts)
	if err != nil {
		return err
	}
	a.web = &web.Web{
		Site:    web.Site{Authority: a.cfg.Authority, BaseURL: a.cfg.BaseURL, SourceURL: a.cfg.SourceURL, Retention: a.cfg.Retention},
		Service: a.Service, Identity: a.identity, Pages: pages, Texts: texts, Log: a.log, Actor: web.ActorOf, Client: a.client, Now: a.clock,
		Guard: &web.Guard{BaseURL: a.cfg.BaseURL, Secret: []byte(secret), Basemap: basemap.Origins(), Sessions: web.HasSession, Now: a.clock,
			Reports: "/csp-reports"},
		Map: web.NewMap(a.Service, basemap),
	}
	a.web.Features = &ogc.Source{Service: a.Service, BaseURL: a.cfg.BaseURL}
	a.api = api.New(api.Config{Service: a.Service, BaseURL: a.cfg.BaseURL, Log: a.log, Writer: a.web.Writer,
		Words: texts.Default().T, Features: a.web.Features, Texts: texts})
	return nil
}

func (a *App) assembleMail(mailer notify.Mailer, texts *lang.Catalogue) error {
	if mailer == nil {
		opened, err := notify.Open(a.cfg.MailURL)
		if err != nil {
			return err
		}
		mailer = opened
	}
	site := notify.Site{Authority: a.cfg.Authority, BaseURL: a.cfg.BaseURL, From: a.cfg.MailFrom}
	composer, err := notify.NewComposer(site, texts, a.kept, a.Service, a.clock)
	if err != nil {
		return err
	}
	a.web.Letters = composer
	a.mail = notify.NewRelay(a.kept, composer, mailer, a.clock, a.log)
	return nil
}

// origins are the exact origins whose pages may open sockets: the site's own and, on a development machine, its other local names.
func origins(cfg Config) []string {
	list := []string{cfg.BaseURL}
	u, err := url.Parse(cfg.BaseURL)
	if err == nil && u.Hostname() == "localhost" {
		list = append(list, u.Scheme+"://"+net.JoinHostPort("127.0.0.1", u.Port()))
	}
	return list
}

// Run serves until ctx ends, then says goodbye: sockets are told to come back, running requests finish.
func (a *App) Run(ctx context.Context, listener net.Listener) error {
	work, stop := context.WithCancel(context.Background())
	var workers sync.WaitGroup
	for _, run := range []func(context.Context){a.relay.Run, a.cycle.Run, a.mail.Run, a.alerts.Run, a.webhooks.Run, a.answers.Run, a.hub.Run, a.listen, a.tidy} {
		workers.Go(func() { run(work) })
	}
	failed := make(chan error, 1)
	go func() { failed <- a.serve(listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = a.shutdown()
	}
	stop()
	workers.Wait()
	return err
}

// listen passes rings from the bus to the hub. Other nodes may share a PostgreSQL; without Redis they cannot be heard, so the hub
// looks for what they wrote as it does while Redis is down.
func (a *App) listen(ctx context.Context) {
	deaf := a.cfg.DatabaseURL != "" && a.cfg.RedisURL == ""
	state := func(up bool) { a.hub.BusState(up && !deaf) }
	if err := a.bus.Listen(ctx, a.hub.Ring, state); err != nil && ctx.Err() == nil {
		a.log.Error("bus ended", "error", err)
	}
}

// tidy forgets drafts nobody came back to, and what has done its work.
func (a *App) tidy(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if n, err := a.Service.Tidy(ctx); err == nil && n > 0 {
			a.log.Info("old rows removed", "count", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (a *App) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), a.limits.Shutdown)
	defer cancel()
	return errors.Join(a.hub.Shutdown(ctx), a.fiber.Server().ShutdownWithContext(ctx))
}

// Close ends the node's connections to its store and bus.
func (a *App) Close() error { return errors.Join(a.bus.Close(), a.store.Close()) }

// Web is the node's site, for commands that print links to it.
func (a *App) Web() *web.Web { return a.web }

// Identity is who may sign in, for commands.
func (a *App) Identity() *identity.Service { return a.identity }

// Store is the node's store, for commands.
func (a *App) Store() *store.Store { return a.store }

// Listen opens the configured address, on IPv4 and IPv6 alike.
func (a *App) Listen() (net.Listener, error) {
	l, err := net.Listen("tcp", a.cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w (another program may be using it; set YOUSAID_LISTEN)", a.cfg.Listen, err)
	}
	return l, nil
}
