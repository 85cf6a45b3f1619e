/** A small host with fail2ban, and the bundle that its import is to look like; UPDATE=1 writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../../src/compiler/compile.js";
import { importOf, inFolder } from "../import-of.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = join(root, "test", "import", "golden", "fail2ban");
const golden = `${folder}.zopf.ts.txt`;
const show = (path: string): string => path.replace(`${folder}/`, "");

test("the host becomes the bundle that is written down, and is proven to do the same", () =>
  inFolder(async (into) => {
    const result = await importOf([folder], into, { name: "host", show });
    assert.equal(
      result.diagnostics.map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`),
      [
        "filter.d/door.conf:4 import/refused expression ^ slow (?<=x)<ADDR>$ of filter door did not come over: a look-behind (?<=…), which OSSEC's XML has no way to write, at character 8",
        "jail.local:11 import/refused banaction iptables-allports of jail web-400 did not come over: a bundle has one packet filter, that of nftables-multiport",
        "jail.local:3 import/refused ignoreip monitor.example.org did not come over: it is neither an address nor a prefix: names are not looked up",
      ],
    );
    assert.is(result.from, "fail2ban");
    assert.is(result.proof?.same, result.proof?.lines);
    assert.ok((result.proof?.lines ?? 0) > 200);
    const text = readFileSync(join(into, "host.zopf.ts"), "utf8");
    if (process.env.UPDATE === "1") writeFileSync(golden, text);
    assert.is(text, readFileSync(golden, "utf8"));
    const compiled = await compileBundles([join(into, "host.zopf.ts")], { show, cache: false });
    assert.ok(compiled.ok, JSON.stringify(compiled.diagnostics));
  }));

test.run();
