/** The stock rule set, which is beside the repository; skipped where it is not. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readOssec } from "../../../src/import/xml/read.js";
import { importOf, inFolder, writeAll } from "../import-of.js";

const test = suite("import/xml/stock");

const root = fileURLToPath(new URL("../../..", import.meta.url));
const stock = join(root, "..", "shared", "ossec-ruleset");

if (!existsSync(stock)) console.log("skipped: ../shared/ossec-ruleset is not here");
else {
  test("the whole set comes over, at most a tenth of it raw; what is written is formatted", () =>
    inFolder(async (folder) => {
      const result = await importOf([stock], join(folder, "out"), { name: "stock" });
      assert.equal(
        result.diagnostics.filter(({ severity }) => severity === "error"),
        [],
      );
      const { modules = [], refused } = result.draft ?? {};
      const said = modules.flatMap(({ detections }) => detections).length;
      const raw = modules.flatMap((module) => module.raw.flatMap(({ origin }) => origin.rules)).length;
      assert.equal(refused, []);
      assert.ok(said + raw > 1100, `${said} and ${raw}`);
      assert.ok(raw <= (said + raw) / 10, `${raw} raw`);
      const { unused = [] } = result.draft ?? {};
      const names = readFileSync(join(stock, "rules.txt"), "utf8").trim().split("\n");
      const files = readdirSync(join(stock, "rules"));
      assert.is(unused.length, files.filter((name) => !names.includes(name)).length);
      assert.ok(existsSync(join(folder, "out", "stock", "openbsd-rules.ts")));
      assert.not.match(readFileSync(join(folder, "out", "stock.zopf.ts"), "utf8"), /openbsd-rules\.js/);
      assert.ok((result.proof?.lines ?? 0) > 1000);
      assert.is(result.proof?.same, result.proof?.lines);
      const formatter = { indentStyle: "space", indentWidth: 2, lineWidth: 110 };
      writeFileSync(join(folder, "biome.json"), `${JSON.stringify({ formatter }, null, 2)}\n`);
      const run = spawnSync("npx", ["biome", "format", "--config-path", folder, folder], {
        encoding: "utf8",
      });
      assert.is(run.status, 0, run.stderr.slice(0, 4000));
    }));

  test("every file by itself comes over", async () => {
    const files = readdirSync(join(stock, "rules")).sort();
    for (const file of [join(stock, "decoder.xml"), ...files.map((name) => join(stock, "rules", name))]) {
      const options = { home: null, name: "one", order: null, fix: false, show: (path: string) => path };
      const { draft, compiled, diagnostics } = await readOssec({ ...options, paths: [file] });
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      assert.equal(errors, [], file);
      assert.ok(draft !== null && compiled?.ok, file);
      assert.equal(draft?.refused, [], file);
    }
  });

  test("of a home comes over what is not stock, and what ossec.conf blocks", () =>
    inFolder(async (folder) => {
      const home = join(folder, "home");
      mkdirSync(join(home, "etc", "lists"), { recursive: true });
      cpSync(join(stock, "decoder.xml"), join(home, "etc", "decoder.xml"));
      cpSync(join(stock, "rules"), join(home, "rules"), { recursive: true });
      const byHand = join(root, "examples", "local-rules", "by-hand");
      cpSync(join(byHand, "local_decoder.xml"), join(home, "etc", "local_decoder.xml"));
      cpSync(join(byHand, "local_rules.xml"), join(home, "rules", "local_rules.xml"));
      cpSync(join(byHand, "admins"), join(home, "etc", "lists", "admins"));
      const names = readFileSync(join(stock, "rules.txt"), "utf8").trim().split("\n");
      writeAll(home, { "etc/ossec.conf": confOf(names) });
      const result = await importOf([home], join(folder, "out"), { name: "local" });
      const draft = result.draft;
      assert.equal(
        draft?.modules.flatMap(({ detections, raw }) =>
          [...detections, ...raw].flatMap(({ origin }) => origin.rules),
        ).length,
        12,
      );
      assert.equal(draft?.settings.firewall, { kind: "iptables", set: "local_blocked" });
      assert.equal(
        draft?.settings.neverBlock.map(({ value, comments }) => [value, comments]),
        [
          ["192.168.2.0/24", ["The office."]],
          ["127.0.0.1", []],
        ],
      );
      assert.equal(
        draft?.responses.map(({ value, comments }) => [
          value,
          comments.map((text) => text.replace(/:.*/s, "")),
        ]),
        [
          [
            { kind: "block", when: { detection: "Sshd_Guessed_Then_Logged_In" }, for: "1 hr" },
            ["Guessers stay away for an hour.", "OSSEC-AR-ON-FORGEABLE-RULE"],
          ],
          [{ kind: "block", when: { rule: [5712] }, for: "1 hr" }, []],
        ],
      );
      assert.equal(
        draft?.refused.map(({ what }) => what),
        ["white_list ^localhost.localdomain$", "active-response host-deny"],
      );
      assert.equal(
        draft?.lists.map(({ value }) => value),
        [{ name: "admins", entries: ["alice", "bob", "root"] }],
      );
      const [first] = draft?.modules[0]?.detections ?? [];
      assert.equal(first?.value.kind === "rule" ? first.value.effect : null, { raise: 12 });
    }));
}

function confOf(rules: readonly string[]): string {
  return `<ossec_config>
  <rules>
${rules.map((name) => `    <include>${name}</include>`).join("\n")}
    <list>etc/lists/admins</list>
  </rules>
  <global>
    <!-- The office. -->
    <white_list>192.168.2.0/24</white_list>
    <white_list>127.0.0.1</white_list>
    <white_list>^localhost.localdomain$</white_list>
  </global>
  <command><name>host-deny</name><executable>host-deny.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
  <command><name>firewall-drop</name><executable>firewall-drop.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
  <active-response>
    <command>host-deny</command><location>local</location><level>7</level><timeout>600</timeout>
  </active-response>
  <!-- Guessers stay away for an hour. -->
  <active-response>
    <command>firewall-drop</command><location>local</location><rules_id>110006,5712</rules_id><timeout>3600</timeout>
  </active-response>
</ossec_config>
`;
}

test.run();
