// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are TypeScript that the tests compile
import { test } from "uvu";
import * as assert from "uvu/assert";
import { functionDepth } from "../targets/zeek/parser-depth.js";
import { parse } from "../targets/zeek/syntax.js";
import { problems } from "../targets/zeek/tokens.js";
import { bundleText, workspace } from "./workspace.js";

/** A bundle whose condition, key and message are too long for one expression of Zeek's each. */
const bundle = bundleText({
  "per: (c) => c.id.orig_h": `per: (c) => [c.id.orig_h, names.get(c.id.resp_p) ?? "other"]`,
  "export default": `const names = new Map(Array.from({ length: 90 }, (_, i) => [port(\`\${i + 1}/tcp\`), \`service \${i}\`]));
const words = Array.from({ length: 60 }, (_, i) => \`word\${i}\`);
export default`,
  "message: (hit) => `IP ${hit.key} suspected of scanning: ${hit.count} distinct ports`":
    "message: (hit) => `IP ${hit.key[0]}, ${hit.key[1]}: ${words.findIndex((word) => String(hit.key[1]).startsWith(word))} of ${hit.count}`",
});

test("long conditions, keys and messages become functions of the script that Zeek can parse", async () => {
  const built = workspace().write("bundle.zopf.ts", bundle.replace("import { ", "import { port, "));
  const { diagnostics } = await built.build();
  assert.equal(
    diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ line, message }) => `${line}: ${message}`),
    [],
  );
  const scripts = Object.entries(built.tree("generated")).filter(([name]) =>
    /port_scan\w*\.zeek$/.test(name),
  );
  const [[, script = ""] = []] = scripts;
  const functions = [...script.matchAll(/^function \w+_part\d+\(.*\n\t\{\n[\s\S]*?\n\t\}$/gm)].map(
    ([text]) => text,
  );
  assert.is(functions.length, 2, script);
  for (const one of functions) assert.ok(functionDepth(one) < 150);
  assert.equal(problems(script), []);
  for (const cluster of [false, true]) parse(script, cluster);
  assert.match(script, /local key1: string = \w+_part\d+\(c\);/);
  assert.match(script, /\$msg=sub_bytes\(cat\(.*\w+_part2\(key1\)/);
});

test.run();
