// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are TypeScript that the tests compile
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { workspace } from "../compiler/workspace.js";

/** Every TypeScript example of docs/*.md builds: as it stands, or in its place in a bundle. */
const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

/** What an example leaves out with three dots. */
const leftOut = `count: { events: true }, threshold: 5, window: { fixed: "5 min" },
  notice: { message: (hit) => \`\${hit.key} \${hit.count}\` },
  rule: { level: 6, groups: ["zeek"], description: "Zeek: five of them" },`;

const header = `import {
  type Connection, defineBundle, type Detection, list, nftables, onLog, osMatch, pcre2, pf, port, raw, Site, subnet, zeekLog,
} from "zopf";
`;

const scan = `{ kind: "scan", scan: "rejected", name: "Port_Scan_S0_Detected", threshold: 30, window: "10 min", rule: { level: 8, groups: ["recon"] } }`;

const logDetection = `{
  kind: "log", name: "Failed_Password", log: "/var/log/auth.log", program: osMatch("^sshd$"),
  regex: pcre2\`^Failed password for (\\S+) from ([0-9a-f.:]+) port (\\d+) ssh2$\`,
  order: ["user", "srcip", "srcport"],
  samples: ["Nov 14 18:09:08 web sshd[812]: Failed password for root from 198.51.100.66 port 50022 ssh2"],
  rule: { level: 5, groups: ["sshd"], description: "sshd: a password was wrong" },
}`;

const property = /^(targets|responses|firewall|ossec|raw):/;

/** The bundle that an example is part of. */
function bundleOf(example: string): string {
  const code = example
    .trim()
    .replaceAll("…", /\bper:/.test(example) ? leftOut : `per: (c) => c.id.orig_h, ${leftOut}`);
  if (/^export default/m.test(code)) return code;
  const named = property.exec(code)?.[1];
  const parts: Record<string, string> = {
    zeek: `zeek: { logs: "/var/log/zeek/current", site: "/opt/zeek/share/zeek/site", noticeLog: "dedicated" },`,
    ossec: `ossec: { home: "/var/ossec", decodersFirst: true },`,
    firewall: `firewall: pf({ table: "ossec_fwtable" }),`,
    responses: `responses: [],`,
    neverBlock: `neverBlock: ["192.0.2.0/24"],`,
  };
  if (named !== undefined) parts[named] = code;
  if (named === "targets") parts.firewall = "";
  const outer = code.startsWith("const ") ? code.replace(/^onLog\(/m, "const detection = onLog(") : "";
  const detections = code.startsWith("{")
    ? [code, ...(code.includes("Failed_Password") ? [logDetection] : [])]
    : outer === ""
      ? [scan]
      : [/^const touches/m.test(outer) ? "...touches" : "detection"];
  return `${outer.includes("import ") ? "" : header}${outer}
export default defineBundle({
  name: "docs",
  ${Object.values(parts).join("\n  ")}
  detections: [${detections.join(", ")}],
});
`;
}

for (const name of readdirSync(docs).filter((file) => file.endsWith(".md"))) {
  // Made from code that is built: test/catalogue/docs.test.ts, test/compiler/expressions/docs.test.ts.
  if (name === "detections.md" || name === "expressions.md") continue;
  const blocks = [...readFileSync(join(docs, name), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)];
  for (const [index, [, code = ""]] of blocks.entries()) {
    if (code.includes("zopf/testing")) continue;
    test(`docs/${name}, example ${index + 1}`, async () => {
      const example = code.replace(/^import .*\n/m, "");
      const text = /^export default/m.test(code) ? code : bundleOf(example);
      const { diagnostics } = await workspace().write("bundle.zopf.ts", text).build();
      assert.equal(
        diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ line, message }) => `${line}: ${message}`),
        [],
        text,
      );
    });
  }
}

test.run();
