// Command release writes the Go module of this repository as a folder that GOPROXY can name: what a proxy would serve
// it, to the byte.
//
// usage: go run . MODULE-DIRECTORY VERSION TIME OUT
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: go run . MODULE-DIRECTORY VERSION TIME OUT")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// write makes `OUT/MODULE/@v` with the list of versions, and the version's info, mod and zip.
func write(directory, version, committed, out string) error {
	definition, err := os.ReadFile(filepath.Join(directory, "go.mod"))
	if err != nil {
		return err
	}
	path := modfile.ModulePath(definition)
	escaped, err := module.EscapePath(path)
	if err != nil {
		return err
	}

	var archive bytes.Buffer
	this := module.Version{Path: path, Version: version}
	if err := zip.CreateFromDir(&archive, this, directory); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, committed)
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, at.UTC()})
	if err != nil {
		return err
	}

	versions := filepath.Join(out, escaped, "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		return err
	}
	put := func(name string, content []byte) error {
		return os.WriteFile(filepath.Join(versions, name), content, 0o644)
	}
	return errors.Join(
		put("list", []byte(version+"\n")),
		put(version+".info", info),
		put(version+".mod", definition),
		put(version+".zip", archive.Bytes()),
	)
}
