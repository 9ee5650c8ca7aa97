// The page in a real browser: what it says, that it asks for nothing, who can use it, and how fast it is. With SHOTS=DIRECTORY
// it takes pictures of its states.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { RenderError, renderText } from "../../js/dist/index.js";
import { answerTo, example, file, fragment, open, repository, visit } from "./browser.js";
import { large, patched, small, wrong } from "./contexts.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
before(async () => {
  browser = await open();
});
after(() => browser.close());

/** Visits the page, and holds it at the end to what it must not do: no error, no request, nothing against its policy. */
async function using({ shared, url }, act) {
  const { page, wrong } = await visit(browser.context, { url, hash: shared && await fragment(shared) });
  await act(page);
  assert.deepEqual(wrong, []);
  assert.deepEqual(await page.evaluate(() => test.violations), []);
  await page.close();
}

/** The small context with lines of YAML text for its template. */
const withTemplate = (lines) => small.replace(/deployment_template:\n(  .*\n)+/, `deployment_template: |\n${lines}`);

async function shoot(page, name) {
  if (process.env.SHOTS) {
    await page.waitForTimeout(200);
    await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });
  }
}

const tab = (page, name) => page.getByRole("tab", { name });

test("it weighs at most 450 KB", () => {
  const html = readFileSync(file);
  const size = gzipSync(html, { level: 9 }).length;
  console.log(`${html.length} bytes, ${size} with gzip`);
  assert.ok(size <= 450_000, String(size));
});

test("every recorded case gives what other hosts give", async (t) => {
  const work = join(repository, "target/conformance");
  if (!existsSync(join(work, "inputs"))) {
    return t.skip("run scripts/conformance inputs first");
  }
  const results = join(work, "web");
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const names = readdirSync(join(work, "inputs"));
  assert.ok(names.length > 100);
  await using({}, async (page) => {
    for (const name of names) {
      const context = readFileSync(join(work, "inputs", name), "utf8");
      const { outcome, text } = await answerTo(page, { context });
      assert.equal(text, expected(context), name);
      writeFileSync(join(results, name.replace(/json$/, `${outcome}.json`)), text);
    }
  });
});

function expected(context) {
  try {
    return renderText(context);
  } catch (error) {
    assert.ok(error instanceof RenderError);
    return error.text;
  }
}

test("it works offline", async () => {
  await browser.context.setOffline(true);
  try {
    await using({}, async (page) => {
      const { outcome } = await answerTo(page, { context: small });
      assert.equal(outcome, "ok");
    });
  } finally {
    await browser.context.setOffline(false);
  }
});

/** Serves the page; `asked` has what was asked for. */
async function serve(act) {
  const asked = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.setHeader("content-type", "text/html").end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await act(`http://127.0.0.1:${server.address().port}/`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("served by a server it asks for nothing but itself", () =>
  serve(async (url, asked) => {
    await using({ url }, async (page) => {
      await answerTo(page, { context: wrong });
      await page.selectOption("#examples", "full");
      await page.getByText("3 objects rendered").waitFor();
    });
    assert.deepEqual(asked, ["/"]);
  }));

test("what runs in it can reach nothing", () =>
  serve(async (url, asked) => {
    const { page } = await visit(browser.context, { url });
    const isReached = await page.evaluate(() => {
      const address = "/leak";
      new Image().src = address;
      document.body.append(Object.assign(document.createElement("iframe"), { src: address }));
      document.body.append(Object.assign(document.createElement("script"), { src: address }));
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));
      navigator.sendBeacon(address);
      return fetch(address).then(() => true, () => false);
    });
    assert.equal(isReached, false);
    await page.waitForFunction(() => test.violations.length >= 6);
    assert.deepEqual(asked, ["/"]);
    await page.close();
  }));

describe("axe finds nothing", () => {
  const states = {
    "a context that renders": async () => {},
    "a line with its story": (page) => page.locator("#viewer .cm-line").nth(7).click(),
    "a difference": async (page) => {
      await answerTo(page, patched);
      await tab(page, "Difference").click();
    },
    "no difference": (page) => tab(page, "Difference").click(),
    "problems": async (page) => {
      await answerTo(page, { context: wrong });
      await tab(page, "Problems").click();
    },
    "problems beside what rendered before": async (page) => {
      await answerTo(page, patched);
      await page.locator("#editor .cm-content").press("Control+Home");
      await page.keyboard.type("x");
      await page.getByText("Here is what it rendered before").waitFor();
    },
    "no problems": (page) => tab(page, "Problems").click(),
    "completion": async (page) => {
      await page.locator("#editor .cm-content").press("Control+End");
      await page.keyboard.type("rep");
      await page.locator(".cm-tooltip-autocomplete").waitFor();
    },
    "a problem's words at its place": async (page) => {
      await answerTo(page, { context: wrong });
      await page.locator(".cm-lintRange").first().hover();
      await page.locator(".cm-tooltip-lint").waitFor();
    },
    "the keys": (page) => page.getByRole("button", { name: "Keys" }).click(),
  };
  for (const theme of ["light", "dark"]) {
    for (const [name, enter] of Object.entries(states)) {
      test(`${name}, ${theme}`, () =>
        using({}, async (page) => {
          await page.emulateMedia({ colorScheme: theme });
          await enter(page);
          await shoot(page, `${theme} ${name}`);
          // By the debugger's way: the page's own policy lets no other script run.
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
        }));
    }
  }
});

