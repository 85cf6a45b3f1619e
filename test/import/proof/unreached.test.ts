import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { importOf, inFolder, writeAll } from "../import-of.js";

const rules = (level: number): string => `<group name="local,">
<rule id="100100" level="5"><if_sid>5716</if_sid><match>one</match><description>seen</description></rule>
<rule id="100101" level="${level}"><if_sid>5716</if_sid><match>^two</match><regex>^three</regex><description>never seen</description></rule>
</group>
`;

test("an edit of a rule that no line reaches is found, whoever made it; its description is nobody's answer", () =>
  inFolder(async (folder) => {
    const path = join(folder, "local_rules.xml");
    writeAll(folder, { "local_rules.xml": rules(5), "package.json": "{}" });
    const first = await importOf([path], folder, { name: "some" });
    assert.equal(
      first.proof?.unproven.map((one) => one.rule),
      [100101],
    );
    const checked = async (): Promise<readonly string[]> => {
      const { diagnostics } = await importOf([path], folder, { name: "some", check: true });
      return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
    };
    assert.equal(await checked(), []);
    const bundle = join(folder, "some.zopf.ts");
    const text = readFileSync(bundle, "utf8");
    writeFileSync(bundle, text.replaceAll("never seen", "seen by nobody").replace("Never_Seen", "Unseen"));
    assert.equal(await checked(), []);
    writeFileSync(bundle, text.replace("^three", "^four"));
    assert.equal(await checked(), [
      "no line reaches rule 100101, and the bundle has another one: <regex>^three</regex> → <regex>^four</regex>",
    ]);
    writeFileSync(bundle, text);
    writeAll(folder, { "local_rules.xml": rules(6) });
    assert.equal(await checked(), [
      'no line reaches rule 100101, and the bundle has another one: <rule id="100101" level="6"> → <rule id="100101" level="5">',
    ]);
  }));

test.run();
