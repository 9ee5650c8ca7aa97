package streamsk8s

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Calls that wait for others have not begun: their time does not count.
func TestWaitingDoesNotCountAsTime(t *testing.T) {
	macro, err := load(t.Context(), guest, WithTimeLimit(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = macro.Close(t.Context()) })
	var group sync.WaitGroup
	// Two rounds of calls that use up their time keep all slots; the good ones queue behind them.
	for range 2 * cap(macro.slots) {
		group.Go(func() {
			if _, err := macro.RenderText(t.Context(), []byte("1")); limitOf(t, err) != LimitTime {
				t.Errorf("got %v", err)
			}
		})
	}
	for range 100 {
		group.Go(func() {
			if got, err := macro.RenderText(t.Context(), []byte("fine")); err != nil || string(got) != "fine" {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
	group.Wait()
}

func TestManyGoroutinesGetTheirAnswers(t *testing.T) {
	macro := newMacro(t)
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() {
			for range 50 {
				if _, err := macro.RenderText(t.Context(), []byte(minimalContext)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestWaitingCallsCanBeCancelled(t *testing.T) {
	macro, err := load(t.Context(), guest, WithTimeLimit(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if got := cap(macro.slots); got != 2*runtime.GOMAXPROCS(0) {
		t.Errorf("there are %d slots", got)
	}
	running, end := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range cap(macro.slots) {
		group.Go(func() {
			if _, err := macro.RenderText(running, []byte("1")); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
	for len(macro.slots) < cap(macro.slots) {
		runtime.Gosched()
	}
	// All slots are taken for an hour.
	waiting, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err = macro.RenderText(waiting, []byte("fine"))
	var limit *LimitError
	if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &limit) {
		t.Errorf("got %v, want the waiting caller's own deadline", err)
	}

	end()
	group.Wait()
	if got, err := macro.RenderText(t.Context(), []byte("fine")); err != nil || string(got) != "fine" {
		t.Errorf("afterwards: got %s, %v", got, err)
	}
	if err := macro.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
