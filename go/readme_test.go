package streamsk8s

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the README says to do from outside works as pasted. Nothing is fetched: what the package needs is here already.
func TestReadmeWorksFromOutside(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```(console|go)\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) != 2 || blocks[0][1] != "console" || blocks[1][1] != "go" {
		t.Fatal("README.md is no longer some commands and a program")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}

	// The clone is this one, and the program is put into its file where the commands say so.
	directory := t.TempDir()
	if err := os.Symlink(filepath.Dir(here), filepath.Join(directory, "sentry-streams-k8s")); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "program"), []byte(blocks[1][2]), 0o600); err != nil {
		t.Fatal(err)
	}
	commands := strings.NewReplacer(
		"git clone https://github.com/getsentry/sentry-streams-k8s\n", "",
		"# put the program below into main.go\n", "cp ../program main.go\n",
	).Replace(blocks[0][2])

	shell := exec.Command("bash", "-ec", commands)
	shell.Dir = directory
	shell.Env = append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=-mod=mod", "GOWORK=off")
	shell.Stderr = t.Output()
	output, err := shell.Output()
	if err != nil {
		t.Fatalf("the commands fail: %v", err)
	}
	for _, kind := range []string{`"kind":"Deployment"`, `"kind":"ConfigMap"`} {
		if !strings.Contains(string(output), kind) {
			t.Errorf("no %s in %.200s", kind, output)
		}
	}
}
