//! `diff`: what changes between two sets of objects, and what that means for what runs.

use crate::arguments::Diff;
use crate::compare::compare;
use crate::context::{Context, Setting};
use crate::read::{self, Input};
use crate::report::Report;
use crate::upgrade::Upgrade;
use crate::{differences, objects, run, write};
use anyhow::{bail, ensure};
use sentry_streams_k8s_host::ConsumerMacro;
use std::path::Path;

/// Compares, and says whether all is the same.
pub(crate) fn run(arguments: &Diff, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let new = match (&arguments.new, &arguments.to) {
        (Some(new), _) => new,
        (None, Some(to)) => return upgrade(arguments, to, consumer_macro),
        (None, None) => bail!("there is nothing to compare with"),
    };
    let mut report = Report::default();
    let input = Input::default();
    let settings = arguments.settings.read(&input)?;
    let old = objects::load(&arguments.old, &[], &input, consumer_macro, &mut report)?;
    let new = objects::load(new, &settings, &input, consumer_macro, &mut report)?;
    write::report(&report.text(arguments.format));
    if !report.is_clean() {
        bail!("a context is not right, so there is nothing to compare");
    }
    let mut diffs = compare(&objects::nodes(&old)?, &objects::nodes(&new)?);
    if !arguments.show_secrets {
        diffs = differences::without_secrets(&diffs);
    }
    let text = differences::write(&diffs, arguments.output);
    write::print_styled(&text)?;
    Ok(diffs.is_empty())
}

/// Compares what is said of contexts for two versions of Kubernetes, and says whether it is the same.
fn upgrade(arguments: &Diff, to: &str, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let input = Input::default();
    let mut settings = arguments.settings.read(&input)?;
    let from = run::validate(consumer_macro, &contexts(&arguments.old, &settings, &input)?)?;
    settings.push(Setting::kubernetes_version(to));
    let to = run::validate(consumer_macro, &contexts(&arguments.old, &settings, &input)?)?;

    let upgrade = Upgrade::new(from, to);
    upgrade.check()?;
    write::print_styled(&upgrade.write(arguments.output))?;
    Ok(upgrade.is_empty())
}

/// The contexts of a file, or of all files of a directory.
fn contexts(path: &Path, settings: &[Setting], input: &Input) -> anyhow::Result<Vec<Context>> {
    let mut contexts = Vec::new();
    for file in read::files(path)? {
        contexts.extend(Context::read(&file, settings, input)?);
    }
    ensure!(!contexts.is_empty(), "{} has no context", path.display());
    Ok(contexts)
}
