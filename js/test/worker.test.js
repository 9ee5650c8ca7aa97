import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { minimal } from "./contexts.js";

// As the README says it: a call that runs cannot be stopped, but the worker that makes it can.
const program = `
  import { parentPort, workerData } from "node:worker_threads";
  import { renderText } from ${JSON.stringify(import.meta.resolve("sentry-streams-k8s"))};
  parentPort.postMessage("starts");
  parentPort.postMessage(renderText(workerData));
`;

/** What a worker says after it has started: the text, or "too long" after so many milliseconds. */
function renderWithin(milliseconds, context) {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData: context });
  return new Promise((resolve, reject) => {
    let timer;
    worker.on("error", reject);
    worker.on("message", (message) => {
      if (message === "starts") {
        timer = setTimeout(() => worker.terminate().then(() => resolve("too long")), milliseconds);
      } else {
        clearTimeout(timer);
        resolve(message);
      }
    });
  });
}

test("a worker that renders can be ended, and the next one works", async () => {
  const lines = Array.from({ length: 1_000_000 }, (_, number) => `key${number}: 1`).join("\n");
  const start = Date.now();
  assert.equal(await renderWithin(50, JSON.stringify({ ...minimal, deployment_template: lines })), "too long");
  assert.ok(Date.now() - start < 5000, "it is ended at once");
  assert.match(await renderWithin(30_000, JSON.stringify(minimal)), /^{"manifests":/);
});
