//! How to make a value of the right type, where the value shows what was meant.

use super::{Rule, Type};
use crate::problem::{Cure, Problem, may_hold_secret};
use crate::value::{Node, Trail, Value};

/// What to do, and the change of the text that does it.
pub(super) type Help = (String, Option<Cure>);

pub(super) fn with_help(problem: Problem, cure: Option<Help>, rule: &Rule<'_>) -> Problem {
    let description = || rule.description.map(|description| (description.to_owned(), None));
    with_cure(problem, cure.or_else(description))
}

pub(super) fn with_cure(problem: Problem, cure: Option<Help>) -> Problem {
    match cure {
        Some((help, cure)) => problem.help(help).cure(cure),
        None => problem,
    }
}

/// How to make a value of the right type, where the value shows what was meant.
pub(super) fn cure(expected: &[Type], node: &Node<'_>, trail: &Trail<'_>) -> Option<Help> {
    let expects = |wanted: Type| expected.contains(&wanted);
    let write =
        |text: &str, help: &str| Some((help.to_owned(), Some(Cure::Replace(text.to_owned()))));
    let advise = |help: &str| Some((help.to_owned(), None));

    match &node.value {
        Value::String(text) if expects(Type::Integer) || expects(Type::Number) => {
            let number = text.strip_prefix('-').unwrap_or(text);
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || may_hold_secret(trail) {
                return None;
            }
            write(text, &format!("remove the quotes: {text}"))
                .filter(|_| number == "0" || !number.starts_with('0'))
        }
        Value::String(text) if expects(Type::Boolean) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => write("true", "write true, without quotes"),
            "false" | "no" | "off" | "0" => write("false", "write false, without quotes"),
            _ => None,
        },
        Value::Integer(digits) if expects(Type::Boolean) && digits == "0" => {
            write("false", "write false")
        }
        Value::Integer(digits) if expects(Type::Boolean) && digits == "1" => {
            write("true", "write true")
        }
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Timestamp(_)
            if expects(Type::String) =>
        {
            Some(("quote it".to_owned(), Some(Cure::Quote)))
        }
        Value::Null if expects(Type::Object) => advise("write {} for none, or remove the key"),
        Value::Null if expects(Type::Array) => advise("write [] for none, or remove the key"),
        Value::Null => advise("give it a value, or remove the key"),
        _ => None,
    }
}
