/**
 * What changes between two states of a context's objects, and what that means for what runs.
 *
 * Both states are rendered by one macro, so this compares what is rendered. `streams-k8s diff`, which also compares with
 * what a cluster stores, knows its defaults too; on what both can say, a test holds this to it.
 */
import MERGE_KEYS from "merge-keys";
import { get, readJson, step, textOf, writeJson, type Node } from "./json.js";

/** What a change means, the gravest first. */
export const CONSEQUENCES = {
  refused:
    "Kubernetes refuses this: selectors cannot change; delete the Deployment first, or give it another name",
  "pods-restart": "the pod template changes: all pods restart",
  gone: "it is no longer rendered: what runs stays until somebody deletes it",
  created: "it is created",
  scale: "the number of pods: some start or stop, and none restarts for it",
  "config-map": "the configuration: pods read it when they start, which a new configVersion makes them do",
  "rollout-settings": "settings for later rollouts: nothing restarts",
  "metadata-only": "metadata only: nothing restarts",
};

export type Consequence = keyof typeof CONSEQUENCES;

/** One change; `path` is empty where the object as a whole comes or goes. */
export interface Change {
  path: string;
  /** The value before as JSON text; none where there was none. */
  old?: string;
  new?: string;
  consequence: Consequence;
}

/** An object that differs. */
export interface ObjectDiff {
  title: string;
  changes: Change[];
}

/** An object, and what people call it. */
export interface Named {
  title: string;
  root: Node;
}

/** Fields whose keys are anybody's: without any such a mapping is as good as none, so each key is a change of its own. */
const FREE_KEYS = new Set(["annotations", "data", "labels", "limits", "matchLabels", "nodeSelector", "requests"]);

/** The objects that differ, in the order of the old ones, then of the new. */
export function compare(old: Named[], now: Named[]): ObjectDiff[] {
  const met = new Set<Named>();
  const diffs = old.map(({ title, root }): ObjectDiff => {
    const other = now.find((object) => object.title === title) ?? elsewhere(title, old, now);
    if (other === undefined) {
      return { title, changes: [{ path: "", consequence: "gone" }] };
    }
    met.add(other);
    const all = changes(root, other.root);
    return { title, changes: title === other.title ? all : all.filter(({ path }) => path !== "metadata.namespace") };
  });

  const created = now.filter((object) => !met.has(object));
  diffs.push(...created.map(({ title }): ObjectDiff => ({ title, changes: [{ path: "", consequence: "created" }] })));
  return diffs.filter((object) => object.changes.length > 0);
}

