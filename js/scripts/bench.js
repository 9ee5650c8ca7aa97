// Prints how long calls take: `npm run bench`. The best of some rounds, after the engine has compiled what is used.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const start = performance.now();
const { render, renderText, version } = await import("sentry-streams-k8s");
version();
const first = performance.now() - start;

const cases = join(import.meta.dirname, "../../tests/cases");
const small = JSON.parse(readFileSync(join(cases, "minimal.json"), "utf8")).context;
const large = JSON.parse(readFileSync(join(cases, "large.json"), "utf8")).context;

function best(calls, call) {
  let shortest = Infinity;
  for (let round = 0; round < 8; round++) {
    const start = performance.now();
    for (let number = 0; number < calls; number++) {
      call();
    }
    shortest = Math.min(shortest, (performance.now() - start) / calls);
  }
  return shortest;
}

const table = {
  "import and first call": first,
  "version: a call without work": best(2000, version),
  "small context, object to objects": best(1000, () => render(small)),
  "small context, text to text": best(1000, renderText.bind(undefined, JSON.stringify(small))),
  "large context, text to text": best(100, renderText.bind(undefined, JSON.stringify(large))),
};
for (const [name, milliseconds] of Object.entries(table)) {
  console.log(`${name.padEnd(36)} ${milliseconds.toFixed(3)} ms`);
}
