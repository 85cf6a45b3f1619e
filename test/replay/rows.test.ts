/** Detections on the rows of other logs than conn.log: TSV, JSON, folders, what a log cannot tell. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { replay } from "../../src/replay/replay.js";
import { workspace } from "../compiler/workspace.js";

const bundle = (
  detections: string,
  before = "",
) => `import { addr, defineBundle, onLog, port, port_to_count, zeekLog } from "zopf";
export const used = { addr, onLog, port, port_to_count, zeekLog };
${before}
export default defineBundle({
  name: "rows",
  zeek: { logs: "/var/log/zeek/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec", firstRuleId: 100500 },
  detections: [${detections}],
});
`;

const rest = `threshold: 3, window: { sliding: "1 min" },
  notice: { message: (hit) => \`\${hit.key}: \${hit.count}\`, suppress: "0 sec" }, rule: { level: 6, description: "rows" }`;
const ssh = `{ kind: "zeek", name: "Ssh_Failures", event: "ssh.log",
  where: (c) => c.auth_success === false && c.id.resp_p === port("22/tcp"), per: (c) => c.id.orig_h,
  count: { events: true }, ${rest} }`;

type Cell = string | number | boolean;
type Row = Readonly<Record<string, Cell>>;

const start = 1_781_175_600;
const source = "66.132.172.191";
const ends = (from: string): Row => ({
  "id.orig_h": from,
  "id.orig_p": 40_000,
  "id.resp_h": "162.212.157.188",
  "id.resp_p": 22,
});
const login = (at: number, success: boolean, more: Row = {}): Row => ({
  ts: start + at,
  uid: `C${at}`,
  ...ends(source),
  auth_success: success,
  ...more,
});

const types: Readonly<Record<string, string>> = {
  ts: "time",
  "id.orig_h": "addr",
  "id.orig_p": "port",
  "id.resp_h": "addr",
  "id.resp_p": "port",
  auth_success: "bool",
  status_code: "count",
  rtt: "interval",
  tags: "set[enum]",
  codes: "set[count]",
};

function tsv(log: string, rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: Cell | undefined): string =>
    value === undefined ? "-" : typeof value === "boolean" ? (value ? "T" : "F") : String(value);
  return [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    `#path\t${log}`,
    `#fields\t${names.join("\t")}`,
    `#types\t${names.map((name) => types[name] ?? "string").join("\t")}`,
    ...rows.map((row) => names.map((name) => cell(row[name])).join("\t")),
    "",
  ].join("\n");
}

const json = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

async function run(
  text: string,
  files: Readonly<Record<string, string>>,
  zeek: readonly string[] = Object.keys(files),
): Promise<{ readonly notices: readonly string[]; readonly messages: readonly string[] }> {
  const here = workspace().write("bundle.zopf.ts", text);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(here.folder, name)), { recursive: true });
    writeFileSync(join(here.folder, name), content);
  }
  const { bundles, diagnostics } = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [compiled] = bundles;
  if (compiled === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  const notices: string[] = [];
  const outcome = await replay(
    {
      model: compiled.model,
      files: compiled.files,
      zeek: zeek.map((name) => join(here.folder, name)),
      syslog: [],
      ossec: null,
      engine: null,
      year: null,
      reorder: null,
      timeZone: "UTC",
      show: showPath,
    },
    (event) => {
      if (event.kind === "notice") notices.push(`${event.time - start} ${event.detection} ${event.message}`);
    },
  );
  return { notices, messages: outcome.diagnostics.map(({ message }) => message) };
}

const failures = [login(0, false), login(1, true), login(2, false), login(3, false), login(100, false)];
const told = [`3 Ssh_Failures ${source}: 3`];

test("ssh.log, TSV and JSON; only what where wants counts", async () => {
  assert.equal((await run(bundle(ssh), { "ssh.log": tsv("ssh", failures) })).notices, told);
  assert.equal((await run(bundle(ssh), { "ssh.log": json(failures) })).notices, told);
  const nested = failures.map(({ ts, uid, auth_success }) => ({
    ts,
    uid,
    id: { orig_h: source, orig_p: 40_000, resp_h: "162.212.157.188", resp_p: 22 },
    auth_success,
  }));
  assert.equal((await run(bundle(ssh), { "ssh.log": json(nested) })).notices, told);
});

test("the same by onLog", async () => {
  const files = { "ssh.log": tsv("ssh", failures) };
  const called = `onLog("ssh", ${ssh.replace('kind: "zeek", ', "").replace('event: "ssh.log",', "")})`;
  assert.equal((await run(bundle(called), files)).notices, told);
});

test("rotated logs of a folder, in their order", async () => {
  const files = {
    "logs/ssh.11:00:00-12:00:00.log": tsv("ssh", failures.slice(0, 3)),
    "logs/ssh.12:00:00-13:00:00.log": tsv("ssh", failures.slice(3)),
    "logs/conn.11:00:00-12:00:00.log": `${tsv("conn", [{ ts: start, uid: "C0", ...ends(source), proto: "tcp", history: "ShADadFf" }])}`,
  };
  assert.equal((await run(bundle(ssh), files, ["logs"])).notices, told);
});

test("a connection that Zeek turned is left out where conn.log tells it", async () => {
  const conn = tsv("conn", [
    { ts: start, uid: "C2", ...ends(source), proto: "tcp", conn_state: "SF", history: "^hADadFf" },
  ]);
  const files = { "ssh.log": tsv("ssh", failures) };
  assert.equal((await run(bundle(ssh), { ...files, "conn.log": conn })).notices, []);
  assert.equal(
    (await run(bundle(ssh.replace(rest, `flipped: "keep", ${rest}`)), { ...files, "conn.log": conn }))
      .notices,
    told,
  );
});

test("rows are written when the answer is there, and in the order of the lines", async () => {
  const dns = `{ kind: "zeek", name: "Names", event: "dns.log", per: (c) => c.id.orig_h, count: { distinct: (c) => c.query ?? "" }, ${rest} }`;
  const query = (at: number, name: string, more: Row = {}): Row => ({
    ts: start + at,
    uid: "C",
    ...ends(source),
    proto: "udp",
    query: name,
    ...more,
  });
  const rows = [query(0, "a"), query(2, "b", { rtt: 5 }), query(3, "c")];
  assert.equal((await run(bundle(dns), { "dns.log": tsv("dns", rows) })).notices, [`7 Names ${source}: 3`]);
  // 1 s before the end of a minute its question was asked, but its answer came after.
  const late = [query(0, "a"), query(59, "b", { rtt: 2 }), query(59.5, "c")];
  assert.equal((await run(bundle(dns), { "dns.log": json(late) })).notices, []);
});

test("conn.log's rows are its connections as they are removed", async () => {
  const rows = `{ kind: "zeek", name: "Silent", event: "conn.log", where: (c) => c.conn_state === "S0", per: (c) => c.id.orig_h, count: { distinct: (c) => c.id.resp_p }, ${rest} }`;
  const events = rows
    .replace('"Silent"', '"Silent_Too"')
    .replace('"conn.log"', '"connection_state_remove"')
    .replace("c.conn_state", "c.conn?.conn_state");
  const conn = [1, 2, 3].map(
    (number): Row => ({
      ts: start + number,
      uid: `C${number}`,
      ...ends(source),
      "id.resp_p": number,
      proto: "tcp",
      conn_state: "S0",
      history: "S",
    }),
  );
  const { notices } = await run(bundle(`${rows}, ${events}`), { "conn.log": tsv("conn", conn) });
  assert.equal(notices.map((line) => line.replace(/^\S+ /, "")).sort(), [
    `Silent ${source}: 3`,
    `Silent_Too ${source}: 3`,
  ]);
  const [first = "", second = ""] = notices.map((line) => line.split(" ")[0]);
  assert.is(first, second);
});

test("notices of the bundle itself are not counted in notice.log", async () => {
  const many = `{ kind: "zeek", name: "Many", event: "notice.log", per: (c) => c.src ?? addr("0.0.0.0"), count: { distinct: (c) => c.note }, ${rest} }`;
  const note = (at: number, name: string): Row => ({
    ts: start + at,
    note: name,
    src: source,
    msg: "x",
    suppress_for: 3600,
  });
  const files = (...names: readonly string[]) => ({
    "notice.log": json(names.map((name, index) => note(index, name))),
  });
  assert.equal((await run(bundle(many), files("A::X", "B::Y", "C::Z"))).notices, [`2 Many ${source}: 3`]);
  assert.equal((await run(bundle(many), files("A::X", "B::Y", "Rows::Z"))).notices, []);
});

test("an optional record: weird.log has no ends for some rows", async () => {
  const weird = `{ kind: "zeek", name: "Odd", event: "weird.log", where: (c) => c.id !== undefined, per: (c) => c.id?.orig_h ?? addr("0.0.0.0"), count: { events: true }, ${rest} }`;
  const odd = (at: number, from: Row = ends(source)): Row => ({
    ts: start + at,
    ...from,
    name: "odd",
    notice: false,
    peer: "zeek",
  });
  assert.equal(
    (await run(bundle(weird), { "weird.log": tsv("weird", [odd(0), odd(1, {}), odd(2), odd(3)]) })).notices,
    [`3 Odd ${source}: 3`],
  );
  assert.equal((await run(bundle(weird), { "weird.log": json([odd(0), odd(1, {}), odd(2)]) })).notices, []);
});

const modbus = `const modbus = zeekLog({ path: "modbus", event: "Modbus::log_modbus", record: "Modbus::Info", load: "base/protocols/modbus",
  columns: { ts: "time", uid: "string", id: "conn_id", func: "string?", exception: "string?", codes: "set[count]?" } });`;

test("a log that the bundle declares", async () => {
  const errors = `onLog(modbus, { name: "Errors", where: (c) => c.exception !== undefined && c.codes?.has(3) === true, per: (c) => c.id.orig_h, count: { distinct: (c) => c.func ?? "" }, ${rest} })`;
  const row = (at: number, func: string, more: object = {}) => ({
    ts: start + at,
    uid: `C${at}`,
    ...ends(source),
    func,
    exception: "ILLEGAL",
    codes: [1, 3],
    ...more,
  });
  const rows = [
    row(0, "A"),
    row(1, "B", { codes: [4] }),
    row(2, "C"),
    row(3, "D"),
    row(4, "E", { exception: undefined }),
  ];
  const text = bundle(errors, modbus);
  assert.equal((await run(text, { "modbus.log": json(rows) })).notices, [`3 Errors ${source}: 3`]);
  const flat = rows.map(
    (one): Row => ({ ...one, codes: one.codes.join(","), exception: one.exception ?? "-" }),
  );
  assert.equal((await run(text, { "modbus.log": tsv("modbus", flat) })).notices, [`3 Errors ${source}: 3`]);
});

test("what is missing is said: the log, or what it does not tell", async () => {
  const conn = tsv("conn", [{ ts: start, uid: "C0", ...ends(source), proto: "tcp", history: "S" }]);
  const { messages } = await run(bundle(ssh), { "conn.log": conn });
  assert.match(messages.join(), /none of the given logs is ssh\.log/);
  assert.match(messages.join(), /nothing was replayed/);
  const beside = await run(bundle(ssh), { "conn.log": conn, "ssh.log": tsv("ssh", [login(0, false)]) });
  assert.not.match(beside.messages.join(), /nothing was replayed/);
  const ssl = `{ kind: "zeek", name: "Tls", event: "ssl.log", where: (c) => PORT, per: (c) => c.id.orig_h, count: { events: true }, ${rest} }`;
  const rows = tsv(
    "ssl",
    [0, 1, 2].map((at) => ({ ts: start + at, uid: `C${at}`, ...ends(source), version: "TLSv12" })),
  );
  const asked = await run(bundle(ssl.replace("PORT", 'c.id.resp_p === port("22/tcp")')), { "ssl.log": rows });
  assert.match(asked.messages.join(), /does not tell the transport of c\$id\$resp_p/);
  const number = await run(bundle(ssl.replace("PORT", "port_to_count(c.id.resp_p) === 22")), {
    "ssl.log": rows,
  });
  assert.equal([number.notices, number.messages], [[`2 Tls ${source}: 3`], []]);
});

test.run();
