/** The context, as it is edited. */
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { nextDiagnostic, previousDiagnostic, setDiagnostics, type Action, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
} from "@codemirror/view";
import type { Problem } from "../../js/src/generated/answers.cjs";
import { element } from "./dom.js";
import { facts, type Field, type Fields } from "./fields.js";
import { look } from "./look.js";
import { changeOf, rangeOf, type Placed, type Range } from "./places.js";

/** What the page wants to know of the editor. */
export interface EditorListener {
  changed(): void;
  /** The cursor is in a field, or in none, and maybe on problems. */
  moved(field: Field | undefined, problems: Problem[]): void;
  /** The keyboard leaves for the results. */
  left(): void;
}

/** The editor of a context, with its problems at their places. */
export class ContextEditor {
  readonly #view: EditorView;
  #fields: Fields | undefined;
  #problems: Problem[] = [];

  constructor(
    parent: HTMLElement,
    readonly listener: EditorListener,
  ) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          look,
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          bracketMatching(),
          indentOnInput(),
          yaml(),
          EditorView.contentAttributes.of({ "aria-label": "Context, YAML or JSON", spellcheck: "false", tabindex: "0" }),
          autocompletion({ override: [(context) => this.#fields?.complete(context) ?? null], icons: false }),
          hoverTooltip((view, position) => this.#hover(view.state, position)),
          // Tab leaves the editor, as everywhere on a page.
          keymap.of([
            { key: "Mod-Enter", run: () => (listener.left(), true) },
            { key: "Mod-]", run: indentMore },
            { key: "Mod-[", run: indentLess },
            { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
            { key: "Mod-.", run: () => this.#fixHere() },
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              listener.changed();
            }
            if (update.docChanged || update.selectionSet) {
              this.#tell(update.state);
            }
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Another text, which undo brings back from. */
  set text(text: string) {
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      scrollIntoView: true,
    });
  }

  /** What the schema says of fields. */
  set fields(fields: Fields) {
    this.#fields = fields;
  }

  focus(): void {
    this.#view.focus();
  }

  /** Marks the problems of the text. */
  show(problems: Problem[], isError: boolean): void {
    this.#problems = problems;
    const { doc } = this.#view.state;
    const diagnostics = problems.map((problem): Diagnostic => {
      const { from, to } = rangeOf(doc, problem) ?? { from: 0, to: 0 };
      return {
        from,
        // An empty range shows nothing.
        to: Math.min(Math.max(to, from + 1), doc.length),
        severity: isError ? "error" : "warning",
        message: problem.message,
        renderMessage: () => description(problem),
        actions: this.#action(problem),
      };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics.toSorted((a, b) => a.from - b.from)));
    this.#tell(this.#view.state);
  }

  #tell({ doc, selection: { main } }: EditorState): void {
    const problems = this.#problems.filter((problem) => {
      const range = rangeOf(doc, problem);
      return range && range.from <= main.head && main.head <= range.to;
    });
    this.listener.moved(this.#fields?.around(this.#view.state, main.head), problems);
  }

  /** Where something stands: its first line, and what leads there. */
  place(placed: Placed): { from: number; line: number; go: () => void } | undefined {
    const { doc } = this.#view.state;
    const range = rangeOf(doc, placed);
    return range && { from: range.from, line: doc.lineAt(range.from).number, go: () => this.#select(range) };
  }

  /** Whether the fix of a problem can be made here. */
  canFix(problem: Problem): boolean {
    return this.#changes(problem) !== undefined;
  }

  /** Fixes problems in one step; of two fixes that overlap the first. */
  fix(problems: Problem[]): void {
    const changes: (Range & { insert: string })[] = [];
    for (const problem of problems) {
      const own = this.#changes(problem) ?? [];
      if (own.every((change) => changes.every((other) => change.to < other.from || change.from > other.to))) {
        changes.push(...own);
      }
    }
    this.#view.dispatch({ changes, userEvent: "input.fix", scrollIntoView: true });
  }

  #changes(problem: Problem): (Range & { insert: string })[] | undefined {
    const { doc } = this.#view.state;
    const changes = problem.fix?.edits.map((edit) => changeOf(doc, problem.source, edit));
    return changes?.every((change) => change !== undefined) ? changes : undefined;
  }

  #action(problem: Problem): Action[] {
    return problem.fix && this.canFix(problem)
      ? [{ name: problem.fix.title, apply: () => this.fix([problem]) }]
      : [];
  }

  /** Fixes the problem at the cursor, or the one that the cursor's line has. */
  #fixHere(): boolean {
    const { doc, selection } = this.#view.state;
    const { from, to } = doc.lineAt(selection.main.head);
    const ranges = this.#problems
      .filter((problem) => this.canFix(problem))
      .map((problem) => ({ problem, range: rangeOf(doc, problem) }))
      .filter(({ range }) => range && range.from <= to && range.to >= from);
    const here = ranges.find(({ range }) => range && range.from <= selection.main.head && range.to >= selection.main.head);
    const chosen = here ?? ranges[0];
    if (chosen) {
      this.fix([chosen.problem]);
    }
    return chosen !== undefined;
  }

  #select({ from, to }: Range): void {
    this.#view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.#view.focus();
  }

  #hover(state: EditorState, position: number): Tooltip | null {
    const field = this.#fields?.at(state, position);
    const line = state.doc.lineAt(position);
    const end = line.from + line.text.indexOf(":");
    if (!field || position > end) {
      return null;
    }
    return { pos: line.from, end, above: true, create: () => ({ dom: fieldHelp(field) }) };
  }
}

/** What a field is for. */
export function fieldHelp(field: Field): HTMLElement {
  return element(
    "div",
    { class: "help" },
    element("code", {}, field.name),
    ` ${field.description} `,
    element("small", {}, facts(field)),
  );
}

/** A problem in words: what is wrong, what to do, its code. */
export function description(problem: Problem): HTMLElement {
  return element(
    "span",
    { class: "description" },
    problem.message,
    problem.help !== undefined && element("span", { class: "cure" }, problem.help),
    element("small", {}, `${problem.code}${problem.path === "" ? "" : ` · ${problem.path}`}`),
  );
}
