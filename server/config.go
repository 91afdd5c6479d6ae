package server

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// Config is every setting. Each is an environment variable and a flag of the same meaning; the flag wins.
type Config struct {
	Listen          string            // address the site is served on
	Data            string            // folder of the embedded store and of local files
	DatabaseURL     string            // postgres://…; "" = SQLite in Data
	RedisURL        string            // redis://…; "" = one process, no Redis
	BaseURL         string            // what residents type, e.g. https://yoursay.example.gov.uk; "" = from Listen
	MailURL         string            // smtp://…, smtps://… or file:FOLDER; "" = file:DATA/mail
	MailFrom        string            // sender of every mail
	Basemap         string            // "osm", "none", a MapLibre style URL, or a .pmtiles file or its URL
	BasemapHosts    string            // further origins, comma-separated, that a style loads from
	TrustedProxies  []netip.Prefix    // whose X-Forwarded-For is believed; none = nobody's
	MetricsListen   string            // address of /metrics; "" = not served
	Authority       string            // the council's name in headers and mails
	SourceURL       string            // where this program's source can be had
	Retention       consult.Retention // how long personal data is kept
	Opens, Shuts    int               // office hours in minutes after midnight; both 0 = none: promised days end at midnight
	AuditKey        string            // file of the key that signs the log; "" = audit.key in Data
	FourEyes        bool              // an answer to a concern needs a second officer before it goes out
	AllowLoad       bool              // tokens of role load may exist: no rate limits for them
	WebhookLoopback bool              // webhooks may call this machine, without TLS: for tests of an installation
}

type setting struct{ flag, env, initial, help string }

// settings is the list that --help prints and docs/operating.md explains.
var settings = []setting{
	{"listen", "YOUSAID_LISTEN", "127.0.0.1:8080", "address to serve on"},
	{"data", "YOUSAID_DATA", "data", "folder of the embedded store, mail and other local files"},
	{"database-url", "YOUSAID_DATABASE_URL", "", "postgres://… instead of the embedded SQLite"},
	{"redis-url", "YOUSAID_REDIS_URL", "", "redis://… to ring other nodes; without it one process is the whole site"},
	{"base-url", "YOUSAID_BASE_URL", "", "the site's address as people type it (default: http:// and the listen address)"},
	{"mail-url", "YOUSAID_MAIL_URL", "", "smtp://user:password@host:port, smtps://…, or file:FOLDER (default: file:DATA/mail)"},
	{"mail-from", "YOUSAID_MAIL_FROM", "YouSaid <noreply@example.org>", "sender of every mail"},
	{"basemap", "YOUSAID_BASEMAP", "osm", "osm, none, a MapLibre style URL, or a .pmtiles file or its URL"},
	{"basemap-hosts", "YOUSAID_BASEMAP_HOSTS", "", "further origins, comma-separated, that a style loads from"},
	{"trusted-proxies", "YOUSAID_TRUSTED_PROXIES", "", "addresses or networks, comma-separated, whose X-Forwarded-For is believed"},
	{"metrics-listen", "YOUSAID_METRICS_LISTEN", "", "address that serves /metrics, apart from the site"},
	{"authority", "YOUSAID_AUTHORITY", "Demonstration Council", "the authority's name"},
	{"source-url", "YOUSAID_SOURCE_URL", "https://github.com/yousaid/yousaid", "where the source of this program can be had"},
	{"retention", "YOUSAID_RETENTION", "", "days to keep: mail=90,contact=365,equality=730,conversation=5475,original=5475,published=forever"},
	{"office-hours", "YOUSAID_OFFICE_HOURS", "", "office hours on working days, as 09:00-17:00: what comes later counts from the next one, and promised days end then"},
	{"audit-key", "YOUSAID_AUDIT_KEY", "", "file of the key that signs the log; made when missing (default: DATA/audit.key)"},
	{"four-eyes", "YOUSAID_FOUR_EYES", "", "1: who changed an answer's words last may not approve it"},
	{"allow-load", "YOUSAID_ALLOW_LOAD", "", "1: API tokens of role load, which no rate limit stops, may be made"},
	{"webhook-loopback", "YOUSAID_WEBHOOK_LOOPBACK", "", "1: webhooks may call this machine, without TLS too; for tests only"},
}

