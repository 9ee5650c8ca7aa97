//! The outline of a file: its documents, and their first keys.

use super::workspace::{File, Workspace};
use crate::read::{self, Node};
use gen_lsp_types::{DocumentSymbol, SymbolKind};
use std::ops::Range;

/// The symbols of a file of contexts.
pub(super) fn of(file: &File, workspace: &Workspace) -> Vec<DocumentSymbol> {
    let text = file.text.as_str();
    let mut symbols = Vec::new();
    for part in read::parts(text) {
        let Ok(Some(root)) = Node::read(part.text) else { continue };
        let start = part.text.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let names = [&["metadata", "name"][..], &["pipeline_name"], &["kind"]];
        let name = names.iter().find_map(|keys| root.text_at(keys)).unwrap_or(&file.name);
        let symbol = |name: &str, kind, whole: Range<usize>, key: Range<usize>| {
            let range = |bytes: Range<usize>| {
                let bytes = start.saturating_add(bytes.start)..start.saturating_add(bytes.end);
                file.text.range(bytes, workspace.encoding)
            };
            let name = if name.is_empty() { "?" } else { name };
            let (whole, key) = (range(whole), range(key));
            DocumentSymbol::new(name.to_owned(), None, kind, None, None, whole, key, None)
        };
        let fields = root.entries().iter().filter_map(|(key, value)| {
            let end = value.range.end.max(key.range.end);
            let whole = key.range.start..end;
            Some(symbol(key.as_text()?, SymbolKind::Field, whole, key.range.clone()))
        });
        let fields = fields.collect();
        let first = root.range.start..root.range.start;
        let whole = symbol(name, SymbolKind::Object, root.range.clone(), first);
        symbols.push(DocumentSymbol { children: Some(fields), ..whole });
    }
    symbols
}
