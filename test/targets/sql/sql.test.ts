/** SQL for candidates: conditions are never narrower than the evaluator, and no name or text breaks out of it. */
import "../../seed.js";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bindConnections, isReplayedEvent, type Valued } from "../../../src/detections/binding.js";
import { compileEvaluator } from "../../../src/detections/expressions/evaluate.js";
import { compilePattern } from "../../../src/detections/expressions/pattern.js";
import { StoreCursor } from "../../../src/hunt/cursor.js";
import { conditionSql } from "../../../src/targets/sql/condition.js";
import { clickhouse, duckdb } from "../../../src/targets/sql/dialect.js";
import { fieldsOf } from "../../../src/targets/sql/fields.js";
import { inNetworks } from "../../../src/targets/sql/networks.js";
import { re2Of } from "../../../src/targets/sql/pattern.js";
import { effectiveLocalNets, PRIVATE_ADDRESS_SPACE } from "../../../src/zeek/values/local-nets.js";
import { createSubnetSet, parseSubnet } from "../../../src/zeek/values/subnet.js";
import { archived, hasDuckdb, opened } from "../../hunt/helpers.js";
import { connHeader, detectionArbitrary, logArbitrary } from "../../hunt/random.js";
import { scratchFolder } from "../../scratch-folder.js";
import { put } from "../../zeek/scratch.js";

const test = suite("sql");
const directory = scratchFolder("sql");
const isHere = await hasDuckdb();
let made = 0;

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc
    .array(
      fc.constantFrom("'", '"', "`", "\\", "--", ";", "/*", "\n", "\0", "a", "{x:String}", "%", "$1", "é"),
      { maxLength: 8 },
    )
    .map((parts) => parts.join("")),
);

