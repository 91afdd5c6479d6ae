// Command routes prints the table of addresses as JSON, so that the journeys open all of them and none is typed by hand.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/yousaid/yousaid/server"
)

func main() {
	if err := json.NewEncoder(os.Stdout).Encode(server.Routes()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
