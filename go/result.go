package streamsk8s

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Rendered is what the macro gives for a context that is right.
type Rendered struct {
	// Manifests holds the objects in the macro's order: the Deployment, the ConfigMap, and the canary Deployment where
	// one is asked for.
	Manifests []Manifest
	// Warnings says what is legal but suspicious.
	Warnings []Problem
}

// Manifest returns the object with a role.
func (r *Rendered) Manifest(role string) (Manifest, bool) {
	for _, manifest := range r.Manifests {
		if manifest.Role == role {
			return manifest, true
		}
	}
	return Manifest{}, false
}

// Manifest is one Kubernetes object.
type Manifest struct {
	// Role is its key in the macro's result: deployment, configmap or canary_deployment.
	Role string
	// Kind is its kind.
	Kind string
	// Name is its metadata.name.
	Name string
	// Namespace is its metadata.namespace, empty where it has none.
	Namespace string
	// JSON is the whole object, keys in the macro's order.
	JSON json.RawMessage
}

// Problem is one thing that is wrong, or suspicious, with its place and its cure.
type Problem struct {
	// Code says what kind of problem it is: stable, kebab-case, for programs.
	Code string `json:"code"`
	// Path is the place in the input, from the context's root; empty for the context as a whole.
	Path string `json:"path"`
	// Message says what is wrong, in one sentence, for people.
	Message string `json:"message"`
	// Help says what to do about it.
	Help string `json:"help,omitempty"`
	// Source is the field of the context whose own YAML text Line, Column, End and Fix count in; empty where they count
	// in the text of the context.
	Source string `json:"source,omitempty"`
	// Line is the line of the place, from 1: of the key where the key is wrong, else of the value, or of the nearest
	// thing around what is missing; 0 where it is not known.
	Line int `json:"line,omitempty"`
	// Column is the column of the place in that line, in characters, from 1; 0 where it is not known.
	Column int `json:"column,omitempty"`
	// End is what follows the place's last character; nil where the place is not known.
	End *Position `json:"end,omitempty"`
	// Fix is a change of that text that fixes the problem, where one is sure to; else nil.
	Fix *Fix `json:"fix,omitempty"`
}

// Position is a place in a text.
type Position struct {
	// Line is the line, from 1.
	Line int `json:"line"`
	// Column is the column in that line, in characters, from 1.
	Column int `json:"column"`
}

// Fix is changes to a text that fix a problem without changing anything else.
type Fix struct {
	// Title says what it does, in a few words.
	Title string `json:"title"`
	// Edits are the changes, in the order of the text; none overlaps another.
	Edits []Edit `json:"edits"`
}

// Edit is one change to a text: what to write in place of a range of it. An empty range is an insertion, an empty text
// a removal.
type Edit struct {
	// Start is the first character of the range.
	Start Position `json:"start"`
	// End is what follows the range's last character.
	End Position `json:"end"`
	// Text is what to write there.
	Text string `json:"text"`
}

// String is the problem on one line, and its cure on a second one.
func (p Problem) String() string {
	var text strings.Builder
	if p.Path != "" {
		text.WriteString(p.Path + ": ")
	}
	text.WriteString(p.Message + " [" + p.Code + "]")
	if p.Help != "" {
		text.WriteString("\n  help: " + p.Help)
	}
	return text.String()
}

// RefusedError says that the macro refused a context. Problems holds everything found wrong, at least one.
type RefusedError struct {
	Problems []Problem
	// JSON is the macro's own text: {"problems": […]}.
	JSON json.RawMessage
}

// Error lists all problems.
func (e *RefusedError) Error() string {
	lines := make([]string, 0, len(e.Problems))
	for _, problem := range e.Problems {
		lines = append(lines, problem.String())
	}
	return "the context is refused: " + strings.Join(lines, "\n")
}

// ErrNoProblems says that the macro refused a context without a word why: a fault of the macro. There is no result.
var ErrNoProblems = errors.New("the macro refused the context, but gave no problem; this is a fault of the macro")