if (isHere) {
  test("what the evaluator lets through, SQL lets through: random conditions, random rows", async () => {
    let open = 0;
    let all = 0;
    await fc.assert(
      fc.asyncProperty(
        logArbitrary,
        fc.array(detectionArbitrary, { minLength: 20, maxLength: 20 }),
        async (rows, several) => {
          const logs = join(directory, `${made++}`);
          put(logs, "conn.log", `${connHeader}${rows.join("\n")}\n`);
          const store = await archived(logs, `${logs}-archive`);
          const log = store.log("conn");
          if (log === undefined) throw new Error("no conn");
          try {
            for (const detection of several) {
              const { event, where } = detection;
              if (where === null || !isReplayedEvent(event)) continue;
              const binding = bindConnections([detection]);
              const evaluate = compileEvaluator<Valued>(where, binding.reader(event), {
                localNets: effectiveLocalNets(),
                networkTime: () => 0,
              });
              const columns = [...binding.columns, "uid"];
              const matching = async (condition: string): Promise<readonly Valued[]> => {
                const found: Valued[] = [];
                const cursor = new StoreCursor(store, "conn", log, condition, {
                  columns,
                });
                do while (cursor.next()) found.push({ values: [...cursor.row.values] });
                while (await cursor.fill());
                return found;
              };
              const sql = conditionSql(where, {
                fields: fieldsOf(detection, log.columns, store.dialect),
                dialect: store.dialect,
                localNets: PRIVATE_ADDRESS_SPACE,
              });
              const proposed = new Set((await matching(sql)).map(({ values }) => values.at(-1)));
              const every = await matching("1 = 1");
              for (const row of every)
                if (evaluate(row) === true)
                  assert.ok(proposed.has(row.values.at(-1)), `${sql} loses ${row.values}`);
              open += proposed.size;
              all += every.length;
            }
          } finally {
            await store.close();
          }
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
    // And it does tell rows apart.
    assert.ok(open < 0.8 * all, `${open} of ${all} rows are let through`);
  });

  test("networks: IPv4 exactly, IPv6 never too little", async () => {
    const store = await scratchStore();
    const v4 = fc.ipV4();
    const network = fc.oneof(
      fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, bits]) => `${address}/${bits}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(network, { minLength: 1, maxLength: 4 }),
        fc.array(v4, { minLength: 20, maxLength: 20 }),
        async (texts, some) => {
          const nets = texts.flatMap((text) => parseSubnet(text) ?? []);
          const set = createSubnetSet(nets);
          // Those at the edges, too.
          const addresses = [
            ...some,
            ...nets.flatMap(({ text }) => (text.includes(":") ? [] : [text.split("/")[0] ?? ""])),
            "2001:db8::1",
            "::1",
          ];
          const { maybe, surely } = inNetworks(
            "a",
            nets.map(({ text }) => text),
            duckdb,
          );
          const listed = addresses.map((address) => `(${duckdb.text(address)})`).join(", ");
          const rows = await store.rows(
            `SELECT a, ${maybe}, ${surely ?? "1 = 0"} FROM (VALUES ${listed}) AS t(a)`,
          );
          for (const [address, may, must] of rows) {
            const isIn = set.has(String(address));
            if (isIn) assert.is(may, true, `${address} in ${texts}: ${maybe}`);
            if (must === true) assert.is(isIn, true, `${address} in ${texts}: ${surely}`);
            if (!String(address).includes(":") && nets.every(({ text }) => !text.includes(":")))
              assert.is(may, isIn);
          }
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
    await store.close();
  });

  test("patterns: RE2 finds what Zeek finds in plain text", async () => {
    const store = await scratchStore();
    const source = fc
      .array(
        fc.constantFrom(
          "a",
          "b",
          "[ab]",
          "[^a]",
          ".",
          "a*",
          "b+",
          "(a|b)",
          "(ab)?",
          "a{2}",
          "\\.",
          "^a",
          "b$",
          "\\^",
          '"a.b"',
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(
        source,
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c", ".", "^"), maxLength: 6 }), {
          minLength: 20,
        }),
        async (pattern, texts) => {
          const re2 = re2Of(pattern);
          const matcher = compilePattern(pattern);
          if (re2 === null || matcher === undefined) return;
          const listed = texts.map((text) => `(${duckdb.text(text)})`).join(", ");
          const rows = await store.rows(
            `SELECT a, ${duckdb.matches("a", re2.source)}, ${duckdb.matches("a", `^(?:${re2.source})$`)} FROM (VALUES ${listed}) AS t(a)`,
          );
          for (const [text, within, whole] of rows) {
            if (matcher.within(String(text))) assert.is(within, true, `/${pattern}/ in ${text}`);
            assert.is(whole, matcher.whole(String(text)), `/${pattern}/ == ${text}`);
            if (re2.isExact) assert.is(within, matcher.within(String(text)), `/${pattern}/ in ${text}`);
          }
        },
      ),
      { numRuns: 150, endOnFailure: true },
    );
    await store.close();
  });

  test("hostile texts and names stay what they are", async () => {
    const store = await scratchStore();
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (value, name) => {
        const plain = value.replaceAll("\0", "");
        const column = name.replaceAll("\0", "") || "x";
        const rows = await store.rows(
          `SELECT ${duckdb.identifier(column)}, 'end' FROM (SELECT ${duckdb.text(plain)} AS ${duckdb.identifier(column)}) AS t`,
        );
        assert.equal(rows, [[plain, "end"]]);
      }),
      { numRuns: 300, endOnFailure: true },
    );
    await store.close();
  });
}

test("ClickHouse: a quoted text or name ends where it should", () => {
  const body = /^(?:[^\\'`]|\\[\s\S])*$/;
  fc.assert(
    fc.property(hostile, (value) => {
      for (const [quoted, quote] of [
        [clickhouse.text(value), "'"],
        [clickhouse.identifier(value), "`"],
      ] as const) {
        assert.is(quoted[0], quote);
        assert.is(quoted.at(-1), quote);
        const inner = quoted.slice(1, -1);
        assert.ok(body.test(inner.replaceAll(quote === "'" ? "`" : "'", "")), quoted);
        assert.is(inner.replace(/\\([\s\S])/g, "$1"), value.replaceAll("\0", ""));
      }
    }),
    { numRuns: 300 },
  );
});

/** A store for queries that need no table. */
async function scratchStore() {
  const logs = join(directory, `${made++}`);
  put(logs, "conn.log", `${connHeader}1.000000\tC1${"\t-".repeat(17)}\n`);
  await (await archived(logs, `${logs}-archive`)).close();
  return opened(`${logs}-archive`);
}

test.run();
