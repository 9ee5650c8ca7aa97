package streamsk8s

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/tetratelabs/wazero"
)

// Compiled code on disk. To load it is to run it, and wazero loads what it finds. So wazero only ever gets a directory
// that was just found to be what this package wrote: an entry, named by module and engine, with one file of code and
// its digest, all of them this user's or root's and writable for nobody else. Anything else is passed over, taken away
// where that is possible, and the module is compiled. A cache never makes [New] fail.
//
// An entry is written under another name first: nobody sees half of one.

// digestFile holds an entry's digest, beside wazero's own directory.
const digestFile = "digest"

// maxCode bounds what is read of a file of code, which has some megabytes.
const maxCode = 256 << 20

var errEntry = errors.New("not an entry of the cache")

// codeCache is a directory of compiled modules.
type codeCache struct {
	directory string
	key       string
}

// newCodeCache is the cache for a module, where the directory is fit to be one.
func newCodeCache(directory string, module []byte) (*codeCache, error) {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, err
	}
	// As it is without links: it is this path whose parts are looked at.
	directory, err := filepath.EvalSymlinks(directory)
	if err != nil {
		return nil, err
	}
	if directory, err = filepath.Abs(directory); err != nil {
		return nil, err
	}
	if err := checkPath(directory); err != nil {
		return nil, err
	}

	identity, err := engineIdentity()
	if err != nil {
		return nil, err
	}
	engine := fmt.Sprintf("wazero %s %s %s", identity, runtime.GOOS, runtime.GOARCH)
	key := sha256.Sum256(append([]byte(engine+"\x00"), module...))
	return &codeCache{directory: directory, key: hex.EncodeToString(key[:])}, nil
}

// engineIdentity names the engine in this program: wazero's version, or, where the program does not say it (tests,
// replaced copies), the program as a whole.
func engineIdentity() (string, error) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == "github.com/tetratelabs/wazero" && dependency.Replace == nil {
				return dependency.Version, nil
			}
		}
	}

	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	program, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = program.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, program); err != nil {
		return "", err
	}
	return "in " + hex.EncodeToString(sum.Sum(nil)), nil
}

// entry is the directory of this module's code.
func (c *codeCache) entry() string { return filepath.Join(c.directory, c.key) }

// load gives the module from the cache.
func (c *codeCache) load(ctx context.Context, module []byte) (*compiledModule, error) {
	if err := c.check(c.entry()); err != nil {
		return nil, err
	}
	compiled, err := compileIn(ctx, module, c.entry())
	if err != nil {
		return nil, err
	}
	return compiled, nil
}

// fill compiles the module and keeps its code.
func (c *codeCache) fill(ctx context.Context, module []byte) (*compiledModule, error) {
	temporary, err := os.MkdirTemp(c.directory, "new-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(temporary) }() // gone already where it became the entry
	compiled, err := compileIn(ctx, module, temporary)
	if err != nil {
		return nil, err
	}

	// From here on there is a result; a cache that cannot be written is a slower start next time, no more.
	digest, err := c.digest(temporary)
	if err != nil {
		return compiled, nil
	}
	if err := os.WriteFile(filepath.Join(temporary, digestFile), []byte(digest), 0o600); err != nil {
		return compiled, nil
	}
	// What stands there is no entry. Another process may have put one there by now: then this fails, and that one stays.
	if c.check(c.entry()) != nil {
		_ = os.RemoveAll(c.entry())
		_ = os.Rename(temporary, c.entry())
	}
	return compiled, nil
}

// check finds out whether a directory is an entry that this user, or root, wrote for this module and engine.
func (c *codeCache) check(entry string) error {
	digest, err := c.digest(entry)
	if err != nil {
		return err
	}
	recorded, err := readOwnFile(filepath.Join(entry, digestFile), int64(len(digest)))
	if err != nil {
		return err
	}
	if string(recorded) != digest {
		return errEntry
	}
	return nil
}

// digest is that of the one file of code in an entry, its name, and the key. It looks at everything wazero may open.
func (c *codeCache) digest(entry string) (string, error) {
	if err := checkOwnDirectory(entry); err != nil {
		return "", err
	}
	names, err := filepath.Glob(filepath.Join(entry, "wazero-*", "*"))
	if err != nil {
		return "", err
	}
	if len(names) != 1 {
		return "", errEntry
	}
	if err := checkOwnDirectory(filepath.Dir(names[0])); err != nil {
		return "", err
	}
	code, err := readOwnFile(names[0], maxCode)
	if err != nil {
		return "", err
	}

	name, err := filepath.Rel(entry, names[0])
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%s\x00%s\x00", c.key, name)
	_, _ = sum.Write(code)
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// readOwnFile reads a plain file of at most so many bytes that only this user, or root, can have written. It may grow
// meanwhile.
func readOwnFile(path string, most int64) ([]byte, error) {
	file, err := openOwnFile(path, most)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(content)) > most {
		return nil, errEntry
	}
	return content, err
}

// compiledModule is a module with the runtime that runs it.
type compiledModule struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	module  wazero.CompiledModule
}

// compile compiles the module, or takes it from the cache in a directory; none where that is empty.
func compile(ctx context.Context, module []byte, directory string) (*compiledModule, error) {
	if directory != "" {
		if cache, err := newCodeCache(directory, module); err == nil {
			if compiled, err := cache.load(ctx, module); err == nil {
				return compiled, nil
			}
			if compiled, err := cache.fill(ctx, module); err == nil {
				return compiled, nil
			}
		}
	}
	return compileIn(ctx, module, "")
}

// compileIn compiles the module with wazero's cache in a directory; with none where that is empty.
func compileIn(ctx context.Context, module []byte, directory string) (*compiledModule, error) {
	c := &compiledModule{}
	config := wazero.NewRuntimeConfig()
	if directory != "" {
		cache, err := wazero.NewCompilationCacheWithDir(directory)
		if err != nil {
			return nil, err
		}
		c.cache = cache
		config = config.WithCompilationCache(cache)
	}
	c.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	compiled, err := c.runtime.CompileModule(ctx, module)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot compile the macro: %w", err), c.close(ctx))
	}
	c.module = compiled
	return c, nil
}

func (c *compiledModule) close(ctx context.Context) error {
	err := c.runtime.Close(ctx)
	if c.cache != nil {
		err = errors.Join(err, c.cache.Close(ctx))
	}
	return err
}
