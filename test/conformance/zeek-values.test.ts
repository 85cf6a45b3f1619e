/** Addresses, subnets, ports, intervals and doubles as the real Zeek prints and compares them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { oracle } from "../zeek/helpers.js";
import { valueSaid } from "./zeek-said.js";

const test = suite("Zeek values");
const source = join(oracle, "expressions.json");

interface Recorded {
  readonly zeek: string;
  readonly type: string;
  readonly result: string;
}

function isRecorded(value: unknown): value is Recorded {
  return (
    typeof value === "object" && value !== null && "zeek" in value && "result" in value && "type" in value
  );
}

function recorded(): Recorded[] {
  if (!existsSync(source)) {
    console.log("skipped: ../shared/oracle/zeek/expressions.json is not there");
    return [];
  }
  const parsed: unknown = JSON.parse(readFileSync(source, "utf8"));
  const list: unknown =
    typeof parsed === "object" && parsed !== null && "records" in parsed ? parsed.records : [];
  return Array.isArray(list) ? list.filter(isRecorded) : [];
}

const records = recorded();
let compared = 0;
for (const record of records) {
  const mine = valueSaid(record.zeek);
  if (mine === undefined) continue;
  compared++;
  test(record.zeek, () => assert.is(mine, record.result));
}

test("many were compared", () => {
  if (records.length > 0) assert.ok(compared > 80, `${compared}`);
});

test.run();
