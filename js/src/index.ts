/**
 * Renders the Kubernetes manifests of a Sentry Streams consumer.
 *
 * The answers come from the Consumer Macro, a WebAssembly component that this package carries. It has no access to
 * files, network, clock or environment, and everything about manifests is decided in it: the answer is the same, byte
 * for byte, as in the macro's other hosts.
 *
 * @packageDocumentation
 */
import { instantiate } from "./generated/macro.js";
import bytes from "./generated/macro.core.wasm";
import type { Context } from "./generated/context.cjs";

export type { Context };

/** One thing that is wrong, or suspicious, with its place and its cure. */
export interface Problem {
  /** What kind of problem it is: stable, kebab-case, for programs (`missing-field`, `invalid-yaml`). */
  code: string;
  /**
   * The place in the input, from the context's root (`deployment_template.spec.template.spec.containers[1].image`);
   * empty for the context as a whole.
   */
  path: string;
  /** What is wrong, in one sentence, for people. */
  message: string;
  /** What to do about it. */
  help?: string;
  /** The line of the place, from 1, where it is known. */
  line?: number;
  /** The column of the place in that line, in characters, from 1. */
  column?: number;
}

/** One Kubernetes object, ready for `JSON.stringify`, a YAML library, or cdk8s' `ApiObject`. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; [field: string]: unknown };
  [field: string]: unknown;
}

/** The objects of one context, in the macro's order. */
export interface Manifests {
  /** The Deployment of the consumer. */
  deployment: KubernetesObject;
  /** The ConfigMap with the pipeline's configuration. */
  configmap: KubernetesObject;
  /** The canary Deployment, where the context asks for one. */
  canary_deployment?: KubernetesObject;
}

/** What {@link render} gives for a context that is right. */
export interface Rendered {
  manifests: Manifests;
  /** What is legal but suspicious. */
  warnings: Problem[];
}

/** What {@link validate} gives for a context that is right. */
export interface Accepted {
  /** What is legal but suspicious. */
  warnings: Problem[];
}

/** What a field of an object is, or was before another layer replaced it. */
export interface Layered {
  value: unknown;
  /** Who set it: `base`, `deployment_template`, `container_template`, `platform`, `pipeline_config`, `emergency_patch`. */
  layer: string;
  /** The place in the context that it comes from. */
  from?: string;
  /** The line of that place, from 1. */
  line?: number;
  /** The column of that place, from 1. */
  column?: number;
  /** How the macro came to it. */
  note?: string;
}

/** Where a field comes from. */
export interface Field extends Layered {
  /** The field, from the object's root. */
  path: string;
  /** What it was before, oldest first. */
  replaced: Layered[];
}

/** What {@link explain} gives for a context that is right. */
export interface Explained {
  /** For each object, its fields in order, and those that the emergency patch removed. */
  manifests: { [role in keyof Manifests]: { fields: Field[]; removed: Field[] } };
  /** What is legal but suspicious. */
  warnings: Problem[];
}

/** The macro refused a context. */
export class RenderError extends Error {
  /** Everything found wrong, at least one. */
  readonly problems: Problem[];

  /** @param text - the macro's own JSON text: `{"problems": […]}` */
  constructor(readonly text: string) {
    const { problems } = JSON.parse(text) as { problems: Problem[] };
    super(`the context is refused: ${problems.map(describe).join("\n")}`);
    this.name = "RenderError";
    this.problems = problems;
  }
}

/**
 * Renders the Kubernetes objects of a context.
 *
 * @param context - an object, or JSON or YAML text. JavaScript has one kind of number: a context whose numbers must
 *   stay as they are written (`1.0`, or integers beyond 2^53) is best given as text.
 * @throws {@link RenderError} where the context is not right
 */
export function render(context: Context | string): Rendered {
  return JSON.parse(renderText(context)) as Rendered;
}

/**
 * {@link render} with the macro's own JSON text as the result:
 * `{"manifests": {"deployment": …, "configmap": …, "canary_deployment": …}, "warnings": […]}`.
 *
 * @throws {@link RenderError} where the context is not right
 */
export function renderText(context: Context | string): string {
  return call((macro) => macro.render(contextText(context)));
}

/**
 * Says whether {@link render} would succeed.
 *
 * @throws {@link RenderError} where it would not
 */
export function validate(context: Context | string): Accepted {
  return JSON.parse(call((macro) => macro.validate(contextText(context)))) as Accepted;
}

/**
 * Tells where every field of the rendered objects comes from: the layer that set it, and what it replaced.
 *
 * @throws {@link RenderError} where the context is not right
 */
export function explain(context: Context | string): Explained {
  return JSON.parse(call((macro) => macro.explain(contextText(context)))) as Explained;
}

/** The JSON Schema of the context. */
export function schema(): Record<string, unknown> {
  return JSON.parse(call((macro) => macro.schema())) as Record<string, unknown>;
}

/** The version of the macro, for instance `0.1.0`. */
export function version(): string {
  return call((macro) => macro.version());
}

type Macro = ReturnType<typeof instantiate>["consumerMacroJson"];

interface Instance {
  macro: Macro;
  memory: WebAssembly.Memory;
}

/** An instance with more memory than this is not kept: a WebAssembly memory never shrinks. */
const KEPT_MEMORY = 32 << 20;

let compiled: WebAssembly.Module | undefined;
let idle: Instance | undefined;

/**
 * Runs one call. Calls leave no trace in an instance, so the next one may have it: to make one takes longer than a
 * small call. An instance in which a call failed is not used again.
 */
function call(ask: (macro: Macro) => string): string {
  const instance = idle ?? newInstance();
  idle = undefined;
  let answer: string;
  let refused = false;
  try {
    answer = ask(instance.macro);
  } catch (error) {
    // The `err` case of a result<string, string> is thrown as it is; anything else is not an answer.
    if (typeof error !== "string") {
      throw error;
    }
    answer = error;
    refused = true;
  }
  if (instance.memory.buffer.byteLength <= KEPT_MEMORY) {
    idle = instance;
  }
  if (refused) {
    throw new RenderError(answer);
  }
  return answer;
}

function newInstance(): Instance {
  const module = (compiled ??= new WebAssembly.Module(bytes));
  let memory!: WebAssembly.Memory;
  const { consumerMacroJson } = instantiate(
    () => module,
    {},
    (core, imports) => {
      const instance = new WebAssembly.Instance(core, imports);
      memory = instance.exports["memory"] as WebAssembly.Memory;
      return instance;
    },
  );
  return { macro: consumerMacroJson, memory };
}

function contextText(context: Context | string): string {
  const text = typeof context === "string" ? context : JSON.stringify(context, refuseWhatJsonCannotCarry);
  if (!text.isWellFormed()) {
    throw new TypeError("the context has half of a surrogate pair, which UTF-8 cannot carry");
  }
  return text;
}

function refuseWhatJsonCannotCarry(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`${key} is ${value}, which JSON would write as null: give the context as YAML text`);
  }
  return value;
}

function describe({ path, message, code, help }: Problem): string {
  return `${path && `${path}: `}${message} [${code}]${help ? `\n  help: ${help}` : ""}`;
}
