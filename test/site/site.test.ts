/** `npm run site`: the documentation beside the playground, built once, and visited. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Desk } from "../../site/playground/core/desk.js";
import { type SharedState, stateOf } from "../../site/playground/core/share.js";
import { rules } from "../../src/lint/rules/index.js";
import { accessibilityOf, chromiumPath } from "../browser.js";
import { serve, Visitor } from "./served.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".build", "whole-site");
const site = suite("site");

const built = spawnSync(process.execPath, [join(root, "bin", "site.js"), folder], { encoding: "utf8" });

site("is built, without a dead link", () => {
  assert.is(built.status, 0, `${built.stdout}${built.stderr}`.slice(-3000));
});

site("every page of docs/ is there, and one for every rule of the linter", () => {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  for (const name of pages) assert.ok(existsSync(join(folder, name.replace(/\.md$/, ".html"))), name);
  const start = readFileSync(join(folder, "first-block.html"), "utf8");
  for (const name of pages)
    assert.ok(start.includes(`href="/${name.replace(/\.md$/, ".html")}"`), `${name} is not beside the pages`);
  assert.ok(rules.length > 150);
  for (const { code } of rules)
    assert.ok(existsSync(join(folder, "lint", `${code.toLowerCase()}.html`)), code);
});

/** What each rule's page links to in the playground: the bad example first. */
async function linkedStates(code: string): Promise<readonly SharedState[]> {
  const html = readFileSync(join(folder, "lint", `${code.toLowerCase()}.html`), "utf8");
  const links = [...html.matchAll(/href="\/playground\/index\.html(#[^"]+)"/g)].map(([, hash = ""]) => hash);
  const states = await Promise.all([...new Set(links)].map(stateOf));
  return states.filter((state) => state !== null);
}

site("every rule's bad example shows its finding in the playground, its good one does not", async () => {
  const wrong: string[] = [];
  const ofHomes: string[] = [];
  for (const { code } of rules) {
    const states = await linkedStates(code);
    const html = readFileSync(join(folder, "lint", `${code.toLowerCase()}.html`), "utf8");
    if (html.includes("Said of a whole home only")) {
      ofHomes.push(code);
      continue;
    }
    assert.ok(states.length > 1, code);
    // What --fix makes of the bad one may have others left.
    for (const state of [states[0], states.at(-1)]) {
      if (state === undefined) continue;
      const reply = new Desk(() => 0).handle({ kind: "lint", id: 1, input: state, closed: state.closed });
      assert.ok(reply.kind === "lint");
      const shows = reply.findings.some((finding) => finding.code === code);
      if (shows !== (state === states[0]))
        wrong.push(
          `${code}: ${shows ? "the good one" : "the bad one"}, ${reply.findings.map((one) => one.code)}`,
        );
    }
  }
  assert.equal(ofHomes, ["OSSEC-DECODER-LISTS"]);
  assert.equal(wrong, []);
});

site("nothing is asked of another host", () => {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".html")) continue;
    const html = readFileSync(join(folder, name), "utf8");
    assert.not.match(html, /<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?\/\//, name);
  }
});

/** A test on the site as a browser has it. */
function visiting(name: string, visit: (visitor: Visitor, url: string) => Promise<void>): void {
  site(name, async () => {
    if (chromiumPath === null) {
      console.log(`skipped: ${name}: there is no Chromium`);
      return;
    }
    const { url, server } = await serve(folder);
    const visitor = new Visitor(chromiumPath, url);
    try {
      await visit(visitor, url);
    } finally {
      await visitor.end();
      server.close();
    }
  });
}

/** How VitePress has put its search together, which is not ours: the box is a button, results hold links. */
const isOfSearch = (one: string): boolean =>
  /^(?:label-content-name-mismatch|nested-interactive): <[^>]*(?:DocSearch|localsearch-)/i.test(one) ||
  /^label-content-name-mismatch: <a [^>]*class="result"/.test(one);

/** Keys are heard when Vue has taken the page over. */
const takenOver = (page: Page): Promise<unknown> =>
  page.waitForFunction("document.querySelector('#app').__vue_app__ !== undefined");

visiting(
  "after the first visit all of it is there without a network: pages, search, examples",
  async (visitor, url) => {
    const { page, complaints, close } = await visitor.open(`${url}first-block.html`);
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    await page.evaluate(
      "navigator.serviceWorker.getRegistration('/playground/').then((found) => new Promise((done) => { const one = found.installing ?? found.waiting; if (!one) done(); else one.onstatechange = () => { if (one.state === 'activated') done(); }; }))",
    );
    await page.context().setOffline(true);
    await page.reload();
    await takenOver(page);
    await page.keyboard.press("Control+k");
    await page.locator("#localsearch-input").fill("would-block");
    await page.locator(".VPLocalSearchBox .result").first().waitFor();
    await page.goto(`${url}lint/ossec-match-is-not-regex.html`);
    await page.locator("text=Open it in the playground").first().click();
    await page.locator("#findings").filter({ hasText: "OSSEC-MATCH-IS-NOT-REGEX" }).waitFor();
    await page.locator("#findings a").filter({ hasText: "OSSEC-MATCH-IS-NOT-REGEX" }).click();
    await page.locator("h1").filter({ hasText: "OSSEC-MATCH-IS-NOT-REGEX" }).waitFor();
    assert.equal(complaints, []);
    await close();
  },
);

visiting(
  "axe-core has nothing against its pages, dark and light, nor against the search",
  async (visitor, url) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, close } = await visitor.open(`${url}first-block.html`, { colorScheme });
      const found = async (): Promise<readonly string[]> =>
        (await accessibilityOf(page, axe)).filter((one) => !isOfSearch(one));
      await takenOver(page);
      assert.equal(await found(), []);
      await page.keyboard.press("Control+k");
      await page.locator("#localsearch-input").fill("threshold");
      await page.locator(".VPLocalSearchBox .result").first().waitFor();
      assert.equal(await found(), []);
      // VitePress' start page has no <main>.
      for (const path of ["lint/ossec-xml.html", "reference/cli.html"]) {
        await page.goto(`${url}${path}`);
        await takenOver(page);
        assert.equal(await found(), [], path);
      }
      await close();
    }
  },
);

site.run();