for (const [name, viewport] of Object.entries({
  "320 pixels wide": { width: 320, height: 640 },
  "at 200 %": { width: 640, height: 400 },
})) {
  test(`it can be used ${name}`, () =>
    using({}, async (page) => {
      await page.setViewportSize(viewport);
      for (const shared of [patched, { context: wrong }]) {
        await answerTo(page, shared);
        for (const pane of ["Manifests", "Difference", "Problems"]) {
          await tab(page, pane).click();
          await shoot(page, `${name} ${pane}${shared === patched ? "" : ", wrong"}`);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(width <= viewport.width, `${pane}: ${width}`);
        }
      }
      // What is pressed can be reached, and does something.
      await page.getByRole("button", { name: /^Fix: rename/ }).click();
      await page.getByText("replicas: 3").first().waitFor();
    }));
}

test("the keyboard is enough: find a problem, fix it, read a line's story, go back to what set it", () =>
  using({ shared: { context: wrong } }, async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
    // From the top of the page into the context.
    for (let presses = 0; !(await focused()).includes("cm-content"); presses++) {
      assert.ok(presses < 10, await focused());
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("F8");
    await page.keyboard.press("F8");
    await page.keyboard.press("Control+.");
    await page.getByText("1 problem", { exact: true }).waitFor();

    // On to the results: the tabs, the problems, and from a problem back to its place.
    for (let presses = 0; (await focused()) !== "manifests-tab"; presses++) {
      assert.ok(presses < 6, await focused());
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("End");
    assert.equal(await focused(), "problems-tab");
    while (!(await focused()).includes("problem") || (await focused()) === "problems-tab") {
      await page.keyboard.press("Tab");
      if ((await focused()) === "problems-pane") {
        await page.keyboard.press("Tab");
      }
    }
    await page.keyboard.press("Enter");
    assert.match(await focused(), /cm-content/);
    await page.keyboard.type("1000");
    await page.getByText("2 objects rendered").waitFor();

    await page.keyboard.press("Control+Enter");
    assert.equal(await focused(), "problems-tab");
    await page.keyboard.press("Home");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
    for (let line = 0; line < 11; line++) {
      await page.keyboard.press("ArrowDown");
    }
    await page.locator("#story").getByText("spec.replicas").waitFor();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => getSelection().toString()), "3");
  }));

test("what can be written is offered: fields, and their values", () =>
  using({}, async (page) => {
    await page.locator("#editor .cm-content").press("Control+End");
    await page.keyboard.type("log");
    await page.locator(".cm-tooltip-autocomplete").waitFor();
    assert.equal(await page.locator(".cm-tooltip-autocomplete li").first().innerText(), "log_level");
    await page.waitForTimeout(200);
    await page.keyboard.press("Enter");
    await page.keyboard.type("W");
    await page.getByRole("option", { name: "WARNING" }).waitFor();
    await page.waitForTimeout(200);
    await page.keyboard.press("Enter");
    await page.getByText("2 objects rendered").waitFor();
    assert.match(await page.locator("#editor").innerText(), /\nlog_level: WARNING$/);
    await page.locator("#field").getByText("How much the consumer logs.").waitFor();
  }));

test("fields are told of, and those of a StreamingPipeline are offered in its spec", () =>
  using({}, async (page) => {
    await page.locator("#editor").getByText("segment_id").hover();
    await page.locator(".cm-tooltip-hover").getByText("Which segment of the pipeline to run, from 0. Required.").waitFor();

    await answerTo(page, { context: example("operator/pipelines.yaml").split("---\n")[1] });
    await page.locator("#editor .cm-content").press("Control+End");
    await page.keyboard.type("  log");
    assert.equal(await page.locator(".cm-tooltip-autocomplete li").first().innerText(), "log_level");
    await page.keyboard.press("Escape");
    await page.keyboard.type("x:\n    log");
    await page.getByText("1 problem", { exact: true }).waitFor();
    assert.equal(await page.locator(".cm-tooltip-autocomplete").count(), 0);
  }));

