/** A hunt on DuckDB gives what the replay gives: notices, suppressed hits, times, order. */
import "../seed.js";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../scratch-folder.js";
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
              detections++;
              notices += expected.outputs.filter(({ kind }) => kind === "notice").length;
              suppressed += expected.outputs.filter(({ kind }) => kind === "suppressed").length;
            }
            const named = several.map((one, i) => ({ ...one, name: `D${i}`, note: `T::D${i}` }));
            assert.equal((await hunted(store, named)).outputs, (await replayed(folder, named)).outputs);
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
}

test.run();
