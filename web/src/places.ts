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
  if (from === undefined || to === undefined || block === undefined) {
    return undefined;
  }
  return { from, to, insert: edit.text.replaceAll("\n", `\n${" ".repeat(block.indentation)}`) };
}

/** Lines of the document that a text of its own stands in. */
interface Block {
  /** How many lines stand above it. */
  above: number;
  indentation: number;
}

const WHOLE: Block = { above: 0, indentation: 0 };

function offset(doc: Text, block: Block | undefined, { line, column }: Position): number | undefined {
  if (block === undefined || block.above + line > doc.lines) {
    return undefined;
  }
  const { from, to, text } = doc.line(block.above + line);
  // Columns count characters, and the editor UTF-16 code units.
  const units = [...text.slice(block.indentation)].slice(0, column - 1).join("").length;
  return Math.min(from + block.indentation + units, to);
}

/** The literal block that a field's text stands in, by its key's line. */
function blockOf(doc: Text, source: string): Block | undefined {
  const header = keyLine(doc, source);
  const indicators = header && /:\s+(?:[!&]\S+\s+)*\|([-+]?)([1-9]?)[-+]?\s*(?:#.*)?$/.exec(header.text);
  if (!header || !indicators) {
    return undefined;
  }
  const own = header.text.search(/\S/);
  if (indicators[2]) {
    return { above: header.number, indentation: own + Number(indicators[2]) };
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

/** The line with a field's key: at the margin, or, of a StreamingPipeline, below its `spec`. */
function keyLine(doc: Text, source: string): ReturnType<Text["line"]> | undefined {
  const [, inSpec, field] = /^(spec\.)?(.*)$/.exec(source) ?? [];
  let isInside = inSpec === undefined;
  let indentation: string | undefined = isInside ? "" : undefined;

  for (let number = 1; number <= doc.lines; number++) {
    const line = doc.line(number);
    const [, spaces = "", key] = /^( *)["']?([\w-]+)["']?\s*:(?:\s|$)/.exec(line.text) ?? [];
    if (key === undefined) {
      continue;
    }
    if (spaces === "" && inSpec !== undefined) {
      isInside = key === "spec";
    } else if (isInside) {
      indentation ??= spaces;
    }
    if (isInside && spaces === indentation && key === field) {
      return line;
    }
  }
  return undefined;
}
