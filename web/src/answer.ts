/** What the component says of a context, made ready to be shown: in the worker, so that the page has little to do. */
import { explain, RenderError, renderText } from "../../js/src/index.js";
import type { Problem } from "../../js/src/generated/answers.cjs";
import { get, readJson, textOf, type Node } from "./json.js";
import type { Field } from "./story.js";
import { yamlLines, type Line } from "./yaml.js";

/** A rendered object, where each of its fields comes from, and its lines. */
export interface ManifestObject {
  role: string;
  /** What people call it: `Deployment profiling/profiles-0`. */
  title: string;
  root: Node;
  /** One a leaf. */
  fields: Field[];
  /** What the emergency patch removed. */
  removed: Field[];
  lines: Line[];
}

/** The answer to a context; `text` is the component's own. */
export type Answer =
  | { outcome: "ok"; text: string; objects: ManifestObject[]; problems: Problem[] }
  | { outcome: "err"; text: string; problems: Problem[] };

/** Renders and explains a context; the problems of one that is right are warnings. */
export function answer(context: string): Answer {
  try {
    const text = renderText(context);
    const { manifests, warnings } = explain(context);
    const explained = manifests as unknown as Record<string, { fields: Field[]; removed: Field[] }>;
    const rendered = get(readJson(text), "manifests");
    const entries = rendered?.kind === "map" ? rendered.entries : [];
    const objects = entries.map(([role, root]) => {
      const { fields, removed } = explained[role] ?? { fields: [], removed: [] };
      return { role, title: title(root), root, fields, removed, lines: yamlLines(root) };
    });
    return { outcome: "ok", text, objects, problems: warnings };
  } catch (error) {
    if (error instanceof RenderError) {
      return { outcome: "err", text: error.text, problems: error.problems };
    }
    throw error;
  }
}

function title(root: Node): string {
  const namespace = textOf(get(root, "metadata", "namespace"));
  const name = textOf(get(root, "metadata", "name")) ?? "";
  return `${textOf(get(root, "kind")) ?? ""} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
