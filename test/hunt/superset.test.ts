/** No key that the replay finds is missing among the candidates: for every preset, on recorded rows and on mixtures of them. */
import "../seed.js";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Hunt } from "../../src/hunt/prepare.js";
import type { Store } from "../../src/hunt/store.js";
import type { ZeekDetectionModel } from "../../src/model/model.js";
import { notReplayable } from "../../src/replay/zeek-source.js";
import { PRIVATE_ADDRESS_SPACE } from "../../src/zeek/values/local-nets.js";
import { captures, everyPreset } from "../catalogue/catalogue.js";
import { scratchFolder } from "../scratch-folder.js";
import { copied, repository } from "../zeek/helpers.js";
import { put } from "../zeek/scratch.js";
import { archived, hasDuckdb, replayed } from "./helpers.js";

const test = suite("hunt: candidates are a superset");
const directory = scratchFolder("superset");
let made = 0;

/** A log file's header and rows. */
interface RecordedLog {
  readonly log: string;
  readonly header: string;
  readonly fields: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const exposed = join(repository, "..", "shared", "realdata", "exposed-host");
const windows = join(copied, "windows");
const folders = [
  ...[...captures().values()].map((conn) => dirname(conn)),
  ...(existsSync(windows) ? readdirSync(windows).map((name) => join(windows, name)) : []),
];

const logsIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter(
    (name) => name.endsWith(".log") && !name.endsWith(".json.log") && !/^(?:notice|zopf)/.test(name),
  );

function recorded(folder: string): readonly RecordedLog[] {
  const compressed = readdirSync(folder).filter((name) => /^(?:ssh|http|ftp|dns)\.0.*\.log\.gz$/.test(name));
  return [...logsIn(folder), ...compressed].flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    const lines = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1").split("\n");
    const fields = lines
      .find((line) => line.startsWith("#fields\t"))
      ?.split("\t")
      .slice(1);
    const log = lines.find((line) => line.startsWith("#path\t"))?.slice(6);
    if (fields === undefined || log === undefined || !fields.includes("ts")) return [];
    const header = lines.filter((line) => line.startsWith("#") && !line.startsWith("#close"));
    const rows = lines.filter((line) => line !== "" && !line.startsWith("#")).slice(0, 3000);
    return [{ log, header: header.join("\n"), fields, rows: rows.map((line) => line.split("\t")) }];
  });
}

const detections: readonly (readonly [preset: string, detection: ZeekDetectionModel])[] = [
  ...(await everyPreset()),
].filter(([, detection]) => notReplayable(detection) === null);

/** The rows of the candidates of one detection, by their places. */
async function candidates(store: Store, detection: ZeekDetectionModel): Promise<ReadonlySet<string>> {
  const hunt = new Hunt({
    store,
    localNets: PRIVATE_ADDRESS_SPACE,
    exactCaps: false,
    maxRows: Number.POSITIVE_INFINITY,
  });
  const prepared = await hunt.prepare([detection], null);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  const places = new Set<string>();
  if (prepared.logs.length === 0) return places;
  const cursor = prepared.source.open(detection.rows?.log ?? "conn", { columns: [], numbers: [] });
  while (await cursor.fill()) while (cursor.next()) places.add(`${cursor.row.file}:${cursor.row.line}`);
  await cursor.close();
  return places;
}

/** How often keys fired, by detection; each of them has to be a candidate. */
async function compare(
  logs: string,
  store: Store,
  played: readonly ZeekDetectionModel[],
): Promise<ReadonlyMap<string, number>> {
  const { outputs } = await replayed(logs, played);
  const fired = new Map<string, number>();
  const proposed = new Map<string, ReadonlySet<string>>();
  for (const output of outputs) {
    if (output.kind !== "notice" && output.kind !== "suppressed") continue;
    const { detection: name, file, lineNumber, time } = output;
    const detection = played.find((one) => one.name === name);
    if (detection === undefined) throw new Error(`no detection ${name}`);
    const rows = proposed.get(name) ?? (await candidates(store, detection));
    proposed.set(name, rows);
    fired.set(name, (fired.get(name) ?? 0) + 1);
    assert.ok(
      rows.has(`${file}:${lineNumber}`),
      `${name} fires at ${time} with ${file}:${lineNumber}, which belongs to no candidate`,
    );
  }
  return fired;
}

