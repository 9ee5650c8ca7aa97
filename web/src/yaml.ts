/**
 * Objects as YAML that a person would write, and which field stands in which line: no writer of YAML tells that, so only
 * what a scalar looks like is left to one.
 */
import { dump } from "js-yaml";
import type { Node } from "./json.js";

/** A line of an object. */
export interface Line {
  text: string;
  /** Which of the object's leaves stands here, counted from 0; none where only the name of a list or mapping does. */
  leaf?: number;
  /** Whether the leaf began in a line before. */
  isContinued?: boolean;
}

/** An object's lines, as `streams-k8s render` writes them. */
export function yamlLines(root: Node): Line[] {
  const writer = new Writer();
  writer.below(root, 0, "");
  return writer.lines;
}

class Writer {
  readonly lines: Line[] = [];
  #leaves = 0;

  /** Writes what a list or mapping holds at an indentation; its first line starts with `first` in place of that. */
  below(node: Node, indentation: number, first: string): void {
    const items: [lead: string, value: Node][] =
      node.kind === "map"
        ? node.entries.map(([key, value]) => [`${scalar(JSON.stringify(key), 0)[0]}:`, value])
        : node.kind === "list"
          ? node.items.map((value) => ["-", value])
          : [];
    const padding = " ".repeat(indentation);

    items.forEach(([lead, value], index) => {
      this.#item((index === 0 ? first : padding) + lead, value, indentation, node.kind === "list");
    });
  }

  #item(lead: string, node: Node, indentation: number, isInList: boolean): void {
    if (!isEmpty(node) && isInList) {
      this.below(node, indentation + 2, `${lead} `);
    } else if (!isEmpty(node)) {
      this.lines.push({ text: lead });
      const inside = node.kind === "list" ? indentation : indentation + 2;
      this.below(node, inside, " ".repeat(inside));
    } else {
      const leaf = this.#leaves++;
      const [start, ...rest] =
        node.kind === "leaf" ? scalar(node.json, indentation + 2) : [node.kind === "map" ? "{}" : "[]"];
      this.lines.push({ text: `${lead} ${start}`, leaf });
      this.lines.push(...rest.map((text) => ({ text, leaf, isContinued: true })));
    }
  }
}

/** Whether there is nothing below a value. */
function isEmpty(node: Node): boolean {
  return node.kind === "leaf" || (node.kind === "map" ? node.entries : node.items).length === 0;
}

/** JSON text, which must be quoted in YAML, and is easier to read in single quotes. */
const PLAIN_JSON = /^[{["][ -&(-~\p{Alphabetic}\p{N}]*$/u;

/** What a literal block cannot hold as it is. */
const NOT_IN_BLOCK = /[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Text that as a literal block would begin with a tab: libyaml takes that for indentation. */
const BEGINS_WITH_TAB = /^[\n ]*\t/;

/** What some reader takes for a number or a date, and js-yaml's own would write without quotes. */
const MISREAD = /^:|^[\d.]+$|^[+-]?\.?(?:inf|nan)$|^on$|^\d+-\d+-\d+$/i;

/** A scalar, line by line; the lines of a block have an indentation. */
function scalar(json: string, indentation: number): string[] {
  if (!json.startsWith('"')) {
    return [json];
  }
  const text = JSON.parse(json) as string;
  if (PLAIN_JSON.test(text)) {
    return [`'${text}'`];
  }
  if (text.includes("\n") && !NOT_IN_BLOCK.test(text) && !BEGINS_WITH_TAB.test(text)) {
    return block(text, indentation);
  }
  return [onOneLine(text)];
}

/** What was written before: most of an answer is as it was a key ago, and to write it takes longer than all else. */
const written = new Map<string, string>();

function onOneLine(text: string): string {
  let line = written.get(text);
  if (line === undefined) {
    const forceQuotes = text.includes("\n") || MISREAD.test(text);
    line = dump(text, { lineWidth: -1, quoteStyle: "double", forceQuotes }).trimEnd();
    // A space that does not break needs no escape.
    line = line.replace(/\\(.)/g, (escape, unit) => (unit === "_" ? "\u00a0" : escape));
    if (written.size > 10_000) {
      written.clear();
    }
    written.set(text, line);
  }
  return line;
}

/** Text of several lines as a literal block. */
function block(text: string, indentation: number): string[] {
  const end = /\n*$/.exec(text)?.[0].length ?? 0;
  const chomping = end === 0 ? "-" : end === 1 && text !== "\n" ? "" : "+";
  const indicator = /^\n* /.test(text) ? "2" : "";
  const lines = text.slice(0, end === 0 ? undefined : -1).split("\n");
  return [`|${indicator}${chomping}`, ...lines.map((line) => (line === "" ? "" : " ".repeat(indentation) + line))];
}
