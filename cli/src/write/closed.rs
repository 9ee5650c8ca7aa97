//! Whether the program was begun with a standard output.
//!
//! In the place of one that is closed Rust's runtime puts `/dev/null`, which takes everything: so it is asked before the
//! runtime begins.

use std::sync::atomic::{AtomicBool, Ordering};

static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether standard output was closed when the program began (`>&-`).
pub(super) fn is_closed() -> bool {
    IS_CLOSED.load(Ordering::Relaxed)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
#[allow(unsafe_code, reason = "what runs before the runtime is named to the linker")]
mod at_start {
    use super::{IS_CLOSED, Ordering};

    #[used]
    #[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
    #[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
    static LOOK: extern "C" fn() = look;

    extern "C" fn look() {
        // SAFETY: flags may be asked for of any number, of an open descriptor or not. Nothing of the runtime is used.
        let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
        IS_CLOSED.store(flags == -1, Ordering::Relaxed);
    }
}
