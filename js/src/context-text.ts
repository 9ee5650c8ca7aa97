import { RenderError } from "./errors.cjs";
import type { Problem } from "./generated/answers.cjs";

// JSON.stringify leaves out, or writes as {} or null, what JSON has no form for. A template that lost a part renders all
// the same, so here every value is written for what it is, or is a problem.

/** More levels than the macro takes: an object that is deeper is refused here, with its answer. */
const MAX_DEPTH = 1000;

/** Longer than any context that the macro can read. */
const MAX_LENGTH = 128 << 20;

/** As in Python. A value that stands in many places is written, and counts, in each. */
const MAX_VALUES = 1_000_000;

const MAX_PROBLEMS = 100;

/**
 * The text of a context, for the macro.
 *
 * @throws {@link RenderError} where a value has no form in JSON
 */
export function contextText(context: unknown): string {
  const writer = new Writer();
  if (typeof context === "string") {
    if (!context.isWellFormed()) {
      writer.refuse("", "the text has half of a surrogate pair, which UTF-8 cannot carry", "give whole characters");
    }
    writer.end();
    return context;
  }
  writer.value(context, "");
  return writer.end();
}

class Writer {
  #text: string[] = [];
  #length = 0;
  #values = 0;
  #problems: Problem[] = [];
  /** The lists and mappings around the value that is written. */
  #around = new Set<object>();

  /** The whole text. */
  end(): string {
    if (this.#problems.length > 0) {
      throw new RenderError(JSON.stringify({ problems: this.#problems }));
    }
    return this.#text.join("");
  }

  refuse(path: string, message: string, help: string, code = "unsupported-value"): void {
    this.#problems.push({ code, path, message, help });
  }

  #write(text: string): void {
    this.#text.push(text);
    this.#length += text.length;
  }

  /** Whether nothing that follows can change the outcome. */
  get #full(): boolean {
    return this.#problems.length >= MAX_PROBLEMS || this.#tooLarge;
  }

  get #tooLarge(): boolean {
    return this.#length > MAX_LENGTH || this.#values > MAX_VALUES;
  }

  value(value: unknown, path: string): void {
    this.#values++;
    switch (typeof value) {
      case "string":
        return this.#string(value, path);
      case "number":
        return this.#number(value, path);
      case "bigint":
      case "boolean":
        return this.#write(String(value));
      case "undefined":
        return this.refuse(path, "the value is undefined", "leave the key out, or give a value; null is a value too");
      case "function":
        return this.refuse(path, "the value is a function", "call it, or leave the key out");
      case "symbol":
        return this.refuse(path, "the value is a symbol", "give its text, or leave the key out");
      default:
        return value === null ? this.#write("null") : this.#object(value as object, path);
    }
  }

  #string(value: string, path: string): void {
    if (value.isWellFormed()) {
      this.#write(JSON.stringify(value));
    } else {
      this.refuse(path, "the text has half of a surrogate pair, which UTF-8 cannot carry", "give whole characters");
    }
  }

  #number(value: number, path: string): void {
    if (Number.isFinite(value)) {
      this.#write(JSON.stringify(value));
    } else {
      this.refuse(path, `the value is ${value}, which JSON cannot write`, "give a finite number, or the context as YAML text");
    }
  }

  #object(value: object, path: string): void {
    if (this.#full) {
      return;
    }
    if (this.#around.has(value)) {
      return this.refuse(path, "the value contains itself", "give each value in full, without a way back to what it is in");
    }
    if (this.#around.size >= MAX_DEPTH) {
      return this.refuse(path, `lists and mappings are nested deeper than ${MAX_DEPTH} levels`, "make it flatter", "too-deep");
    }

    this.#around.add(value);
    this.#known(value, path);
    this.#around.delete(value);

    if (this.#tooLarge && this.#problems.length === 0) {
      const most = `${MAX_LENGTH} characters, or ${MAX_VALUES} values`;
      this.refuse("", `the context has more than ${most}`, "give less, or each value only once", "too-large");
    }
  }

  #known(value: object, path: string): void {
    if (Array.isArray(value)) {
      return this.#list(value, path);
    }
    if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt) {
      return this.value(value.valueOf(), path);
    }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      return this.refuse(path, `the value is binary: ${kindOf(value)}`, "decode it to text, or give a list of numbers: Array.from(…)");
    }
    if (value instanceof Date && Number.isNaN(value.getTime())) {
      return this.refuse(path, "the value is a Date that is no time", "give a valid one, or text");
    }
    if (typeof (value as { toJSON?: unknown }).toJSON === "function") {
      const replacement = (value as { toJSON(key: string): unknown }).toJSON("");
      return replacement === value ? this.#mapping(value, path) : this.value(replacement, path);
    }
    if (value instanceof Map) {
      return this.refuse(path, "the value is a Map", "give an object: Object.fromEntries(map)");
    }
    if (value instanceof Set) {
      return this.refuse(path, "the value is a Set", "give a list: [...set]");
    }
    if (!isPlain(value)) {
      return this.refuse(path, `the value is an instance of ${kindOf(value)}`, "give a plain object: {...value}, or give its class toJSON()");
    }
    return this.#mapping(value, path);
  }

  #list(list: unknown[], path: string): void {
    this.#write("[");
    for (let index = 0; index < list.length && !this.#full; index++) {
      if (index > 0) {
        this.#write(",");
      }
      if (index in list) {
        this.value(list[index], `${path}[${index}]`);
      } else {
        this.refuse(`${path}[${index}]`, "the list has a hole", "give a value; null is one too");
      }
    }
    this.#write("]");

    for (const key of Reflect.ownKeys(list)) {
      if (!isIndex(key) && Object.prototype.propertyIsEnumerable.call(list, key)) {
        this.refuse(pathOf(path, key), "the value is a property of a list", "lists have items only: give an object");
        return;
      }
    }
  }

  #mapping(mapping: object, path: string): void {
    let first = true;
    this.#write("{");
    for (const [key, value] of Object.entries(mapping)) {
      if (this.#full) {
        break;
      }
      if (!first) {
        this.#write(",");
      }
      first = false;
      this.#string(key, path);
      this.#write(":");
      this.value(value, pathOf(path, key));
    }
    this.#write("}");

    for (const key of Object.getOwnPropertySymbols(mapping)) {
      if (Object.prototype.propertyIsEnumerable.call(mapping, key)) {
        this.refuse(pathOf(path, key), "the key is a symbol", "give text for a key");
      }
    }
  }
}

/** Whether it is an object literal, or has no prototype. Those of other realms (`node:vm`, Jest) are, too. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The name of a value's class. */
function kindOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? shown(name).slice(1, -1) : "a class";
}

function isIndex(key: string | symbol): boolean {
  return typeof key === "string" && /^\d+$/.test(key);
}

/** A path as the macro writes it. */
function pathOf(path: string, key: string | symbol): string {
  const text = String(key);
  if (/^[\p{Alphabetic}\p{N}_$-]{1,100}$/u.test(text)) {
    return path === "" ? text : `${path}.${text}`;
  }
  return `${path}[${shown(text)}]`;
}

/** A text in quotes, without characters that act on a terminal, and not longer than anybody reads. */
function shown(text: string): string {
  const short = text.length > 100 ? `${text.slice(0, 99)}…` : text;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
