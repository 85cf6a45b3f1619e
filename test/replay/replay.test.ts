import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { type ReplayInput, replay } from "../../src/replay/replay.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { bundleText, workspace } from "../compiler/workspace.js";

const header = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
  "#path\tconn",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state\thistory",
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tstring\tstring",
].join("\n");

/** Lone SYNs of `source` to the ports, a second apart from `start` on. */
function probes(source: string, start: number, ports: readonly number[], history = "S"): string {
  return ports
    .map(
      (port, index) =>
        `${start + index}.000000\tC${port}\t${source}\t40000\t162.212.157.188\t${port}\ttcp\t-\tS0\t${history}\n`,
    )
    .join("");
}

interface Run {
  readonly events: readonly TimelineEvent[];
  readonly kinds: string;
  readonly codes: readonly string[];
  readonly ok: boolean;
}

/** Replays files (name → content) through a changed standard bundle. */
async function run(
  files: Readonly<Record<string, string | Buffer>>,
  options: {
    readonly change?: Readonly<Record<string, string>>;
    readonly zeek?: readonly string[];
    readonly syslog?: readonly string[];
    readonly ossec?: string;
    readonly year?: number;
    readonly assumeDate?: number;
  } = {},
): Promise<Run> {
  const here = workspace().write("bundle.zopf.ts", bundleText(options.change));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(here.folder, name)), { recursive: true });
    writeFileSync(join(here.folder, name), content);
  }
  const compiled = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const bundle = compiled.bundles[0];
  assert.ok(bundle !== undefined, JSON.stringify(compiled.diagnostics));
  if (bundle === undefined) throw new Error("no bundle");
  const at = (names: readonly string[] | undefined) => (names ?? []).map((name) => join(here.folder, name));
  const input: ReplayInput = {
    model: bundle.model,
    files: bundle.files,
    zeek: at(options.zeek ?? (options.syslog === undefined ? Object.keys(files) : [])),
    syslog: at(options.syslog),
    ossec: options.ossec === undefined ? null : join(here.folder, options.ossec),
    engine: null,
    year: options.year ?? null,
    assumeDate: options.assumeDate ?? null,
    reorder: null,
    timeZone: "UTC",
    show: showPath,
  };
  const events: TimelineEvent[] = [];
  const outcome = await replay(input, (event) => {
    events.push(event);
  });
  return {
    events,
    kinds: events.map(({ kind }) => kind).join(" "),
    codes: outcome.diagnostics.map(({ code }) => code),
    ok: outcome.ok,
  };
}

test("from the first probe to the unblock", async () => {
  const { events, kinds, ok } = await run({
    "conn.log": `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4, 5, 6])}`,
  });
  assert.ok(ok);
  assert.is(kinds, "notice alert block unblock");
  const [notice, alert, block, unblock] = events;
  assert.is(notice?.kind === "notice" && notice.note, "Perimeter::Port_Scan_S0_Detected");
  assert.is(alert?.time, Math.floor(notice?.time ?? 0));
  assert.is(block?.kind === "block" && block.until, (block?.time ?? 0) + 600);
  assert.is(unblock?.time, (block?.time ?? 0) + 600);
  assert.equal(block?.kind === "block" && block.command.slice(0, 3), ["add", "-", "66.132.172.191"]);
  assert.equal(unblock?.kind === "unblock" && unblock.command.slice(0, 3), ["delete", "-", "66.132.172.191"]);
});

test("the same by gzip, by JSON, and from a folder of rotated logs", async () => {
  const tsv = `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4, 5])}`;
  assert.is((await run({ "conn.log.gz": gzipSync(tsv) })).kinds, "notice alert block unblock");
  const json = [1, 2, 3, 4, 5]
    .map(
      (port) =>
        `${JSON.stringify({ ts: 1_781_175_600 + port, uid: "C", "id.orig_h": "66.132.172.191", "id.orig_p": 40000, "id.resp_h": "162.212.157.188", "id.resp_p": port, proto: "tcp", conn_state: "S0", history: "S" })}\n`,
    )
    .join("");
  assert.is((await run({ "conn.log": json })).kinds, "notice alert block unblock");
  const folder = {
    "logs/2026-06-11/conn.10:00:00-11:00:00.log": `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3])}`,
    "logs/current/conn.log": `${header}\n${probes("66.132.172.191", 1_781_175_610, [4, 5])}`,
  };
  assert.is((await run(folder, { zeek: ["logs"] })).kinds, "notice alert block unblock");
});

