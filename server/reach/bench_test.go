package reach

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// city makes the comments of a city: 100 consultations over two years, 69 wards, every topic.
func city(n int) []consult.ReachRow {
	r := rand.New(rand.NewPCG(1, 2))
	rows := make([]consult.ReachRow, n)
	for i := range rows {
		id := r.IntN(100)
		topics := []consult.Topic{consult.Topics()[r.IntN(8)]}
		if r.IntN(3) == 0 {
			topics = append(topics, consult.Topics()[r.IntN(8)])
		}
		rows[i] = consult.ReachRow{
			Consultation: consult.ID(id + 1), WardCode: fmt.Sprintf("E050%05d", (id+r.IntN(6)*r.IntN(2))%69), Channel: consult.Channels()[r.IntN(12)%8%7],
			Stance: consult.Stances()[r.IntN(3)], Topics: topics, ReceivedAt: noon(consult.Date("2024-01-01").Add(id*7 + r.IntN(21))),
		}
	}
	return rows
}

func BenchmarkMeasure(b *testing.B) {
	source := &kept{rows: city(100_000)}
	for name, f := range map[string]consult.ReachFilter{
		"everything":   {},
		"consultation": {Consultation: 7},
		"narrow":       {Consultation: 7, Ward: "E05000006", Topic: "noise", Channel: "letter", Stance: consult.Object},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Measure(context.Background(), source, f, noon("2026-06-01"), consult.England()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