/** The one object of the same kind and name, where only one of both says its namespace: it goes where it is applied to. */
function elsewhere(title: string, old: Named[], now: Named[]): Named | undefined {
  const bare = (text: string): string => text.replace(/ .*\//, " ");
  const found = now.filter(
    (object) =>
      bare(object.title) === bare(title) &&
      [object.title, title].includes(bare(title)) &&
      !old.some((other) => other.title === object.title),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** What an object's changes mean, the gravest first, each once. */
export function consequences({ changes }: ObjectDiff): Consequence[] {
  const all = new Set(changes.map((change) => change.consequence));
  return (Object.keys(CONSEQUENCES) as Consequence[]).filter((consequence) => all.has(consequence));
}

/** The answer to the question most asked. */
export function summary(diffs: ObjectDiff[]): string {
  if (diffs.length === 0) {
    return "nothing differs";
  }
  const parts = [diffs.length === 1 ? "1 object differs" : `${diffs.length} objects differ`];
  const restart = titles(diffs, "pods-restart");
  parts.push(restart.length === 0 ? "no pods restart" : `pods restart: ${restart.join(", ")}`);

  const refused = titles(diffs, "refused");
  if (refused.length > 0) {
    parts.push(`Kubernetes refuses: ${refused.join(", ")}`);
  }

  const isFleet = (title: string): boolean => title.startsWith("Deployment ");
  const gone = titles(diffs, "gone").filter(isFleet).join(", ");
  const created = titles(diffs, "created").filter(isFleet).join(", ");
  if (gone !== "" && created !== "") {
    parts.push(`both consume at once until ${gone} is deleted: it, and the new ${created}`);
  }
  return parts.join("; ");
}

/** The objects that a consequence has; what Kubernetes refuses has no other. */
function titles(diffs: ObjectDiff[], consequence: Consequence): string[] {
  const has = (object: ObjectDiff): boolean => {
    const all = consequences(object);
    return all.includes(consequence) && (consequence === "refused" || !all.includes("refused"));
  };
  return diffs.filter(has).map(({ title }) => title);
}

function changes(old: Node, now: Node): Change[] {
  const isConfigMap = textOf(get(old, "kind")) === "ConfigMap";
  const found: Change[] = [];
  const add = (path: string, before?: string, after?: string): void => {
    found.push({ path, old: before, new: after, consequence: meaning(path, isConfigMap) });
  };

  function node(before: Node, after: Node, path: string, name: string): void {
    if (writeJson(before) === writeJson(after)) {
      return;
    }
    if (before.kind === "map" && after.kind === "map") {
      map(before.entries, after.entries, path);
    } else if (before.kind === "list" && after.kind === "list") {
      const keys = MERGE_KEYS[name] ?? [];
      const [inBefore, inAfter] = [identities(before.items, keys), identities(after.items, keys)];
      if (inBefore && inAfter) {
        keyed(inBefore, inAfter, path);
      } else {
        byPosition(before.items, after.items, path);
      }
    } else if (isConfigMap && path.startsWith("data") && textOf(before) !== undefined) {
      document(before, after, path);
    } else {
      add(path, writeJson(before), writeJson(after));
    }
  }

  function map(before: [string, Node][], after: [string, Node][], path: string): void {
    const [inBefore, inAfter] = [new Map(before), new Map(after)];
    const at = (key: string): string => (path + step(key)).replace(/^\./, "");
    for (const [key, value] of before) {
      const other = inAfter.get(key);
      if (other) {
        node(value, other, at(key), key);
      } else if (value.kind === "map" && FREE_KEYS.has(key)) {
        map(value.entries, [], at(key));
      } else {
        add(at(key), writeJson(value));
      }
    }
    for (const [key, value] of after.filter(([key]) => !inBefore.has(key))) {
      if (value.kind === "map" && FREE_KEYS.has(key)) {
        map([], value.entries, at(key));
      } else {
        add(at(key), undefined, writeJson(value));
      }
    }
  }

  function keyed(before: Map<string, Node>, after: Map<string, Node>, path: string): void {
    for (const [id, value] of before) {
      const other = after.get(id);
      if (other) {
        node(value, other, `${path}[${id}]`, "");
      } else {
        add(`${path}[${id}]`, writeJson(value));
      }
    }
    for (const [id, value] of after) {
      if (!before.has(id)) {
        add(`${path}[${id}]`, undefined, writeJson(value));
      }
    }
    // Kubernetes compares lists in order.
    const order = (ids: Map<string, Node>, other: Map<string, Node>): string =>
      `in the order ${[...ids.keys()].filter((id) => other.has(id)).join(", ")}`;
    if (order(before, after) !== order(after, before)) {
      add(path, order(before, after), order(after, before));
    }
  }

  /** What stands at both ends stays; the rest has changed place by place. */
  function byPosition(before: Node[], after: Node[], path: string): void {
    const same = (a: Node | undefined, b: Node | undefined): boolean =>
      a !== undefined && b !== undefined && writeJson(a) === writeJson(b);
    let start = 0;
    while (same(before[start], after[start])) {
      start++;
    }
    let end = 0;
    const most = Math.min(before.length, after.length) - start;
    while (end < most && same(before.at(-1 - end), after.at(-1 - end))) {
      end++;
    }

    const [rest, other] = [before.slice(0, before.length - end), after.slice(0, after.length - end)];
    for (let at = start; at < Math.max(rest.length, other.length); at++) {
      const [a, b] = [rest[at], other[at]];
      if (a && b) {
        node(a, b, `${path}[${at}]`, "");
      } else {
        add(`${path}[${at}]`, a && writeJson(a), b && writeJson(b));
      }
    }
  }

  /** The configuration in the ConfigMap, a document of its own: what changes in it. */
  function document(before: Node, after: Node, path: string): void {
    const [old, now] = [readDocument(before), readDocument(after)];
    if (old?.kind === "map" && now?.kind === "map") {
      map(old.entries, now.entries, `${path}:`);
    } else {
      add(path, writeJson(before), writeJson(after));
    }
  }

  node(old, now, "", "");
  return found;
}

/** What a change at a place means. */
function meaning(path: string, isConfigMap: boolean): Consequence {
  const isBelow = (place: string): boolean => path.startsWith(place) && /^($|[.[:])/.test(path.slice(place.length));
  if (isBelow("metadata")) {
    return "metadata-only";
  }
  if (isConfigMap) {
    return "config-map";
  }
  const places: [string, Consequence][] = [
    ["spec.selector", "refused"],
    ["spec.template", "pods-restart"],
    ["spec.replicas", "scale"],
  ];
  return places.find(([place]) => isBelow(place))?.[1] ?? "rollout-settings";
}

function readDocument(node: Node): Node | undefined {
  try {
    return readJson(textOf(node) ?? "");
  } catch {
    return undefined;
  }
}

/** The items by Kubernetes' own keys; none where two have the same, or one has none. */
function identities(items: Node[], keys: string[]): Map<string, Node> | undefined {
  const found = new Map<string, Node>();
  for (const item of items) {
    const values = keys.map((key) => {
      const value = get(item, key);
      // The one merge key that is optional.
      return textOf(value) ?? (value?.kind === "leaf" ? value.json : key === "protocol" ? "TCP" : undefined);
    });
    const id = values.join("/");
    if (keys.length === 0 || values.includes(undefined) || found.has(id)) {
      return undefined;
    }
    found.set(id, item);
  }
  return found;
}