test("one log gives the same times as a file and as a folder, and every writer's form of it the same notices", async () => {
  const record = (port: number) => ({
    ts: 1_781_175_600 + port,
    uid: `C${port}`,
    "id.orig_h": "66.132.172.191",
    "id.orig_p": 40000,
    "id.resp_h": "162.212.157.188",
    "id.resp_p": port,
    proto: "tcp",
    conn_state: "S0",
    history: "S",
  });
  const lines = (change: (text: string) => string) =>
    [1, 2, 3, 4, 5].map((port) => `${change(JSON.stringify(record(port)))}\n`).join("");
  const times = async (name: string, content: string, zeek: string) => {
    const { events, codes } = await run({ [`logs/${name}`]: content }, { zeek: [zeek] });
    assert.equal(codes, []);
    return events.map(({ kind, time }) => `${kind} ${time}`);
  };
  const plain = await times(
    "conn.log",
    `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4, 5])}`,
    "logs",
  );
  assert.is(plain.length, 4);
  const same = lines((text) => text);
  const expected = await times("conn.log", same, "logs/conn.log");
  const forms: readonly ((text: string) => string)[] = [
    (text) => text.replaceAll("id.", "id_"),
    (text) => text.replace("{", '{"@stream":"conn",'),
    (text) => text.replace(/"id.resp_p":(\d)/, '"id.resp_p":"$1"'),
    (text) => text.replace(/"id.resp_p":(\d)/, '"id.resp_p":"$1/tcp"'),
    (text) => text.replace(/"ts":(\d+)/, '"ts":$1000'),
    (text) => text.replace(/"ts":(\d+)/, '"ts":$1000000'),
    (text) => text.replace(/"ts":(\d+)/, '"ts":"$1000000000"'),
  ];
  for (const form of forms) {
    assert.equal(await times("conn.log", lines(form), "logs/conn.log"), expected, lines(form));
    for (const name of ["json_streaming_conn.log", "conn.log.labeled", "sensor1_conn.log"])
      assert.equal(await times(name, lines(form), "logs"), expected, `${name} ${lines(form)}`);
  }
  assert.equal(await times("conn.log.1", same, "logs"), await times("conn.log.1", same, "logs/conn.log.1"));
});

test("who is protected is refused, by OSSEC's white list; four ports are nothing; turned connections are nothing", async () => {
  const wide = { '"192.0.2.1"': '"66.132.172.0/24"' };
  const guarded = await run(
    { "conn.log": `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4, 5])}` },
    { change: wide },
  );
  assert.is(guarded.kinds, "notice alert refused");
  assert.match(
    guarded.events.at(-1)?.kind === "refused" ? JSON.stringify(guarded.events.at(-1)) : "",
    /white list/,
  );
  assert.is(
    (await run({ "conn.log": `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4])}` })).kinds,
    "",
  );
  assert.is(
    (
      await run({
        "conn.log": `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4, 5], "^s")}`,
      })
    ).kinds,
    "",
  );
  assert.is(
    (await run({ "conn.log": `${header}\n${probes("10.1.1.1", 1_781_175_600, [1, 2, 3, 4, 5])}` })).kinds,
    "",
    "local",
  );
});

test("a source that goes on is prolonged, one that comes back is blocked again", async () => {
  const start = 1_781_175_600;
  const again =
    probes("66.132.172.191", start, [1, 2, 3, 4, 5]) + probes("66.132.172.191", start + 400, [1, 2, 3, 4, 5]);
  const prolonged = await run({ "conn.log": `${header}\n${again}` });
  assert.is(prolonged.kinds, "notice alert block notice alert unblock");
  assert.ok((prolonged.events.at(-1)?.time ?? 0) > start + 1_000);
  const back =
    probes("66.132.172.191", start, [1, 2, 3, 4, 5]) +
    probes("66.132.172.191", start + 2_000, [1, 2, 3, 4, 5]);
  assert.is(
    (await run({ "conn.log": `${header}\n${back}` })).kinds,
    "notice alert block unblock notice alert block unblock",
  );
});

