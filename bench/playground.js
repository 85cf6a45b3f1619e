#!/usr/bin/env node
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
// How long a key takes in the playground until the lines are answered, on the stock rules of ../shared (issue 20):
//
//     node bench/playground.js [keys, 20]
//
// Goal: below 100 ms from the key to the answer on the page, in whatever editor it is pressed. Wall time says little on a
// busy machine: the least of all keys stands beside the median.
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildPlayground } from "../bin/site-playground.js";

const keys = Number(process.argv[2] ?? 20);
const shared = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "shared");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
if (executablePath === undefined) throw new Error("there is no Chromium");

const folder = mkdtempSync(join(tmpdir(), "zopf-bench-playground-"));
await buildPlayground(folder);
const types = { html: "text/html", js: "text/javascript", css: "text/css", json: "application/json" };
const server = createServer(({ url }, response) => {
  const name = url === "/" ? "index.html" : url.slice(1);
  if (!existsSync(join(folder, name))) response.writeHead(404).end();
  else {
    response.writeHead(200, { "content-type": types[name.split(".").at(-1)] ?? "text/plain" });
    response.end(readFileSync(join(folder, name)));
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.locator("#editor-rules .cm-content").waitFor();
// From a key to the answer's own sentence.
await page.evaluate(`
  window.times = [];
  addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
  new MutationObserver(() => { if (window.pressed) window.times.push(performance.now() - window.pressed); window.pressed = 0; })
    .observe(document.getElementById("speed"), { childList: true, characterData: true, subtree: true });
`);

async function typed(name, editor) {
  await page.locator(`#editor-${editor} .cm-content`).click();
  await page.keyboard.press("Control+End");
  await page.waitForTimeout(1500);
  await page.evaluate("window.times = []");
  for (let key = 0; key < keys; key += 1) {
    await page.keyboard.type(" ");
    await page.waitForTimeout(400);
  }
  const times = (await page.evaluate("window.times")).sort((one, other) => one - other);
  const shown = (value) => `${(value ?? Number.NaN).toFixed(0)} ms`;
  process.stdout.write(
    `${`${name}, ${editor}`.padEnd(32)} median ${shown(times[times.length >> 1])}, least ${shown(times[0])}, of ${times.length} answers\n`,
  );
}

await typed("own rules alone", "rules");
for (const [name, path] of [
  ["OSSEC's stock rules", "ossec-ruleset"],
  ["Wazuh's stock rules", "wazuh-ruleset"],
]) {
  if (!existsSync(join(shared, path))) continue;
  await page.locator("#ruleset-folder").setInputFiles(join(shared, path));
  await page
    .locator("#ruleset-state")
    .filter({ hasText: name.startsWith("OSSEC") ? "of OSSEC" : "of Wazuh" })
    .waitFor();
  for (const editor of ["rules", "decoders", "lines"]) await typed(name, editor);
}
await browser.close();
server.close();
