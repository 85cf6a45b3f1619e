/** `npm run site`: the documentation beside the playground, built once, and visited. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rules } from "../../src/lint/rules/index.js";
import { chromiumPath } from "../browser.js";
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

site("nothing is asked of another host", () => {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".html")) continue;
    const html = readFileSync(join(folder, name), "utf8");
    assert.not.match(html, /<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?\/\//, name);
  }
});

site("search works without a network, and an example opens in the playground", async () => {
  if (chromiumPath === null) {
    console.log("skipped: there is no Chromium");
    return;
  }
  const { url, server } = await serve(folder);
  const visitor = new Visitor(chromiumPath, url);
  try {
    const { page, complaints, close } = await visitor.open(`${url}first-block.html`);
    // Keys are heard when Vue has taken the page over.
    await page.waitForFunction("document.querySelector('#app').__vue_app__ !== undefined");
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
  } finally {
    await visitor.end();
    server.close();
  }
});

site.run();
