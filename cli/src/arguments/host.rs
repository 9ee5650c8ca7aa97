//! How every command runs: with which component, in which colours.

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use sentry_streams_k8s_host::{Cache, ConsumerMacro, Limits};
use std::path::PathBuf;

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Host {
    /// Run this component instead of the one inside the tool
    #[arg(long, global = true, value_name = "FILE")]
    component: Option<PathBuf>,
    /// When output is in colour: of itself on a terminal that has it, unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
    /// Compile the component anew, and keep no compiled code
    #[arg(long, global = true)]
    no_cache: bool,
}

/// When output is in colour.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

impl Host {
    /// Loads the macro: the given component, else the one inside.
    pub(crate) fn load(&self, inside: &[u8]) -> anyhow::Result<ConsumerMacro> {
        self.load_within(inside, Limits::default())
    }

    /// The same, with other limits of each call.
    pub(crate) fn load_within(
        &self,
        inside: &[u8],
        limits: Limits,
    ) -> anyhow::Result<ConsumerMacro> {
        let mut builder = ConsumerMacro::builder().limits(limits);
        if let Some(cache) = Cache::of_user().filter(|_| !self.no_cache) {
            builder = builder.cache(cache);
        }
        match &self.component {
            None => Ok(builder.from_bytes(inside)?),
            Some(path) => {
                builder.from_file(path).with_context(|| format!("cannot use {}", path.display()))
            }
        }
    }
}
