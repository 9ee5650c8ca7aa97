//! Turns documents of the program, which people read and change as YAML, into the code of `src/objects/templates.rs`.

use granit_parser::{Event, Parser, ScalarStyle, Span};
use std::fmt::Write as _;
use std::{env, error::Error, fs, iter::Peekable, path::PathBuf};

type Events<'a> = Peekable<std::vec::IntoIter<(Event<'a>, Span)>>;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is set by cargo")?);
    for (path, name) in [
        ("src/objects/templates/deployment.yaml", "deployment"),
        ("src/objects/templates/container.yaml", "container"),
    ] {
        println!("cargo::rerun-if-changed={path}");
        let text = fs::read_to_string(path)?;
        let events = Parser::new_from_str(&text).collect::<Result<Vec<_>, _>>()?;
        let is_node = |event: &Event<'_>| {
            event.is_node() || matches!(event, Event::MappingEnd | Event::SequenceEnd)
        };
        let nodes: Vec<_> = events.into_iter().filter(|(event, _)| is_node(event)).collect();
        let mut code = String::new();
        write_literal(&mut nodes.into_iter().peekable(), &mut code)?;
        fs::write(out.join(format!("{name}.rs")), code)?;
    }
    Ok(())
}

/// Writes the next value. The documents use mappings, lists, strings and integers.
fn write_literal(events: &mut Events<'_>, code: &mut String) -> Result<(), Box<dyn Error>> {
    let (event, span) = events.next().ok_or("the document ends too early")?;
    code.push_str("Literal(Content::");
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) if text.parse::<i64>().is_ok() => {
            write!(code, "Integer({text:?})")?;
        }
        Event::Scalar(text, ScalarStyle::Plain, ..)
            if text.parse::<f64>().is_ok() || matches!(&*text, "true" | "false" | "null" | "~") =>
        {
            return Err(format!("no document here uses {text}").into());
        }
        Event::Scalar(text, ..) => write!(code, "String({text:?})")?,
        Event::SequenceStart(..) => {
            code.push_str("List(&[");
            while !matches!(events.peek(), Some((Event::SequenceEnd, _))) {
                write_literal(events, code)?;
                code.push_str(", ");
            }
            events.next();
            code.push_str("])");
        }
        Event::MappingStart(..) => {
            code.push_str("Map(&[");
            while !matches!(events.peek(), Some((Event::MappingEnd, _))) {
                let Some((Event::Scalar(key, ..), _)) = events.next() else {
                    return Err("a key must be a string".into());
                };
                write!(code, "({key:?}, ")?;
                write_literal(events, code)?;
                code.push_str("), ");
            }
            events.next();
            code.push_str("])");
        }
        other => return Err(format!("no document here uses {other:?}").into()),
    }
    write!(code, ", {})", span.start.byte_offset().unwrap_or_default())?;
    Ok(())
}
