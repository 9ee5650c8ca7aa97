// Prints how long calls take: `npm run bench`; with --json, for programs. The best of some rounds, after the engine has
// compiled what is used. The contexts are those that all hosts are timed with: `python bench/contexts.py
// target/bench/contexts` writes them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const start = performance.now();
const { render, renderText, version } = await import("sentry-streams-k8s");
version();
const first = performance.now() - start;

const directory = join(import.meta.dirname, "../../target/bench/contexts");
const rounds = 8;
const millisecondsOfRound = 300;

/** The milliseconds of a call in the best round. */
function best(call) {
  let shortest = Infinity;
  for (let round = 0; round < rounds; round++) {
    let calls = 0;
    const start = performance.now();
    while (performance.now() - start < millisecondsOfRound) {
      call();
      calls++;
    }
    shortest = Math.min(shortest, (performance.now() - start) / calls);
  }
  return shortest;
}

const figures = { first, version: best(version), text: {}, objects: {} };
for (const name of ["small", "large", "large-yaml"]) {
  const text = readFileSync(join(directory, `${name}.json`), "utf8");
  const context = JSON.parse(text);
  figures.text[name] = best(() => renderText(text));
  figures.objects[name] = best(() => render(context));
}

if (process.argv.includes("--json")) {
  console.log(JSON.stringify(figures));
} else {
  const line = (name, milliseconds) => console.log(`${name.padEnd(36)} ${milliseconds.toFixed(3)} ms`);
  line("import and first call", figures.first);
  line("version: a call without work", figures.version);
  for (const [name, milliseconds] of Object.entries(figures.text)) {
    line(`${name}, text to text`, milliseconds);
    line(`${name}, object to objects`, figures.objects[name]);
  }
}
