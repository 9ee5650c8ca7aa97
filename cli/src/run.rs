//! All contexts of one run, over all processors.

use crate::context::Context;
use crate::manifests::{Claim, Owners};
use crate::place;
use crate::report::{Finding, Report};
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use sentry_streams_k8s_host::{ConsumerMacro, Error, Manifest, Problem};
use serde_json::Value;

/// Contexts of which each processor has results that wait for their turn: what is held of a run has a bound.
const WINDOW: usize = 32;

/// What a run renders.
pub(crate) struct Outcome {
    pub(crate) report: Report,
    /// The objects of each context; none where anything is wrong.
    pub(crate) objects: Option<Vec<Vec<Value>>>,
}

/// Renders every context.
pub(crate) fn render(
    consumer_macro: &ConsumerMacro,
    contexts: &[Context],
) -> anyhow::Result<Outcome> {
    let mut objects = vec![Vec::new(); contexts.len()];
    let (report, made) = render_each(
        consumer_macro,
        contexts,
        |_, object| Ok(object),
        |context, object| {
            if let Some(objects) = objects.get_mut(context) {
                objects.push(object);
            }
        },
    )?;
    made?;
    let objects = report.is_clean().then_some(objects);
    Ok(Outcome { report, objects })
}

/// Renders every context, makes something of each object over all processors, and hands it on in the order of the
/// contexts, with the number of its context. The second result is why an object could not be made.
pub(crate) fn render_each<T: Send>(
    consumer_macro: &ConsumerMacro,
    contexts: &[Context],
    make: impl Fn(&Manifest, Value) -> anyhow::Result<T> + Sync,
    mut take: impl FnMut(usize, T),
) -> anyhow::Result<(Report, anyhow::Result<()>)> {
    let mut report = Report { contexts: names(contexts), ..Report::default() };
    let mut owners = Owners::default();
    let (mut collisions, mut all_made) = (Vec::new(), Ok(()));
    let call = |context: &Context| one_made(consumer_macro, context, &make);
    in_order(contexts, call, |index, context, result| {
        match result? {
            Err(problems) => report.problems.extend(findings(context, problems)),
            Ok(Made { objects, warnings }) => {
                report.warnings.extend(findings(context, warnings));
                for (claim, made) in objects {
                    match owners.grant(context, claim) {
                        Ok(true) => match made {
                            Ok(object) => take(index, object),
                            Err(error) if all_made.is_ok() => all_made = Err(error),
                            Err(_) => {}
                        },
                        Ok(false) => {}
                        Err(collision) => collisions.push(*collision),
                    }
                }
            }
        }
        Ok(())
    })?;
    report.problems.extend(collisions);
    Ok((report, all_made))
}

/// What is made of a context's objects.
struct Made<T> {
    objects: Vec<(Claim, anyhow::Result<T>)>,
    warnings: Vec<Problem>,
}

/// Renders a context, and makes something of each object.
fn one_made<T>(
    consumer_macro: &ConsumerMacro,
    context: &Context,
    make: impl Fn(&Manifest, Value) -> anyhow::Result<T>,
) -> anyhow::Result<Result<Made<T>, Vec<Problem>>> {
    let rendered = match one(context, |text| consumer_macro.render(text))? {
        Ok(rendered) => rendered,
        Err(problems) => return Ok(Err(problems)),
    };
    let objects = rendered.manifests.into_iter().map(|manifest| {
        let object =
            serde_json::from_str(&manifest.json).context("the component's manifest is no JSON")?;
        Ok((Claim::of(&manifest), make(&manifest, object)))
    });
    let objects = objects.collect::<anyhow::Result<_>>()?;
    Ok(Ok(Made { objects, warnings: rendered.warnings }))
}

/// Checks every context.
pub(crate) fn validate(
    consumer_macro: &ConsumerMacro,
    contexts: &[Context],
) -> anyhow::Result<Report> {
    Ok(report(contexts, each(contexts, |text| consumer_macro.validate(text))?))
}

/// Checks contexts of one file, where other files are checked at the same time.
pub(crate) fn validate_in_turn(
    consumer_macro: &ConsumerMacro,
    contexts: &[Context],
) -> anyhow::Result<Report> {
    let results = contexts.iter().map(|context| one(context, |text| consumer_macro.validate(text)));
    Ok(report(contexts, results.collect::<anyhow::Result<_>>()?))
}

/// What checks of contexts found.
fn report(contexts: &[Context], results: Vec<Result<Vec<Problem>, Vec<Problem>>>) -> Report {
    let mut report = Report { contexts: names(contexts), ..Report::default() };
    for (context, result) in contexts.iter().zip(results) {
        match result {
            Ok(warnings) => report.warnings.extend(findings(context, warnings)),
            Err(problems) => report.problems.extend(findings(context, problems)),
        }
    }
    report
}

fn names(contexts: &[Context]) -> Vec<String> {
    contexts.iter().map(|context| context.name.clone()).collect()
}

/// Calls the macro with every context. A context that is refused is a result; anything else ends the run.
pub(crate) fn each<T: Send>(
    contexts: &[Context],
    call: impl Fn(&str) -> Result<T, Error> + Sync,
) -> anyhow::Result<Vec<Result<T, Vec<Problem>>>> {
    let mut results = Vec::with_capacity(contexts.len());
    in_order(
        contexts,
        |context| one(context, &call),
        |_, _, result| {
            results.push(result?);
            Ok(())
        },
    )?;
    Ok(results)
}

/// Does something with every context over all processors, and takes the results in the order of the contexts, soon after
/// they are there.
fn in_order<'c, T: Send>(
    contexts: &'c [Context],
    work: impl Fn(&Context) -> T + Sync,
    mut take: impl FnMut(usize, &'c Context, T) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // One context needs no other threads.
    if let [context] = contexts {
        return take(0, context, work(context));
    }
    // Drawn on a terminal only.
    let bar = ProgressBar::new(contexts.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} contexts")?);
    let window = rayon::current_num_threads().saturating_mul(WINDOW).max(1);
    for (number, window_of) in contexts.chunks(window).enumerate() {
        let results = window_of.par_iter().map(|context| {
            let result = work(context);
            bar.inc(1);
            result
        });
        let results: Vec<T> = results.collect();
        let first = number.saturating_mul(window);
        for (index, (context, result)) in window_of.iter().zip(results).enumerate() {
            take(first.saturating_add(index), context, result)?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// Calls the macro with a context.
fn one<T>(
    context: &Context,
    call: impl Fn(&str) -> Result<T, Error>,
) -> anyhow::Result<Result<T, Vec<Problem>>> {
    match call(context.sent()) {
        Ok(result) => Ok(Ok(result)),
        Err(Error::Refused(problems)) => Ok(Err(problems)),
        Err(error) => Err(error).with_context(|| context.name.clone()),
    }
}

/// Problems with the places they are at, in the order in which a person reads the context.
pub(crate) fn findings(context: &Context, problems: Vec<Problem>) -> Vec<Finding> {
    let places = place::of_problems(context, &problems);
    let finding = |(problem, (place, fix)): (Problem, _)| Finding {
        context: context.name.clone(),
        problem,
        place,
        fix,
    };
    let mut findings: Vec<Finding> = problems.into_iter().zip(places).map(finding).collect();
    findings.sort_by_key(|finding| match &finding.place {
        Some(place) => (place.name != context.name, place.line, place.column),
        None => (true, u32::MAX, u32::MAX),
    });
    findings
}
