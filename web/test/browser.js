// The page in a real browser, Debian's, with everything that it must not do told.
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const repository = join(import.meta.dirname, "../..");
export const file = join(repository, "target/web/index.html");
export const address = pathToFileURL(file).href;

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser with a profile of its own; `close` ends it and removes that. */
export async function open(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    args: ARGUMENTS,
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** The fragment that carries a context. */
export async function fragment(shared) {
  const bytes = new Blob([JSON.stringify(shared)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return `#c=${Buffer.from(await new Response(bytes).arrayBuffer()).toString("base64url")}`;
}

/** A page that is loaded and has its first answer. `wrong` collects what it must not do. */
export async function visit(context, { hash = "", url = address } = {}) {
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error}`));
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.isNavigationRequest()) {
      wrong.push(`request: ${request.url()}`);
    }
  });
  await page.addInitScript(() => {
    const state = { answers: [], violations: [] };
    globalThis.test = state;
    document.addEventListener("answer", ({ detail }) => state.answers.push({ ...detail, at: performance.now() }));
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      state.violations.push(`${violatedDirective} ${blockedURI}`));
  });
  await page.goto(url + hash);
  await page.waitForFunction(() => test.answers.length > 0);
  return { page, wrong };
}

/** What the page answers to a context, loaded as a link is. */
export async function answerTo(page, shared) {
  const hash = await fragment(shared);
  return page.evaluate(async ([hash, context]) => {
    const before = test.answers.length;
    location.hash = hash;
    while (!test.answers.slice(before).some((answer) => answer.context === context)) {
      await new Promise((resolve) => document.addEventListener("answer", resolve, { once: true }));
    }
    return test.answers.at(-1);
  }, [hash, shared.context]);
}

export const example = (name) => readFileSync(join(repository, "examples", name), "utf8");
