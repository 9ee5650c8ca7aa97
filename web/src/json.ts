/**
 * JSON text as values that keep what JavaScript's own lose: the order of keys, and numbers as they are written.
 */

/** A value. A leaf is a scalar as JSON text, `"a"`, `1.0`, `null`. */
export type Node =
  | { kind: "map"; entries: [key: string, value: Node][] }
  | { kind: "list"; items: Node[] }
  | { kind: "leaf"; json: string };

const TOKEN = /[{}[\]:,]|"(?:[^"\\]|\\.)*"|[^\s{}[\]:,"]+/g;

/**
 * Reads JSON text, as the component writes it.
 *
 * @throws SyntaxError where it is none
 */
export function readJson(text: string): Node {
  // What follows is lenient: this says whether it is JSON.
  JSON.parse(text);
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;

  function value(): Node {
    const token = tokens[at++] ?? "";
    if (token === "[") {
      const items: Node[] = [];
      while (tokens[at] !== "]") {
        items.push(value());
        at += tokens[at] === "," ? 1 : 0;
      }
      at++;
      return { kind: "list", items };
    }
    if (token === "{") {
      const entries: [string, Node][] = [];
      while (tokens[at] !== "}") {
        const key = JSON.parse(tokens[at] ?? "") as string;
        at += 2;
        entries.push([key, value()]);
        at += tokens[at] === "," ? 1 : 0;
      }
      at++;
      return { kind: "map", entries };
    }
    return { kind: "leaf", json: token };
  }

  return value();
}

/** A value as JSON text on one line. */
export function writeJson(node: Node): string {
  switch (node.kind) {
    case "map":
      return `{${node.entries.map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`).join(",")}}`;
    case "list":
      return `[${node.items.map(writeJson).join(",")}]`;
    default:
      return node.json;
  }
}

/** The value of a key of a mapping. */
export function get(node: Node | undefined, ...keys: string[]): Node | undefined {
  for (const key of keys) {
    node = node?.kind === "map" ? node.entries.find(([name]) => name === key)?.[1] : undefined;
  }
  return node;
}

/** The text of a string. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === "leaf" && node.json.startsWith('"') ? (JSON.parse(node.json) as string) : undefined;
}

/** A key as places have it: `.image`, or `["app.kubernetes.io/name"]`. */
export function step(key: string): string {
  return /^[\p{Alphabetic}\p{N}_$-]+$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
