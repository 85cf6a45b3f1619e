/** docs/services.md is made from the presets of src/catalogue/logs: `node bin/generate-services.js`, with --check in CI. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { services } from "../../src/catalogue/logs/index.js";
import type { ServicePreset } from "../../src/catalogue/logs/preset.js";
import { compileBundles } from "../../src/compiler/compile.js";
import type { ServiceKind } from "../../src/dsl/service.js";
import type { Model } from "../../src/model/model.js";
import { createEngine, type Engine } from "../../src/ossec/engine/index.js";
import { forgeableCapture } from "../../src/ossec/patterns/index.js";
import { loadGenerated } from "../../src/targets/generated.js";
import { emitAll } from "../../src/targets/index.js";
import { workspace } from "../compiler/workspace.js";
import { scratchFolder } from "../scratch-folder.js";
import { repository } from "../zeek/helpers.js";
import { annotatedLines, filesOf, haveLines, type Reason, reasonOf, reasonTexts } from "./service-lines.js";

const ruleId = 100_100;

/** Each preset as a bundle of its own that fires on every line; a block follows where one may. */
async function compilePresets(): Promise<ReadonlyMap<ServiceKind, Model>> {
  const folder = scratchFolder("services");
  try {
    const files = services.map(({ service, forgeable }) => {
      const file = join(folder, `${service}.zopf.ts`);
      writeFileSync(
        file,
        `import { defineBundle, nftables } from "zopf";
export default defineBundle({
  name: "${service}",
  ossec: { home: "/var/ossec", decodersFirst: true },
  firewall: nftables({ table: "services" }),
  neverBlock: ["192.0.2.0/28"],
  ownAddresses: ["192.0.2.1"],
  detections: [{ kind: "service", service: "${service}", name: "Line", events: 1, rule: { id: ${ruleId} } }],
  responses: [${forgeable === undefined ? '{ kind: "block", when: { detection: "Line" }, for: "10 min" }' : ""}],
});
`,
      );
      return file;
    });
    const { bundles, diagnostics } = await compileBundles(files, { show: (path) => path, cache: false });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    assert.equal(
      errors.map(({ message }) => message),
      [],
    );
    const models = new Map(bundles.map(({ model }) => [model.name, model]));
    return new Map(
      services.flatMap(({ service }) => {
        const model = models.get(service);
        return model === undefined ? [] : [[service, model] as const];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const models = await compilePresets();
const time = Date.UTC(2026, 10, 14, 18, 10) / 1000;
const canonical = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:/, "")
    .replace(/\b0+(?=\d)/g, "");

function engineOf(service: ServiceKind): Engine {
  const model = models.get(service);
  if (model === undefined) throw new Error(`${service} does not compile`);
  return createEngine(loadGenerated(model, emitAll(model)), {
    ownHostname: "host",
    timeZone: "UTC",
    mode: "logtest",
  });
}

/** The address that the preset reads from the line; null: the line does not count. */
function found(engine: Engine, line: string): string | null {
  const event = engine.process(Buffer.from(line, "utf8").toString("latin1"), time);
  if (event.kind !== "event" || event.rule?.id !== ruleId) return null;
  return new Map(event.fields).get("srcip") ?? "";
}

test("every preset compiles, and may lead to a block unless it says why not", () => {
  assert.equal(
    [...models.keys()],
    services.map(({ service }) => service),
  );
});

for (const { service, forms, forgeable } of services)
  test(`${service}: nobody else can choose the address`, () => {
    for (const { messages } of forms)
      for (const text of messages)
        assert.is(forgeableCapture({ prematch: null, regex: { language: "pcre2", text } }, 1), null, text);
    assert.ok(forgeable === undefined || forgeable.length > 20);
  });

test("a preset that fires on each line counts nothing", async () => {
  const space = workspace();
  try {
    space.write(
      "bundle.zopf.ts",
      `import { defineBundle } from "zopf";
export default defineBundle({
  name: "each",
  ossec: { home: "/var/ossec", decodersFirst: true },
  detections: [{ kind: "service", service: "sshd", name: "Each", events: 1, within: "5 min" }],
});
`,
    );
    const { diagnostics } = await space.build();
    assert.equal(
      diagnostics.map(({ code, line, message }) => [code, line, message]),
      [
        [
          "bundle/burst",
          5,
          "detections[0].within: with events: 1 each line fires by itself, and nothing is counted",
        ],
      ],
    );
  } finally {
    rmSync(space.folder, { recursive: true });
  }
});

interface Counted {
  readonly file: string;
  readonly presets: readonly ServiceKind[];
  readonly lines: number;
  readonly found: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  readonly more: number;
}

function countLines(): readonly Counted[] {
  return filesOf.map(([file, presets]) => {
    const engines = presets.map(engineOf);
    const lines = annotatedLines(file);
    const reasons: Partial<Record<Reason, number>> = {};
    let taken = 0;
    let more = 0;
    const unexplained: string[] = [];
    for (const judged of lines) {
      const addresses = engines.flatMap((engine) => found(engine, judged.line) ?? []);
      const right = addresses.some((address) => canonical(address) === canonical(judged.host ?? ""));
      if (!judged.match) more += addresses.length > 0 ? 1 : 0;
      else if (right) taken += 1;
      else {
        const reason = reasonOf(file, judged);
        if (reason === null || addresses.length > 0) unexplained.push(judged.line);
        else reasons[reason] = (reasons[reason] ?? 0) + 1;
      }
    }
    assert.equal(unexplained, [], file);
    return { file, presets, lines: lines.filter(({ match }) => match).length, found: taken, reasons, more };
  });
}

const document = join(repository, "docs", "services.md");
const table = join(repository, "test", "catalogue", "service-lines.json");
const write = process.env.ZOPF_WRITE === "1";

if (haveLines)
  test("annotated lines: every one is found with its address, or left out for a reason", () => {
    const counted = countLines();
    if (write) writeFileSync(table, `${JSON.stringify(counted, null, 2)}\n`);
    assert.equal(
      JSON.parse(readFileSync(table, "utf8")),
      counted,
      "node bin/generate-services.js makes it anew",
    );
  });
else console.log("skipped: ../shared/oracle/service-logs is not here, its lines are not tried");

const head = readFileSync(join(repository, "test", "catalogue", "services-head.md"), "utf8");

function section({ service, ...preset }: ServicePreset): string {
  const { title, about, limits, logs, samples, events, within, source, level, groups, forgeable } = preset;
  return [
    `### ${service}`,
    "",
    `${title}. ${about}`,
    "",
    "```ts",
    `{ kind: "service", service: "${service}", name: "${service
      .split("-")
      .map((word) => word[0]?.toUpperCase() + word.slice(1))
      .join("_")}", events: ${events}, within: "${within}" }`,
    "```",
    "",
    `- Defaults: ${events} within ${within} of one source (${source}); level ${level}, groups ${groups.map((group) => `\`${group}\``).join(", ")}.`,
    `- Usually in ${logs.map((log) => `\`${log}\``).join(", ")}.`,
    `- Left out: ${limits}`,
    ...(forgeable === undefined ? [] : [`- **Never blocks**: ${forgeable}.`]),
    "",
    "```text",
    ...samples.map(([line]) => line),
    "```",
    "",
  ].join("\n");
}

function isCounted(value: unknown): value is readonly Counted[] {
  return Array.isArray(value);
}

function markdown(): string {
  const counted: unknown = JSON.parse(existsSync(table) ? readFileSync(table, "utf8") : "[]");
  if (!isCounted(counted)) throw new Error(`${table} is no list`);
  const rows = counted.map(({ file, presets, lines, found, reasons, more }) => {
    const why = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
    return `| ${file} | ${presets.map((preset) => `\`${preset}\``).join(", ")} | ${lines} | ${found} | ${why.join(", ")} | ${more === 0 ? "" : more} |`;
  });
  return [
    head.trimEnd(),
    "",
    "| preset | what it counts | events | within |",
    "| --- | --- | --- | --- |",
    ...services.map(
      ({ service, title, events, within }) =>
        `| [\`${service}\`](#${service}) | ${title} | ${events} | ${within} |`,
    ),
    "",
    ...services.map(section),
    "## Against lines that others collected",
    "",
    "fail2ban's users collected log lines of services and noted which of them is a failure, and of whom. The presets were tried on them through the emitted decoders and rules: a line counts as found where its address is the one that was noted.",
    "",
    "| lines of | presets | failures | found | left out | more |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "Why lines are left out:",
    "",
    ...Object.entries(reasonTexts).map(([reason, text]) => `- *${reason}*: ${text}.`),
    "",
    "*more*: lines that a preset counts and fail2ban does not, since it counted another line of the same connection, or waits for its end.",
    "",
  ].join("\n");
}

test("docs/services.md is what the presets say", () => {
  const text = markdown();
  if (write) writeFileSync(document, text);
  assert.is(readFileSync(document, "utf8"), text, "node bin/generate-services.js makes it anew");
});

test.run();
