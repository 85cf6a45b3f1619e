/** What zopf says to recorded expressions of Zeek; shared by the tests of the whole oracle and of its copied cases. */
import * as assert from "uvu/assert";
import { compilePattern } from "../../src/detections/expressions/pattern.js";
import { compareAddresses, parseAddress } from "../../src/zeek/values/address.js";
import { formatIntervalText } from "../../src/zeek/values/numbers.js";
import { formatPort, parsePort } from "../../src/zeek/values/port.js";
import { createSubnetSet, parseSubnet, subnetContains } from "../../src/zeek/values/subnet.js";
import { evaluateZeek } from "../compiler/expressions/zeek-reference.js";

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

/** What zopf says to an expression with addresses, subnets, ports or an interval; undefined for other forms. */
export function valueSaid(zeek: string): string | undefined {
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

/** What the replay's patterns say to `/…/ == "…"` and its kin; undefined for other forms. */
export function patternSaid(zeek: string): string | undefined {
  const match = /^\/(.*)\/([is]*) (==|!=|in|!in) ("(?:[^"\\]|\\.)*")$/s.exec(zeek);
  if (match === null) return undefined;
  const [, source = "", flags = "", operator = "", subject = ""] = match;
  const matcher = compilePattern(Buffer.from(source, "utf8").toString("latin1"), flags);
  const text = evaluateZeek(subject, {});
  if (matcher === undefined || text.t !== "string") return "error";
  const found = operator.endsWith("in") ? matcher.within(text.v) : matcher.whole(text.v);
  return found === !operator.startsWith("!") ? "T" : "F";
}
