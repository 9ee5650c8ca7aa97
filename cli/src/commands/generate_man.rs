//! `generate-man`: a page of the manual for each command.

use crate::arguments::Arguments;
use crate::write::note;
use anyhow::Context as _;
use clap::CommandFactory;
use std::path::Path;

/// Writes the pages into a directory.
pub(crate) fn run(directory: &Path) -> anyhow::Result<bool> {
    let place = || format!("cannot write to {}", directory.display());
    std::fs::create_dir_all(directory).with_context(place)?;
    clap_mangen::generate_to(Arguments::command(), directory).with_context(place)?;
    note(&format!("wrote the manual's pages to {}", directory.display()));
    Ok(true)
}
