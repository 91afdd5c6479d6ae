package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/yousaid/yousaid/server/web"
)

// metrics are what an operator watches. Labels are patterns of routes and codes, never an address, an id or a word of anybody.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(a *App) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "yousaid_http_request_seconds", Help: "Time to answer a request, by route and status.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	gauge("yousaid_bus_up", "1 while the other nodes can be heard.", func() float64 {
		if a.bus.Up() {
			return 1
		}
		return 0
	})
	gauge("yousaid_live_connections", "Open sockets.", func() float64 { return float64(a.hub.Stats().Connections) })
	gauge("yousaid_live_threads", "Threads somebody reads live.", func() float64 { return float64(a.hub.Stats().Threads) })
	counter("yousaid_live_opened_total", "Sockets opened.", func() float64 { return float64(a.hub.Stats().Opened) })
	counter("yousaid_live_refused_total", "Sockets turned away for want of room.", func() float64 { return float64(a.hub.Stats().Refused) })
	counter("yousaid_live_delivered_total", "Events handed to sockets.", func() float64 { return float64(a.hub.Stats().Delivered) })
	counter("yousaid_bus_gap_total", "Threads found ahead of what the bus had told.", func() float64 { return float64(a.hub.Stats().BusGaps) })
	counter("yousaid_mail_sent_total", "Mails handed over.", func() float64 { return float64(a.mail.Counts().Sent) })
	counter("yousaid_mail_retried_total", "Mails to be tried again.", func() float64 { return float64(a.mail.Counts().Retried) })
	counter("yousaid_mail_given_up_total", "Mails given up.", func() float64 { return float64(a.mail.Counts().GivenUp) })
	counter("yousaid_alert_hits_total", "What alerts found.", func() float64 { return float64(a.alerts.hits.Load()) })
	counter("yousaid_answers_published_total", "Answers to concerns that went out.", func() float64 { return float64(a.answers.published.Load()) })
	counter("yousaid_answers_delivered_total", "Askers that an answer reached.", func() float64 { return float64(a.answers.delivered.Load()) })
	counter("yousaid_webhook_sent_total", "Messages webhooks took.", func() float64 { return float64(a.webhooks.sent.Load()) })
	counter("yousaid_webhook_retried_total", "Messages to be tried again.", func() float64 { return float64(a.webhooks.retried.Load()) })
	counter("yousaid_webhook_given_up_total", "Messages given up.", func() float64 { return float64(a.webhooks.givenUp.Load()) })
	return m
}

// measure times every request.
func (m *metrics) measure(c *fiber.Ctx) error {
	begin := time.Now()
	err := c.Next()
	status := c.Response().StatusCode()
	if err != nil {
		status = web.StatusOf(c, err)
	}
	m.requests.WithLabelValues(c.Method(), c.Route().Path, strconv.Itoa(status)).Observe(time.Since(begin).Seconds())
	return err
}

// ServeMetrics serves /metrics on its own address until ctx ends: figures about the site are not for the site's visitors.
func (a *App) ServeMetrics(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{}))
	s := &http.Server{Handler: mux, ReadHeaderTimeout: a.limits.ReadHead, IdleTimeout: a.limits.Idle}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
