module github.com/getsentry/sentry-streams-k8s/go

go 1.25.0

// The one WebAssembly runtime in pure Go: no cgo, so tools that embed the macro still cross-compile.
require github.com/tetratelabs/wazero v1.12.0

require golang.org/x/sys v0.44.0 // indirect
