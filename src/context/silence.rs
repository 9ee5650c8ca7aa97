//! The codes of warnings that a context does not want to see.

use crate::problem::{Code, Problem, Problems, Severity, nearest, quoted};
use crate::value::{Node, Path};

/// The codes that a list of strings names; what is none of a warning is a problem.
pub(super) fn codes(items: &[Node<'_>], path: &Path, problems: &mut Problems) -> Vec<Code> {
    let mut codes = Vec::new();

    for (at, item) in items.iter().enumerate() {
        match Code::from_name(item.as_str().unwrap_or_default()) {
            Some(code) if code.severity() == Severity::Warning || code == Code::UnknownField => {
                codes.push(code);
            }
            known => problems.add_with(|| no_warning(item, known, path.index(at))),
        }
    }

    codes
}

/// What is in the list of codes and is none of a warning.
fn no_warning(item: &Node<'_>, known: Option<Code>, path: Path) -> Problem {
    let name = item.as_str().unwrap_or_default();
    let message = match known {
        Some(code) => format!("`{code}` is the code of a problem: only warnings can be silenced"),
        None => format!("no warning has the code {}", quoted(name)),
    };

    let warnings = || {
        Code::ALL.iter().filter(|code| code.severity() == Severity::Warning).map(|code| code.name())
    };
    let problem = Problem::new(Code::UnsupportedValue, path, message).origin(item.origin);
    match nearest(name, warnings()) {
        Some(meant) if known.is_none() => {
            problem.help(format!("did you mean `{meant}`?")).replace(meant)
        }
        _ => problem.help(format!("use any of {}", warnings().collect::<Vec<_>>().join(", "))),
    }
}
