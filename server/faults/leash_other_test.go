//go:build !linux

package faults

import "syscall"

// leash ends children with this process where the system can; here it cannot, and only cleanups do.
func leash() *syscall.SysProcAttr { return nil }
