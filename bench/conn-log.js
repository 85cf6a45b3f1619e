#!/usr/bin/env node
// Writes a conn.log as a border sensor has it, the same bytes for the same arguments:
//
//     node bench/conn-log.js 5 conn.log            5 million lines, TSV
//     node bench/conn-log.js 5 conn.json json      the same connections as JSON
//
// Clients inside talk to servers outside (SF, DNS, QUIC), the Internet's background noise knocks (S0, REJ),
// some sources scan quickly, others slowly. Lines stand in the order of removal, as Zeek writes them.
import { closeSync, openSync, writeSync } from "node:fs";

const [millions = "1", file = "conn.log", format = "tsv"] = process.argv.slice(2);
const rows = Math.round(Number(millions) * 1e6);
/** Connections a second, about. */
const rate = 150;
const start = 1_781_136_000;

let seed = 0x2f6e2b1;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
function uid() {
  let text = "C";
  for (let i = 0; i < 17; i++) text += letters[below(62)];
  return text;
}
const address = (n) => `${(n >>> 24) & 255}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
/** An address outside, never the same as one of the documentation or private ranges. */
const outside = (n) => address(((Math.imul(n + 1, 0x9e3779b1) >>> 0) % 0x30000000) + 0x50000000);
const inside = (n) => address(0x0a0a0000 + n);
/** Few are busy, many are rare. */
const skewed = (n) => Math.floor(n * random() ** 3);

const servers = [443, 443, 443, 443, 80, 993, 22, 8443, 5222];
const knocked = [22, 23, 80, 443, 445, 1433, 2323, 3306, 3389, 5060, 5555, 6379, 8080, 8443, 9200, 37215];
/** Sources that scan: who, how many ports a second, which port is next. */
const scanners = Array.from({ length: 60 }, (_, i) => ({
  from: outside(900_000 + i),
  pace: i % 3 === 0 ? 8 : 0.02,
  port: below(65_000),
}));

function connection(ts) {
  const kind = random();
  if (kind < 0.38) {
    const bytes = 200 + below(4000);
    const answer = 800 + below(60_000);
    const up = 6 + below(30);
    const down = 6 + below(60);
    const duration = random() ** 2 * 40 + 0.02;
    const secure = random() < 0.8;
    return row(
      ts,
      inside(skewed(3000)),
      32_768 + below(28_000),
      outside(skewed(20_000)),
      secure ? 443 : servers[below(9)],
      "tcp",
      secure ? "ssl" : "-",
      duration,
      bytes,
      answer,
      "SF",
      "T",
      "F",
      "ShADadFf",
      up,
      bytes + up * 52,
      down,
      answer + down * 52,
      6,
      5,
    );
  }
  if (kind < 0.62) {
    const bytes = 28 + below(40);
    const answer = 60 + below(300);
    return row(
      ts,
      inside(skewed(3000)),
      32_768 + below(28_000),
      inside(65_000 + below(4)),
      53,
      "udp",
      "dns",
      random() * 0.08,
      bytes,
      answer,
      "SF",
      "T",
      "T",
      "Dd",
      1,
      bytes + 28,
      1,
      answer + 28,
      17,
      10,
    );
  }
  if (kind < 0.7) {
    const bytes = 1200 + below(9000);
    return row(
      ts,
      inside(skewed(3000)),
      32_768 + below(28_000),
      outside(skewed(20_000)),
      443,
      "udp",
      "quic",
      random() * 20,
      bytes,
      bytes * 4,
      "SF",
      "T",
      "F",
      "Dd",
      12,
      bytes + 336,
      20,
      bytes * 4 + 560,
      17,
      60,
    );
  }
  if (kind < 0.86) {
    const slow = random() < 0.6;
    const scanner = scanners[below(60)];
    const from = slow ? outside(30_000 + skewed(200_000)) : scanner.from;
    const port = slow ? knocked[below(16)] : scanner.port++ % 65_536;
    return row(
      ts,
      from,
      1024 + below(60_000),
      inside(below(65_000)),
      port,
      "tcp",
      "-",
      undefined,
      undefined,
      undefined,
      "S0",
      "F",
      "T",
      "S",
      1,
      40 + 4 * below(6),
      0,
      0,
      6,
      5,
    );
  }
  if (kind < 0.93)
    return row(
      ts,
      outside(30_000 + skewed(200_000)),
      1024 + below(60_000),
      inside(below(65_000)),
      knocked[below(16)],
      "tcp",
      "-",
      0.0001 + random() * 0.02,
      0,
      0,
      "REJ",
      "F",
      "T",
      "Sr",
      1,
      44,
      1,
      40,
      6,
      5,
    );
  if (kind < 0.96)
    return row(
      ts,
      outside(250_000 + skewed(5000)),
      1024 + below(60_000),
      inside(64_000 + below(8)),
      443,
      "tcp",
      "ssl",
      random() * 12,
      900 + below(900),
      5000 + below(90_000),
      "SF",
      "F",
      "T",
      "ShADadfF",
      12,
      2100,
      14,
      9000,
      6,
      5,
    );
  if (kind < 0.98)
    return row(
      ts,
      inside(skewed(3000)),
      3,
      outside(skewed(20_000)),
      3,
      "icmp",
      "-",
      undefined,
      undefined,
      undefined,
      "OTH",
      "T",
      "F",
      "-",
      1,
      84,
      0,
      0,
      1,
      60,
    );
  return row(
    ts,
    inside(skewed(3000)),
    32_768 + below(28_000),
    outside(skewed(20_000)),
    443,
    "tcp",
    "-",
    0.1 + random() * 30,
    500,
    900,
    "RSTO",
    "T",
    "F",
    "ShADadR",
    9,
    900,
    8,
    1300,
    6,
    5,
  );
}

function row(
  ts,
  from,
  fromPort,
  to,
  toPort,
  proto,
  service,
  duration,
  sent,
  got,
  state,
  localOrig,
  localResp,
  history,
  op,
  ob,
  rp,
  rb,
  number,
  delay,
) {
  return {
    ts,
    from,
    fromPort,
    to,
    toPort,
    proto,
    service,
    duration,
    sent,
    got,
    state,
    localOrig,
    localResp,
    history,
    op,
    ob,
    rp,
    rb,
    number,
    removed: ts + (duration ?? 0) + delay,
  };
}

const names = [
  "ts",
  "uid",
  "id.orig_h",
  "id.orig_p",
  "id.resp_h",
  "id.resp_p",
  "proto",
  "service",
  "duration",
  "orig_bytes",
  "resp_bytes",
  "conn_state",
  "local_orig",
  "local_resp",
  "missed_bytes",
  "history",
  "orig_pkts",
  "orig_ip_bytes",
  "resp_pkts",
  "resp_ip_bytes",
  "tunnel_parents",
  "ip_proto",
];
const types = [
  "time",
  "string",
  "addr",
  "port",
  "addr",
  "port",
  "enum",
  "string",
  "interval",
  "count",
  "count",
  "string",
  "bool",
  "bool",
  "count",
  "string",
  "count",
  "count",
  "count",
  "count",
  "set[string]",
  "count",
];
const time = (seconds) => seconds.toFixed(6);

function tsv(c) {
  const duration = c.duration === undefined ? "-\t-\t-" : `${time(c.duration)}\t${c.sent}\t${c.got}`;
  return `${time(c.ts)}\t${uid()}\t${c.from}\t${c.fromPort}\t${c.to}\t${c.toPort}\t${c.proto}\t${c.service}\t${duration}\t${c.state}\t${c.localOrig}\t${c.localResp}\t0\t${c.history}\t${c.op}\t${c.ob}\t${c.rp}\t${c.rb}\t-\t${c.number}\n`;
}

function json(c) {
  const service = c.service === "-" ? "" : `"service":"${c.service}",`;
  const duration =
    c.duration === undefined
      ? ""
      : `"duration":${c.duration.toFixed(6)},"orig_bytes":${c.sent},"resp_bytes":${c.got},`;
  const history = c.history === "-" ? "" : `"history":"${c.history}",`;
  return `{"ts":${time(c.ts)},"uid":"${uid()}","id.orig_h":"${c.from}","id.orig_p":${c.fromPort},"id.resp_h":"${c.to}","id.resp_p":${c.toPort},"proto":"${c.proto}",${service}${duration}"conn_state":"${c.state}","local_orig":${c.localOrig === "T"},"local_resp":${c.localResp === "T"},"missed_bytes":0,${history}"orig_pkts":${c.op},"orig_ip_bytes":${c.ob},"resp_pkts":${c.rp},"resp_ip_bytes":${c.rb},"ip_proto":${c.number}}\n`;
}

const out = openSync(file, "w");
let text = "";
const put = (line) => {
  text += line;
  if (text.length > 1 << 20) {
    writeSync(out, text, null, "latin1");
    text = "";
  }
};
const line = format === "json" ? json : tsv;
if (format !== "json")
  put(
    `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#open\t2026-06-11-00-00-00\n#fields\t${names.join("\t")}\n#types\t${types.join("\t")}\n`,
  );

/** Connections by the second of their removal. */
const due = new Map();
let first = start;
function write(until) {
  for (; first < until; first++) {
    const ready = due.get(first);
    if (ready === undefined) continue;
    due.delete(first);
    ready.sort((a, b) => a.removed - b.removed);
    for (const one of ready) put(line(one));
  }
}
let ts = start;
for (let i = 0; i < rows; i++) {
  ts += (random() * 2) / rate;
  const one = connection(Math.round(ts * 1e6) / 1e6);
  const second = Math.floor(one.removed);
  const list = due.get(second);
  if (list === undefined) due.set(second, [one]);
  else list.push(one);
  if (i % 1024 === 0) write(Math.floor(ts));
}
write(Math.floor(ts) + 400);
if (format !== "json") put("#close\t2026-06-12-00-00-00\n");
writeSync(out, text, null, "latin1");
closeSync(out);
