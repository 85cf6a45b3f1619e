/** A hunt on DuckDB gives what the replay gives: notices, suppressed hits, times, order. */
import "../seed.js";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ZeekDetectionModel } from "../../src/model/model.js";
import { notReplayable } from "../../src/replay/zeek-source.js";
import { captures, compile, example, serviceExample } from "../catalogue/catalogue.js";
import { scratchFolder } from "../scratch-folder.js";
import { copied, repository } from "../zeek/helpers.js";
import { put } from "../zeek/scratch.js";
import { archived, hasDuckdb, hunted, replayed } from "./helpers.js";
import { connHeader, detectionArbitrary, logArbitrary } from "./random.js";

const test = suite("hunt: the same as the replay");
const directory = scratchFolder("hunt");
const isHere = await hasDuckdb();
let made = 0;

/** Logs in a folder of their own: one, or two rotated ones. */
function folderOf(rows: readonly string[], pieces: number): string {
  const folder = join(directory, `logs-${made++}`);
  const size = Math.ceil(rows.length / pieces);
  for (let i = 0; i < pieces; i++) {
    const own = rows.slice(i * size, (i + 1) * size);
    const name = pieces === 1 ? "conn.log" : `conn.0${i}:00:00-0${i + 1}:00:00.log`;
    if (own.length > 0) put(folder, name, `${connHeader}${own.join("\n")}\n#close\t2024-01-01\n`);
  }
  return folder;
}

if (isHere) {
  test("1,000 random detections on random logs", async () => {
    let notices = 0;
    let suppressed = 0;
    let detections = 0;
    await fc.assert(
      fc.asyncProperty(
        logArbitrary,
        fc.array(detectionArbitrary, { minLength: 10, maxLength: 10 }),
        fc.constantFrom(1, 1, 2),
        async (rows, several, pieces) => {
          const folder = folderOf(rows, pieces);
          const store = await archived(folder, `${folder}-archive`);
          try {
            for (const detection of several) {
              const expected = await replayed(folder, [detection]);
              assert.equal((await hunted(store, [detection])).outputs, expected.outputs);
              // As in a log of millions of rows.
              assert.equal((await hunted(store, [detection], { largeFrom: 0 })).outputs, expected.outputs);
              detections++;
              notices += expected.outputs.filter(({ kind }) => kind === "notice").length;
              suppressed += expected.outputs.filter(({ kind }) => kind === "suppressed").length;
            }
            const named = several.map((one, i) => ({ ...one, name: `D${i}`, note: `T::D${i}` }));
            assert.equal((await hunted(store, named)).outputs, (await replayed(folder, named)).outputs);
            for (const options of [{ largeFrom: 0 }, { largeFrom: 0, mostAside: 40 }])
              assert.equal(
                (await hunted(store, named, options)).outputs,
                (await replayed(folder, named)).outputs,
              );
            assert.equal(
              (await hunted(store, named, { exactCaps: true })).outputs,
              (await replayed(folder, named)).outputs,
            );
          } finally {
            await store.close();
          }
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 100), endOnFailure: true, includeErrorInReport: true },
    );
    console.log(`${detections} detections: ${notices} notices, ${suppressed} suppressed`);
    assert.ok(detections > 0 && notices > 5 * detections && suppressed > detections);
  });

  const everyDetection = async (): Promise<readonly ZeekDetectionModel[]> => {
    const models = [await compile(example), await compile(serviceExample)];
    return models.flatMap(({ detections }) =>
      detections.filter(
        (one): one is ZeekDetectionModel => one.kind === "zeek" && notReplayable(one) === null,
      ),
    );
  };

  test("recorded captures: every preset", async () => {
    const detections = await everyDetection();
    const windows = join(copied, "windows");
    const folders = [
      ...[...captures().values()].map((conn) => dirname(conn)),
      ...(existsSync(windows) ? readdirSync(windows).map((name) => join(windows, name)) : []),
    ];
    let notices = 0;
    for (const folder of folders) {
      // A log once, and not as JSON again.
      const logs = join(directory, `capture-${made++}`);
      for (const name of readdirSync(folder))
        if (name.endsWith(".log") && !name.endsWith(".json.log") && !/^(?:notice|zopf)/.test(name))
          put(logs, name, readFileSync(join(folder, name)));
      const store = await archived(logs, `${logs}-archive`);
      const expected = await replayed(logs, detections);
      assert.equal((await hunted(store, detections)).outputs, expected.outputs, folder);
      assert.equal((await hunted(store, detections, { largeFrom: 0 })).outputs, expected.outputs, folder);
      notices += expected.outputs.length;
      await store.close();
    }
    assert.ok(notices > 20, `${notices} outputs in ${folders.length} captures`);
  });

  test("an archive that has grown: ticks of an earlier hunt are gone on with", async () => {
    const exposed = join(repository, "..", "shared", "realdata", "exposed-host");
    if (!existsSync(exposed)) return void console.log(`skipped: ${exposed} is not there`);
    const detections = (await everyDetection()).filter(({ rows }) => rows === null);
    const days = readdirSync(exposed).filter((name) => /^\d/.test(name));
    const logs = join(directory, "grown");
    const into = join(directory, "grown-archive");
    let ticks = 0;
    for (const day of [days[0], days[2], days[1]]) {
      cpSync(join(exposed, String(day)), join(logs, String(day)), { recursive: true });
      const store = await archived(logs, into);
      const known = store.ticks?.read(["conn"], 600) ?? null;
      assert.is(known === null, day === days[0]);
      assert.is.not(known?.isWhole, true);
      const expected = await replayed(logs, detections);
      assert.equal((await hunted(store, detections)).outputs, expected.outputs, day);
      const now = store.ticks?.read(["conn"], 600);
      assert.is(now?.isWhole, true);
      assert.ok((now?.ticks.length ?? 0) > ticks + 5000);
      ticks = now?.ticks.length ?? 0;
      // And out of what is kept.
      assert.equal((await hunted(store, detections)).outputs, expected.outputs, day);
      await store.close();
    }
  });

  test("a recorded host: every preset, and the keys that fire are candidates", async () => {
    const exposed = join(repository, "..", "shared", "realdata", "exposed-host");
    if (!existsSync(exposed)) return void console.log(`skipped: ${exposed} is not there`);
    const detections = await everyDetection();
    const store = await archived(exposed, join(directory, "exposed"));
    const expected = await replayed(exposed, detections);
    const found = await hunted(store, detections);
    assert.equal(found.outputs, expected.outputs);
    for (const mostAside of [2_000_000, 20_000, 2_000])
      assert.equal((await hunted(store, detections, { largeFrom: 0, mostAside })).outputs, expected.outputs);
    assert.ok(expected.outputs.length > 500);
    const { rows, fetched } = found.hunt.counts();
    assert.ok(fetched < rows * detections.length, `${fetched} rows`);
    await store.close();
  });
}

test.run();
