#!/usr/bin/env node
// Writes a conn.log as a border sensor has it, the same bytes for the same arguments:
//
//     node bench/conn-log.js 5 conn.log                 5 million lines, TSV
//     node bench/conn-log.js 5 conn.json json           the same connections as JSON
//     node bench/conn-log.js 50 FOLDER tsv background   rotated hourly, plain and gzip (FOLDER/plain, FOLDER/packed)
//
// Clients inside talk to servers outside (SF, DNS, QUIC), the Internet's background noise knocks (S0, REJ).
// Lines stand in the order of removal, as Zeek writes them. There are two kinds of noise:
//
// - `scanned` (the default): sixty sources scan all the time, and a few others knock all day long.
// - `background`: as the recorded host of ../shared/realdata/exposed-host has it. Nearly all sources knock once in
//   a while; a scan takes a minute, and one source in some hundred that knock makes one. A tenth of the
//   connections last longer than ten seconds.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const [millions = "1", file = "conn.log", format = "tsv", noise = "scanned"] = process.argv.slice(2);
const rows = Math.round(Number(millions) * 1e6);
const isBackground = noise === "background";
/** Connections a second, about: a million and a half an hour of the background. */
const rate = isBackground ? 400 : 150;
const start = 1_781_136_000;

let seed = 0x2f6e2b1;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"];
const pairs = letters.flatMap((a) => letters.map((b) => a + b));
/** Six letters. */
function six() {
  const n = Math.floor(random() * 4294967296);
  return (
    pairs[n % 3844] + pairs[Math.floor(n / 3844) % 3844] + pairs[Math.floor(n / 14776336) * 13 + (n % 13)]
  );
}
const uid = () => `C${six()}${six()}${six().slice(1)}`;
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

function scanOrKnock() {
  const slow = random() < 0.6;
  const scanner = scanners[below(60)];
  const from = slow ? outside(30_000 + skewed(200_000)) : scanner.from;
  return [from, slow ? knocked[below(16)] : scanner.port++ % 65_536];
}

/** The scan of the background that runs, until when, and which source is next. */
const scan = { from: "", until: 0, next: 0, port: 0 };
function knock(ts) {
  if (ts >= scan.until + 600) {
    scan.until = ts + 20 + below(60);
    scan.from = outside(5_000_000 + scan.next++);
    scan.port = below(65_000);
  }
  if (ts < scan.until && random() < 0.12) return [scan.from, scan.port++ % 65_536];
  return [outside(30_000 + below(2_000_000)), knocked[below(16)]];
}

function connection(ts) {
  const kind = random();
  if (kind < 0.38) {
    const bytes = 200 + below(4000);
    const answer = 800 + below(60_000);
    const up = 6 + below(30);
    const down = 6 + below(60);
    const duration = (isBackground ? random() ** 8 * 100 : random() ** 2 * 40) + 0.02;
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
      isBackground ? random() ** 8 * 200 : random() * 20,
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
    const [from, port] = isBackground ? knock(ts) : scanOrKnock();
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
      outside(30_000 + (isBackground ? below(2_000_000) : skewed(200_000))),
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
function time(seconds) {
  const micros = Math.round(seconds * 1e6);
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`;
}

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

const header =
  format === "json"
    ? ""
    : `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#open\t2026-06-11-00-00-00\n#fields\t${names.join("\t")}\n#types\t${types.join("\t")}\n`;
const trailer = format === "json" ? "" : "#close\t2026-06-12-00-00-00\n";
const line = format === "json" ? json : tsv;

/** One file, whatever its length. */
function wholeFile() {
  const out = openSync(file, "w");
  let text = header;
  return {
    put(one) {
      text += line(one);
      if (text.length < 1 << 20) return;
      writeSync(out, text, null, "latin1");
      text = "";
    },
    async rest() {},
    close() {
      writeSync(out, text + trailer, null, "latin1");
      closeSync(out);
    },
  };
}

/** A file an hour, as Zeek rotates them: plain, and packed as Zeek leaves them. */
function rotatedFiles() {
  const pack = promisify(gzip);
  const packing = [];
  let parts = [];
  let text = "";
  let hour = 0;
  const name = () => {
    const [day, clock] = new Date((start + hour * 3600) * 1000).toISOString().split("T");
    const next = String((Number(clock.slice(0, 2)) + 1) % 24).padStart(2, "0");
    return join(day, `conn.${clock.slice(0, 8)}-${next}:00:00.log`);
  };
  const write = (path, bytes) => {
    mkdirSync(join(path, ".."), { recursive: true });
    const out = openSync(path, "w");
    writeSync(out, bytes);
    closeSync(out);
  };
  const rotate = () => {
    if (parts.length === 0 && text === "") return;
    const bytes = Buffer.concat([...parts, Buffer.from(text + trailer, "latin1")]);
    parts = [];
    text = "";
    const packed = join(file, "packed", `${name()}.gz`);
    write(join(file, "plain", name()), bytes);
    packing.push(pack(bytes, { level: 4 }).then((all) => write(packed, all)));
  };
  return {
    put(one) {
      const of = Math.floor((one.removed - start) / 3600);
      if (of > hour) {
        rotate();
        hour = of;
      }
      if (text === "" && parts.length === 0) text = header;
      text += line(one);
      if (text.length < 1 << 20) return;
      parts.push(Buffer.from(text, "latin1"));
      text = "";
    },
    /** Lets no more than two wait to be packed. */
    async rest(most = 2) {
      while (packing.length > most) await packing.shift();
    },
    async close() {
      rotate();
      await this.rest(0);
    },
  };
}

const log = isBackground ? rotatedFiles() : wholeFile();
/** Connections by the second of their removal. */
const due = new Map();
let first = start;
function write(until) {
  for (; first < until; first++) {
    const ready = due.get(first);
    if (ready === undefined) continue;
    due.delete(first);
    ready.sort((a, b) => a.removed - b.removed);
    for (const one of ready) log.put(one);
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
  if (i % 1024 !== 0) continue;
  write(Math.floor(ts));
  await log.rest();
}
write(Math.floor(ts) + 600);
await log.close();
