/** What a detection may look at: each log's rows typed, and names of declared logs that cannot break out of the script. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { workspace } from "../workspace.js";

const text = (detection: string, log = "") => `import { defineBundle, onLog, zeekLog } from "zopf";
export const used = { onLog, zeekLog };
${log}
export default defineBundle({
  name: "rows",
  zeek: { logs: "/zeek/logs", site: "/zeek/site" },
  ossec: { home: "/var/ossec" },
  detections: [
${detection}
  ],
});
`;
const rest =
  'per: (c) => c.id.orig_h, count: { events: true }, threshold: 3, window: { sliding: "1 min" }, notice: { message: () => "x" }, rule: { level: 6, description: "x" }';

const declared = (more: object) =>
  `const own = { ...zeekLog({ path: "own", event: "Own::log_own", record: "Own::Info", columns: { ts: "time", id: "conn_id", name: "string?" } }), ...(JSON.parse(${JSON.stringify(JSON.stringify(more))}) as object) };`;

async function told(detection: string, log?: string): Promise<readonly string[]> {
  const { diagnostics } = await workspace().write("bundle.zopf.ts", text(detection, log)).build();
  return diagnostics.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);
}

test("a field that is never set when the event comes is an error at its place", async () => {
  const detection = (event: string, where: string) =>
    `    { kind: "zeek", name: "Unset", event: "${event}",\n      where: (c) => ${where}, ${rest} }`;
  const state = 'c.conn?.conn_state === "S0"';
  for (const event of ["new_connection", "connection_attempt", "connection_rejected"])
    assert.equal(await told(detection(event, state)), [
      `bundle/unset-field 10:21 c.conn.conn_state is never set when ${event} comes`,
    ]);
  assert.equal(await told(detection("new_connection", 'c.http?.uri === "/"')), [
    "bundle/unset-field 10:21 c.http is never set when new_connection comes",
    "bundle/unset-field 10:21 c.http.uri is never set when new_connection comes",
  ]);
  assert.equal(await told(detection("connection_state_remove", state)), []);
  assert.equal(await told(detection("new_connection", "c.conn?.local_orig === false")), []);
});

test("every log's rows have their own type, and a wrong field is an error at its place", async () => {
  const fields = {
    conn: "service",
    dns: "query",
    http: "uri",
    ssl: "server_name",
    ssh: "client",
    ftp: "command",
    smtp: "helo",
  };
  for (const [log, field] of Object.entries(fields)) {
    const detection = (name: string) =>
      `    { kind: "zeek", name: "Rows", event: "${log}.log",\n      where: (c) => c.${name} === "x", ${rest} }`;
    assert.equal(await told(detection(field)), [], log);
    const [wrong = ""] = await told(detection(`${field}_x`));
    assert.match(wrong, new RegExp(`^TS2(?:339|551) 10:23 Property '${field}_x' does not exist`), log);
  }
  for (const [log, where] of Object.entries({
    notice: "c.note",
    weird: "c.name",
    files: "c.mime_type",
    software: "c.name",
    intel: "c.seen.indicator",
  })) {
    const detection = `    { kind: "zeek", name: "Rows", event: "${log}.log", where: (c) => ${where} === "x", ${rest.replace("c.id.orig_h", log === "software" ? "c.host" : '"x"')}, source: () => addr("192.0.2.1") }`;
    const found = await told(detection.replace("addr(", "addr("), 'import { addr } from "zopf";');
    assert.equal(found, [], log);
  }
});

test("no such log, no such event", async () => {
  const [first = ""] = await told(`    { kind: "zeek", name: "Rows", event: "sshd.log", ${rest} }`);
  assert.match(first, /^load\/event 9:35 /);
  const [second = ""] = await told(
    `    { kind: "zeek", name: "Rows", event: JSON.parse('"sshd.log"'), ${rest.replace("(c) => c.id.orig_h", '() => "x"')} }`,
  );
  assert.match(second, /^bundle\/shape 9:\d+ .*"ssh\.log"/);
  const [third = ""] = await told(
    `    { kind: "zeek", name: "Rows", event: JSON.parse('{"log":"sshd"}'), ${rest.replace("(c) => c.id.orig_h", '() => "x"')} }`,
  );
  assert.match(third, /^bundle\/shape 9:\d+ .*log must be one of/);
});

test("a declared log: its columns are the types, its names stand in the script", async () => {
  const detection = `    onLog(own, { name: "Rows", where: (c) => c.name === "x", ${rest} }),`;
  const place = workspace().write(
    "bundle.zopf.ts",
    text(detection, declared({ load: "site/own", parameter: "info" })),
  );
  const { diagnostics } = await place.build();
  assert.equal(diagnostics, []);
  const script = place.read("generated/rows/zeek/rows/rows.zeek") ?? "";
  assert.match(script, /^@load site\/own$/m);
  assert.match(script, /^event Own::log_own\(info: Own::Info\)$/m);
  assert.match(script, /info\?\$name && info\$name == "x"/);
  const [wrong = ""] = await told(detection.replace("c.name", "c.nam"), declared({}));
  assert.match(wrong, /^TS2551 9:/);
});

const hostile: Readonly<Record<string, string>> = {
  path: "../x",
  event: "Own::log_own(rec: Own::Info) { system(1); } event x",
  record: "Own::Info) { }",
  parameter: "rec: any) { } #",
  load: "x\\n@load y",
  writtenBy: "nobody",
};
for (const [name, value] of Object.entries(hostile))
  test(`a declared log: ${name} cannot be text that breaks out`, async () => {
    const detection = `    onLog(own, { name: "Rows", ${rest} }),`;
    const found = await told(detection, declared({ [name]: value }));
    assert.is(found.length, 1, found.join("\n"));
    assert.match(found[0] ?? "", /^bundle\/(?:name|shape) 3:/);
  });

test("a declared log: columns that are none", async () => {
  const detection = `    onLog(own, { name: "Rows", ${rest} }),`;
  for (const columns of [
    {},
    { "a b": "string" },
    { T: "string" },
    { id: "table[addr] of count" },
    { id: 7 },
  ]) {
    const found = await told(detection, declared({ columns }));
    assert.ok(
      found.length > 0 && found.every((line) => /^bundle\/(?:name|shape) /.test(line)),
      found.join("\n"),
    );
  }
});

test.run();
