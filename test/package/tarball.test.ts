import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../scratch-folder.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function run(cwd: string, command: string, ...words: readonly string[]) {
  const result = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ZOPF_CACHE: "", npm_config_update_notifier: "false" },
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

/** The package as a user gets it: packed, installed into an empty folder. Null where npm cannot install. */
function install(): string | null {
  const folder = scratchFolder("pack");
  const packed = run(root, "npm", "pack", "--ignore-scripts", "--pack-destination", folder);
  assert.is(packed.status, 0, packed.err);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  assert.ok(tarball !== undefined);
  const user = join(folder, "user");
  mkdirSync(user);
  writeFileSync(join(user, "package.json"), '{"name":"user","private":true,"type":"module"}\n');
  const installed = run(
    user,
    "npm",
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    // The command, and what bundles import, is zopf, whatever the registry calls the package.
    `zopf@file:${join("..", tarball ?? "")}`,
  );
  return installed.status === 0 ? user : null;
}

const user = existsSync(join(root, "dist", "index.js")) ? install() : null;

if (user === null) {
  console.log("SKIPPED: the package could not be installed (no dist/, or no registry in reach)");
} else {
  const zopf = (...words: readonly string[]) =>
    run(user, join(user, "node_modules", ".bin", "zopf"), ...words);

  test("the tarball holds what is needed to run, and no sources or tests", () => {
    const inside = join(user, "node_modules", "zopf");
    for (const path of [
      "dist/index.d.ts",
      "dist/schemas/case.schema.json",
      "templates/zeek/detection.hbs",
      "oclif.manifest.json",
      "bin/run.js",
      "LICENSE",
    ])
      assert.ok(existsSync(join(inside, path)), path);
    for (const path of ["src", "test", "examples", "generated"])
      assert.not(existsSync(join(inside, path)), path);
  });

  test("init, check and the rest work there, without a checkout near", () => {
    const version = zopf("--version");
    assert.is(version.status, 0, version.err);
    assert.match(version.out, /^zopf\/\d/);
    const made = zopf("init", "sensor");
    assert.is(made.status, 0, made.err + made.out);
    assert.match(made.out, /^Next: cd sensor, /m);
    const checked = zopf("check", "sensor/perimeter.zopf.ts", "--out", "sensor/generated");
    assert.is(checked.status, 0, checked.err + checked.out);
    const tested = zopf("test", "sensor/perimeter.zopf.ts", "--format", "json");
    assert.is(tested.status, 0, tested.err);
    assert.equal(JSON.parse(tested.out).summary, { passed: 1, failed: 0, invalid: 0 });
    const again = zopf("init", "sensor");
    assert.is(again.status, 0);
    assert.not.match(again.out, /wrote/);
  });

  test("the types resolve for an editor: tsc accepts the bundle that init wrote", () => {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const checked = run(join(user, "sensor"), process.execPath, tsc, "-p", "tsconfig.json");
    assert.is(checked.status, 0, checked.out);
  });

  test("zopf/testing replays from a program of one's own", () => {
    writeFileSync(
      join(user, "own.mjs"),
      `import { replay } from "zopf/testing";
const { events } = await replay({ bundle: "sensor/perimeter.zopf.ts", zeek: ["sensor/cases/quiet-day/conn.log"] });
console.log(events.length);
`,
    );
    const own = run(user, process.execPath, "own.mjs");
    assert.is(own.status, 0, own.err);
    assert.is(own.out, "0\n");
  });

  test.run();
}
