// The schema in the real yaml-language-server: the examples have no problems that are none, and hover and completion say
// what the fields mean, without the language server of this project.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
// It brings its protocol along.
const require = createRequire(createRequire(import.meta.url).resolve("yaml-language-server"));
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require(
  "vscode-languageserver/node",
);

let server;
let connection;
const published = new Map();

before(async () => {
  const program = fileURLToPath(new URL("../node_modules/.bin/yaml-language-server", import.meta.url));
  server = spawn(program, ["--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const reader = new StreamMessageReader(server.stdout);
  connection = createProtocolConnection(reader, new StreamMessageWriter(server.stdin));
  // Nothing is fetched: the schema is a file, and there is no catalogue of others.
  const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
  connection.onRequest("workspace/configuration", ({ items }) =>
    items.map(({ section }) => (section === "yaml" ? yaml : null)),
  );
  connection.onRequest("client/registerCapability", () => null);
  connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
    published.get(uri)?.(diagnostics);
  });
  connection.listen();
  const text = { completion: { completionItem: { documentationFormat: ["markdown"] } } };
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    capabilities: { textDocument: text, workspace: { configuration: true } },
  });
  await connection.sendNotification("initialized", {});
  await connection.sendNotification("workspace/didChangeConfiguration", { settings: { yaml } });
});

after(() => server.kill());

/** Opens a text as a file of the tree; its problems, as the server tells them. */
async function open(name, text) {
  const uri = pathToFileURL(root + name).href;
  const diagnostics = new Promise((resolve) => published.set(uri, resolve));
  const textDocument = { uri, languageId: "yaml", version: 1, text };
  await connection.sendNotification("textDocument/didOpen", { textDocument });
  return { uri, problems: await diagnostics };
}

/** The text, with a cursor where it has a `^`. */
function cursor(text) {
  const before = text.slice(0, text.indexOf("^")).split("\n");
  const position = { line: before.length - 1, character: before.at(-1).length };
  return { text: text.replace("^", ""), position };
}

const read = (name) => readFileSync(root + name, "utf8");
const MODELINE = "# yaml-language-server: $schema=../editors/context.schema.json\n";

/** The examples, but for those that are wrong for a reader to see how that is told. */
const examples = readdirSync(`${root}/examples`, { recursive: true })
  .filter((name) => name.endsWith(".yaml") && read(`examples/${name}`).includes("# yaml-language-server:"))
  .filter((name) => !["wrong.yaml", "operator/pipelines.yaml"].includes(name));

test("the examples are right", async () => {
  assert.ok(examples.length >= 7, examples.join(" "));
  for (const name of examples) {
    const { problems } = await open(`examples/${name}`, read(`examples/${name}`));
    assert.deepEqual(problems, [], name);
  }
});

test("what is wrong in the others is told", async () => {
  const wrong = await open("examples/wrong.yaml", read("examples/wrong.yaml"));
  assert.deepEqual(wrong.problems.map(({ range }) => range.start.line + 1), [8, 10]);
  const pipelines = await open("examples/operator/pipelines.yaml", read("examples/operator/pipelines.yaml"));
  assert.deepEqual(
    pipelines.problems.map(({ message }) => message),
    ["Property replicsa is not allowed."],
  );
});

for (const [name, text, said] of [
  ["a field of the context", "replic^as: 3\n", "How many pods run the segment"],
  ["a template", "container_templ^ate: {}\n", "What to add to the consumer's container"],
  ["a boolean", "with_can^ary: true\n", "the canary"],
  ["a configuration", "pipeline_con^fig:\n  pipeline: {segments: []}\n", "Runtime configuration"],
  ["a field of Kubernetes", "container_template:\n  imagePull^Policy: Always\n", "Image pull policy"],
  ["deeper", "deployment_template:\n  spec:\n    template:\n      spec:\n        dnsPol^icy: Default\n", "Set DNS policy"],
  ["Sentry Streams", "pipeline_config:\n  pipeline:\n    segm^ents: []\n", "list of segments"],
]) {
  test(`hover says what is known of ${name}`, async () => {
    const { text: plain, position } = cursor(MODELINE + text);
    const { uri } = await open(`examples/hover-${encodeURIComponent(name)}.yaml`, plain);
    const hover = await connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });
    assert.match(hover.contents.value, new RegExp(said));
  });
}

for (const [name, text, expected] of [
  ["fields of the context", "replicas: 3\n^\n", ["image_name", "segment_label"]],
  ["fields of Kubernetes", "container_template:\n  ^\n", ["imagePullPolicy", "volumeMounts"]],
  ["values of Kubernetes", "container_template:\n  imagePullPolicy: ^\n", ["Always", "IfNotPresent", "Never"]],
  ["booleans", "with_canary: ^\n", ["true", "false"]],
  ["log levels", "log_level: ^\n", ["DEBUG", "INFO", "WARNING", "ERROR"]],
]) {
  test(`completion has ${name}`, async () => {
    const { text: plain, position } = cursor(MODELINE + text);
    const { uri } = await open(`examples/completion-${encodeURIComponent(name)}.yaml`, plain);
    const answer = await connection.sendRequest("textDocument/completion", { textDocument: { uri }, position });
    const labels = answer.items.map(({ label }) => label);
    for (const label of expected) assert.ok(labels.includes(label), `${label} of ${labels}`);
  });
}
