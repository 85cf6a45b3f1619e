import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connectionPresets, packetPresets, servicePresets } from "../../src/catalogue/index.js";
import type { Preset } from "../../src/catalogue/preset.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { replayDetections } from "../../src/detections/index.js";
import type { ScanKind } from "../../src/dsl/scan.js";
import type { Model, ZeekDetectionModel } from "../../src/model/model.js";
import { effectiveLocalNets } from "../../src/zeek/values/local-nets.js";
import { scratchFolder } from "../scratch-folder.js";
import { copied, oracle, repository } from "../zeek/helpers.js";

/** The presets on connections, and those on other logs, those on packets: a bundle each. */
export const example = join(repository, "examples", "catalogue", "catalogue.zopf.ts");
export const serviceExample = join(repository, "examples", "services", "services.zopf.ts");
export const packetExample = join(repository, "examples", "packets", "packets.zopf.ts");

/** A bundle's Model; the diagnostics where it does not compile. */
export async function compile(file: string): Promise<Model> {
  const { bundles, diagnostics } = await compileBundles([file], { show: (path) => path, cache: false });
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return bundle.model;
}

/** The Model of a bundle with these detections (TypeScript), built and thrown away. */
export async function compileDetections(detections: string): Promise<Model> {
  const folder = scratchFolder("catalogue");
  try {
    const file = join(folder, "bundle.zopf.ts");
    writeFileSync(
      file,
      `import { Site, defineBundle, port } from "zopf";
export const used = { Site, port };
export default defineBundle({
  name: "catalogue",
  zeek: { logs: "/zeek/logs", site: "/zeek/site" },
  ossec: { home: "/var/ossec", firstRuleId: 100700 },
  detections: [${detections}],
});
`,
    );
    return await compile(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function zeekDetections(model: Model): readonly ZeekDetectionModel[] {
  return model.detections.filter((detection) => detection.kind === "zeek");
}

/** The detections of an example, each by its preset: they stand in the presets' order. */
export function byPreset(
  model: Model,
  presets: readonly Preset[] = connectionPresets,
): ReadonlyMap<ScanKind, ZeekDetectionModel> {
  const all = zeekDetections(model);
  return new Map(
    presets.flatMap(({ scan }, index) => {
      const detection = all[index];
      return detection === undefined ? [] : [[scan, detection] as const];
    }),
  );
}

/** The detections of the three examples. */
export async function everyPreset(): Promise<ReadonlyMap<ScanKind, ZeekDetectionModel>> {
  const scans = await compile(example);
  const services = await compile(serviceExample);
  const packets = await compile(packetExample);
  return new Map([
    ...byPreset(scans),
    ...byPreset(services, servicePresets),
    ...byPreset(packets, packetPresets),
  ]);
}

export interface Fired {
  readonly detection: string;
  readonly source: string;
  readonly message: string;
  readonly time: number;
}

/** What a model's detections say to a conn.log, and to other logs by their names. */
export async function replayed(
  model: Model,
  conn: string | null,
  logs: Readonly<Record<string, string>> = {},
): Promise<readonly Fired[]> {
  const fired: Fired[] = [];
  const { zeek } = model;
  if (zeek === null) throw new Error("a bundle without Zeek");
  const { noticeLog } = zeek;
  const localNets = effectiveLocalNets();
  const detections = zeekDetections(model);
  const given = new Map(Object.entries(logs).map(([log, file]) => [log, [file]]));
  const conns = conn === null ? [] : [conn];
  const playable = detections.filter(({ rows }) => (rows === null ? conn !== null : given.has(rows.log)));
  const { events } = await replayDetections(
    { detections: playable, noticeLog, conn: conns, logs: given, localNets },
    (output) => {
      if (output.kind === "notice") fired.push(output);
    },
  );
  if (events.diagnostics.length > 0) throw new Error(events.diagnostics.map(({ message }) => message).join());
  return fired;
}

/** Every recorded capture's conn.log by name: the copies in the repository, and the rest where they are. */
export function captures(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const collect = (root: string): void => {
    if (!existsSync(root)) return;
    for (const name of readdirSync(root)) found.set(name, join(root, name, "conn.log"));
  };
  collect(join(oracle, "scans"));
  collect(join(copied, "scans"));
  collect(join(copied, "catalogue"));
  return found;
}

/** The other logs that Zeek wrote of a capture, by their names. */
export function otherLogs(conn: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of ["weird", "http", "notice"]) {
    const file = join(dirname(conn), `${name}.log`);
    if (existsSync(file)) found[name] = file;
  }
  return found;
}

/** Names of the 24 recorded captures. */
export const captureNames = [
  "syn-filtered",
  "syn-closed",
  "syn6",
  "connect",
  "frag",
  "version",
  "addr-sweep",
  "addr-sweep-closed",
  "random-scan",
  "udp",
  "fin",
  "xmas",
  "maimon",
  "null",
  "ack",
  "window",
  "synfin",
  "bogus",
  "synflood",
  "ping-sweep",
  "ping-flood",
  "smurf",
  "traceroute",
  "benign",
] as const;
