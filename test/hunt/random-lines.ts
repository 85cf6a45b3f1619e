/** Random rows of a table of lines, rules that fire on them, and what the engine makes of them. */
import fc from "fast-check";
import { type TableRow, writtenLines } from "../../src/hunt/lines.js";
import type { Ruleset } from "../../src/ossec/definitions.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { decoders, message } from "../ossec/engine/random.js";

export const start = 1_781_175_600;
/** Few seconds, so that lines meet in them; with and without a fraction. */
const time = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, 0, 0, 0.25, 0.000001, 0.999999))
  .map(([seconds, more]) => start + seconds + more);
const host = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom("web", "h-1.example") },
  { weight: 2, arbitrary: fc.constant("") },
  fc.constantFrom("a b", "host:", "2001:db8::1", "h\tx", "su:"),
);
const program = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom("app", "app[17]", "su", "other", "") },
  fc.constantFrom("a: b", "app [1]", "app[x]", "G failed /", "x\nfailed"),
);
/** Text that a table of UTF-8 holds, as bytes. */
const utf8 = (text: string): string => {
  const bytes = Buffer.from(text, "latin1");
  const isUtf8 = Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
  return (isUtf8 ? bytes : Buffer.from(text, "utf8")).toString("latin1");
};
const heads = fc.constantFrom(
  "",
  "",
  "D 192.0.2.1 bob 7 ",
  "D 192.0.2.0 root 7 ",
  "G failed /",
  "G /logon /",
  "app: ",
  "su[7]: ",
  "Dec 29 10:00:01 h app[1]: ",
  "id=fire pri=6 c=1 m=97 src=192.0.2.1:36:WAN dst=192.0.2.2:50:WAN proto=tcp result=7 arg=/",
);
const text = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(heads, message).map(([head, rest]) => utf8(head + rest)) },
  {
    weight: 20,
    arbitrary: fc
      .tuple(
        heads,
        fc.array(fc.constantFrom("failed", "refused", "REFUSED", "fail ed", "open a7", "quiet", "root"), {
          maxLength: 2,
        }),
      )
      .map(([head, words]) => head + words.join(" ")),
  },
  { weight: 1, arbitrary: fc.constantFrom("fai\x01led", "refu\xc5\xbfed", "sk\xe2\x84\xaaoop\xc3\xa9r") },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 6090, max: 6300 }).map((length) => `${"x".repeat(length)}failed`),
  },
);
const row: fc.Arbitrary<TableRow> = fc.record({ time, host, program, message: text });
/** Some rows several times: the daemon drops repeated lines. */
export const rows = fc
  .array(fc.tuple(row, fc.constantFrom(1, 1, 1, 2, 3), fc.constantFrom(0, 0, 1, 5)), {
    minLength: 25,
    maxLength: 60,
  })
  .map((several) =>
    several.flatMap(([one, times, later]) =>
      Array.from({ length: times }, (_, i) => ({ ...one, time: one.time + i * later })),
    ),
  );

const words = fc.constantFrom("failed", "refused", "^open", "root|quiet", "error|fail", "skoop\xc3\xa9r");
const simple = fc.oneof(
  { weight: 4, arbitrary: words.map((found) => `<match>${found}</match>`) },
  words.map((found) => `<pcre2>(?i)${found}</pcre2>`),
  fc.constantFrom(
    "<decoded_as>app</decoded_as><match>fail|refused</match>",
    "<decoded_as>acc</decoded_as>",
    "<program_name>^app|su</program_name>",
    "<program_name>su</program_name><regex>\\S+ root</regex>",
    "<if_fts /><decoded_as>app</decoded_as>",
    "<check_diff /><match>failed</match>",
  ),
);
/** Rules that fire often: alone, in bursts of themselves, below one another. */
export const lively = fc
  .array(
    fc.record({
      level: fc.constantFrom(0, 0, 3, 5, 9),
      more: fc.constantFrom("", "", 'ignore="30"', 'noalert="1"', 'maxsize="20"'),
      below: fc.option(fc.nat({ max: 9 }), { freq: 2 }),
      burst: fc.option(fc.constantFrom("<same_source_ip />", "<not_same_id />", ""), { freq: 3 }),
      simple,
    }),
    { minLength: 2, maxLength: 8 },
  )
  .map((several) =>
    several
      .map(({ level, more, below, burst, simple: condition }, i) => {
        const id = 100 + i;
        const parent = below === null || i === 0 ? "" : `<if_sid>${100 + (below % i)}</if_sid>`;
        const single = `<rule id="${id}" level="${level}" ${more}>${parent}${condition}<group>seen,</group><description>r</description></rule>`;
        return burst === null
          ? single
          : `${single}<rule id="${id + 100}" level="8" frequency="1" timeframe="20"><if_matched_sid>${id}</if_matched_sid>${burst}<description>b</description></rule>`;
      })
      .join(""),
  );
export const livelyDecoders = `${decoders}
<decoder name="acc"><program_name>^other</program_name></decoder>
<decoder name="acc-1"><parent>acc</parent><regex>^(\\S+)</regex><order>id</order><accumulate /></decoder>
<decoder name="app-fts"><parent>app</parent><regex>(\\w+)$</regex><order>user</order><fts>name, user</fts></decoder>
`;

/** Bytes in the order of a table's texts. */
const order = (a: TableRow, b: TableRow): number =>
  a.time - b.time ||
  Buffer.compare(Buffer.from(a.host, "latin1"), Buffer.from(b.host, "latin1")) ||
  Buffer.compare(Buffer.from(a.program, "latin1"), Buffer.from(b.program, "latin1")) ||
  Buffer.compare(Buffer.from(a.message, "latin1"), Buffer.from(b.message, "latin1"));

export const sorted = (given: readonly TableRow[]) =>
  [...given].sort(order).flatMap((one) => writtenLines(one).map((line) => ({ text: line, time: one.time })));

/** What the engine reports, and remembers. */
export function reported(
  ruleset: Ruleset,
  lines: readonly { readonly text: string; readonly time: number }[],
) {
  const engine = createEngine(ruleset, { ownHostname: "here", timeZone: "UTC", mode: "daemon" });
  return lines.flatMap(({ text: line, time: at }) => {
    const event = engine.process(line, Math.floor(at));
    if (event.kind === "crash") return [[line, at, event.reason]];
    if (event.kind !== "event" || event.rule === null || event.rule.level === 0) return [];
    const { rule, alert, silencedBy, srcip, lastEvents, counted, firedTimes } = event;
    return [[line, at, rule.id, alert, silencedBy, srcip, [...lastEvents], counted.length, firedTimes]];
  });
}
