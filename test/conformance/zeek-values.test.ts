/** Addresses, subnets, ports, intervals and doubles as the real Zeek prints and compares them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compareAddresses, parseAddress } from "../../src/zeek/values/address.js";
import { formatIntervalText } from "../../src/zeek/values/numbers.js";
import { formatPort, parsePort } from "../../src/zeek/values/port.js";
import { createSubnetSet, parseSubnet, subnetContains } from "../../src/zeek/values/subnet.js";
import { oracle } from "../zeek/helpers.js";

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
const bare = (text: string) => text.replaceAll(/[[\]]/g, "");
const truth = (value: boolean) => (value ? "T" : "F");
const UNITS: Readonly<Record<string, number>> = {
  usec: 1e-6,
  msec: 1e-3,
  sec: 1,
  min: 60,
  hr: 3600,
  day: 86_400,
};

/** What zopf says to an expression of a form that this test knows; undefined for other forms. */
function evaluate(zeek: string): string | undefined {
  const operation = /^(\S+) (==|<|in|!in) (\S+)$/.exec(zeek);
  if (operation !== null) {
    const [, left = "", operator = "", right = ""] = operation;
    const a = parseAddress(bare(left));
    const b = parseAddress(bare(right));
    const subnet = parseSubnet(bare(right));
    if (a !== undefined && b !== undefined && operator === "==") return truth(a.text === b.text);
    if (a !== undefined && b !== undefined && operator === "<") return truth(compareAddresses(a, b) < 0);
    if (a !== undefined && subnet !== undefined) {
      const inside = subnetContains(subnet, a);
      assert.is(createSubnetSet([subnet]).has(a.text), inside);
      return truth(operator === "in" ? inside : !inside);
    }
    const s = parseSubnet(bare(left));
    if (s !== undefined && subnet !== undefined && operator === "==") return truth(s.text === subnet.text);
    const [p, q] = [parsePort(left), parsePort(right)];
    if (p !== undefined && q !== undefined && operator !== "in")
      return truth(operator === "==" ? p === q : p < q);
    return undefined;
  }
  const printed = /^fmt\("%s", (.*)\)$/.exec(zeek)?.[1] ?? zeek;
  const port = parsePort(printed);
  if (port !== undefined) return formatPort(port);
  const address = parseAddress(/^to_addr\("(.*)"\)$/.exec(zeek)?.[1] ?? bare(printed));
  if (address !== undefined) return address.text;
  const subnet = parseSubnet(bare(printed));
  if (subnet !== undefined) return subnet.text;
  const interval = /^(-?[0-9.]+) ?(usec|msec|sec|min|hr|day)s?(?: \* (\d+)| \/ (\d+))?$/.exec(printed);
  if (interval === null) return undefined;
  const [, number = "", unit = "", times = "1", over = "1"] = interval;
  return formatIntervalText((Number(number) * (UNITS[unit] ?? 0) * Number(times)) / Number(over));
}

let compared = 0;
for (const record of records) {
  const mine = evaluate(record.zeek);
  if (mine === undefined) continue;
  compared++;
  test(record.zeek, () => assert.is(mine, record.result));
}

test("many were compared", () => {
  if (records.length > 0) assert.ok(compared > 80, `${compared}`);
});

test.run();
