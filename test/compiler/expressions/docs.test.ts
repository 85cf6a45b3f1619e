import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileFunction } from "../../../src/compiler/expressions/index.js";
import { loadBundle } from "../../../src/compiler/load/index.js";
import { scratchFolder } from "../../scratch-folder.js";
import { captured, prelude, sections } from "./docs-source.js";
import { connection, expression } from "./harness.js";

const file = fileURLToPath(new URL("../../../docs/expressions.md", import.meta.url));

const head = `# Expressions

The functions of a detection (\`where\`, \`per\`, \`count\`, \`message\`, \`source\`, columns) are TypeScript that
zopf turns into Zeek; the replay evaluates the same. What compiles gives in Zeek what it gives in TypeScript;
what cannot is an error at its own place, with what to write instead.

A function is an arrow, or a function of the bundle: parameters (with defaults, \`...rest\`, taken apart:
\`({ id: { orig_h } }) =>\`), \`const\`, \`if\`, \`switch\` whose clauses end, \`for (const x of ...)\` over arrays, Sets
and Maps of the bundle with \`break\` and \`continue\`, \`return\` anywhere. It may use constants of the bundle (numbers,
text, arrays, Sets, Maps, objects, \`enum\` and \`const enum\`) and call other functions of the bundle, which are written
out in its place; a function that calls itself is refused, as are other loops, \`let\`, \`new\`, \`throw\`, \`await\`. In the
examples \`limit\` is 1024, \`watched\` a Set of two ports, \`services\` an object of two port numbers, \`networks\` an
array of two subnets, \`weight\` a Map.

Each example is a line of TypeScript, and below it the Zeek that is emitted (this file is made by
\`ZOPF_WRITE=1 node --import tsx test/compiler/expressions/docs.test.ts\`, and tested).
`;

function document(): string {
  const parts = sections.map(([heading, about, examples]) => {
    const lines = examples.flatMap((code) => [code, `    ${expression(code, captured).zeek().join(", ")}`]);
    return `## ${heading}\n\n${about}\n\n\`\`\`\n${lines.join("\n")}\n\`\`\`\n`;
  });
  return [head, ...parts].join("\n");
}

test("docs/expressions.md says what the compiler does", () => {
  const made = document();
  if (process.env.ZOPF_WRITE === "1") writeFileSync(file, made);
  assert.is(readFileSync(file, "utf8"), made);
});

test("every example of docs/expressions.md builds in a bundle, types and all", async () => {
  const file = join(scratchFolder("docs"), "examples.zopf.ts");
  const examples = sections.flatMap(([, , codes]) => codes);
  const functions = examples.map((code) => `(c: Connection) => (${code}),`);
  writeFileSync(
    file,
    `${prelude}const functions = [\n${functions.join("\n")}\n];\nexport default defineBundle({ functions } as never);\n`,
  );
  const loaded = await loadBundle(file);
  const problems = loaded.ok ? [] : loaded.diagnostics.map(({ line, message }) => `${line}: ${message}`);
  assert.equal(problems, []);
  assert.ok(loaded.ok);
  const made: unknown = loaded.ok ? Reflect.get(Object(loaded.bundle.value), "functions") : [];
  for (const fn of Array.isArray(made) ? made : []) {
    const source = loaded.ok ? loaded.bundle.sourceOf(fn) : null;
    assert.ok(source !== null && compileFunction(source, [connection]).ok, String(fn));
  }
});

test.run();
