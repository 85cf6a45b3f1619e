#!/usr/bin/env node
// How much CPU `zopf build` of 100 detections takes for 200 hosts beside one host, without the cache: ratios of
// interleaved runs, a line each way of living together. Goal (issue 7): at most 10.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rounds = Number(process.argv[2] ?? 3);
const hosts = Number(process.argv[3] ?? 200);
const detections = Number(process.argv[4] ?? 100);

const filter = (index) =>
  index % 2 === 0 ? 'pf({ table: "ossec_fwtable" })' : 'nftables({ table: "ossec_blocked" })';

/** Agents of one server, of which one is the sensor. */
function served(count) {
  const agents = Array.from(
    { length: count - 1 },
    (_, index) =>
      `"web-${index}": { agent: "${String(index + 2).padStart(3, "0")}", firewall: ${filter(index)}, neverBlock: ["198.18.${index >> 8}.${index & 255}"] },`,
  );
  return `{ gateway: { roles: ["ossec-server", "sensor"], firewall: ${filter(0)} }, ${agents.join("\n")} }`;
}

/** Every host with Zeek, OSSEC and a list of its own. */
function alone(count) {
  const all = Array.from(
    { length: count },
    (_, index) =>
      `"host-${index}": { roles: ["sensor"], firewall: ${filter(index)}, neverBlock: ["198.18.${index >> 8}.${index & 255}"] },`,
  );
  return `{ ${all.join("\n")} }`;
}

function bundle(targets) {
  const all = Array.from(
    { length: detections },
    (_, index) => `{
    kind: "zeek", name: "Scan_${index}", event: "connection_state_remove",
    where: (c) => c.conn?.conn_state === "S0" && c.orig.size > ${index} && !Site.local_nets.has(c.id.orig_h),
    per: (c) => c.id.orig_h, count: { distinct: (c) => c.id.resp_p }, threshold: ${5 + index},
    window: { sliding: "1 min" },
    notice: { message: (hit) => \`IP \${hit.key} suspected of scanning: \${hit.count} ports\`, suppress: "5 min" },
    rule: { level: 6, groups: ["zeek", "scan"], description: "Zeek: scan ${index}" },
  },`,
  );
  return `import { Site, defineBundle, nftables, pf } from "zopf";
export default defineBundle({
  name: "fleet",
  zeek: { logs: "/var/log/zeek/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec", firstRuleId: 100500 },
  neverBlock: ["192.0.2.1"],
  targets: ${targets},
  detections: [${all.join("\n")}],
  responses: [{ kind: "block", when: { detection: "Scan_0" }, for: "10 min" }],
});
`;
}

const tellCpu =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();process._rawDebug(`CPU ${(user+system)/1000}`)})';

function cpu(folder, ...flags) {
  const words = ["--import", tellCpu, join(root, "bin/run.js"), "build", "fleet.zopf.ts", ...flags];
  const result = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`exit ${result.status}\n${result.stderr}`);
  return Number(/CPU ([\d.]+)/.exec(result.stderr)?.[1]);
}

function folderOf(targets) {
  const folder = mkdtempSync(join(tmpdir(), "zopf-fleet-"));
  writeFileSync(join(folder, "fleet.zopf.ts"), bundle(targets));
  return folder;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
for (const [name, targets] of [
  ["agents of one server", served],
  ["every host alone", alone],
]) {
  const [one, many] = [folderOf(targets(1)), folderOf(targets(hosts))];
  const times = { one: [], many: [], again: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const folder of [one, many]) rmSync(join(folder, "generated"), { recursive: true, force: true });
    times.one.push(cpu(one, "--no-cache"));
    times.many.push(cpu(many, "--no-cache"));
    times.again.push(cpu(many, "--no-cache", "--check"));
  }
  const base = median(times.one);
  process.stdout.write(
    `${name}: ${hosts} hosts x ${detections} detections ${(median(times.many) / base).toFixed(1)} x one host ` +
      `(${Math.round(base)} ms CPU), unchanged ${(median(times.again) / base).toFixed(1)} x\n`,
  );
  for (const folder of [one, many]) rmSync(folder, { recursive: true, force: true });
}
