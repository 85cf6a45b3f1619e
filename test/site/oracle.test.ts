/** The recorded answers of the real engines, asked of the engine in a page. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chromiumPath } from "../browser.js";
import { isObject, objects, shared, text } from "../conformance/ossec-oracle.js";
import type { OracleReply, OracleRequest } from "./oracle-worker.js";
import { serve, Visitor } from "./served.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".build", "oracle-site");

/** It runs 1,095 lines through Wazuh's whole rule set; `PLAYGROUND_ORACLE=all` asks it as well. */
const slow = process.env.PLAYGROUND_ORACLE === "all" ? [] : ["wazuhIniCases"];

/** As oracle-host.ts finds them: the repository is /z, and ../shared is /shared. */
function filesOf(path: string, place: string, files: Record<string, string>): void {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (
      !entry.isFile() ||
      !/\.(?:json|xml|txt|conf|log|ini)$|\/lists\//.test(join(entry.parentPath, entry.name))
    )
      continue;
    const full = join(entry.parentPath, entry.name);
    files[place + full.slice(path.length)] = readFileSync(full, "latin1");
  }
}

function recordedCases(): OracleRequest["recorded"] {
  const parsed: unknown = JSON.parse(
    readFileSync(join(root, "test", "data", "recorded", "ossec.json"), "utf8"),
  );
  return Object.values(isObject(parsed) ? parsed : {}).flatMap((cases) =>
    objects(cases).flatMap(({ family, record }) =>
      // Those that were found later are written as scripts, which need Node's vm.
      isObject(record) && family !== "found" ? [[text(family), record] as const] : [],
    ),
  );
}

function bundle(): void {
  const script = pathToFileURL(join(root, "bin", "site-playground.js")).href;
  const host = join(root, "test", "site", "oracle-host.ts");
  const alias = Object.fromEntries(["fs", "path", "url"].map((name) => [`node:${name}`, host]));
  const define = { "import.meta.url": '"file:///z/test/conformance/here.ts"' };
  const call = `bundleWorker(${JSON.stringify(join(root, "test", "site", "oracle-worker.ts"))}, ${JSON.stringify(join(folder, "oracle-worker.js"))}, ${JSON.stringify({ alias, define })})`;
  const build = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `const { bundleWorker } = await import(${JSON.stringify(script)}); await ${call}`,
    ],
    { encoding: "utf8" },
  );
  if (build.status !== 0) throw new Error(build.stderr);
}

test("the engine in a page answers as the real ones were recorded", async () => {
  if (chromiumPath === null) {
    console.log("skipped: there is no Chromium");
    return;
  }
  const isWhole = existsSync(join(shared, "oracle", "wazuh"));
  if (!isWhole) console.log("skipped in part: ../shared/oracle is not here; the copied records are asked");
  mkdirSync(folder, { recursive: true });
  bundle();
  const files: Record<string, string> = {};
  if (isWhole)
    for (const name of ["oracle/ossec", "oracle/wazuh", "ossec-ruleset", "wazuh-ruleset"])
      filesOf(join(shared, name), `/shared/${name}`, files);
  const request: OracleRequest = { files, recorded: recordedCases(), without: isWhole ? slow : null };
  const { url, server } = await serve(
    folder,
    new Map([
      [
        "/",
        {
          type: "text/html",
          body: '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>oracle</title></html>',
        },
      ],
      ["/request.json", { type: "application/json", body: JSON.stringify(request) }],
    ]),
  );
  const visitor = new Visitor(chromiumPath, url);
  try {
    const { page, complaints } = await visitor.open(url);
    const reply = await page.evaluate(
      `fetch("/request.json").then((answer) => answer.json()).then((request) => new Promise((resolve, reject) => {
        const worker = new Worker("/oracle-worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(JSON.stringify(data));
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(request);
      }))`,
    );
    const { families, differences }: OracleReply = JSON.parse(String(reply));
    assert.equal(
      differences.slice(0, 10).map((one) => one.slice(0, 400)),
      [],
    );
    const cases = Object.values(families).reduce((sum, one) => sum + one.cases, 0);
    assert.ok(cases >= (isWhole ? 3900 : 100), `${cases} cases`);
    if (process.env.PLAYGROUND_ORACLE !== undefined) process.stderr.write(`${JSON.stringify(families)}\n`);
    assert.equal(complaints, []);
  } finally {
    await visitor.end();
    server.close();
  }
});

test.run();
