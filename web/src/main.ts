/** The page: a context on the left, what the macro makes of it on the right. */
import examples from "examples";
import type { Answer, ManifestObject } from "./answer.js";
import { compare } from "./compare.js";
import { byId } from "./dom.js";
import { ContextEditor, description, fieldHelp } from "./editor.js";
import { Engine } from "./engine.js";
import { Fields } from "./fields.js";
import { readLink, writeLink, type Shared } from "./link.js";
import { difference, problemList, story } from "./results.js";
import { Tabs, type Pane } from "./tabs.js";
import { followTheme } from "./theme.js";
import { jsonText, shownLines, Viewer, yamlText, type ShownLine } from "./viewer.js";

/** A state that renders. */
interface State {
  context: string;
  objects: ManifestObject[];
}

/** What is asked about only to be pinned, and the context that is loaded after that. */
let pending: { pinned: string; context: string } | undefined;
let pinned: State | undefined;
/** The latest state that renders. */
let rendered: State | undefined;
/** What was answered to the text as it is, or was a moment ago. */
let answered: Answer | undefined;

const editor = new ContextEditor(byId("editor"), {
  changed: () => {
    const menu = byId<HTMLSelectElement>("examples");
    menu.value = examples.find(({ context }) => context === editor.text)?.name ?? "";
    if (pending === undefined) {
      engine.ask(editor.text);
    }
  },
  moved: (field, problems) => {
    byId("field").replaceChildren(field ? fieldHelp(field) : "");
    byId("here").replaceChildren(...problems.map(description));
    byId("here").className = answered?.outcome === "ok" ? "warning" : "";
  },
  left: () => {
    focusPane();
  },
});

const viewer = new Viewer(byId("viewer"), {
  chose: showStory,
  followed: (line) => {
    const place = line?.field?.line === undefined ? undefined : editor.place(line.field);
    place?.go();
  },
});

const tabs = new Tabs(showPane);

const engine = new Engine(byId("worker").textContent ?? "", {
  ready: (schema, version) => {
    editor.fields = new Fields(schema);
    byId("version").textContent = `macro ${version}`;
  },
  answered: (answer, context) => {
    if (context === pending?.pinned) {
      pinned = answer.outcome === "ok" ? { context, objects: answer.objects } : undefined;
      loadPending();
    } else {
      show(answer, context);
    }
  },
  failed: (fault) => {
    say(fault, true);
    loadPending();
  },
});

function loadPending(): void {
  const context = pending?.context;
  pending = undefined;
  if (context !== undefined) {
    edit(context);
  }
}

function edit(context: string): void {
  editor.text = context;
  // The same text again is no change.
  engine.ask(context);
}

function show(answer: Answer, context: string): void {
  // What was asked about before another context was loaded is nobody's any more.
  if (pinned === undefined && context !== editor.text) {
    return;
  }
  answered = answer;
  if (answer.outcome === "ok") {
    rendered = { context, objects: answer.objects };
    pinned ??= rendered;
  }
  if (context === editor.text) {
    editor.show(answer.problems, answer.outcome === "err");
  }
  viewer.show(shownLines(rendered?.objects ?? [], pinned?.objects));
  showPane(tabs.shown);
  showCounts();
  document.dispatchEvent(new CustomEvent("answer", { detail: { context, outcome: answer.outcome, text: answer.text } }));
}

/** The panes besides the manifests are made when they are looked at. */
function showPane(pane: Pane): void {
  byId("stale").hidden = answered?.outcome !== "err" || pane === "problems";
  if (pane === "difference") {
    byId("changes").replaceChildren(...(pinned && rendered ? difference(diffs()) : []));
    byId("pinned").textContent = pinned ? "Compared with the pinned state." : "Nothing is pinned: no state has rendered yet.";
  } else if (pane === "problems") {
    showProblems();
  }
}

/** Whoever has just fixed one by the keyboard stays in the list. */
function showProblems(): void {
  const pane = byId("problems-pane");
  const at = [...pane.querySelectorAll("li")].findIndex((item) => item.contains(document.activeElement));
  const hadFocus = byId("problems").contains(document.activeElement);
  byId("problems").replaceChildren(...problemList(answered?.problems ?? [], answered?.outcome === "err", editor));
  if (hadFocus) {
    const buttons = [...pane.querySelectorAll<HTMLElement>("button.problem")];
    (buttons[Math.max(at, 0)] ?? buttons.at(-1) ?? pane).focus();
  }
}

