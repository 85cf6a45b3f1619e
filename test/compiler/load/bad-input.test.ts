import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadBundle } from "../../../src/compiler/load/index.js";
import { bundle, detection, folderWith, loadBad, loadText, shown } from "./load-text.js";

const test = suite("load: bad input");

/** The only diagnostic, or all of them on lines. */
async function bad(...given: Parameters<typeof loadBad>): Promise<string> {
  return (await loadBad(...given)).join("\n");
}

test("a type error: TypeScript's number, message and place", async () => {
  const source = bundle(detection("One").replace("level: 6", "level: 99"));
  const result = await loadText(source);
  assert.not(result.ok);
  if (result.ok) return;
  const [first] = result.diagnostics;
  assert.is(result.diagnostics.length, 1);
  assert.is(first?.code, "TS2322");
  assert.match(first?.message ?? "", /^Type '99' is not assignable to type 'Level\b/);
  assert.is(
    source.split("\n")[(first?.line ?? 0) - 1]?.slice((first?.column ?? 0) - 1, (first?.endColumn ?? 0) - 1),
    "level",
  );
});

test("columns are code points", async () => {
  assert.is(
    await bad('import "zopf"; /* 😀é */ const n: number = "";\nexport default n;'),
    "test.zopf.ts:1:31 TS2322 Type 'string' is not assignable to type 'number'.",
  );
});

test("a syntax error", async () => {
  assert.is(
    await bad('import { defineBundle } from "zopf";\nexport default defineBundle({ name: });'),
    "test.zopf.ts:2:37 TS1109 Expression expected.",
  );
});

test("an unused type error in an imported file is reported there, and once", async () => {
  const found = await loadBad(bundle(detection("One"), 'import "./a.js"; import "./b.js";'), {
    "a.ts": 'import "./b.js";',
    "b.ts": "export const n: number = null;",
  });
  assert.equal(found, ["b.ts:1:14 TS2322 Type 'null' is not assignable to type 'number'."]);
});

test("no default export, a script, another default export", async () => {
  const none = "test.zopf.ts:1:1 load/no-default-export the file exports no default";
  assert.is(await bad("export const a = 1;"), none);
  assert.is(await bad("const a = 1;"), none);
  assert.is(await bad("// nothing but a comment"), none);
  const other = "load/not-a-bundle the default export is not what `defineBundle` returned";
  assert.is(await bad("\nexport default { name: 'x' };"), `test.zopf.ts:2:16 ${other}`);
  assert.is(await bad("export default 5;"), `test.zopf.ts:1:16 ${other}`);
  assert.is(await bad("const b = 5;\nexport default b;"), `test.zopf.ts:1:11 ${other}`);
  assert.is(await bad("const b = undefined;\nexport { b as default };"), `test.zopf.ts:1:1 ${other}`);
});

test("imports that do not resolve say which and from where", async () => {
  const missing = await bad('import a from "./gone.json";\nimport b from "nobody";\nexport default [a, b];');
  assert.is(
    missing,
    'test.zopf.ts:1:15 load/import the import "./gone.json" of test.zopf.ts does not resolve: there is no such file\n' +
      'test.zopf.ts:2:15 load/import the import "nobody" of test.zopf.ts does not resolve: no such package can be found from there, or it has no types',
  );
  const hidden = await bad('import { x } from "./gone.js";\nexport default x;', {
    "gone.d.ts": "export const x: number;",
  });
  assert.match(
    hidden,
    /^test\.zopf\.ts:\d+:\d+ load\/import the import "\.\/gone\.js" of test\.zopf\.ts has types but no code/,
  );
  assert.match(
    await bad('import { nothing } from "zopf";\nexport default nothing;'),
    /^test\.zopf\.ts:1:10 TS2305 /,
  );
  const json = await bad('import a from "./bad.json";\nexport default a;', { "bad.json": '{ "a": }' });
  assert.match(json, /bad\.json:1:8 TS1109 /);
});

test("exceptions: the user's place, message on one line, never our stack", async () => {
  const helper = {
    "helper.ts":
      "export type A = 1;\n\nexport function fail(): never {\n  throw new TypeError('no\\n way');\n}\n",
  };
  assert.is(
    await bad(bundle(detection("One"), 'import { fail } from "./helper.js";', "neverBlock: fail(),"), helper),
    "helper.ts:4:9 load/exception TypeError: no way",
  );
  assert.is(await bad("throw 'text';"), 'test.zopf.ts:1:1 load/exception "text" was thrown');
  assert.match(await bad("throw { a: 1 };"), /load\/exception \{ a: 1 \} was thrown$/);
  assert.match(
    await bad("const f = (): number => f() + 1;\nf();"),
    /^test\.zopf\.ts:1:\d+ load\/exception RangeError: /,
  );
  assert.match(
    await bad("// @ts-ignore\nmissing();"),
    /^test\.zopf\.ts:2:1 load\/exception ReferenceError: missing /,
  );
  assert.match(await bad("\n// @ts-ignore\nbreak;"), /^test\.zopf\.ts:3:1 (load\/exception|TS1105) /);
  assert.match(
    await bad(`async function f() { throw new Error('later'); }\nf();\n${bundle("")}`),
    /^test\.zopf\.ts:1:28 load\/exception Error: later$/,
  );
  assert.match(
    await bad(
      "const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { throw 1; } }); throw e;",
    ),
    /Error: x$/,
  );
  assert.match(
    await bad(
      "const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw 1; } }); throw e;",
    ),
    /cannot be shown/,
  );
});

test("exceptions in folders with odd names keep their place", async () => {
  const cwd = folderWith({ "a (1) b:2/x.zopf.ts": "\nthrow new Error('here');" });
  const result = await loadBundle("a (1) b:2/x.zopf.ts", { cwd });
  assert.is(
    result.ok ? "" : result.diagnostics.map(shown).join(),
    "a (1) b:2/x.zopf.ts:2:7 load/exception Error: here",
  );
});

test("endless loops end, with their place", async () => {
  const limit = { timeLimit: 200 };
  const message = "load/time-limit the bundle was still running after 0.2 s";
  const helper = { "helper.ts": "export function wait() {\n  let n = 0;\n  while (true) n++;\n}" };
  assert.is(
    await bad(bundle(detection("One"), 'import { wait } from "./helper.js"; wait();'), helper, limit),
    `helper.ts:3:3 ${message}`,
  );
  assert.is(
    await bad("for (;;) { try { while (true); } catch {} }", {}, limit),
    `test.zopf.ts:1:18 ${message}`,
  );
  const unseen = bundle("", 'import { spin } from "spin"; spin();');
  const spin = {
    "node_modules/spin/index.js": "exports.spin = () => { for (;;); };",
    "node_modules/spin/index.d.ts": "export function spin(): void;",
  };
  assert.is(await bad(unseen, spin, limit), `test.zopf.ts:3:16 ${message}`);
});

test("a loop that collects without end is stopped before the memory is gone", async () => {
  assert.match(
    await bad("const all: unknown[] = [];\nwhile (true) all.push(new Array(1000).fill(0));"),
    /^test\.zopf\.ts:2:1 load\/(memory|time)-limit /,
  );
});

test("a bundle cannot end zopf, nor keep it alive", async () => {
  const calling = (code: string): Promise<string> =>
    bad(`const all: any = globalThis;\n${code}\n${bundle(detection("One"))}`);
  assert.match(
    await calling("all.process.exit(0);"),
    /^test\.zopf\.ts:2:\d+ load\/exception .*process\.exit was called/,
  );
  assert.match(await calling("all.process.abort();"), /process\.abort was called/);
  assert.match(
    await calling("Promise.resolve().then(() => all.process.exit(0));"),
    /process\.exit was called/,
  );
  assert.match(await calling("throw new Proxy({}, { getPrototypeOf() { throw 1 } });"), /a Proxy was thrown/);
  const { exit } = process;
  const late = `const all: any = globalThis; all.setTimeout(() => { throw new Error("late"); }, 1); all.setInterval(() => 1, 5).unref();`;
  const { setTimeout: timer } = globalThis;
  assert.ok((await loadText(`${late}\n${bundle(detection("One"))}`)).ok);
  assert.is(process.exit, exit);
  assert.is(globalThis.setTimeout, timer);
  await new Promise((resolve) => setTimeout(resolve, 20));
});

test("top-level await is refused in words of its own", async () => {
  const source = "export {};\nconst a = await Promise.resolve(1);\nexport default a;";
  const message =
    "test.zopf.ts:2:11 load/top-level-await a bundle cannot `await` at its top level: zopf reads it in one go";
  assert.is(await bad(source), message);
  assert.is(await bad(source, { "package.json": '{ "type": "module" }' }), message);
});

test("files that are none", async () => {
  const cwd = folderWith({
    "empty.zopf.ts": "",
    "blank.zopf.ts": "\ufeff \n\t",
    "folder.zopf.ts/x": "",
    "text.txt": "hello",
    "types.d.ts": "export default 1;",
    "latin1.zopf.ts": Buffer.from("// ok\nconst s = 'caf\xe9';\nexport default s;", "latin1"),
    "nul.zopf.ts": "\0",
    "imports.zopf.ts": 'import { n } from "./bad.js"; export default n;',
    "bad.ts": Buffer.from("/* é */ export const n = '\xff';", "latin1"),
  });
  spawnSync("mkfifo", [join(cwd, "pipe.zopf.ts")]);
  const codeOf = async (file: string): Promise<string> => {
    const result = await loadBundle(file, { cwd });
    return result.ok
      ? "fine"
      : result.diagnostics.map((one) => `${one.line}:${one.column} ${one.code}`).join();
  };
  assert.is(await codeOf("gone.zopf.ts"), "1:1 load/not-found");
  assert.is(await codeOf("text.txt/x.zopf.ts"), "1:1 load/not-found");
  assert.is(await codeOf("nul\0.zopf.ts"), "1:1 load/not-found");
  assert.is(await codeOf("empty.zopf.ts"), "1:1 load/empty");
  assert.is(await codeOf("blank.zopf.ts"), "1:1 load/empty");
  assert.is(await codeOf("folder.zopf.ts"), "1:1 load/unreadable");
  assert.is(await codeOf("pipe.zopf.ts"), "1:1 load/unreadable");
  assert.is(await codeOf("text.txt"), "1:1 load/not-typescript");
  assert.is(await codeOf("types.d.ts"), "1:1 load/not-typescript");
  assert.is(await codeOf("latin1.zopf.ts"), "2:15 load/encoding");
  assert.is(await codeOf("imports.zopf.ts"), "1:4 load/encoding");
  assert.match(await codeOf("nul.zopf.ts"), /^1:1 TS/);
});

test("sources nested beyond all measure are a diagnostic, not a crash", async () => {
  for (const source of [
    `export default ${"[".repeat(30_000)}${"]".repeat(30_000)};`,
    `export default ${"(".repeat(30_000)}1${")".repeat(30_000)};`,
    `export default 1${"+1".repeat(30_000)};`,
    `export default ${"() => ".repeat(3_000)}1;`,
  ]) {
    const [first] = await loadBad(source);
    assert.match(
      first ?? "",
      /^test\.zopf\.ts:1:\d+ (load\/too-deep|load\/exception|load\/not-a-bundle|TS\d+) /,
    );
  }
});

test.run();