// ParseConfig reads settings from flags, then the environment, then the defaults. rest are the arguments that are no flags.
// set may hold flags of the command's own. flag.ErrHelp means that help was asked for and printed to out.
func ParseConfig(set *flag.FlagSet, args []string, env func(string) string, out io.Writer) (cfg Config, rest []string, err error) {
	var own []*flag.Flag
	set.VisitAll(func(f *flag.Flag) { own = append(own, f) })
	set.SetOutput(io.Discard)
	values := map[string]*string{}
	for _, s := range settings {
		initial := env(s.env)
		if initial == "" {
			initial = s.initial
		}
		values[s.flag] = set.String(s.flag, initial, s.help)
	}
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			printSettings(out, set.Name(), own)
		}
		return Config{}, nil, err
	}
	get := func(name string) string { return strings.TrimSpace(*values[name]) }
	cfg = Config{
		Listen: get("listen"), Data: get("data"), DatabaseURL: get("database-url"), RedisURL: get("redis-url"),
		BaseURL: strings.TrimRight(get("base-url"), "/"), MailURL: get("mail-url"), MailFrom: get("mail-from"),
		Basemap: get("basemap"), BasemapHosts: get("basemap-hosts"), MetricsListen: get("metrics-listen"), Authority: get("authority"),
		SourceURL: get("source-url"), AuditKey: get("audit-key"), FourEyes: get("four-eyes") == "1", AllowLoad: get("allow-load") == "1", WebhookLoopback: get("webhook-loopback") == "1",
	}
	if cfg.Retention, err = consult.ParseRetention(get("retention")); err != nil {
		return Config{}, nil, err
	}
	if cfg.Opens, cfg.Shuts, err = consult.ParseOfficeHours(get("office-hours")); err != nil {
		return Config{}, nil, err
	}
	if cfg.TrustedProxies, err = parseProxies(get("trusted-proxies")); err != nil {
		return Config{}, nil, err
	}
	return cfg, set.Args(), cfg.complete()
}

// complete fills what follows from other settings and refuses what cannot work.
func (c *Config) complete() error {
	if c.BaseURL == "" {
		c.BaseURL = "http://" + strings.Replace(c.Listen, "127.0.0.1", "localhost", 1)
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" {
		return fmt.Errorf("base-url %q is not http(s)://host[:port]", c.BaseURL)
	}
	if c.DatabaseURL != "" && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		return errors.New("database-url must begin with postgres://; leave it empty for the embedded SQLite")
	}
	if c.RedisURL != "" && c.DatabaseURL == "" {
		return errors.New("redis-url is for several nodes, and several nodes need database-url as well")
	}
	if c.MailURL == "" {
		c.MailURL = "file:" + filepath.Join(c.Data, "mail")
	}
	return os.MkdirAll(c.Data, 0o700)
}

// calendar is the authority's: its days and its office hours.
func (c Config) calendar() consult.Calendar {
	calendar := consult.England()
	calendar.Opens, calendar.Shuts = c.Opens, c.Shuts
	return calendar
}

// auditKey is the file of the key that signs the log.
func (c Config) auditKey() string { return cmp.Or(c.AuditKey, filepath.Join(c.Data, "audit.key")) }

// Secure tells whether residents reach the site by https, so that cookies can be held to it.
func (c Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }

func parseProxies(list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, entry := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if addr, err := netip.ParseAddr(entry); err == nil {
			out = append(out, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(entry)
		if err != nil {
			return nil, fmt.Errorf("trusted-proxies: %q is neither an address nor a network", entry)
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("trusted-proxies: %q would believe everybody", entry)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

func printSettings(out io.Writer, command string, own []*flag.Flag) {
	fmt.Fprintf(out, "Usage: yousaid %s [settings]\n", command)
	if len(own) > 0 {
		fmt.Fprint(out, "\nOf this command:\n")
	}
	for _, f := range own {
		fmt.Fprintf(out, "  --%-16s %s\n", f.Name, f.Usage)
	}
	fmt.Fprint(out, "\nSettings (flag, environment variable, default):\n")
	for _, s := range settings {
		fmt.Fprintf(out, "  --%-16s %-24s %s\n", s.flag, s.env, s.help)
		if s.initial != "" {
			fmt.Fprintf(out, "  %-18s %-24s default: %s\n", "", "", s.initial)
		}
	}
}
