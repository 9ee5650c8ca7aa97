/** What the context's JSON Schema says of its fields: completion, and what a field is for. */
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorState, Text } from "@codemirror/state";

/** A part of the schema; keywords that are of no use here are left out. */
interface Schema {
  $ref?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  type?: string | string[];
  enum?: unknown[];
  items?: Schema;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
}

/** A field of the context. */
export interface Field {
  name: string;
  description: string;
  isRequired: boolean;
  default?: unknown;
  example?: unknown;
  /** What it can be, where that is a short list. */
  values: string[];
  /** What the items of its list can be. */
  items: string[];
  isNested: boolean;
}

/** The fields of contexts, by name. */
export class Fields {
  readonly #byName = new Map<string, Field>();

  constructor(schema: Record<string, unknown>) {
    const definitions = schema.definitions as Record<string, Schema>;
    const required = definitions.context?.required ?? [];
    const parts = (part: Schema): Schema[] => {
      const named = part.$ref && definitions[part.$ref.replace("#/definitions/", "")];
      return [part, ...(named ? parts(named) : []), ...[...(part.allOf ?? []), ...(part.anyOf ?? [])].flatMap(parts)];
    };

    for (const [name, property] of Object.entries(definitions.fields?.properties ?? {})) {
      const all = parts(property);
      const types = all.flatMap(({ type }) => type ?? []);
      const items = all.flatMap((part) => (part.items ? parts(part.items) : [])).flatMap((part) => part.enum ?? []);
      this.#byName.set(name, {
        name,
        description: property.description ?? "",
        isRequired: required.includes(name),
        default: property.default,
        example: property.examples?.[0],
        values: types.includes("boolean") ? ["true", "false"] : (property.enum ?? []).map(String),
        items: items.map(String),
        isNested: types.includes("object") && !types.includes("boolean"),
      });
    }
  }

  /** The field that the key at a position is. */
  at(state: EditorState, position: number): Field | undefined {
    const line = state.doc.lineAt(position);
    const key = keyOf(line.text);
    if (key && isFieldLevel(state.doc, line.number, key.indentation)) {
      return this.#byName.get(key.name);
    }
    return undefined;
  }

  /** The field that a position is in: its own line or one above. */
  around(state: EditorState, position: number): Field | undefined {
    const { number: here, text } = state.doc.lineAt(position);
    // A field that is not written yet is not part of the one above.
    const first = /^[^\s#-]/.test(text) ? here : 1;
    for (let number = here; number >= first; number--) {
      const field = this.at(state, state.doc.line(number).from);
      if (field) {
        return field;
      }
    }
    return undefined;
  }

  /** What can be written at the cursor. */
  complete({ state, pos, explicit }: CompletionContext): CompletionResult | null {
    const line = state.doc.lineAt(pos);
    const before = line.text.slice(0, pos - line.from);

    const value = /^\s*(\w+):\s+["']?([\w-]*)$/.exec(before);
    if (value) {
      const values = this.at(state, pos)?.values ?? [];
      return offer(pos - (value[2]?.length ?? 0), values.map((label) => ({ label, type: "enum" })));
    }

    const item = /^\s*-\s+([\w-]*)$/.exec(before);
    if (item) {
      const items = this.around(state, pos)?.items ?? [];
      return offer(pos - (item[1]?.length ?? 0), items.map((label) => ({ label, type: "enum" })));
    }

    const key = /^(\s*)(\w*)$/.exec(before);
    if (key && (explicit || key[2] !== "") && isFieldLevel(state.doc, line.number, key[1]?.length ?? 0)) {
      const used = new Set(this.#used(state.doc, line.number));
      const fields = [...this.#byName.values()].filter(({ name }) => !used.has(name));
      return offer(pos - (key[2]?.length ?? 0), fields.map(completion));
    }
    return null;
  }

  /** The fields that the other lines have. */
  #used(doc: Text, but: number): string[] {
    const keys = Array.from({ length: doc.lines }, (_, index) => {
      const key = index + 1 === but ? undefined : keyOf(doc.line(index + 1).text);
      return key && isFieldLevel(doc, index + 1, key.indentation) ? [key.name] : [];
    });
    return keys.flat();
  }
}

/** The rest of what is said of a field: how it must be given. */
export function facts(field: Field): string {
  const said = [field.isRequired ? "Required." : `Default: ${JSON.stringify(field.default ?? null)}.`];
  if (field.values.length > 0) {
    said.push(`One of ${field.values.join(", ")}.`);
  }
  if (field.example !== undefined) {
    said.push(`For example ${JSON.stringify(field.example)}.`);
  }
  return said.join(" ");
}

function offer(from: number, options: Completion[]): CompletionResult | null {
  return options.length === 0 ? null : { from, options, validFor: /^[\w-]*$/ };
}

function completion(field: Field): Completion {
  return {
    label: field.name,
    type: "property",
    detail: field.isRequired ? "required" : "",
    info: `${field.description} ${facts(field)}`,
    apply: field.isNested ? `${field.name}:\n  ` : `${field.name}: `,
    boost: field.isRequired ? 1 : 0,
  };
}

function keyOf(text: string): { indentation: number; name: string } | undefined {
  const [, spaces = "", name] = /^( *)["']?(\w+)["']?\s*:(?:\s|$)/.exec(text) ?? [];
  return name === undefined ? undefined : { indentation: spaces.length, name };
}

/** Whether keys at an indentation of a line are fields of the context: at the margin, or in a StreamingPipeline's spec. */
function isFieldLevel(doc: Text, number: number, indentation: number): boolean {
  const isResource = /^kind:\s*["']?StreamingPipeline\b/m.test(doc.sliceString(0, 2000));
  if (!isResource) {
    return indentation === 0;
  }
  for (let above = number - 1; above >= 1 && indentation > 0; above--) {
    const { text } = doc.line(above);
    const own = text.search(/\S/);
    if (own >= 0 && own < indentation) {
      return text.startsWith("spec:");
    }
  }
  return false;
}
