//! `validate`: whether contexts are right, and what would make them so.

use crate::arguments::Validate;
use crate::fix::{Fixed, fix, unified};
use crate::format::{self, Format};
use crate::report::{Report, count};
use crate::run;
use crate::source::Source;
use crate::write::{file, note, print, print_styled, report};
use rayon::prelude::*;
use sentry_streams_k8s_host::ConsumerMacro;

/// Checks, and says whether all contexts are right.
pub(crate) fn run(arguments: &Validate, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    if arguments.fix || arguments.diff {
        return with_fixes(arguments, consumer_macro);
    }
    let contexts = arguments.contexts.read()?;
    let report = run::validate(consumer_macro, &contexts)?;
    print_report(&report, arguments.contexts.format)?;

    let fixable = report.findings().filter(|finding| finding.fix.is_some()).count();
    if fixable > 0 && arguments.contexts.format == Format::Text {
        note(&format!("`--fix` can fix {fixable} of {}", report.findings().count()));
    }
    Ok(report.is_clean())
}

/// Fixes what can be fixed, or shows how, and says whether all is right then.
fn with_fixes(arguments: &Validate, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let fix = |source: Source| fix(&source, consumer_macro).map(|fixed| (source, fixed));
    let sources: Vec<(Source, Fixed)> =
        arguments.contexts.sources()?.into_par_iter().map(fix).collect::<anyhow::Result<_>>()?;

    let mut remaining = Report::default();
    let (mut made, mut changed) = (0_usize, 0_usize);
    // Standard output has texts then.
    let mut has_texts = arguments.diff;
    for (source, fixed) in sources {
        tell(&source, &fixed, arguments.diff);
        if arguments.diff {
            print_styled(&difference(&source, &fixed))?;
        } else {
            has_texts |= source.path.is_none();
            put(&source, &fixed)?;
        }
        made = made.saturating_add(fixed.done.len());
        changed = changed.saturating_add(usize::from(!fixed.done.is_empty()));
        remaining.extend(fixed.report);
    }

    if has_texts {
        report(&format::write(&remaining, arguments.contexts.format)?);
    } else {
        print_report(&remaining, arguments.contexts.format)?;
    }
    if made > 0 {
        let (made, changed) = (count(made, "problem"), count(changed, "file"));
        note(&format!("{} {made} in {changed}", verb(arguments.diff)));
    }
    Ok(remaining.is_clean() && !(arguments.diff && made > 0))
}

/// Writes a file that has fixes; of standard input, prints the text.
fn put(source: &Source, fixed: &Fixed) -> anyhow::Result<()> {
    let text = format!("{}{}", source.mark, fixed.text);
    match &source.path {
        Some(_) if fixed.done.is_empty() => Ok(()),
        Some(path) => file::replace(path, &text),
        None => print(&text),
    }
}

/// How a file would change; nothing where it does not.
fn difference(source: &Source, fixed: &Fixed) -> String {
    if fixed.done.is_empty() {
        return String::new();
    }
    unified(&source.name, &source.text, &fixed.text)
}

/// Says what is fixed in a file.
fn tell(source: &Source, fixed: &Fixed, is_shown_only: bool) {
    for done in &fixed.done {
        let place = if done.path.is_empty() { String::new() } else { format!(" {}:", done.path) };
        let verb = verb(is_shown_only);
        note(&format!("{verb} {}:{place} {} ({})", source.name, done.title, done.code));
    }
    if fixed.is_held_back {
        note(&format!("{}: fixes that would bring up more problems are left out", source.name));
    }
}

fn verb(is_shown_only: bool) -> &'static str {
    if is_shown_only { "would fix" } else { "fixed" }
}

/// Prints the report; for people, also that all is right.
fn print_report(report: &Report, format: Format) -> anyhow::Result<()> {
    print_styled(&format::write(report, format)?)?;
    if report.is_clean() && format == Format::Text {
        print(&format!("{}\n", report.all_is_right()))?;
    }
    Ok(())
}
