// What the page makes of the component's answers is what the command line makes of them.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { example, repository } from "./browser.js";
import { load, skip, streamsK8s } from "./modules.js";

const { answer } = await load("answer.ts");
const { compare, consequences, summary, CONSEQUENCES } = await load("compare.ts");
const { sentences } = await load("story.ts");

let directory;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "page-"));
});
after(() => {
  rmSync(directory, { recursive: true, force: true });
});

function written(name, text) {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** The contexts of the recorded cases that render, by name. */
function contexts() {
  const cases = join(repository, "tests/cases");
  return readdirSync(cases)
    .filter((name) => name.endsWith(".json"))
    .map((name) => [name, JSON.stringify(JSON.parse(readFileSync(join(cases, name), "utf8")).context)])
    .filter(([, context]) => answer(context).outcome === "ok");
}

/** Texts that are easily read as something else, or written badly. */
const TRICKY = [
  ..."true yes n off null ~ 1 -1 +1 1e3 0x1f 0o7 1_000 1:30 .5 .inf .nan = << ? : | > 2020-01-01 !a &a *a %a @a `a".split(" "),
  ..."a:b a: a#b #a {a} [a] a,b ?a :a -a --- ... é 🙂 it's {'a'} [1,2] \"a\" 'a' a'b 1.0 0 08 1,000 y Y NO On".split(" "),
  "", " ", " a", "a ", "a: b", "a #b", "- a", "a\tb", "\ta", "a\nb", "a\nb\n", "a\nb\n\n", "\na", "\n", "  a\nb", "\n a\nb",
  "a \nb", "a\n \nb", "\tb\na", "a\n\tb\n", "a\r\nb", "\u0007", "\u0085", "\u2028a\nb", "\ufeff", "x".repeat(300),
  `${"long ".repeat(60)}end`, '{"a": 1}', '{"a": "it\'s"}', '["é"]', '{"a":\n1}', "#!/bin/sh\necho 'a' # b\n", "---\na\n", "key: |\n  a\n",
];

const tricky = JSON.stringify({
  ...JSON.parse(readFileSync(join(repository, "tests/cases/minimal.json"), "utf8")).context,
  container_template: { env: TRICKY.map((value, index) => ({ name: `A${index}`, value })), args: TRICKY },
  deployment_template: { metadata: { annotations: Object.fromEntries(TRICKY.map((text, index) => [`a/${index}`, text])) } },
});

const incident = `${example("full.yaml")}emergency_patch: |\n${example("patches/incident.yaml").replace(/^(?=.)/gm, "  ")}`;

const all = () => [
  ["full", example("full.yaml")],
  ["incident", incident],
  ["tricky", tricky],
  ...contexts(),
];

test("the manifests are what `streams-k8s render` prints", { skip }, async (t) => {
  assert.ok(all().length > 80, String(all().length));
  for (const [name, context] of all()) {
    await t.test(name, () => {
      const { objects } = answer(context);
      const text = objects.map(({ lines }) => `${lines.map((line) => line.text).join("\n")}\n`).join("---\n");
      assert.equal(text, streamsK8s("render", written("context.yaml", context)));
    });
  }
});

test("every line has its field, and its leaf is the value there", () => {
  for (const [name, context] of all()) {
    for (const { lines, fields } of answer(context).objects) {
      const leaves = lines.filter(({ leaf, isContinued }) => leaf !== undefined && !isContinued);
      assert.deepEqual(leaves.map(({ leaf }) => leaf), fields.map((_, index) => index), name);
      for (const { text, leaf } of leaves) {
        const { path, value } = fields[leaf];
        const key = /\.([\w-]+)$/.exec(path)?.[1];
        assert.ok(key === undefined || text.includes(`${key}: `), `${name}: ${path} in ${text}`);
        assert.ok(typeof value !== "boolean" || text.endsWith(String(value)), `${name}: ${path} in ${text}`);
      }
    }
  }
});

test("stories are those of `streams-k8s explain`", { skip }, () => {
  for (const [name, context] of [...all().slice(0, 2), ["pipeline", example("operator/pipelines.yaml").split("---\n")[1]]]) {
    const path = written(`${name}.yaml`, context);
    const page = streamsK8s("explain", "-o", "html", path);
    const theirs = [...page.matchAll(/<div id="s\d+"><h3>(.*?)<\/h3><p class="of">(.*?)<\/p><p>.*?<\/p>(.*?)<\/div>/gs)].map(
      ([, field, title, paragraphs]) => [title, field, ...[...paragraphs.matchAll(/<p>(.*?)<\/p>/gs)].map(([, text]) => text)].map(unescape),
    );
    // Without the places: those of the command line are in files, and those of the page in the editor.
    const withoutPlace = (text) => text.replace(/ \([^()]*:\d+:\d+\)| \(line\)/g, "");
    const ours = answer(context).objects.flatMap(({ role, title, fields, removed }) => [
      ...fields.map((field) => [title, field.path, ...sentences(field, role, false, () => "line")]),
      ...removed.map((field) => [title, field.path, ...sentences(field, role, true, () => "line")]),
    ]);
    assert.ok(ours.length > 40);
    assert.deepEqual(ours.map((story) => story.map(withoutPlace)), theirs.map((story) => story.map(withoutPlace)), name);
  }
});

const unescape = (text) =>
  text.replace(/&(lt|gt|amp|quot|#x27);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&", quot: '"', "#x27": "'" })[name]);

/** A context and the same with a change; and whatever else the recorded cases hold. */
function pairs() {
  const full = example("full.yaml");
  const changed = (from, to) => [full, full.replace(from, to)];
  const recorded = contexts()
    // A namespace of null is one to the command line, and a field that is gone and is its default no change.
    .filter(([name, context]) => name !== "namespace-null.json" && answer(context).text.includes("terminationGracePeriodSeconds"))
    .map(([, context]) => context);
  return [
    changed(/^replicas: 12/m, "replicas: 24"),
    changed(/^service_name: .*/m, "service_name: another"),
    changed(/^segment_id: 0/m, "segment_id: 0\nsegment_label: true"),
    changed("minReadySeconds: 10", "minReadySeconds: 20"),
    changed("owner: team-profiling", "owner: another"),
    changed("flush_interval: 5.5e-1", "flush_interval: 0.5"),
    changed("processes: 4", "processes: 5"),
    changed("STATSD_HOST, value: 127.0.0.1", "STATSD_PORT, value: '1'"),
    changed("containerPort: 9102", "containerPort: 9103"),
    changed("with_canary: true", "with_canary: false"),
    changed(/(.*SENTRY_ENVIRONMENT.*\n)(.*STATSD_HOST.*\n)/, "$2$1"),
    changed('args: ["--statsd', 'args: ["--more", "--statsd'),
    [full, incident],
    ...recorded.map((context, index) => [context, recorded[index + 1] ?? full]),
  ];
}

test("differences and consequences are those of `streams-k8s diff`", { skip }, () => {
  const met = new Set();
  for (const [old, now] of pairs()) {
    const theirs = streamsK8s("diff", "--show-secrets", written("old.yaml", old), written("new.yaml", now));
    const diffs = compare(answer(old).objects, answer(now).objects);
    const lines = diffs.flatMap((object) => [
      object.title,
      ...consequences(object).flatMap((consequence) => {
        met.add(consequence);
        const changes = object.changes.filter((change) => change.consequence === consequence && change.path !== "");
        return [`  ${CONSEQUENCES[consequence]}`, ...changes.flatMap(changeLines)];
      }),
      "",
    ]);
    assert.equal([...lines, summary(diffs), ""].join("\n"), theirs);
  }
  assert.deepEqual([...met].toSorted(), Object.keys(CONSEQUENCES).toSorted());
});

function changeLines({ path, old, new: now }) {
  if (old === undefined || now === undefined) {
    return [old === undefined ? `    + ${path}: ${now}` : `    - ${path}: ${old}`];
  }
  const length = (text) => Buffer.byteLength(text);
  return Math.max(length(old), length(now)) > 60
    ? [`    ~ ${path}`, `        - ${old}`, `        + ${now}`]
    : [`    ~ ${path}: ${old} -> ${now}`];
}
