//! What can be written where the cursor is.

use super::cursor::{Cursor, Purpose};
use super::schema::{About, Schema};
use super::workspace::{File, Workspace};
use gen_lsp_types::{
    CompletionItem, CompletionItemKind as Kind, Documentation, InsertTextFormat, MarkupContent,
    MarkupKind, Position, TextEdit, Uri,
};
use sentry_streams_k8s::value::Path;

/// The fields and values that can stand at a position.
pub(super) fn at(
    workspace: &Workspace,
    schema: &Schema,
    uri: &Uri,
    position: Position,
) -> Vec<CompletionItem> {
    let Some(file) = workspace.open.get(uri) else { return Vec::new() };
    let field = workspace.field(uri);
    if field.is_none() && workspace.units(uri).is_empty() {
        return Vec::new();
    }
    let offset = file.text.offset(position, workspace.encoding);
    let Some(cursor) = Cursor::at(file.text.as_str(), offset, Purpose::Write) else {
        return Vec::new();
    };

    let writer = Writer { workspace, file, cursor: &cursor };
    let about = about(schema, &cursor, &cursor.path, field);
    let fields = about.fields();
    // The key right below a list begins an item.
    let items = about.item();
    match &cursor.key {
        Some(_) if !fields.is_empty() => writer.fields(&about, &fields, ""),
        Some(_) if !items.fields().is_empty() => writer.fields(&items, &items.fields(), "- "),
        _ => writer.values(&about),
    }
}

/// What the schema says of a path in a file, which may be the text of a field.
pub(super) fn about<'s>(
    schema: &'s Schema,
    cursor: &Cursor,
    path: &Path,
    field: Option<&str>,
) -> About<'s> {
    match field {
        Some(field) => schema.about(&Path::field(field).join(path), &[field.to_owned()]),
        None => schema.about(path, &cursor.root),
    }
}

struct Writer<'w> {
    workspace: &'w Workspace,
    file: &'w File,
    cursor: &'w Cursor,
}

impl Writer<'_> {
    /// The fields that are not there yet; those that have to be given come first.
    fn fields(&self, about: &About<'_>, fields: &[&str], dash: &str) -> Vec<CompletionItem> {
        let required = about.required();
        let missing =
            fields.iter().filter(|name| !self.cursor.others.iter().any(|key| key == *name));
        let item = |name: &&str| {
            let below = about.field(name);
            let title = below.title().unwrap_or_default();
            let is_required = required.contains(name) || title.ends_with(", required");
            let key = self.key(name, &below);
            CompletionItem {
                label: format!("{dash}{name}"),
                kind: Some(Kind::Property),
                detail: Some(title.to_owned()).filter(|title| !title.is_empty()),
                documentation: below.description().map(markdown),
                sort_text: Some(format!("{}{name}", u8::from(!is_required))),
                filter_text: Some((*name).to_owned()),
                text_edit: Some(TextEdit::new(self.range(), format!("{dash}{key}")).into()),
                insert_text_format: Some(InsertTextFormat::PlainText),
                ..CompletionItem::default()
            }
        };
        missing.map(item).collect()
    }

    /// A key with what follows it: nothing where a colon is there already, a new line where more lines come.
    fn key(&self, name: &str, below: &About<'_>) -> String {
        let Cursor { has_colon, is_quoted, .. } = self.cursor;
        if *has_colon || *is_quoted {
            return name.to_owned();
        }
        let is_json = self.file.text.as_str().trim_start().starts_with('{');
        let is_long = below.is_mapping() || below.is_list();
        match (is_json, is_long) {
            (true, _) => format!("\"{name}\": "),
            (false, true) => format!("{name}:"),
            (false, false) => format!("{name}: "),
        }
    }

    fn values(&self, about: &About<'_>) -> Vec<CompletionItem> {
        let is_json = self.file.text.as_str().trim_start().starts_with('{');
        let is_text =
            |value: &str| value.parse::<f64>().is_err() && !["true", "false"].contains(&value);
        let item = |value: String| {
            let needs_quotes = is_json && !self.cursor.is_quoted && is_text(&value);
            let text = if needs_quotes { format!("\"{value}\"") } else { value.clone() };
            CompletionItem {
                label: value,
                kind: Some(Kind::Value),
                detail: about.title().map(str::to_owned),
                documentation: about.description().map(markdown),
                text_edit: Some(TextEdit::new(self.range(), text).into()),
                insert_text_format: Some(InsertTextFormat::PlainText),
                ..CompletionItem::default()
            }
        };
        about.values().into_iter().map(item).collect()
    }

    fn range(&self) -> gen_lsp_types::Range {
        self.file.text.range(self.cursor.word.clone(), self.workspace.encoding)
    }
}

fn markdown(text: &str) -> Documentation {
    MarkupContent::new(MarkupKind::Markdown, text.to_owned()).into()
}
