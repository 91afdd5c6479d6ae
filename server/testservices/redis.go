package testservices

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// RedisBin returns the path of redis-server: YOUSAID_TEST_REDIS_SERVER, else the one on the PATH.
func RedisBin() (string, error) {
	name := os.Getenv("YOUSAID_TEST_REDIS_SERVER")
	if name == "" {
		name = "redis-server"
	}
	// Not resolved further: on Debian redis-server is a link, and the program goes by the name it was called with.
	path, err := exec.LookPath(name)
	if err != nil {
		return "", errors.New("redis-server is not installed")
	}
	return path, nil
}

// StartRedis starts an empty Redis that keeps nothing on disk. It ends with the process that started it, or earlier
// with Close.
func StartRedis(ctx context.Context) (*Server, error) {
	bin, err := RedisBin()
	if err != nil {
		return nil, err
	}
	account, err := unprivileged()
	if err != nil {
		return nil, err
	}
	return startOnFreePort(ctx, func(port int) (*Server, error) {
		dir, err := temporaryDir("redis", account)
		if err != nil {
			return nil, err
		}
		password := randomWord()
		config := filepath.Join(dir, "redis.conf")
		if err := writeOwned(config, redisConfig(dir, password, port), account); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
		address := fmt.Sprintf("127.0.0.1:%d", port)
		return &Server{
			URL:     fmt.Sprintf("redis://:%s@%s/0", password, address),
			Dir:     dir,
			name:    "Redis",
			argv:    []string{bin, config},
			stop:    "TERM",
			crash:   syscall.SIGKILL,
			account: account,
			ready:   func(ctx context.Context) error { return pingRedis(ctx, address, password) },
		}, nil
	})
}

func redisConfig(dir, password string, port int) string {
	return strings.Join([]string{
		"bind 127.0.0.1",
		fmt.Sprintf("port %d", port),
		"requirepass " + password,
		"dir " + dir,
		`save ""`,
		"appendonly no",
		"daemonize no",
		"",
	}, "\n")
}

// pingRedis asks without a client library: only the bus may know one.
func pingRedis(ctx context.Context, address, password string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(conn, "AUTH %s\r\nPING\r\n", password); err != nil {
		return err
	}
	const want = "+OK\r\n+PONG\r\n"
	answer := make([]byte, len(want))
	if n, err := io.ReadFull(conn, answer); err != nil || string(answer) != want {
		return fmt.Errorf("redis answered %q: %w", answer[:n], err)
	}
	return nil
}
