import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ImportResult, runImport } from "../../../src/import/import.js";
import { importOf } from "../import-of.js";

const test = suite("import/sigma/import");

const root = fileURLToPath(new URL("../../..", import.meta.url));
const own = join(root, "test", "data", "import", "sigma");
const shared = join(root, "..", "shared", "foreign", "sigma");
const golden = join(root, "test", "import", "golden", "sigma.zopf.ts.txt");

async function imported<Result>(
  paths: readonly string[],
  use: (result: ImportResult, into: string) => Result,
): Promise<Result> {
  const into = realpathSync(mkdtempSync(join(tmpdir(), "zopf-import-")));
  try {
    const result = await runImport({
      paths,
      from: null,
      into,
      home: null,
      name: "sigma",
      order: null,
      fix: false,
      force: false,
      check: false,
      logs: [],
      timeZone: "UTC0",
      show: (path) => path.replace(`${root}/`, "").replace(root, ""),
    });
    return use(result, into);
  } finally {
    rmSync(into, { recursive: true });
  }
}

const errors = ({ diagnostics }: ImportResult) => diagnostics.filter(({ severity }) => severity === "error");

/** UPDATE=1 writes the golden file anew. */
test("rules and correlations become the bundle that is written down, and it is proven", () =>
  imported([join(own, "curl.yml"), join(own, "lines.yml")], (result, into) => {
    assert.is(result.from, "sigma");
    assert.equal(errors(result), []);
    assert.equal(result.draft?.refused, []);
    const text = readFileSync(join(into, "sigma.zopf.ts"), "utf8");
    if (process.env.UPDATE === "1") writeFileSync(golden, text);
    assert.is(text, readFileSync(golden, "utf8"));
    assert.ok(result.proof !== null && result.proof.lines > 100);
    assert.is(result.proof?.same, result.proof?.lines);
    assert.equal(
      result.diagnostics.filter(({ code }) => code === "import/unproven"),
      [],
    );
  }));

test("what has no form is refused whole, with its place and the reason", () =>
  imported([own], (result) => {
    assert.equal(errors(result), []);
    assert.equal(
      result.draft?.refused.map(
        ({ what, place, reason }) => `${what} ${place.line}:${place.column} ${reason}`,
      ),
      [
        '"Counts by itself" 10:3 it has no "timeframe"',
        '"A modifier without a form" 22:24 the modifier "expand" names the placeholder "hosts", which has no values',
        '"Asks for a field that no log has" 4:18 conn.log has no column for the field "action"',
        '"Another system" 14:12 the log source "windows/security" is none that Zeek or syslog answers',
      ],
    );
  }));

test("where nothing comes over, that is an error and nothing is written", () =>
  imported([join(own, "refused.yml")], (result, into) => {
    assert.is(result.draft, null);
    assert.ok(errors(result).some(({ code }) => code === "import/input"));
    assert.not.ok(existsSync(join(into, "sigma.zopf.ts")));
  }));

test("rules in the style of the public folders: 48 files, what of them has no form is named", async () => {
  const into = realpathSync(mkdtempSync(join(tmpdir(), "zopf-import-")));
  try {
    const result = await importOf([join(own, "..", "sigma-more", "styles.yml")], into, {
      from: "sigma",
      name: "styles",
      accessLogs: true,
    });
    assert.equal(errors(result), []);
    assert.equal(
      result.refused.map(({ what, reason }) => `${what} ${reason}`),
      [
        '"Few Connections" a correlation with "eq" has no form: only gte and gt are reached by counting up',
        '"Denied By A Firewall" conn.log has no column for the field "action"',
        '"Cookie Of An Implant" http.log has no column for the field "cs-cookie"',
        '"Certificate Of An Implant" the log source "zeek/x509" is none that Zeek or syslog answers',
        '"Many Paths" "value_count" over lines has no form',
      ],
    );
    const [module] = result.draft?.modules ?? [];
    const kinds = new Map<string, number>();
    for (const { value } of module?.detections ?? []) kinds.set(value.kind, (kinds.get(value.kind) ?? 0) + 1);
    assert.equal([...kinds].sort(), [
      ["burst", 1],
      ["log", 1],
      ["rows", 19],
      ["rule", 27],
      ["sequence", 1],
    ]);
    assert.is(result.proof?.answered, 48);
    assert.is(result.proof?.same, result.proof?.lines);
  } finally {
    rmSync(into, { recursive: true });
  }
});

test("every rule of a real folder comes over and proves the same, or is refused with a reason", async () => {
  if (!existsSync(shared)) {
    console.log("skipped: ../shared/foreign/sigma is not there");
    return;
  }
  await imported([join(shared, "rules")], (result) => {
    assert.equal(errors(result), []);
    const came = result.draft?.modules.flatMap(({ detections }) => detections).length ?? 0;
    const refused = result.draft?.refused ?? [];
    assert.is(came + refused.length, 93);
    assert.ok(came >= 90, `${came} came over`);
    assert.is(result.proof?.same, result.proof?.lines);
    for (const { reason } of refused) assert.ok(reason.length > 10);
  });
});

test.run();
