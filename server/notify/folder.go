package notify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder writes every message as one .eml file, which any mail program opens. The file is named after the delivery, so a second
// copy replaces the first. The folder is readable by its owner alone: the files hold addresses and sign-in links.
type Folder struct{ path string }

// OpenFolder makes the folder when it is missing.
func OpenFolder(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	return &Folder{path: path}, nil
}

// Send writes the file whole or not at all.
func (f *Folder) Send(ctx context.Context, m Message) error {
	raw, err := m.MIME()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &Failure{Step: "folder", Err: err}
	}
	name, _, _ := strings.Cut(m.ID, "@")
	if err := writeWhole(filepath.Join(f.path, name+".eml"), raw); err != nil {
		return &Failure{Step: "folder", Err: err}
	}
	return nil
}

// writeWhole renames a finished file into place, so that a reader never sees half a message.
func writeWhole(path string, raw []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // gone already after the rename
	if _, err := temp.Write(raw); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
