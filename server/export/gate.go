package export

import (
	"bufio"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const (
	maxRunning   = 4 // each holds a reading connection for as long as its reader takes
	gateBuffer   = 32 << 10
	retryRefused = 15 * time.Second
)

// Gate counts the files that are being written; the zero gate is open.
type Gate struct{ running atomic.Int32 }

// Start runs write in the background and gives what it writes; TooMany when four are being written already. It waits for the first bytes,
// so that a file which cannot even begin is an error and not an empty file. A file that fails later breaks the connection off: the reader
// sees that it is not whole.
func (g *Gate) Start(write func(io.Writer) error) (io.ReadCloser, error) {
	if g.running.Add(1) > maxRunning {
		g.running.Add(-1)
		return nil, &consult.Error{Kind: consult.TooMany, Op: "export", RetryAfter: int(retryRefused.Seconds())}
	}
	reader, writer := io.Pipe()
	go func() {
		defer g.running.Add(-1)
		writer.CloseWithError(filled(writer, write))
	}()
	body := bufio.NewReader(reader)
	if _, err := body.Peek(1); err != nil && err != io.EOF {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{body, reader}, nil
}

// filled writes through a buffer and turns a panic, which no handler would catch here, into an error.
func filled(out io.Writer, write func(io.Writer) error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	buffer := bufio.NewWriterSize(out, gateBuffer)
	if err := write(buffer); err != nil {
		return err
	}
	return buffer.Flush()
}
