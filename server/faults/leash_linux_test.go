package faults

import "syscall"

// leash ends a child with this process, however that ends.
func leash() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
