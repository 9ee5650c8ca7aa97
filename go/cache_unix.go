//go:build unix

package streamsk8s

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// checkPath refuses a directory that another user may write, or may put another one in the place of: what is above it
// must be this user's or root's, too, and either not writable for others or, like /tmp, keep them off each other's files.
func checkPath(directory string) error {
	if err := checkOwnDirectory(directory); err != nil {
		return err
	}
	for parent := filepath.Dir(directory); ; parent = filepath.Dir(parent) {
		info, err := os.Lstat(parent)
		if err != nil {
			return err
		}
		if !info.IsDir() || !isOwners(info) || othersWrite(info) && info.Mode()&fs.ModeSticky == 0 {
			return errEntry
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}

// checkOwnDirectory refuses what is no directory, or one that another user may write.
func checkOwnDirectory(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() || !isOwners(info) || othersWrite(info) {
		return errEntry
	}
	return nil
}

// openOwnFile opens a plain file of at most so many bytes that only this user, or root, can have written: neither through
// a link, nor waiting for the other end of a pipe.
func openOwnFile(path string, most int64) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && (!info.Mode().IsRegular() || !isOwners(info) || othersWrite(info) || info.Size() > most) {
		err = errEntry
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// isOwners says whether a file belongs to this user or root.
func isOwners(info fs.FileInfo) bool {
	status, ok := info.Sys().(*syscall.Stat_t)
	return ok && (status.Uid == 0 || int(status.Uid) == os.Geteuid())
}

func othersWrite(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }
