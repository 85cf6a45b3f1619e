import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lintGenerated } from "../../src/check/lint.js";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { replay } from "../../src/replay/replay.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { bundleText, workspace } from "../compiler/workspace.js";

const whole = '[{ kind: "block", when: { detection: "Port_Scan_S0_Detected" }, for: "10 min" }]';
const when = 'when: { detection: "Port_Scan_S0_Detected" }';
/** Addresses for documentation are local to Zeek. */
const anybody = { " && !Site.local_nets.has(c.id.orig_h)": "" };
const server = { 'home: "/var/ossec"': 'home: "/var/ossec", installation: "server"' };

const header = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
  "#path\tconn",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state\thistory",
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tstring\tstring",
].join("\n");

/** One scan at each of the starts. */
function scans(source: string, starts: readonly number[]): readonly (readonly [number, string])[] {
  return starts.flatMap((start) =>
    [21, 22, 23, 25, 110].map((port, index): readonly [number, string] => {
      const time = 1_781_175_600 + start + index;
      return [time, `${time}.000000\tC${time}\t${source}\t40000\t162.212.157.188\t${port}\ttcp\t-\tS0\tS\n`];
    }),
  );
}

async function compiled(responses: string, change: Readonly<Record<string, string>> = {}) {
  const here = workspace().write("bundle.zopf.ts", bundleText({ ...change, [whole]: responses }));
  const { bundles, diagnostics } = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(diagnostics));
  return { here, bundle };
}

async function played(
  rows: readonly (readonly [number, string])[],
  responses: string,
  change: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const { here, bundle } = await compiled(responses, change);
  const lines = [...rows].sort(([one], [other]) => one - other).map(([, line]) => line);
  writeFileSync(join(here.folder, "conn.log"), `${header}\n${lines.join("")}`);
  const seen: string[] = [];
  const outcome = await replay(
    {
      model: bundle.model,
      files: bundle.files,
      zeek: [join(here.folder, "conn.log")],
      syslog: [],
      ossec: null,
      engine: null,
      year: null,
      reorder: null,
      timeZone: "UTC",
      show: showPath,
    },
    (event) => {
      const text = told(event);
      if (text !== null) seen.push(text);
    },
  );
  assert.ok(outcome.ok, JSON.stringify(outcome.diagnostics));
  return seen;
}

function told(event: TimelineEvent): string | null {
  switch (event.kind) {
    case "block":
      return `block ${event.entry ?? event.source} ${(event.until ?? 0) - event.time}`;
    case "unblock":
      return `unblock ${event.entry ?? event.source}${event.heldBy === undefined ? "" : ` ${event.heldBy}`}`;
    case "refused":
      return `refused ${event.reason}`;
    case "response":
      return `${event.script} ${event.action}`;
    default:
      return null;
  }
}

const source = "66.132.172.191";

test("blocks grow from one to the next", async () => {
  const seen = await played(
    scans(source, [0, 700, 2700, 12_000]),
    `[{ kind: "block", ${when}, for: "10 min", escalate: ["30 min", "2 hr"] }]`,
  );
  assert.equal(
    seen,
    [600, 1800, 7200, 7200].flatMap((length) => [`block ${source} ${length}`, `unblock ${source}`]),
  );
});

test("a network is freed with the last of its addresses; one that meets a protected one is not blocked", async () => {
  const rows = [
    ...scans("198.51.100.7", [0]),
    ...scans("198.51.100.8", [100]),
    // 192.0.2.1 is protected.
    ...scans("192.0.2.9", [200]),
  ];
  assert.equal(
    await played(rows, `[{ kind: "block", ${when}, for: "10 min", prefix: { v4: 24 } }]`, anybody),
    [
      "block 198.51.100.0/24 600",
      "block 198.51.100.0/24 600",
      "block 192.0.2.9 600",
      "unblock 198.51.100.0/24 1",
      "unblock 198.51.100.0/24 0",
      "unblock 192.0.2.9 0",
    ],
  );
});

test("everywhere is one block, an agent's is shown as if it happened here", async () => {
  const rows = scans(source, [0, 700]);
  const grown = [`block ${source} 600`, `unblock ${source}`, `block ${source} 1800`, `unblock ${source}`];
  for (const where of ['"everywhere"', '"agents"', '"gateway"', '{ agent: "003" }'])
    assert.equal(
      await played(
        rows,
        `[{ kind: "block", ${when}, for: "10 min", escalate: ["30 min"], where: ${where} }]`,
        server,
      ),
      grown,
      where,
    );
});

test("scripts that block nothing are told as what they are", async () => {
  const seen = await played(
    [...scans(source, [0]), ...scans("10.1.2.3", [50])],
    `[{ kind: "notify", ${when} }, { kind: "log", ${when}, for: "10 min" }]`,
    anybody,
  );
  assert.equal(seen, [
    "perimeter-notify.sh notify",
    "perimeter-log.sh would-block",
    "refused it is on the white list (10.0.0.0/8)",
    "refused it is on the white list (10.0.0.0/8)",
    "perimeter-log.sh would-unblock",
  ]);
});

test("lint knows that a server has agents", async () => {
  const { bundle } = await compiled(
    `[{ kind: "block", ${when}, for: "10 min", where: "everywhere" }]`,
    server,
  );
  const { status, diagnostics } = await lintGenerated([bundle], {
    out: "generated",
    with: null,
    failOn: "dangerous",
    show: showPath,
  });
  assert.is(status, "passed", JSON.stringify(diagnostics));
});

test.run();
