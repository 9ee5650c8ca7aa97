//! `render`: the objects of contexts.

use crate::arguments::Render;
use crate::output::{self, Listing};
use crate::report::Report;
use crate::{format, run, write};
use sentry_streams_k8s_host::ConsumerMacro;

/// Renders, and says whether all contexts are right.
pub(crate) fn run(arguments: &Render, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = arguments.contexts.read()?;
    let language = arguments.output;
    let is_right = |report: &Report| {
        write::report(&format::write(report, arguments.contexts.format)?);
        anyhow::Ok(report.is_clean())
    };

    if let Some(directory) = &arguments.output_dir {
        let mut files = Vec::new();
        let (report, made) = run::render_each(
            consumer_macro,
            &contexts,
            |manifest, object| output::file(manifest, &object, language),
            |_, file| files.push(file),
        )?;
        if !is_right(&report)? {
            return Ok(false);
        }
        made?;
        output::write(&files, directory, arguments.prune)?;
    } else {
        let mut listing = Listing::new(language);
        let (report, made) = run::render_each(
            consumer_macro,
            &contexts,
            |_, object| Listing::item(&object, language),
            |_, item| listing.push(&item),
        )?;
        if !is_right(&report)? {
            return Ok(false);
        }
        made?;
        listing.print()?;
    }
    Ok(true)
}
