//! Turns the base templates, which people read and change as YAML, into code that builds them: no call parses them.

use granit_parser::{Event, Parser, ScalarStyle, Span};
use std::fmt::Write as _;
use std::{env, error::Error, fs, iter::Peekable, path::PathBuf};

type Events<'a> = Peekable<std::vec::IntoIter<(Event<'a>, Span)>>;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is set by cargo")?);
    for name in ["deployment", "container"] {
        let path = format!("src/templates/{name}.yaml");
        println!("cargo::rerun-if-changed={path}");
        let text = fs::read_to_string(&path)?;
        let events = Parser::new_from_str(&text).collect::<Result<Vec<_>, _>>()?;
        let is_node = |event: &Event<'_>| event.is_node() || matches!(event, Event::MappingEnd | Event::SequenceEnd);
        let nodes: Vec<_> = events.into_iter().filter(|(event, _)| is_node(event)).collect();
        let mut code = String::new();
        write_node(&mut nodes.into_iter().peekable(), &mut code)?;
        fs::write(out.join(format!("{name}.rs")), code)?;
    }
    Ok(())
}

/// Writes the expression that builds the next node. The templates use mappings, lists, strings, integers.
fn write_node(events: &mut Events<'_>, code: &mut String) -> Result<(), Box<dyn Error>> {
    let (event, span) = events.next().ok_or("the template ends too early")?;
    let origin = format!("base_origin({})", span.start.byte_offset().unwrap_or_default());
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) if text.parse::<i64>().is_ok() => {
            write!(code, "Node::new(Value::Integer(Cow::Borrowed({text:?})), {origin})")?;
        }
        Event::Scalar(text, ..) => write!(code, "Node::string({text:?}, {origin})")?,
        Event::SequenceStart(..) => {
            code.push_str("Node::list([");
            while !matches!(events.peek(), Some((Event::SequenceEnd, _))) {
                write_node(events, code)?;
                code.push_str(", ");
            }
            events.next();
            write!(code, "], {origin})")?;
        }
        Event::MappingStart(..) => {
            code.push_str("Node::map::<&'static str>([");
            while !matches!(events.peek(), Some((Event::MappingEnd, _))) {
                let Some((Event::Scalar(key, ..), _)) = events.next() else {
                    return Err("a key must be a string".into());
                };
                write!(code, "({key:?}, ")?;
                write_node(events, code)?;
                code.push_str("), ");
            }
            events.next();
            write!(code, "], {origin})")?;
        }
        other => return Err(format!("the base templates use no {other:?}").into()),
    }
    Ok(())
}
