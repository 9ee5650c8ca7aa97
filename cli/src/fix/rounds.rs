//! Fixes a file until nothing more can be fixed.
//!
//! A check ends at the first stage that finds something, so a fix may bring up problems that were there before. Whether
//! the file got better shows at the end: it is never left with more problems than it had, nor with text that can be read
//! less well.

use super::apply::apply;
use crate::report::{Finding, Report};
use crate::run;
use crate::source::Source;
use anyhow::Context as _;
use sentry_streams_k8s::problem::{Code, Finder};
use sentry_streams_k8s_host::{ConsumerMacro, Fix};

/// Each round fixes what the one before brought up, of which there are a few stages. It bounds fixes that undo others.
const MAX_ROUNDS: usize = 50;

/// A file after its fixes.
pub(crate) struct Fixed {
    /// Its text.
    pub(crate) text: String,
    /// What is wrong with that.
    pub(crate) report: Report,
    /// What was done.
    pub(crate) done: Vec<Done>,
    /// Whether there are fixes that would bring up more problems.
    pub(crate) is_held_back: bool,
}

/// A fix that was made.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    /// The path of the problem in its context.
    pub(crate) path: String,
    pub(crate) code: String,
    /// What the fix does.
    pub(crate) title: String,
}

/// A text, and what is wrong with it.
struct State {
    text: String,
    report: Report,
    contexts: usize,
}

/// How bad it is: problems, then warnings.
type Rank = (usize, usize);

/// Fixes what can be fixed in a file.
pub(crate) fn fix(source: &Source, consumer_macro: &ConsumerMacro) -> anyhow::Result<Fixed> {
    let fixer = Fixer { source, consumer_macro };
    let (state, mut done) = fixer.all_at_once(fixer.state(source.text.clone())?)?;
    let (state, more) = fixer.one_by_one(state)?;
    done.extend(more);

    let is_held_back = !state.fixes().is_empty();
    Ok(Fixed { text: state.text, report: state.report, done, is_held_back })
}

struct Fixer<'f> {
    source: &'f Source,
    consumer_macro: &'f ConsumerMacro,
}

impl Fixer<'_> {
    fn state(&self, text: String) -> anyhow::Result<State> {
        let contexts = self.source.contexts_of(&text, &[])?;
        let report = run::validate_in_turn(self.consumer_macro, &contexts)?;
        Ok(State { text, report, contexts: contexts.len() })
    }

    /// Makes all fixes of a round together, and goes as far as there are not more problems than at the start.
    fn all_at_once(&self, start: State) -> anyhow::Result<(State, Vec<Done>)> {
        let mut done = Vec::new();
        let mut states = Vec::new();
        let mut now = start;
        while states.len() < MAX_ROUNDS {
            let Some((next, made)) = self.round(&now)? else { break };
            states.push((std::mem::replace(&mut now, next), done.len()));
            done.extend(made);
        }
        states.push((now, done.len()));

        let start = states.first().map(|(state, _)| state.rank()).unwrap_or_default();
        let last = states.into_iter().rev().find(|(state, _)| state.rank() <= start);
        let (last, count) = last.context("a file has a text")?;
        done.truncate(count);
        Ok((last, done))
    }

    /// All fixes that go together, or the first that goes alone; none where no fix goes.
    fn round(&self, now: &State) -> anyhow::Result<Option<(State, Vec<Done>)>> {
        let fixes = now.fixes();
        let together = self.with(now, &fixes)?;
        if together.is_some() || fixes.len() < 2 {
            return Ok(together);
        }
        for finding in fixes {
            let alone = self.with(now, &[finding])?;
            if alone.is_some() {
                return Ok(alone);
            }
        }
        Ok(None)
    }

    /// Makes one fix after the other, each of which makes the file better.
    fn one_by_one(&self, start: State) -> anyhow::Result<(State, Vec<Done>)> {
        let (mut now, mut done) = (start, Vec::new());
        for _ in 0..MAX_ROUNDS {
            let mut better = None;
            for finding in now.fixes() {
                let next = self.with(&now, &[finding])?;
                better = next.filter(|(next, _)| next.rank() < now.rank());
                if better.is_some() {
                    break;
                }
            }
            let Some((next, made)) = better else { break };
            done.extend(made);
            now = next;
        }
        Ok((now, done))
    }

    /// The text with fixes; none where they change nothing, or it could be read less well.
    fn with(
        &self,
        now: &State,
        findings: &[&Finding],
    ) -> anyhow::Result<Option<(State, Vec<Done>)>> {
        let fixes: Vec<&Fix> = findings.iter().filter_map(|found| found.fix.as_ref()).collect();
        let (text, is_in) = apply(&now.text, &fixes);
        if text == now.text {
            return Ok(None);
        }
        let next = self.state(text)?;
        if next.unreadable() > now.unreadable() || next.contexts != now.contexts {
            return Ok(None);
        }

        let made = findings.iter().zip(is_in).filter(|(_, is_in)| *is_in);
        let done = made.filter_map(|(finding, _)| Done::of(finding)).collect();
        Ok(Some((next, done)))
    }
}

impl State {
    /// The problems and warnings that have a fix.
    fn fixes(&self) -> Vec<&Finding> {
        self.report.findings().filter(|finding| finding.fix.is_some()).collect()
    }

    fn rank(&self) -> Rank {
        (self.report.problems.len(), self.report.warnings.len())
    }

    /// How many texts cannot be read.
    fn unreadable(&self) -> usize {
        let of_reading = |finding: &&Finding| {
            let code = Code::from_name(&finding.problem.code);
            code.is_some_and(|code| code.finder() == Finder::Reading)
        };
        self.report.problems.iter().filter(of_reading).count()
    }
}

impl Done {
    fn of(Finding { problem, fix, .. }: &Finding) -> Option<Self> {
        let title = fix.as_ref()?.title.clone();
        Some(Self { path: problem.path.clone(), code: problem.code.clone(), title })
    }
}
