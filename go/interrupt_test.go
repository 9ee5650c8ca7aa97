package streamsk8s

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
)

// A call that runs on and on leaves the one processor there is to the garbage collector, timers and other goroutines. If
// it did not, this would never end.
func TestCallsThatRunOnLetOthersRun(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	endless, err := load(t.Context(), guest, WithTimeLimit(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = endless.Close(t.Context()) })
	limited, err := load(t.Context(), guest, WithTimeLimit(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = limited.Close(t.Context()) })

	for _, text := range []string{"1", "55555"} {
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error)
		go func() {
			_, err := endless.RenderText(ctx, []byte(text))
			result <- err
		}()
		for len(endless.slots) == 0 {
			time.Sleep(time.Millisecond)
		}
		runtime.GC()
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("%d bytes: got %v", len(text), err)
		}

		_, err := limited.RenderText(t.Context(), []byte(text))
		if kind := limitOf(t, err); kind != LimitTime {
			t.Errorf("%d bytes: stopped by the limit of %s", len(text), kind)
		}
	}
}

// Instructions of every form are passed over as what they are: the module is still valid, and computes the same.
func TestEveryFormOfInstructionIsKnown(t *testing.T) {
	module, err := makeInterruptible(guest)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := compileIn(t.Context(), module, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = compiled.close(t.Context()) })
	instance, err := compiled.runtime.InstantiateModule(t.Context(), compiled.module, instanceConfig)
	if err != nil {
		t.Fatal(err)
	}
	// The loop counts down to 0, -2.5 becomes -2, and the byte that is loaded is 0.
	results, err := instance.ExportedFunction("every-form").Call(t.Context(), 0)
	if err != nil || int32(results[0]) != -2 {
		t.Errorf("got %v, %v", results, err)
	}
}

// No bytes make it panic.
func TestModulesThatAreBrokenAreRefused(t *testing.T) {
	for length := range len(guest) {
		_, _ = makeInterruptible(guest[:length])
	}
	for at := range guest {
		broken := append([]byte(nil), guest...)
		broken[at] ^= 0x85
		_, _ = makeInterruptible(broken)
	}
	withImport := append([]byte(header), 2, 7, 1, 1, 'a', 1, 'b', 0, 0)
	if _, err := makeInterruptible(withImport); !errors.Is(err, errModule) {
		t.Errorf("a module that imports: got %v", err)
	}
}
