import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { lintGenerated } from "../../src/check/lint.js";
import type { CompiledBundle } from "../../src/compiler/compile.js";
import { locationOf, sampleLines } from "../../src/compiler/verify/samples.js";
import { homeChainProblems } from "../../src/deploy/home-chain.js";
import { loadMergedHome } from "../../src/merge/load-merged-home.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { dialectOf } from "../../src/targets/ossec/dialect.js";
import { wazuhVerdict } from "../../src/wazuh/load/index.js";
import { scratchFolder } from "../scratch-folder.js";
import { compiled, exampleForWazuh } from "./for-wazuh.js";
import { workspace } from "./workspace.js";

const test = suite("bundles beside Wazuh's stock rules");

const root = fileURLToPath(new URL("../../", import.meta.url));
const stock = join(root, "..", "shared", "wazuh-ruleset");

/** A Wazuh home as it is installed. */
function stockHome(): string {
  const home = scratchFolder("wazuh");
  cpSync(join(stock, "etc"), join(home, "etc"), { recursive: true });
  cpSync(join(stock, "lists"), join(home, "etc/lists"), { recursive: true });
  mkdirSync(join(home, "ruleset"));
  for (const folder of ["rules", "decoders"])
    cpSync(join(stock, folder), join(home, "ruleset", folder), { recursive: true });
  return home;
}

/** The bundle in the home; what the engine does with lines there. */
function beside(home: string, { model, files }: CompiledBundle) {
  const loaded = loadMergedHome(home, model, files, dialectOf(model.ossec), (path) => path);
  const engine = createEngine(loaded, { ownHostname: "web", timeZone: "UTC", mode: "daemon" });
  let time = 1_781_000_000;
  return {
    loaded,
    rule(line: string, location?: string): number | null {
      time += 1;
      const event = engine.process(line, time, location);
      return event.kind === "event" ? (event.rule?.id ?? null) : null;
    },
  };
}

if (!existsSync(stock)) {
  console.log("skipped: ../shared/wazuh-ruleset is not here");
} else {
  const home = stockHome();
  test.after(() => rmSync(home, { recursive: true, force: true }));

  test("examples/zeek-wazuh: every notice reaches its rule, and nothing is refused or left out", async () => {
    const bundle = await compiled(join(root, "examples/zeek-wazuh/watch.zopf.ts"));
    const { loaded, rule } = beside(home, bundle);
    assert.is(wazuhVerdict(loaded.problems), "ok", JSON.stringify(loaded.problems.slice(0, 3)));
    const { model } = bundle;
    for (const detection of model.detections)
      for (const { line } of sampleLines(model, detection)) {
        assert.is(rule(line, locationOf(model, detection)), detection.rule.id, line);
        assert.is.not(rule(line, "/var/log/other.json"), detection.rule.id, "another log cannot stand in");
      }
  });

  test("examples/sshd-burst for Wazuh: our decoder comes before the stock one, and the burst fires on its event", async () => {
    const { rule } = beside(home, await exampleForWazuh("sshd-burst/sshd.zopf.ts"));
    const guess = (index: number, user: string) =>
      `Jun 11 03:12:0${index} web sshd[${900 + index}]: Failed password for invalid user ${user} from 198.51.100.66 port 5000${index} ssh2`;
    const rules = Array.from({ length: 8 }, (_, index) => rule(guess(index, `u ${index}`)));
    assert.equal(rules, [...Array.from({ length: 7 }, () => 104800), 104801]);
    // The other lines of sshd are left to the stock rules.
    assert.is(
      rule("Jun 11 03:12:09 web sshd[9]: Accepted password for root from 198.51.100.66 port 50009 ssh2"),
      5715,
    );
  });

  for (const example of [
    "catalogue/catalogue.zopf.ts",
    "local-rules/local.zopf.ts",
    "ossec-iplog-ipfw/iplog-sensor.zopf.ts",
    "packets/packets.zopf.ts",
    "services/services.zopf.ts",
    "sshd-burst/sshd.zopf.ts",
    "zeek-nftables/gateway.zopf.ts",
    "zeek-responses/border.zopf.ts",
  ])
    test(`examples/${example} for Wazuh: every sample line reaches its rule and its responses`, async () => {
      const bundle = await exampleForWazuh(example);
      const { model } = bundle;
      const { loaded } = beside(home, bundle);
      assert.is(wazuhVerdict(loaded.problems), "ok");
      const found = homeChainProblems({ model, loaded, conf: "", confName: "ossec.conf" });
      assert.equal(
        found.map(({ diagnostic }) => diagnostic.message),
        [],
      );
    });

  test("lint of the stock home with examples/zeek-wazuh in it: nothing that is the bundle's", async () => {
    const bundle = await compiled(join(root, "examples/zeek-wazuh/watch.zopf.ts"));
    const { diagnostics } = await lintGenerated([bundle], {
      out: "generated",
      with: home,
      failOn: "dead",
      show: (path) => path,
    });
    assert.equal(
      diagnostics.filter(({ file, severity }) => severity === "error" || file.includes("zopf-watch")),
      [],
    );
  });

  test("a rule about a stock rule, and a burst of one", async () => {
    const here = workspace().write(
      "bundle.zopf.ts",
      `import { defineBundle } from "zopf";
export default defineBundle({
  name: "stock",
  ossec: { dialect: "wazuh", home: "/var/ossec" },
  detections: [{
    kind: "burst", name: "Guess", of: { rule: 5710 }, events: 4, within: "2 min", per: "source",
    rule: { id: 100900, level: 10, description: "guess" },
  }],
});
`,
    );
    const { rule } = beside(home, await compiled(join(here.folder, "bundle.zopf.ts")));
    const rules = Array.from({ length: 4 }, (_, index) =>
      rule(
        `Jun 11 03:12:0${index} web sshd[9]: Failed password for invalid user u${index} from 198.51.100.66 port 5000${index} ssh2`,
      ),
    );
    assert.equal(rules, [5710, 5710, 5710, 100900]);
  });
}

test.run();
