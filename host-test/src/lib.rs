//! Runs the Sentry Streams Consumer Macro: loads its component, gives every call a fresh instance, and fences in what
//! the component may use.
//!
//! ```no_run
//! use sentry_streams_k8s_host::{ConsumerMacro, Error};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Compiled once; cheap to clone, and any number of threads may call it.
//! let consumer_macro = ConsumerMacro::from_file("sentry_streams_k8s.wasm")?;
//!
//! match consumer_macro.render(&std::fs::read_to_string("context.yaml")?) {
//!     Ok(rendered) => {
//!         for manifest in rendered.manifests {
//!             println!("{} {}: {}", manifest.kind, manifest.name, manifest.json);
//!         }
//!     }
//!     Err(Error::Refused(problems)) => {
//!         for problem in problems {
//!             eprintln!("{}: {}", problem.path, problem.message);
//!         }
//!     }
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A component is never trusted. It is refused when it imports anything at all, lacks the interface this crate was
//! built for, or could take long to compile, and each call is held to [`Limits`] of time, memory and output. Compiled code is kept in a [`Cache`] where
//! one is given to the [`Builder`].

mod bindings;
mod cache;
mod clock;
mod consumer_macro;
mod error;
mod inspect;
mod limits;
mod slots;

pub use bindings::{Edit, Fix, Manifest, Position, Problem, Rendered};
pub use cache::Cache;
pub use consumer_macro::{Builder, ConsumerMacro};
pub use error::Error;
pub use limits::Limits;
