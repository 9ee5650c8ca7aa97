/** The panes beside the manifests: what differs from the pinned state, the problems, and a line's story. */
import type { Problem } from "../../js/src/generated/answers.cjs";
import { CONSEQUENCES, consequences, summary, type Change, type ObjectDiff } from "./compare.js";
import { button, element } from "./dom.js";
import { description, type ContextEditor } from "./editor.js";
import { LAYERS, sentences, shown } from "./story.js";
import type { ShownLine } from "./viewer.js";

/** The story of a line; of one without a field what the tags at the margin mean. */
export function story({ field, object, isRemoved }: ShownLine, editor: ContextEditor): HTMLElement[] {
  if (!field || !object) {
    const terms = Object.entries(LAYERS).flatMap(([layer, { tag, about }]) => [
      element("dt", { class: `chip ${layer}` }, tag),
      element("dd", {}, about),
    ]);
    const about = "The tag of a line is the layer that set it; the last one counts.";
    return [element("span", {}, about), element("dl", { class: "legend" }, ...terms)];
  }
  const place = field.line === undefined ? undefined : editor.place(field);
  const layer = isRemoved ? "emergency_patch" : field.layer;
  const said = sentences(field, object.role, isRemoved === true, (value) => {
    const where = value.line === undefined ? undefined : editor.place(value);
    return where && `line ${where.line}`;
  });
  return [
    element("h2", { class: "path" }, field.path),
    element(
      "p",
      {},
      element("b", { class: `chip ${layer}` }, isRemoved ? "removed" : layer),
      " ",
      element("code", {}, shown(field)),
      " ",
      place && button(`Go to line ${place.line}`, "go", place.go),
    ),
    ...said.map((sentence) => element("p", {}, sentence)),
  ];
}

/** What differs, with its consequences, the gravest first. */
export function difference(diffs: ObjectDiff[]): HTMLElement[] {
  const text = summary(diffs);
  return [
    element("p", { class: "summary" }, text.charAt(0).toUpperCase() + text.slice(1)),
    ...diffs.map((object) =>
      element(
        "section",
        {},
        element("h2", { class: "path" }, object.title),
        ...consequences(object).flatMap((consequence) => [
          element("p", { class: `consequence ${consequence}` }, CONSEQUENCES[consequence]),
          changeList(object.changes.filter((change) => change.consequence === consequence && change.path !== "")),
        ]),
      ),
    ),
  ];
}

function changeList(changes: Change[]): HTMLElement {
  const items = changes.map(({ path, old, new: now }) => {
    const values = [
      old !== undefined && element("del", {}, element("span", { class: "sr" }, "from "), old),
      now !== undefined && element("ins", {}, element("span", { class: "sr" }, "to "), now),
    ];
    return element("li", {}, element("code", { class: "path" }, path), ...values);
  });
  return items.length === 0 ? element("span", {}) : element("ul", { class: "changes" }, ...items);
}

/** The problems, each with what leads to its place and what fixes it. */
export function problemList(problems: Problem[], isError: boolean, editor: ContextEditor): HTMLElement[] {
  if (problems.length === 0) {
    return [element("p", { class: "empty" }, "No problems, no warnings.")];
  }
  // Those without a place come first.
  const placed = problems.map((problem) => ({ problem, place: editor.place(problem) }));
  placed.sort((a, b) => (a.place?.from ?? -1) - (b.place?.from ?? -1));
  const fixable = problems.filter((problem) => editor.canFix(problem));
  const items = placed.map(({ problem, place }) => {
    const go = button("", "problem", () => (place ? place.go() : editor.focus()));
    go.append(
      element("b", { class: isError ? "error" : "warning" }, isError ? "error" : "warning"),
      description(problem),
      element("small", { class: "line" }, place ? `line ${place.line}` : ""),
    );
    const fix = fixable.includes(problem) && button(`Fix: ${problem.fix?.title ?? ""}`, "fix", () => editor.fix([problem]));
    return element("li", {}, go, fix);
  });
  const list = element("ol", { class: "problems" }, ...items);
  list.addEventListener("keydown", (event) => move(event, [...list.querySelectorAll<HTMLElement>("button.problem")]));
  return [
    ...(fixable.length > 1
      ? [element("p", {}, button(`Fix all ${fixable.length} that can be fixed`, "fix", () => editor.fix(fixable)))]
      : []),
    list,
  ];
}

/** Moves the focus along a list of elements with the arrow keys, Home and End: to the one that is returned. */
export function move(event: KeyboardEvent, among: HTMLElement[]): HTMLElement | undefined {
  const focused = document.activeElement as HTMLElement;
  // A button beside one of them counts as it.
  const own = among.includes(focused) ? focused : focused.previousElementSibling;
  const at = among.findIndex((one) => one === own);
  const goals: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: among.length - 1,
  };
  const next = among[goals[event.key] ?? -1];
  if (next) {
    event.preventDefault();
    next.focus();
  }
  return next;
}
