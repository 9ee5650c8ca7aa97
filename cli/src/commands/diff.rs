//! `diff`: what changes between two sets of objects, and what that means for what runs.

use crate::arguments::Diff;
use crate::compare::compare;
use crate::read::Input;
use crate::report::Report;
use crate::upgrade::Upgrade;
use crate::{differences, format, live, objects, run, write};
use anyhow::bail;
use sentry_streams_k8s_host::ConsumerMacro;

/// Compares, and says whether all is the same.
pub(crate) fn run(arguments: &Diff, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    if let Some(to) = &arguments.to {
        return upgrade(arguments, to, consumer_macro);
    }

    let mut report = Report::default();
    let input = Input::default();
    let settings = arguments.settings.read(&input)?;
    let (old, new) = arguments.sides();
    let old = match old {
        Some(old) => Some(objects::load(old, &[], &input, consumer_macro, &mut report)?),
        None => None,
    };
    let new = objects::load(new, &settings, &input, consumer_macro, &mut report)?;
    write::report(&format::write(&report, arguments.format)?);
    if !report.is_clean() {
        bail!("a context is not right, so there is nothing to compare");
    }

    let old = match old {
        Some(old) => old,
        None => {
            let mut running = Vec::new();
            for text in live::objects(&new, arguments.kube_context.as_deref())? {
                running.extend(objects::of_text("kubectl's answer", &text)?);
            }
            running
        }
    };
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
    let from = run::validate(consumer_macro, &arguments.contexts(None)?)?;
    let to = run::validate(consumer_macro, &arguments.contexts(Some(to))?)?;

    let upgrade = Upgrade::new(from, to);
    upgrade.check()?;
    write::print_styled(&upgrade.write(arguments.output))?;
    Ok(upgrade.is_empty())
}
