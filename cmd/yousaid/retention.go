package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
)

// retention prints what is over its time, class by class, and forgets it only when told to.
func retention(set *flag.FlagSet) runner {
	apply := set.Bool("apply", false, "forget it; without this nothing changes")
	return func(ctx context.Context, cfg server.Config, _ []string, out io.Writer) error {
		app, err := server.New(ctx, cfg, server.Options{})
		if err != nil {
			return err
		}
		defer app.Close()
		do, verb := app.Service.RetentionDue, "over its time"
		if *apply {
			do, verb = app.Service.ApplyRetention, "forgotten"
		}
		lines, err := do(ctx, consult.System(), cfg.Retention)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "class\tkept\tbefore\t%s\n", verb)
		for _, l := range lines {
			if l.Days == 0 {
				fmt.Fprintf(w, "%s\tfor good\t\t\n", l.Class)
				continue
			}
			fmt.Fprintf(w, "%s\t%d days\t%s\t%d entries of %d cases\n", l.Class, l.Days, l.Before, l.Rows, l.Cases)
		}
		return w.Flush()
	}
}
