package streamsk8s

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// Directories of the tests are writable for this user only, whatever the user's habits.
func init() { syscall.Umask(0o022) }

// The tests of the cache compile the guest: it takes a millisecond.
func loadGuest(t *testing.T, directory string) {
	t.Helper()
	macro, err := load(t.Context(), guest, WithCacheDirectory(directory))
	if err != nil {
		t.Fatalf("the cache makes it fail: %v", err)
	}
	if got, err := macro.RenderText(t.Context(), []byte("fine")); err != nil || string(got) != "fine" {
		t.Errorf("got %s, %v", got, err)
	}
	if err := macro.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// isTrusted says whether the guest's code would be taken from the directory.
func isTrusted(t *testing.T, directory string) bool {
	t.Helper()
	module, err := makeInterruptible(guest)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := newCodeCache(directory, module)
	if err != nil {
		return false
	}
	return cache.check(cache.entry()) == nil
}

// below are all files, or directories, of a directory.
func below(t *testing.T, directory string, directories bool) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() == directories {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, path string, edit func([]byte) []byte) {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, edit(content), 0o600))
}

// Whatever is done to the cache, the macro is there, and what is not this package's own is not run. What can be mended
// is: the next process has a cache again.
func TestCacheFilesThatAreNotRightAreNotUsed(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, file string){
		"half":    func(t *testing.T, f string) { change(t, f, func(b []byte) []byte { return b[:len(b)/2] }) },
		"empty":   func(t *testing.T, f string) { must(t, os.Truncate(f, 0)) },
		"longer":  func(t *testing.T, f string) { change(t, f, func(b []byte) []byte { return append(b, 0) }) },
		"bit":     func(t *testing.T, f string) { change(t, f, func(b []byte) []byte { b[len(b)/2] ^= 1; return b }) },
		"huge":    func(t *testing.T, f string) { must(t, os.Truncate(f, maxCode+2)) },
		"gone":    func(t *testing.T, f string) { must(t, os.Remove(f)) },
		"written": func(t *testing.T, f string) { must(t, os.Chmod(f, 0o602)) },
		"group":   func(t *testing.T, f string) { must(t, os.Chmod(f, 0o660)) },
		"pipe": func(t *testing.T, f string) {
			must(t, os.Remove(f))
			must(t, syscall.Mkfifo(f, 0o600))
		},
		"directory": func(t *testing.T, f string) {
			must(t, os.Remove(f))
			must(t, os.Mkdir(f, 0o700))
		},
		"link": func(t *testing.T, f string) {
			must(t, os.Rename(f, filepath.Join(filepath.Dir(filepath.Dir(f)), "elsewhere")))
			must(t, os.Symlink("../elsewhere", f))
		},
		"other owner": func(t *testing.T, f string) {
			if os.Geteuid() != 0 {
				t.Skip("only root can give a file away")
			}
			must(t, os.Chown(f, 65534, 65534))
		},
	} {
		t.Run(name, func(t *testing.T) {
			original := t.TempDir()
			loadGuest(t, original)
			for i := range below(t, original, false) {
				directory := filepath.Join(t.TempDir(), "cache")
				loadGuest(t, directory)
				if !isTrusted(t, directory) {
					t.Fatal("an entry that nobody touched is not used")
				}
				file := below(t, directory, false)[i]
				harm(t, file)
				if isTrusted(t, directory) {
					t.Errorf("%s: %s would be run", name, filepath.Base(file))
				}
				loadGuest(t, directory)
				if !isTrusted(t, directory) {
					t.Errorf("%s: %s stays for ever", name, filepath.Base(file))
				}
			}
		})
	}
}

func TestCacheDirectoriesOfOthersAreNotUsed(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, directory string){
		"written by others": func(t *testing.T, d string) { must(t, os.Chmod(d, 0o777)) },
		"written by group":  func(t *testing.T, d string) { must(t, os.Chmod(d, 0o770)) },
		"other owner": func(t *testing.T, d string) {
			if os.Geteuid() != 0 {
				t.Skip("only root can give a directory away")
			}
			must(t, os.Chown(d, 65534, 65534))
		},
	} {
		t.Run(name, func(t *testing.T) {
			original := t.TempDir()
			loadGuest(t, filepath.Join(original, "above", "cache"))
			for i := range below(t, original, true) {
				root := t.TempDir()
				directory := filepath.Join(root, "above", "cache")
				loadGuest(t, directory)
				harmed := below(t, root, true)[i]
				harm(t, harmed)
				if isTrusted(t, directory) {
					t.Errorf("code in or under %s would be run", filepath.Base(harmed))
				}
				loadGuest(t, directory)
			}
		})
	}
}

// A valid entry of another module under this module's name is not this module's code.
func TestCodeOfAnotherModuleIsNotUsed(t *testing.T) {
	directory := t.TempDir()
	module, err := makeInterruptible(guest)
	must(t, err)
	own, err := newCodeCache(directory, module)
	must(t, err)
	other, err := newCodeCache(directory, append([]byte(nil), header...))
	must(t, err)
	compiled, err := other.fill(t.Context(), []byte(header))
	must(t, err)
	must(t, compiled.close(t.Context()))
	must(t, other.check(other.entry()))
	must(t, os.Rename(other.entry(), own.entry()))
	if own.check(own.entry()) == nil {
		t.Error("another module's code would be run")
	}
	loadGuest(t, directory)
}

func TestCacheThatCannotBeWrittenIsNoError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	pipe := filepath.Join(t.TempDir(), "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	for _, directory := range []string{
		file, filepath.Join(file, "below"), pipe, "/dev/null", "/proc/nowhere", "a\x00b", t.TempDir() + "/" + string(make([]byte, 300)),
	} {
		loadGuest(t, directory)
	}
}

// On a disk that is full nothing is kept; from one that is read-only an entry that is there is used.
func TestCacheOnAFullAndAReadOnlyDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k,mode=0700"); err != nil {
		t.Skipf("cannot mount a small disk: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(disk, 0)) })
	full := filepath.Join(disk, "full")
	must(t, os.WriteFile(full, make([]byte, 60<<10), 0o600))
	loadGuest(t, disk)
	if isTrusted(t, disk) {
		t.Error("the disk is not full")
	}
	if rest, err := filepath.Glob(filepath.Join(disk, "new-*")); err != nil || len(rest) > 0 {
		t.Errorf("half an entry is left: %v, %v", rest, err)
	}

	must(t, os.Remove(full))
	loadGuest(t, disk)
	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	if !isTrusted(t, disk) {
		t.Error("an entry on a disk that is read-only is not used")
	}
	loadGuest(t, disk)
}

func TestCacheIsFilledByManyAtOnce(t *testing.T) {
	directory := t.TempDir()
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			macro, err := load(t.Context(), guest, WithCacheDirectory(directory))
			if err != nil {
				t.Error(err)
				return
			}
			if err := macro.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if !isTrusted(t, directory) {
		t.Error("there is no entry")
	}
	if entries, err := os.ReadDir(directory); err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v", entries, err)
	}
}
