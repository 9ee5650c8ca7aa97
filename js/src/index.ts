/**
 * Renders the Kubernetes manifests of a Sentry Streams consumer.
 *
 * The answers come from the Consumer Macro, a WebAssembly component that this package carries. It has no access to
 * files, network, clock or environment, and everything about manifests is decided in it: the answer is the same, byte
 * for byte, as in the macro's other hosts.
 *
 * @packageDocumentation
 */
import { contextText } from "./context-text.js";
import { MacroError, RenderError } from "./errors.cjs";
import type { Accepted, Explained, Rendered } from "./generated/answers.cjs";
import type { Context } from "./generated/context.cjs";
import { call } from "./instance.js";

export { MacroError, RenderError };
export type { Context };
export type * from "./generated/answers.cjs";

/**
 * Renders the Kubernetes objects of a context.
 *
 * @param context - an object, or JSON or YAML text. An object's values are those of JSON, `bigint` (an integer of any
 *   size), and what has a `toJSON` method; anything else (`undefined`, functions, a `Map`) is a problem with the code
 *   `unsupported-value`. JavaScript has one kind of number: a context whose numbers must stay as they are written
 *   (`1.0`) is best given as text.
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
  const text = contextText(context);
  return call((macro) => macro.render(text));
}

/**
 * Says whether {@link render} would succeed.
 *
 * @throws {@link RenderError} where it would not
 */
export function validate(context: Context | string): Accepted {
  const text = contextText(context);
  return JSON.parse(call((macro) => macro.validate(text))) as Accepted;
}

/**
 * Tells where every field of the rendered objects comes from: the layer that set it, and what it replaced.
 *
 * @throws {@link RenderError} where the context is not right
 */
export function explain(context: Context | string): Explained {
  const text = contextText(context);
  return JSON.parse(call((macro) => macro.explain(text))) as Explained;
}

/** The JSON Schema of the context. */
export function schema(): Record<string, unknown> {
  return JSON.parse(call((macro) => macro.schema())) as Record<string, unknown>;
}

/** The version of the macro, for instance `0.1.0`. */
export function version(): string {
  return call((macro) => macro.version());
}
