package bus_test

import (
	"testing"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/bus/bustest"
)

func TestMemory(t *testing.T) {
	b := bus.Memory()
	bustest.Run(t, func(*testing.T) bus.Bus { return b })
}
