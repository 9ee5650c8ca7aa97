//! Signals: what is removed when one ends the program while files are half written, and which do not end it.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a signal removes.
static HALF_WRITTEN: Mutex<Option<HalfWritten>> = Mutex::new(None);

struct HalfWritten {
    /// A directory that goes with all that is in it.
    staging: PathBuf,
    /// Directories that go where they are empty, the innermost first.
    made: Vec<PathBuf>,
}

/// While it is there, SIGINT and SIGTERM clean up before they end the program.
pub(super) struct Cleanup {
    _private: (),
}

/// While it is there, a signal waits.
pub(super) struct Hold {
    half_written: MutexGuard<'static, Option<HalfWritten>>,
}

fn hold() -> Hold {
    Hold { half_written: HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner) }
}

impl Cleanup {
    pub(super) fn new() -> Self {
        system::listen();
        Self { _private: () }
    }

    /// Makes signals wait.
    #[allow(clippy::unused_self, reason = "nothing has to wait without a cleanup")]
    pub(super) fn hold(&self) -> Hold {
        hold()
    }
}

impl Hold {
    /// Names what is to be removed.
    pub(super) fn on_signal(&mut self, staging: PathBuf, made: Vec<PathBuf>) {
        *self.half_written = Some(HalfWritten { staging, made });
    }

    #[cfg(unix)]
    fn clean_up(&self) {
        if let Some(half_written) = &*self.half_written {
            let _ = std::fs::remove_dir_all(&half_written.staging);
            for directory in &half_written.made {
                let _ = std::fs::remove_dir(directory);
            }
        }
    }
}

/// Makes a limit on the size of files (`ulimit -f`) an error of the write, as a full disk is, and no end of the program.
pub(crate) fn outlive_file_limits() {
    system::outlive_file_limits();
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        *hold().half_written = None;
    }
}

#[cfg(unix)]
mod system {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    use std::sync::{Arc, Once};

    static LISTEN: Once = Once::new();

    pub(super) fn outlive_file_limits() {
        // That somebody listens is enough: nothing asks for the flag.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
    }

    pub(super) fn listen() {
        LISTEN.call_once(|| {
            // Without a listener a signal ends the program at once, and leaves the staging directory.
            let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
            std::thread::spawn(move || {
                if let Some(signal) = signals.forever().next() {
                    // The program ends with this held: what goes on meanwhile writes no more.
                    let hold = super::hold();
                    hold.clean_up();
                    let _ = emulate_default_handler(signal);
                }
            });
        });
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn outlive_file_limits() {}

    pub(super) fn listen() {}
}
