/** docs/detections.md is made from the catalogue: `node bin/generate-detections.js`, with --check in CI. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connectionPresets, packetPresets, presets, servicePresets } from "../../src/catalogue/index.js";
import type { Preset } from "../../src/catalogue/preset.js";
import { eventPrototype } from "../../src/targets/zeek/events.js";
import { emitExpression } from "../compiler/expressions/harness.js";
import { workspace } from "../compiler/workspace.js";
import { repository } from "../zeek/helpers.js";
import { captureNames, compileDetections, everyPreset } from "./catalogue.js";

const file = join(repository, "docs", "detections.md");

const head = `# Detections

The catalogue: \`kind: "scan"\` is a Zeek detection whose condition, key and count are chosen already. Every
number can be changed; what is not said has the preset's default. A preset becomes the same script, decoder and
rule as a detection that is written out ([bundle.md](bundle.md)), and is replayed, tested and checked as one.

\`\`\`ts
import { defineBundle, pf, port } from "zopf";

export default defineBundle({
  name: "edge",
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec" },
  firewall: pf({ table: "scanners" }),
  neverBlock: ["192.0.2.0/24"],
  ownAddresses: ["192.0.2.10"],
  detections: [
    { kind: "scan", scan: "half-open", name: "Half_Open_Scan" },
    {
      kind: "scan",
      scan: "rejected",
      name: "Closed_Ports",
      threshold: 30,
      window: "10 min",
      from: "anywhere",
      per: "pair",
      where: (c) => c.id.resp_p !== port("113/tcp"),
      notice: { message: (hit) => \`\${hit.key[0]}: \${hit.count} closed ports of \${hit.key[1]}\` },
      rule: { level: 8 },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Half_Open_Scan" }, for: "10 min" }],
});
\`\`\`

They stand in [examples/catalogue](../examples/catalogue), those on the logs of services in
[examples/services](../examples/services); this file is made from the catalogue by
\`node bin/generate-detections.js\`, and tested.

| property | what it is |
| --- | --- |
| \`scan\`, \`name\` | the preset, and the name of its notice |
| \`threshold\`, \`window\` | below, for each preset; the window is sliding: any stretch of that length |
| \`from\` | \`"outside"\` (default): sources that are not in \`Site::local_nets\`, which holds the private and documentation networks, too; \`"inside"\`; \`"anywhere"\` |
| \`per\` | \`"source"\` or \`"pair"\` (source and host), where a preset counts ports |
| \`where\` | a further condition on the connection |
| \`notice\`, \`rule\`, \`caps\` | as of any Zeek detection, each part optional |

Three things hold for all of them. Connections that Zeek turned round (\`^\` in the history) name the victim
as the originator and are left out. An address that answers nobody can be invented: block on a scan with a
never-block list, which zopf asks for. And a scan is what is left in conn.log: packets with a bad checksum, or
lost by the sensor, are not counted.

On a cluster the proxy that owns the key counts: one message for each connection that passes the condition, none
for the others. A detection holds at most \`caps.keys\` keys at a time (100,000; \`ping-flood\` and \`smurf\` 10,000), and for
each at most as many values as its threshold, twice as many time stamps, or 2,000 amounts:
[bundle.md](bundle.md#bounds) has the numbers.
`;

const services = `## Passwords, web pages, names, fragments

These look at the rows of Zeek's other logs, as they are written ([bundle.md](bundle.md#rows-of-logs)): \`where\` gets
such a row, and the replay wants that log: \`zopf replay services.zopf.ts --zeek ssh.log --zeek conn.log\`, or the
folder of them. With conn.log the replay knows, as the script does, which connections were turned.
Texts that somebody on the network chooses (paths, names) are counted by their MD5 sum, so that a value has 32 bytes
however long it was.
`;

const evasions = `## What gets through, and why

Real scans and real innocents were sent past a real Zeek 9.1 (SYN with data, with the scanner's own RST, with blind
data, from port 53, in fragments, in VLANs; backscatter, late FINs, keep-alives, servers that are heard one way, blind
ACKs in another's name). No innocent is named by a preset. What no preset finds, or not by its kind:

- **From the ports of services** (53, 80, 123, 443 …): Zeek takes the scanned host for the originator of a lone FIN, ACK,
  RST or datagram (\`^\`), and its row is the same as that of a server's answer. SYNs are not turned.
- **To ports from 32768 up** by FIN, ACK, NULL or UDP, and to ports higher than the sender's: a server's half of a transfer
  to a client looks the same. SYNs count for every port.
- **Fewer than fifteen ports** in five minutes by FIN or ACK: a client whose idle connections are gone sends the same.
- **Open ports that are spoken to**: a finished handshake with one byte of data is what a client does. \`any-state\` counts
  it; so does \`connect\` without a byte.
- **SYN and a blind pure ACK** (\`SA\`): one half of a transfer begins so. \`connect\` and \`any-state\` count it, \`half-open\`,
  \`address\`, \`random\` and \`slow\` do not.
- **Invented sources**: all but \`honeypot\` count first packets or unanswered ones, and nobody can tell who sent them.
  For \`honeypot\` an ACK is no proof (it can be sent blindly): the honeypot's own data or FIN is.
- **Many sources** with few probes each.
`;

const packets = `## Packets

conn.log does not tell FIN, Xmas and Maimon scans apart, nor NULL from PSH and URG: their flags are in the event
\`tcp_packet\`, which Zeek raises for **every TCP packet** as soon as one script handles it. That is dear: take these
where a link has some hundred Mbit/s at most, and \`fin\` and \`null\` above elsewhere. No log holds packets, so that
they cannot be replayed; \`zopf replay\` says so. They stand in [examples/packets](../examples/packets).
`;

const cell = (preset: Preset, capture: string): string =>
  preset.captures.must.includes(capture) ? "must" : preset.captures.may.includes(capture) ? "may" : "";

async function document(): Promise<string> {
  const detections = await everyPreset();
  const summary = (all: readonly Preset[]) =>
    all.map(
      ({ scan, title, defaults }) =>
        `| [\`${scan}\`](#${scan}) | ${title} | ${defaults.threshold} | ${defaults.window} |`,
    );
  const section = (preset: Preset) => {
    const detection = detections.get(preset.scan);
    if (detection?.where == null) throw new Error(`the example lacks ${preset.scan}`);
    const { must, may } = preset.captures;
    const list = (names: readonly string[]): string => (names.length > 0 ? names.join(", ") : "none");
    const trap = preset.networks === "networks";
    const extra = trap ? ', networks: ["198.51.100.0/24"]' : "";
    return [
      `### ${preset.scan}`,
      "",
      `${preset.title}. ${preset.about}`,
      "",
      "```ts",
      `{ kind: "scan", scan: "${preset.scan}", name: "${detection.name}", threshold: ${preset.defaults.threshold}, window: "${preset.defaults.window}"${extra} }`,
      "```",
      "",
      `- Defaults: ${preset.defaults.threshold} within ${preset.defaults.window} (${preset.defaults.source})${preset.per === null ? "" : `, per ${preset.per}`}${preset.from === "outside" ? "" : `, sources from ${preset.from}`}; rule level ${preset.level}.`,
      ...(preset.settings === undefined ? [] : [`- Settings: ${preset.settings}`]),
      `- Protected: ${preset.protection}`,
      `- Limits: ${preset.limits}`,
      ...(preset.innocent === null ? [] : [`- Cannot feed a block: ${preset.innocent}.`]),
      preset.packets === true
        ? "- Captures: not replayed; with Zeek itself on its own scan."
        : `- Captures: must ${list(must)}; may ${list(may)}; must not: all others.${trap ? " (The captures touch none of the example's networks.)" : ""}`,
      "",
      `In Zeek, at \`${detection.event}\`:`,
      "",
      "```zeek",
      emitExpression(detection.where, eventPrototype(detection).names),
      "```",
      "",
    ].join("\n");
  };
  const table = captureNames.map(
    (capture) => `| ${capture} | ${connectionPresets.map((preset) => cell(preset, capture)).join(" | ")} |`,
  );
  return [
    head,
    "## Scans, sweeps, floods, traps",
    "",
    "| preset | what it finds | threshold | window |",
    "| --- | --- | --- | --- |",
    ...summary(connectionPresets),
    "",
    ...connectionPresets.map(section),
    services,
    "| preset | what it finds | threshold | window |",
    "| --- | --- | --- | --- |",
    ...summary(servicePresets),
    "",
    ...servicePresets.map(section),
    evasions,
    packets,
    "| preset | what it finds | threshold | window |",
    "| --- | --- | --- | --- |",
    ...summary(packetPresets),
    "",
    ...packetPresets.map(section),
    "## Captures",
    "",
    "Recorded traffic of nmap, hping3, ping, traceroute and curl; the tests replay each through every preset with its",
    "defaults. *must*: it fires; *may*: the same rows in conn.log as its own; empty: it stays silent. Of the presets",
    "on other logs only `small-fragments` must fire on one, `frag`, and the others on none.",
    "",
    `| capture | ${connectionPresets.map(({ scan }) => scan).join(" | ")} |`,
    `| --- | ${connectionPresets.map(() => "---").join(" | ")} |`,
    ...table,
    "",
  ].join("\n");
}

test("docs/detections.md says what the catalogue does", async () => {
  const made = await document();
  if (process.env.ZOPF_WRITE === "1") writeFileSync(file, made);
  assert.is(readFileSync(file, "utf8"), made);
});

test("every example of docs/detections.md builds", async () => {
  const blocks = [...readFileSync(file, "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
    ([, code]) => code ?? "",
  );
  const [bundle = "", ...detections] = blocks;
  assert.is(detections.length, presets.length);
  const model = await compileDetections(detections.join(","));
  assert.is(model.detections.length, presets.length);
  const built = await workspace().write("bundle.zopf.ts", bundle).build();
  assert.equal([built.outcome, built.diagnostics], ["written", []]);
});

test.run();