// LimitKind says which limit a call went over.
type LimitKind string

// The limits of a call.
const (
	LimitMemory LimitKind = "memory"
	LimitTime   LimitKind = "time"
	LimitOutput LimitKind = "output"
)

// LimitError says that a call went over a limit of its [Macro] and was stopped.
type LimitError struct {
	// Kind is the limit.
	Kind LimitKind
	// Max is how much it allows.
	Max string
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("the macro went over its %s limit of %s", e.Kind, e.Max)
}

// Unwrap makes the time limit a deadline to [errors.Is].
func (e *LimitError) Unwrap() error {
	if e.Kind == LimitTime {
		return context.DeadlineExceeded
	}
	return nil
}

func decodeRendered(text []byte) (*Rendered, error) {
	rendered := &Rendered{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	err := eachEntry(decoder, func(key string) (bool, error) {
		switch key {
		case "manifests":
			return true, rendered.readManifests(decoder)
		case "warnings":
			return true, decoder.Decode(&rendered.Warnings)
		default:
			return true, decoder.Decode(&json.RawMessage{})
		}
	})
	if err == nil {
		_, err = decoder.Token()
	}
	if err != io.EOF {
		return nil, notAResult(err)
	}
	return rendered, nil
}

func decodeAccepted(text []byte) ([]Problem, error) {
	var result struct {
		Warnings []Problem `json:"warnings"`
	}
	err := decode(text, &result)
	return result.Warnings, err
}

func decodeFailure(text []byte) error {
	refused := &RefusedError{JSON: text}
	var result struct {
		Problems []Problem `json:"problems"`
	}
	if err := decode(text, &result); err != nil {
		return err
	}
	if len(result.Problems) == 0 {
		return ErrNoProblems
	}
	refused.Problems = result.Problems
	return refused
}

func decode(text []byte, result any) error {
	if err := json.Unmarshal(text, result); err != nil {
		return notAResult(err)
	}
	return nil
}

func notAResult(err error) error {
	return fmt.Errorf("the macro gave text that is not its result: %w", err)
}

// readManifests reads a JSON object of Kubernetes objects in its order, which a Go map loses.
func (r *Rendered) readManifests(decoder *json.Decoder) error {
	return eachEntry(decoder, func(role string) (bool, error) {
		manifest := Manifest{Role: role}
		if err := decoder.Decode(&manifest.JSON); err != nil {
			return false, err
		}
		if err := manifest.readHead(); err != nil {
			return false, err
		}
		r.Manifests = append(r.Manifests, manifest)
		return true, nil
	})
}

// readHead reads kind, name and namespace. They stand before the spec, which is long and which it does not read.
func (m *Manifest) readHead() error {
	var metadata struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	}
	hasKind, hasMetadata := false, false
	decoder := json.NewDecoder(bytes.NewReader(m.JSON))
	err := eachEntry(decoder, func(key string) (goOn bool, err error) {
		switch key {
		case "kind":
			hasKind, err = true, decoder.Decode(&m.Kind)
		case "metadata":
			hasMetadata, err = true, decoder.Decode(&metadata)
		default:
			err = decoder.Decode(&json.RawMessage{})
		}
		return !(hasKind && hasMetadata), err
	})
	m.Name, m.Namespace = metadata.Name, metadata.Namespace
	return err
}

// eachEntry hands each key of a JSON object to read, which reads its value and says whether to go on.
func eachEntry(decoder *json.Decoder, read func(key string) (goOn bool, err error)) error {
	if start, err := decoder.Token(); err != nil {
		return err
	} else if start != json.Delim('{') {
		return fmt.Errorf("%v stands where an object should", start)
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return err
		}
		if goOn, err := read(fmt.Sprint(key)); err != nil || !goOn {
			return err
		}
	}
	_, err := decoder.Token()
	return err
}