test("an existing notice log goes to OSSEC as it stands where conn.log is missing, and not where it is given", async () => {
  const line = `${JSON.stringify({ ts: 1_781_175_601.393801, note: "Perimeter::Port_Scan_S0_Detected", msg: "IP 6.6.6.6 x", src: "66.132.172.191" })}\n`;
  const alone = await run({ "zopf_perimeter.log": line });
  assert.is(alone.kinds, "notice alert block unblock");
  assert.ok(alone.codes.includes("replay/notice-log"));
  const both = await run({
    "conn.log": `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2])}`,
    "zopf_perimeter.log": line,
  });
  assert.is(both.kinds, "");
});

/** Somebody's OSSEC home, with a rule of its own. */
const theirHome = {
  "home/etc/ossec.conf":
    "<ossec_config><rules><include>rules_config.xml</include><include>local_rules.xml</include></rules></ossec_config>\n",
  "home/etc/decoder.xml":
    '<decoder name="x"><prematch>zz_never_zz</prematch></decoder>\n<decoder name="y"><program_name>^zz</program_name></decoder>\n',
  "home/rules/rules_config.xml":
    '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>x</description></rule></group>\n',
  "home/rules/local_rules.xml":
    '<group name="local,"><rule id="100500" level="3"><match>old version of ours</match><description>old</description></rule><rule id="100001" level="5"><match>theirs</match><description>theirs</description></rule></group>\n',
};

test("other people's rules stand around the bundle's", async () => {
  const home = {
    ...theirHome,
    "x.log": "Jun 11 11:00:00 host prog: theirs\n",
    "conn.log": `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4, 5])}`,
  };
  const result = await run(home, { zeek: ["conn.log"], syslog: ["x.log"], ossec: "home", year: 2026 });
  assert.ok(result.ok, result.codes.join(" "));
  assert.equal(
    result.events
      .filter(({ kind }) => kind === "alert")
      .map((event) => (event.kind === "alert" ? event.rule : 0))
      .sort(),
    [100001, 100500],
  );
});

test("a log without dates is an error that names the option, and no file's time is taken for them", async () => {
  const home = {
    ...theirHome,
    "x.log": "no date: theirs\nnor here: theirs\n",
    "later.log": "its header: theirs\n2026-06-11 11:00:00 theirs\n",
  };
  const undated = await run(home, { syslog: ["x.log"], ossec: "home" });
  assert.not(undated.ok);
  assert.equal(undated.codes, ["replay/no-time"]);
  assert.is(undated.kinds, "");
  const assumed = await run(home, { syslog: ["x.log"], ossec: "home", assumeDate: 1_781_175_600 });
  assert.ok(assumed.ok);
  assert.equal(
    assumed.events.map(({ time }) => time),
    [1_781_175_600, 1_781_175_600],
  );
  const later = await run(home, { syslog: ["later.log"], ossec: "home", assumeDate: 5 });
  assert.equal(
    later.events.map(({ time }) => time),
    [1_781_175_600, 1_781_175_600],
  );
});

test("rubbish is told and is exit 2; a header without rows is fine; the others are still replayed", async () => {
  const good = `${header}\n${probes("66.132.172.191", 1_781_175_600, [1, 2, 3, 4, 5])}`;
  const rubbish = await run({ "conn.log": good, "junk.log": Buffer.from([0, 255, 17, 4, 200, 10, 3]) });
  assert.not(rubbish.ok);
  assert.is(rubbish.kinds, "notice alert block unblock");
  assert.ok((await run({ "conn.log": `${header}\n` })).ok);
  assert.not((await run({ "conn.log": "#fields\tnothing\n#types\tnothing\nhello\n" })).ok);
  assert.not((await run({}, { zeek: ["missing.log"] })).ok);
  assert.not((await run({}, { zeek: [] })).ok);
  const cut = await run({ "conn.log.gz": gzipSync(good).subarray(0, 8) });
  assert.not(cut.ok);
});

test("an OSSEC home that does not load ends the replay with its reasons", async () => {
  const result = await run(
    { "conn.log": `${header}\n`, "home/etc/ossec.conf": "<ossec_config><nonsense/></ossec_config>\n" },
    { zeek: ["conn.log"], ossec: "home" },
  );
  assert.not(result.ok);
  assert.ok(result.codes.length > 0);
});

test.run();
