/** Where in the editor's text something is that the component names by line and column. */
import type { Text } from "@codemirror/state";
import type { Edit, Position } from "../../js/src/generated/answers.cjs";

/** Something with a place: a problem, or a value. */
export interface Placed {
  source?: string;
  line?: number;
  column?: number;
  end?: Position;
}

export interface Range {
  from: number;
  to: number;
}

/** The range of a place; of what is in a field's own text that does not stand here as it is, that of the field's key. */
export function rangeOf(doc: Text, { source, line, column, end }: Placed): Range | undefined {
  if (line === undefined || column === undefined) {
    return undefined;
  }
  const block = source === undefined ? WHOLE : blockOf(doc, source);
  const from = offset(doc, block, { line, column });
  if (from !== undefined) {
    return { from, to: Math.max(from, offset(doc, block, end ?? { line, column }) ?? from) };
  }
  return source === undefined ? undefined : keyOf(doc, source);
}

/** A change of the editor's text, where the text that it is for stands in it as it is. */
export function changeOf(doc: Text, source: string | undefined, edit: Edit): (Range & { insert: string }) | undefined {
  const block = source === undefined ? WHOLE : blockOf(doc, source);
  const from = offset(doc, block, edit.start);
  const to = offset(doc, block, edit.end);
  if (from === undefined || to === undefined || !block || (block.isLine && edit.text.includes("\n"))) {
    return undefined;
  }
  return { from, to, insert: edit.text.replaceAll("\n", `\n${" ".repeat(block.indentation)}`) };
}

/** Lines of the document that a text of its own stands in. */
interface Block {
  /** How many lines stand above it. */
  above: number;
  indentation: number;
  /** Whether it is a part of one line. */
  isLine?: boolean;
}

const WHOLE: Block = { above: 0, indentation: 0 };

function offset(doc: Text, block: Block | undefined, { line, column }: Position): number | undefined {
  if (!block || block.above + line > doc.lines || (block.isLine && line > 1)) {
    return undefined;
  }
  const { from, to, text } = doc.line(block.above + line);
  // Columns count characters, and the editor UTF-16 code units.
  const units = [...text.slice(block.indentation)].slice(0, column - 1).join("").length;
  return Math.min(from + block.indentation + units, to);
}

/** Where a field's text stands as it is: in a literal block, or behind its key. */
function blockOf(doc: Text, field: string): Block | undefined {
  const header = keyLine(doc, field);
  if (!header) {
    return undefined;
  }
  const [, indicator] = /:\s+(?:[!&]\S+\s+)*\|[-+]?([1-9]?)[-+]?\s*(?:#.*)?$/.exec(header.text) ?? [];
  if (indicator === undefined) {
    // Escapes would shift what follows them.
    const [, before, quote] = /^([^:]*:\s+)(?:(["'])(?:(?!\2)[^\\])*\2|[^\s|>&!*"'{[][^#]*)\s*$/.exec(header.text) ?? [];
    return before === undefined
      ? undefined
      : { above: header.number - 1, indentation: before.length + (quote?.length ?? 0), isLine: true };
  }

  const own = header.text.search(/\S/);
  if (indicator !== "") {
    return { above: header.number, indentation: own + Number(indicator) };
  }
  for (let number = header.number + 1; number <= doc.lines; number++) {
    const indentation = doc.line(number).text.search(/\S/);
    if (indentation >= 0) {
      return indentation > own ? { above: header.number, indentation } : undefined;
    }
  }
  return undefined;
}

function keyOf(doc: Text, source: string): Range | undefined {
  const line = keyLine(doc, source);
  return line && { from: line.from + Math.max(line.text.search(/\S/), 0), to: line.from + line.text.indexOf(":") };
}

/** What was found in a text: a thousand problems may be in one field. */
const found = new WeakMap<Text, Map<string, Line | undefined>>();

type Line = ReturnType<Text["line"]>;

/** The line with a field's key. */
function keyLine(doc: Text, field: string): Line | undefined {
  const lines = found.get(doc) ?? new Map<string, Line | undefined>();
  found.set(doc, lines);
  if (!lines.has(field)) {
    lines.set(field, findKey(doc, field));
  }
  return lines.get(field);
}

/** At the margin, or, of a StreamingPipeline, below its `spec`. */
function findKey(doc: Text, field: string): Line | undefined {
  let isInSpec = false;
  let indentation: string | undefined;

  for (let number = 1; number <= doc.lines; number++) {
    const line = doc.line(number);
    const [, spaces = "", key] = /^( *)["']?([\w-]+)["']?\s*:(?:\s|$)/.exec(line.text) ?? [];
    if (key === undefined) {
      continue;
    }
    if (spaces === "") {
      isInSpec = key === "spec";
    } else if (isInSpec) {
      indentation ??= spaces;
    }
    if (key === field && (spaces === "" || (isInSpec && spaces === indentation))) {
      return line;
    }
  }
  return undefined;
}