test("fixes in the text of a template are made at their places", () =>
  using({}, async (page) => {
    // A namespace of its own leaves none to the template.
    const pipeline = example("operator/pipelines.yaml").split("---\n")[1].replace("  namespace: uptime\n", "");
    const template = "metadata: {annotations: {a: é🙂}, namespce: b}";
    for (const context of [
      withTemplate(`    ${template}\n`),
      small.replace(/deployment_template:\n(  .*\n)+/, `deployment_template: "${template}"\n`),
      pipeline.replace("deployment_template: {}", `deployment_template: |-\n    # here\n    ${template}`),
      pipeline.replace("deployment_template: {}", `deployment_template: '${template}'`),
    ]) {
      await answerTo(page, { context });
      await tab(page, "Problems").click();
      await page.getByRole("button", { name: /Fix: rename to/ }).press("Enter");
      await page.getByText("No problems").waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.id), "problems-pane");
      assert.match(await page.locator("#editor").innerText(), /[ '"]metadata: \{annotations: \{a: é🙂\}, namespace: b\}["']?\n/);
    }

    // Quotes with escapes in them: the problem stands at the field, and nothing is changed in the dark.
    await answerTo(page, { context: pipeline.replace("deployment_template: {}", `deployment_template: "metadata: {\\x6eamespce: b}"`) });
    await page.getByRole("button", { name: /unknown field/ }).press("Enter");
    assert.equal(await page.evaluate(() => getSelection().toString()), "deployment_template");
    assert.equal(await page.getByRole("button", { name: /Fix/ }).count(), 0);
  }));

test("all that can be fixed is fixed at once", () =>
  using({}, async (page) => {
    await answerTo(page, { context: small.replace("segment_id", "segment_ID").replace("memory_per_process", "memory_per_proces") });
    await tab(page, "Problems").click();
    await page.getByRole("button", { name: "Fix all 2 that can be fixed" }).click();
    await page.getByText("No problems").waitFor();
  }));

test("a link carries the context and the pinned state", () =>
  using({ shared: patched }, async (page) => {
    await page.getByText("3 objects rendered").waitFor();
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.waitForFunction((before) => location.hash !== before, "");
    const link = page.url();
    await page.goto("about:blank");
    await page.goto(link);
    await page.waitForFunction(() => test.answers.length > 0);
    await tab(page, "Difference").click();
    await page.getByText("2 objects differ; pods restart").waitFor();
    for (const damaged of ["#c=AAAA", "#c=_", `#c=${Buffer.from("{}").toString("base64url")}`]) {
      await page.evaluate((hash) => { location.hash = hash; }, damaged);
      await page.getByText("The link is damaged").waitFor();
      await answerTo(page, { context: small });
    }
  }));

test("what is pinned stays while the context changes", () =>
  using({}, async (page) => {
    await tab(page, "Difference").click();
    await page.getByText("Nothing differs").waitFor();
    await answerTo(page, { context: small });
    await page.locator("#editor .cm-content").press("Control+End");
    await page.keyboard.type("replicas: 4");
    await page.getByText("1 object differs; no pods restart").waitFor();
    await page.getByRole("button", { name: "Pin state" }).click();
    await page.getByText("Nothing differs").waitFor();
  }));

test("a context that takes too long is stopped, and the next one works", () =>
  using({}, async (page) => {
    const lines = Array.from({ length: 60_000 }, (_, number) => `  key${number}: 1\n`).join("");
    // The clock of the limit is the browser's: it is made to have run out at once.
    await page.evaluate(() => {
      test.setTimeout = setTimeout;
      globalThis.setTimeout = (act, time) => test.setTimeout.call(globalThis, act, time === 3000 ? 0 : time);
    });
    const hash = await fragment({ context: withTemplate(lines) });
    await page.evaluate((hash) => { location.hash = hash; }, hash);
    await page.getByText("took longer than 3 seconds and was stopped").waitFor();
    await page.evaluate(() => { globalThis.setTimeout = test.setTimeout; });
    assert.equal((await answerTo(page, { context: small })).outcome, "ok");
  }));

test("the first result, and from a key to its result", async () => {
  await using({}, async (page) => {
    const first = await page.evaluate(() => test.answers[0].at);
    console.log(`first result ${Math.round(first)} ms (at most 1000)`);
    for (const [name, context, most] of [["small", small, 50], ["full", example("full.yaml"), 50], ["large", large, 150]]) {
      await answerTo(page, { context });
      const times = await keyTimes(page);
      const p95 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)];
      console.log(`${name}, ${context.length} characters: key to result p95 ${p95.toFixed(1)} ms (at most ${most})`);
    }
  });
});

/** Milliseconds from keys, in a comment at the end, to what they give on the page. */
async function keyTimes(page) {
  await page.locator("#editor .cm-content").press("Control+End");
  await page.keyboard.type("# ");
  const times = [];
  for (let key = 0; key < 40; key++) {
    await page.evaluate(() => {
      test.pressed = undefined;
      addEventListener("keydown", () => { test.pressed = performance.now(); }, { once: true, capture: true });
      test.before = test.answers.length;
    });
    await page.keyboard.press("x");
    await page.waitForFunction(() => test.answers.length > test.before);
    times.push(await page.evaluate(() => test.answers.at(-1).at - test.pressed));
  }
  return times;
}
