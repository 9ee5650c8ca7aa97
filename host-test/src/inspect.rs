//! What can be said of a component before it is compiled.
//!
//! To compile is the one thing that a component makes its host do outside the limits of a call, and it cannot be
//! stopped. Some code takes much longer than other code of its size: where many variables meet many branches, or three
//! bytes call with a thousand values. So a component shows its interface first, and keeps to bounds within which no
//! code takes long. The macro's own is at most about half of each.

use crate::Error;
use wasmparser::{
    BinaryReaderError, CanonicalFunction, ComponentExternalKind, FuncType, FunctionBody, Operator,
    Parser, Payload,
};

/// What a component has to export.
const INTERFACES: [&str; 2] = [
    concat!("sentry:streams-k8s/consumer-macro@", env!("CARGO_PKG_VERSION")),
    concat!("sentry:streams-k8s/consumer-macro-json@", env!("CARGO_PKG_VERSION")),
];

/// Bytes of a component; the macro has some 700,000.
pub(crate) const BYTES: usize = 4 << 20;
/// Bytes of one function; the macro's largest has 24,611.
const FUNCTION: usize = 48 << 10;
/// Parameters of a function or block; of the macro's at most 8.
const PARAMETERS: usize = 16;
/// Results of a function or block; compilers return further ones in memory.
const RESULTS: usize = 2;
/// What one function may be to compile, as [`effort`] counts it; of the macro's at most 180,000.
const FUNCTION_EFFORT: usize = 400_000;
/// What all of them may be; the macro's are some 2 million.
const EFFORT: usize = 4_000_000;

/// Refuses a component whose imports and exports are not the macro's, or that could take long to compile.
pub(crate) fn inspect(component: &[u8]) -> Result<(), Error> {
    if component.len() > BYTES {
        return Err(too_large("it", component.len(), BYTES, "bytes"));
    }

    let found = Found::read(component).map_err(|error| Error::Load(error.to_string()))?;
    if !found.imports.is_empty() {
        return Err(Error::Imports(found.imports));
    }
    if let Some(missing) = INTERFACES.iter().find(|name| !found.exports.iter().any(|e| e == *name))
    {
        let reason = format!("there is no {missing}");
        return Err(Error::Interface { exports: found.exports, reason });
    }
    found.excess.map_or(Ok(()), Err)
}

/// What stands in a component.
#[derive(Default)]
struct Found {
    imports: Vec<String>,
    /// Its instances: an interface is one.
    exports: Vec<String>,
    /// The first bound that it does not keep to.
    excess: Option<Error>,
    effort: usize,
}

impl Found {
    fn read(component: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut found = Self::default();
        // How many components and modules are open: those within the component have imports and exports of their own.
        let mut depth = 0_usize;

        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::Version { .. } => depth = depth.saturating_add(1),
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(imports) if depth == 1 => {
                    for import in imports {
                        found.imports.push(import?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(exports) if depth == 1 => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ComponentExternalKind::Instance {
                            found.exports.push(export.name.name.to_owned());
                        }
                    }
                }
                Payload::ComponentCanonicalSection(functions) => {
                    for function in functions {
                        // What it takes to pass a value on follows from its type, which a few bytes multiply.
                        if matches!(function?, CanonicalFunction::Lower { .. }) {
                            found.refuse(Error::Load("its parts call each other".to_owned()));
                        }
                    }
                }
                Payload::TypeSection(types) => {
                    for function in types.into_iter_err_on_gc_types() {
                        found.signature(&function?);
                    }
                }
                Payload::CodeSectionEntry(body) => found.function(&body)?,
                _ => {}
            }
        }
        Ok(found)
    }

    fn refuse(&mut self, error: Error) {
        self.excess.get_or_insert(error);
    }

    fn signature(&mut self, function: &FuncType) {
        let (parameters, results) = (function.params().len(), function.results().len());
        if parameters > PARAMETERS {
            self.refuse(too_large("a function", parameters, PARAMETERS, "parameters"));
        }
        if results > RESULTS {
            self.refuse(too_large("a function", results, RESULTS, "results"));
        }
    }

    fn function(&mut self, body: &FunctionBody<'_>) -> Result<(), BinaryReaderError> {
        let bytes = body.range().len();
        if bytes > FUNCTION {
            self.refuse(too_large("a function", bytes, FUNCTION, "bytes"));
        }

        let effort = effort(body)?;
        if effort > FUNCTION_EFFORT {
            let unit = "units of code, variables and branches";
            self.refuse(too_large("a function", effort, FUNCTION_EFFORT, unit));
        }
        self.effort = self.effort.saturating_add(effort);
        if self.effort > EFFORT {
            let unit = "units of code, variables and branches";
            self.refuse(too_large("its code", self.effort, EFFORT, unit));
        }
        Ok(())
    }
}

/// About how much there is to compile in a function: its bytes; at each branch and call all its variables, as any may
/// differ there or have to be kept; and something for a function itself.
fn effort(body: &FunctionBody<'_>) -> Result<usize, BinaryReaderError> {
    const OF_A_FUNCTION: usize = 100;

    let mut variables = PARAMETERS;
    for group in body.get_locals_reader()? {
        variables = variables.saturating_add(usize::try_from(group?.0).unwrap_or(usize::MAX));
    }

    let mut places = 0_usize;
    for operator in body.get_operators_reader()? {
        let more = match operator? {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::Call { .. }
            | Operator::CallIndirect { .. }
            // The engine's own functions.
            | Operator::MemoryGrow { .. }
            | Operator::MemoryCopy { .. }
            | Operator::MemoryFill { .. } => 1,
            Operator::BrTable { targets } => {
                usize::try_from(targets.len()).unwrap_or(usize::MAX).saturating_add(1)
            }
            _ => 0,
        };
        places = places.saturating_add(more);
    }

    let code = body.range().len().saturating_add(OF_A_FUNCTION);
    Ok(places.saturating_mul(variables).saturating_add(code))
}

fn too_large(what: &str, size: usize, most: usize, unit: &str) -> Error {
    Error::Load(format!(
        "{what} has {size} {unit}, and may have {most}: it could take long to compile"
    ))
}
