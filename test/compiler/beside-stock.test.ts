import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../src/compiler/compile.js";
import { loadMergedHome } from "../../src/merge/load-merged-home.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { dialectOf } from "../../src/targets/ossec/dialect.js";
import { scratchFolder } from "../scratch-folder.js";
import { workspace } from "./workspace.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const stock = join(root, "..", "shared", "ossec-ruleset");

/** An OSSEC home with the stock decoders and rules; ours before the stock decoders, or behind them. */
function stockHome(first: boolean): string {
  const home = scratchFolder("stock");
  mkdirSync(join(home, "etc"));
  cpSync(join(stock, "decoder.xml"), join(home, "etc/decoder.xml"));
  cpSync(join(stock, "rules"), join(home, "rules"), { recursive: true });
  const names = readFileSync(join(stock, "rules.txt"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => basename(line.trim()));
  const rules = [...new Set([...names, "local_rules.xml"])]
    .map((name) => `<include>${name}</include>`)
    .join("\n");
  const decoders = first ? "<decoder>etc/local_decoder.xml</decoder><decoder>etc/decoder.xml</decoder>" : "";
  writeFileSync(
    join(home, "etc/ossec.conf"),
    `<ossec_config><rules>${decoders}\n${rules}</rules></ossec_config>\n`,
  );
  return home;
}

/** Rules of the lines beside the stock rule set. */
async function rulesBeside(file: string, first: boolean, lines: readonly string[]) {
  const home = stockHome(first);
  try {
    const { bundles, diagnostics } = await compileBundles([file], { show: (path) => path, cache: false });
    const [bundle] = bundles;
    assert.ok(bundle !== undefined, JSON.stringify(diagnostics));
    const loaded = loadMergedHome(
      home,
      bundle.model,
      bundle.files,
      dialectOf(bundle.model.ossec),
      (path) => path,
    );
    const engine = createEngine(loaded, { ownHostname: "web", timeZone: "UTC", mode: "daemon" });
    return lines.map((line, index) => {
      const event = engine.process(line, 1_781_000_000 + index);
      return event.kind === "event" ? (event.rule?.id ?? null) : null;
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const guesses = Array.from(
  { length: 8 },
  (_, index) =>
    `Jun 11 03:12:0${index} web sshd[${900 + index}]: Failed password for invalid user u${index} from 198.51.100.66 port 5000${index} ssh2`,
);

if (!existsSync(stock)) {
  console.log("SKIPPED: ../shared/ossec-ruleset is not here");
} else {
  test("examples/sshd-burst: beside the stock rules when our decoders come first, unseen when they do not", async () => {
    const file = join(root, "examples/sshd-burst/sshd.zopf.ts");
    assert.equal(await rulesBeside(file, true, guesses), [
      ...Array.from({ length: 7 }, () => 104800),
      104801,
    ]);
    const unseen = await rulesBeside(file, false, guesses);
    assert.ok(!unseen.includes(104800) && !unseen.includes(104801), "the build warns: bundle/stock-decoder");
  });

  test("a burst of a stock rule fires on its event beside OSSEC's own composite of that rule", async () => {
    const here = workspace().write(
      "bundle.zopf.ts",
      `import { defineBundle } from "zopf";
export default defineBundle({
  name: "stock",
  ossec: { home: "/var/ossec" },
  detections: [{
    kind: "burst", name: "Guess", of: { rule: 5710 }, events: 4, within: "2 min", per: "source",
    rule: { id: 100900, level: 10, description: "guess" },
  }],
});
`,
    );
    const rules = await rulesBeside(join(here.folder, "bundle.zopf.ts"), false, guesses);
    assert.equal(rules.slice(0, 4), [5710, 5710, 5710, 100900]);
  });
}

test.run();
