/** The cases of the examples hold with Wazuh in the place of OSSEC: the two engines lead to the same blocks. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCases } from "../../src/cases/run.js";
import { inWazuhsPlace } from "../compiler/for-wazuh.js";
import { scratchFolder } from "../scratch-folder.js";

const test = suite("cases of the examples, for Wazuh");
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

for (const example of [
  "network",
  "ossec-iplog-ipfw",
  "sshd-burst",
  "zeek-fleet",
  "zeek-responses",
  "zeek-wazuh",
])
  test(example, async () => {
    const folder = scratchFolder("wazuh-cases");
    try {
      const [name = ""] = readdirSync(join(examples, example)).filter((file) => file.endsWith(".zopf.ts"));
      mkdirSync(join(folder, "cases"));
      cpSync(join(examples, example, "cases"), join(folder, "cases"), { recursive: true });
      writeFileSync(join(folder, name), inWazuhsPlace(readFileSync(join(examples, example, name), "utf8")));
      const report = await runCases({ bundles: [join(folder, name)], show: (path) => path, cache: false });
      assert.ok(report.cases.length > 0);
      assert.equal(
        report.cases.filter(({ status }) => status !== "passed"),
        [],
        JSON.stringify(report.diagnostics.slice(0, 3)),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

test.run();