function diffs(): ReturnType<typeof compare> {
  return compare(pinned?.objects ?? [], rendered?.objects ?? []);
}

function showCounts(): void {
  const count = answered?.problems.length ?? 0;
  const isError = answered?.outcome === "err";
  const problems = plural(count, isError ? "problem" : "warning");
  byId("problem-count").textContent = count === 0 ? "" : String(count);
  byId("problem-count").className = isError ? "count error" : "count warning";
  const changes = diffs().length;
  byId("difference-count").textContent = changes === 0 ? "" : String(changes);

  byId("stale").textContent = rendered
    ? `The context has ${problems}. Here is what it rendered before.`
    : `The context has ${problems}, so nothing is rendered.`;
  byId("right").classList.toggle("is-stale", isError);
  const objects = `${plural(rendered?.objects.length ?? 0, "object")} rendered`;
  say(isError ? problems : count > 0 ? `${objects}, ${problems}` : objects, isError);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Says something at the foot of the page, aloud too. */
function say(text: string, isWrong = false): void {
  const status = byId("status");
  if (status.textContent !== text) {
    status.textContent = text;
  }
  status.className = isWrong ? "error" : "";
}

let told: string | undefined;

function showStory(line: ShownLine | undefined): void {
  const parts = line ? story(line, editor) : [];
  const text = parts.map((part) => part.textContent).join("\n");
  if (text !== told) {
    told = text;
    byId("story").replaceChildren(...parts);
  }
}

function focusPane(): void {
  if (tabs.shown === "manifests") {
    viewer.focus();
  } else {
    tabs.tab(tabs.shown).focus();
  }
}

/** Puts a context into the editor; what it is compared with is rendered first. */
function load({ context, pinned: other }: Shared): void {
  pinned = undefined;
  rendered = undefined;
  pending = other === undefined ? undefined : { pinned: other, context };
  if (other === undefined) {
    edit(context);
  } else {
    engine.ask(other);
  }
}

async function loadLink(): Promise<boolean> {
  try {
    const shared = await readLink(location.hash);
    if (shared) {
      load(shared);
    }
    return shared !== undefined;
  } catch {
    say("The link is damaged: nothing is loaded from it.", true);
    return false;
  }
}

async function copyLink(): Promise<void> {
  const context = editor.text;
  const link = await writeLink({ context, pinned: pinned?.context === context ? undefined : pinned?.context });
  history.replaceState(null, "", link);
  const done = "The link is copied. It carries the context as it is, secrets too.";
  await copy(location.href, done, "The link stands in the address bar.");
}

async function copy(text: string, done: string, otherwise: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say(otherwise, true);
  }
}

function chooseExample(name: string): void {
  const example = examples.find((one) => one.name === name);
  if (example) {
    history.replaceState(null, "", location.pathname + location.search);
    load(example);
  }
}

function listen(): void {
  const menu = byId<HTMLSelectElement>("examples");
  menu.append(new Option("–", ""), ...examples.map(({ name }) => new Option(name, name)));
  menu.addEventListener("change", () => {
    chooseExample(menu.value);
  });

  const act = (id: string, action: () => unknown): void => {
    byId(id).addEventListener("click", () => void action());
  };
  act("pin", () => {
    pinned = rendered;
    viewer.show(shownLines(rendered?.objects ?? [], pinned?.objects));
    showPane(tabs.shown);
    showCounts();
    say(pinned ? "This state is pinned." : "Nothing renders, so nothing is pinned.", !pinned);
  });
  act("link", copyLink);
  act("copy-yaml", () => copy(yamlText(rendered?.objects ?? []), "The manifests are copied as YAML.", REFUSED));
  act("copy-json", () => copy(jsonText(rendered?.objects ?? []), "The manifests are copied as JSON.", REFUSED));
  act("keys", () => {
    byId<HTMLDialogElement>("key-list").showModal();
  });

  addEventListener("hashchange", () => void loadLink());
  byId("right").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      editor.focus();
    }
  });
}

const REFUSED = "The browser does not let the page copy.";

followTheme(byId<HTMLSelectElement>("theme"));
listen();
void loadLink().then((isLoaded) => {
  if (!isLoaded) {
    chooseExample(examples[0]?.name ?? "");
  }
});
