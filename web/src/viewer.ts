/** The manifests: a line's layer stands at its margin, and its story below. */
import { defaultKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { RangeSetBuilder, StateEffect, StateField, EditorState } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  gutter,
  GutterMarker,
  highlightActiveLine,
  keymap,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import type { ManifestObject } from "./answer.js";
import { writeJson, type Node as Json } from "./json.js";
import { look } from "./look.js";
import { LAYERS, shown, type Field } from "./story.js";

/** A line of the manifests. */
export interface ShownLine {
  text: string;
  /** What stands here: none where only the name of a list or mapping does. */
  field?: Field;
  object?: ManifestObject;
  isRemoved?: boolean;
  isContinued?: boolean;
  /** Whether it is new, or another value, since the pinned state. */
  mark?: "+" | "~";
}

/** All lines of the objects: as they are rendered, and what the emergency patch removed as comments. */
export function shownLines(objects: ManifestObject[], pinned: ManifestObject[] | undefined): ShownLine[] {
  return objects.flatMap((object, index) => {
    const known = pinned && leaves(pinned.find(({ title }) => title === object.title));
    const lines = object.lines.map(({ text, leaf, isContinued }): ShownLine => {
      const field = leaf === undefined ? undefined : object.fields[leaf];
      return { text, field, object, isContinued, mark: field && known && mark(field, known) };
    });
    const removed = object.removed.map((field): ShownLine => {
      return { text: `# removed ${field.path}: ${shown(field)}`, field, object, isRemoved: true };
    });
    return [...(index > 0 ? [{ text: "---" }] : []), ...lines, ...removed];
  });
}

function leaves(object: ManifestObject | undefined): Map<string, string> {
  return new Map(object?.fields.map((field) => [field.path, shown(field)]));
}

function mark(field: Field, known: Map<string, string>): "+" | "~" | undefined {
  const before = known.get(field.path);
  return before === undefined ? "+" : before === shown(field) ? undefined : "~";
}

/** The objects as one YAML text. */
export function yamlText(objects: ManifestObject[]): string {
  return objects.map(({ lines }) => `${lines.map(({ text }) => text).join("\n")}\n`).join("---\n");
}

/** The objects as JSON, with the numbers and the order of keys of the component. */
export function jsonText(objects: { root: Json }[]): string {
  return objects.map(({ root }) => `${writeJson(root)}\n`).join("");
}

const setLines = StateEffect.define<ShownLine[]>();

const shownField = StateField.define<ShownLine[]>({
  create: () => [],
  update: (lines, { effects }) => effects.find((effect) => effect.is(setLines))?.value ?? lines,
});

class Tag extends GutterMarker {
  constructor(
    readonly text: string,
    readonly layer: string,
  ) {
    super();
    this.elementClass = layer;
  }

  override eq(other: Tag): boolean {
    return other.text === this.text && other.layer === this.layer;
  }

  override toDOM(): Node {
    return document.createTextNode(this.text);
  }
}

/** Whether the emergency patch set, or removed, what stands in a line. */
function isPatched(line: ShownLine | undefined): boolean {
  return line?.isRemoved === true || line?.field?.layer === "emergency_patch";
}

const tags = gutter({
  class: "cm-tags",
  lineMarker: (view, block) => {
    const line = view.state.field(shownField)[view.state.doc.lineAt(block.from).number - 1];
    if (!line?.field) {
      return null;
    }
    const layer = line.isRemoved ? "emergency_patch" : line.field.layer;
    return new Tag(`${line.isContinued ? "" : LAYERS[layer].tag}${line.mark ?? ""}`, `${layer}${line.mark ? " marked" : ""}`);
  },
  lineMarkerChange: (update) => update.startState.field(shownField) !== update.state.field(shownField),
  initialSpacer: () => new Tag("PATCH~", "base"),
});

const patched = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = this.#of(view);
    }

    update(update: ViewUpdate): void {
      if (update.viewportChanged || update.startState.field(shownField) !== update.state.field(shownField)) {
        this.decorations = this.#of(update.view);
      }
    }

    #of(view: EditorView): DecorationSet {
      const builder = new RangeSetBuilder<Decoration>();
      const lines = view.state.field(shownField);
      const { doc } = view.state;
      for (let at = view.viewport.from; at <= view.viewport.to; ) {
        const line = doc.lineAt(at);
        const shownLine = lines[line.number - 1];
        const names = [isPatched(shownLine) && "emergency_patch patched", shownLine?.mark && "changed"].filter(Boolean);
        if (names.length > 0) {
          builder.add(line.from, line.from, Decoration.line({ class: names.join(" ") }));
        }
        at = line.to + 1;
      }
      return builder.finish();
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** What the page wants to know of the viewer. */
export interface ViewerListener {
  /** The cursor, or a click, is on a line. */
  chose(line: ShownLine | undefined): void;
  /** Enter: to what set the line. */
  followed(line: ShownLine | undefined): void;
}

/** The manifests, to be read. */
export class Viewer {
  readonly #view: EditorView;

  constructor(parent: HTMLElement, listener: ViewerListener) {
    const next = (is: (line: ShownLine) => boolean) => (): boolean => this.#next(is);
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          look,
          tags,
          shownField,
          patched,
          drawSelection(),
          highlightActiveLine(),
          yaml(),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({
            "aria-label": "Manifests, to read: the story of the line with the cursor stands below",
            "aria-readonly": "true",
            // No keyboard of a screen: there is nothing to write.
            inputmode: "none",
            spellcheck: "false", tabindex: "0",
          }),
          keymap.of([
            { key: "Enter", run: () => (listener.followed(this.line), true) },
            { key: "p", run: next(isPatched) },
            { key: "c", run: next(({ mark }) => mark !== undefined) },
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.selectionSet || update.docChanged) {
              listener.chose(this.line);
            }
          }),
        ],
      }),
    });
  }

  focus(): void {
    this.#view.focus();
  }

  /** The line with the cursor. */
  get line(): ShownLine | undefined {
    const { state } = this.#view;
    return state.field(shownField)[state.doc.lineAt(state.selection.main.head).number - 1];
  }

  /** Shows lines; where they are those that are there, they stay, and with them the cursor. */
  show(lines: ShownLine[]): void {
    const { doc } = this.#view.state;
    const old = this.#view.state.field(shownField);
    const effects = setLines.of(lines);
    // What is between the lines that stay has one line at least, in both.
    const most = Math.min(old.length, lines.length) - 1;
    let start = 0;
    while (start < most && old[start]?.text === lines[start]?.text) {
      start++;
    }
    let end = 0;
    while (end < most - start && old.at(-1 - end)?.text === lines.at(-1 - end)?.text) {
      end++;
    }

    const insert = lines.slice(start, lines.length - end).map(({ text }) => text).join("\n");
    const from = most < 0 ? 0 : doc.line(start + 1).from;
    const to = most < 0 ? doc.length : doc.line(old.length - end).to;
    const isSame = doc.sliceString(from, to) === insert;
    this.#view.dispatch({ effects, changes: isSame ? [] : { from, to, insert } });
  }

  #next(is: (line: ShownLine) => boolean): boolean {
    const { state } = this.#view;
    const lines = state.field(shownField);
    const here = state.doc.lineAt(state.selection.main.head).number - 1;
    const isStart = (line: ShownLine): boolean => is(line) && !line.isContinued;
    const below = lines.findIndex((line, index) => index > here && isStart(line));
    const found = below >= 0 ? below : lines.findIndex(isStart);
    if (found >= 0) {
      const { from } = state.doc.line(found + 1);
      this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    }
    return true;
  }
}
