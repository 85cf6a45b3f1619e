import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion } from "../../../src/model/model.js";
import { ossecDialects } from "../../../src/ossec/dialects.js";
import { type Predecoded, predecode } from "../../../src/ossec/predecode/index.js";
import { bytes, readCopy, readOracle } from "../patterns/oracle.js";

interface Recorded {
  readonly line: string;
  readonly ignored?: boolean;
  readonly full_log?: string;
  readonly hostname?: string;
  readonly program_name?: string | null;
  readonly log?: string;
}

function run(line: string, engine: EngineVersion = "4.3"): Predecoded {
  return predecode(line, { dialect: ossecDialects[engine], ownHostname: "vm" });
}

function expectedOf(record: Recorded): Predecoded {
  if (record.ignored === true) return { ignored: true };
  return {
    fullLog: bytes(record.full_log ?? ""),
    hostname: bytes(record.hostname ?? ""),
    programName: record.program_name == null ? null : bytes(record.program_name),
    log: bytes(record.log ?? ""),
  };
}

for (const read of [readOracle, readCopy]) {
  test(`recorded lines (${read.name})`, () => {
    const records = read("predecode.json") as readonly Recorded[];
    assert.ok(records.length > 30);
    for (const record of records) assert.equal(run(bytes(record.line)), expectedOf(record), record.line);
  });
}

/** Lines of which only host, program and message are told. */
for (const [line, hostname, programName, log] of [
  ["Dec 29 10:00:01 h prog[12x]: m", "h", null, "prog[12x]: m"],
  ["Dec 29 10:00:01 h p: [ID 1 a.b] m", "h", "p", "m"],
  ["Dec 29 10:00:01 p: [ID 1 a.b] m", "vm", "p", "m"],
  ["Dec 29 10:00:01 h p: [ID 1 a.b", "h", "p", "[ID 1 a.b"],
  // A bracket and a blank end the tag, nothing else does.
  ["Dec 29 10:00:01 h p: [ID 1]", "h", "p", "[ID 1]"],
  ["Dec 29 10:00:01 h p: [ID 1 a.b]: m", "h", "p", "[ID 1 a.b]: m"],
  ["Dec 29 10:00:01 h p: [ID 1 a]b] m", "h", "p", "m"],
  ["Dec 29 10:00:01 h p: [ID 1] ", "h", "p", ""],
  ["2015-04-16 21:51:02,805 h p: m", "h", "p", "m"],
  ["2019:11:06-00:08:03 h p[1]: m", "h", "p", "m"],
  ["2007-06-14T15:48:55.3-04:00 h p[1]: m", "h", "p", "m"],
  ["2009-05-22T09:36:46,214994-07:00 h p[1]: m", "h", "p", "m"],
  ["2009-05-22T09:36:46;214994-07:00 h p[1]: m", "vm", null, "2009-05-22T09:36:46;214994-07:00 h p[1]: m"],
  // A month with an umlaut: the length is that of the whole line.
  ["M\xc3\xa4r 85 17:95:,7 ", "vm", null, ""],
  ["2007-06-14T15:48:55-04:00 h p: m and more", "h", "p", "m and more"],
  ["Dec 29 10:00:01 (a@b/c) p: m", "(a@b/c)", "p", "m"],
  ["1140804070.368  11623 192.168.0.3 TCP_MISS/200", "vm", null, "11623 192.168.0.3 TCP_MISS/200"],
] as const) {
  test(line, () => {
    assert.equal(run(line), { fullLog: line, hostname, programName, log });
  });
}

test("control bytes are deleted before anything else, except by 3.7", () => {
  const line = "Dec 29 10:00:01 h\x07 p: a\tb\x7f\xe9";
  const cleaned = "Dec 29 10:00:01 h p: ab\xe9";
  for (const engine of ["4.3", "3.8"] as const) {
    assert.equal(run(line, engine), { fullLog: cleaned, hostname: "h", programName: "p", log: "ab\xe9" });
  }
  assert.equal(run("a\tb", "3.7"), { fullLog: "a\tb", hostname: "vm", programName: null, log: "a\tb" });
});

test("lines of less than two characters are ignored", () => {
  assert.equal(run(""), { ignored: true });
  assert.equal(run("x"), { ignored: true });
});

const headers = fc.constantFrom(
  "Dec 29 10:00:01 ",
  "2015 Dec 29 10:00:01 ",
  "2015-04-16 21:51:02,805 ",
  "2007-06-14T15:48:55.214994-07:00 ",
  "[Time 2006.12.28 15:53:55 UTC] [",
  "[Fri Feb 11 18:06:35 2004] ",
  "Mon Apr 17 18:27:14 2006 1 ",
  "01/28-09:13:16.240702  ",
  "M\xc3\xa4r 02 17:30:52 ",
  "",
);
const rests = fc
  .array(
    fc.constantFrom(
      ..."a 1 : [ ] | [ID Host Sender Message \x00 \t \xff . - , x".split(" "),
      " ",
      ": ",
      "] [",
    ),
    {
      maxLength: 20,
    },
  )
  .map((parts) => parts.join(""));

test("any line is cut into parts of itself", () => {
  fc.assert(
    fc.property(headers, rests, fc.constantFrom<EngineVersion>("4.3", "3.7"), (header, rest, engine) => {
      const line = header + rest;
      const result = run(line, engine);
      if (result.ignored) {
        assert.ok(line.length < 2);
        return;
      }
      assert.ok(result.fullLog.includes(result.log));
      assert.ok(result.programName === null || result.fullLog.includes(result.programName));
      assert.ok(result.hostname === "vm" || result.fullLog.includes(result.hostname));
      if (engine === "4.3") assert.not.match(result.fullLog, /[\x00-\x1f\x7f]/);
    }),
    { numRuns: 3000 },
  );
});

test.run();