if (await hasDuckdb()) {
  test("every preset on every capture, and on a recorded host", async () => {
    let fired = 0;
    const isThere = existsSync(exposed);
    if (!isThere) console.log(`skipped: ${exposed} is not there`);
    for (const folder of [...folders, ...(isThere ? [exposed] : [])]) {
      const logs = join(directory, `capture-${made++}`);
      for (const name of folder === exposed ? [] : logsIn(folder))
        put(logs, name, readFileSync(join(folder, name)));
      const from = folder === exposed ? exposed : logs;
      const store = await archived(from, `${logs}-archive`);
      const found = await compare(
        from,
        store,
        detections.map(([, detection]) => detection),
      );
      for (const times of found.values()) fired += times;
      await store.close();
    }
    assert.ok(fired > 50, `keys fired ${fired} times`);
  });

  test("every preset on random mixtures of recorded rows", async () => {
    const days = existsSync(exposed) ? readdirSync(exposed).map((day) => join(exposed, day)) : [];
    const pools = [...folders, ...days.filter((day) => statSync(day).isDirectory())].flatMap(recorded);
    const fired = new Map<string, number>(detections.map(([, { name }]) => [name, 0]));
    const mixture = fc.record({
      pool: fc.nat(),
      // Few kinds of rows, often, of few hosts: presets fire.
      kinds: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
      rows: fc.array(
        fc.record({
          kind: fc.nat(),
          step: fc.constantFrom(0, 0, 0.001, 0.5, 1, 1, 5, 61, 300),
          source: fc.constantFrom("9.9.9.9", "9.9.9.9", "8.8.8.8", "10.0.0.9"),
          target: fc.option(fc.constantFrom("10.0.0.1", "10.0.0.2", "162.212.157.188", "1.1.1.1"), {
            freq: 3,
          }),
          port: fc.option(fc.constantFrom("21", "22", "23", "80", "443", "3389"), { freq: 3 }),
        }),
        { minLength: 30, maxLength: 60 },
      ),
      threshold: fc.constantFrom(2, 3, null),
    });
    const logNames = [...new Set(detections.map(([, { rows }]) => rows?.log ?? "conn"))];
    for (const name of logNames) {
      const own = pools.filter(({ log, rows }) => log === name && rows.length > 0);
      if (own.length === 0) continue;
      await fc.assert(
        fc.asyncProperty(mixture, async ({ pool, kinds, rows, threshold }) => {
          const {
            header,
            fields,
            rows: templates,
          } = own[pool % own.length] ?? { header: "", fields: [], rows: [] };
          let time = 1_700_000_000;
          const lines = rows.map(({ kind, step, source, target, port }, i) => {
            time += step;
            const cells = templates[(kinds[kind % kinds.length] ?? 0) % templates.length] ?? [];
            const changed: Readonly<Record<string, string | null>> = {
              ts: time.toFixed(6),
              uid: `C${i}`,
              "id.orig_h": source,
              "id.resp_h": target,
              "id.resp_p": port,
            };
            return fields.map((field, at) => changed[field] ?? cells[at] ?? "-").join("\t");
          });
          const logs = join(directory, `mixture-${made++}`);
          put(
            logs,
            `${name}.log`,
            Buffer.from(`${header}\n${lines.join("\n")}\n#close\t2024-01-01\n`, "latin1"),
          );
          const store = await archived(logs, `${logs}-archive`);
          try {
            const own = detections
              .filter(([, { rows: read }]) => (read?.log ?? "conn") === name)
              .map(([, one]) => ({ ...one, threshold: Math.min(one.threshold, threshold ?? one.threshold) }));
            for (const [detection, times] of await compare(logs, store, own))
              fired.set(detection, (fired.get(detection) ?? 0) + times);
          } finally {
            await store.close();
          }
        }),
        { numRuns: name === "conn" ? 25 : 8, endOnFailure: true, includeErrorInReport: true },
      );
    }
    const silent = [...fired].filter(([, times]) => times === 0).map(([name]) => name);
    console.log(`${fired.size - silent.length} presets fired; never: ${silent.join(", ")}`);
    assert.ok(silent.length < fired.size / 2, `never fired: ${silent.join(", ")}`);
  });
}

test.run();
