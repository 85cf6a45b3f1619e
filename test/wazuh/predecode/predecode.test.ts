import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lineBytes } from "../../../src/ossec/predecode/line-bytes.js";
import { cutLine, shownHostname } from "../../../src/wazuh/predecode/predecode.js";
import { wazuhOracleIsHere, wazuhRecords } from "../../conformance/wazuh-oracle.js";
import { wazuhPredecode } from "../../conformance/wazuh-predecode.js";

// A few of the recorded answers, so that a clone checks them as well (docs/reference/wazuh.md#pre-decoding-in-wazuh).
const recorded = [
  {
    line: "Nov 14 18:09:08 web sshd[12]:hello",
    log: "hello",
    timestamp: "Nov 14 18:09:08",
    hostname: "web",
    program_name: "sshd",
  },
  {
    line: "Nov 14 18:09:08 web pm:from here",
    log: "from here",
    timestamp: "Nov 14 18:09:08",
    hostname: "web",
    program_name: "pm",
  },
  {
    line: "Nov 14 18:09:08 TCP: SYN",
    log: "SYN",
    timestamp: "Nov 14 18:09:08",
    hostname: "vm",
    program_name: "TCP",
  },
  {
    line: "Nov 14 18:09:08 web sshd: [ID 702911 auth.info]m",
    log: "",
    timestamp: "Nov 14 18:09:08",
    hostname: "web",
    program_name: "sshd",
  },
  {
    line: "2020-11-14T18:09:08.123Z web sshd[12]: hello world",
    log: "d[12]: hello world",
    timestamp: "2020-11-14T18:09:08.123Z web ss",
    hostname: "vm",
    program_name: null,
  },
  {
    line: "2020-11-14 18:09:08.404756+0200 web sshd[12]: hello world",
    log: "hello world",
    timestamp: "2020-11-14 18:09:08.404756+0200",
    hostname: "web",
    program_name: "sshd",
  },
  {
    line: "1140804070.368      3 192.168.0.1 TCP_MISS/200 1",
    log: "3 192.168.0.1 TCP_MISS/200 1",
    timestamp: "1140804070.368     ",
    hostname: "vm",
    program_name: null,
  },
  {
    line: "[Fri Feb 11 18:06:35 2004][warn] x",
    log: "warn] x",
    timestamp: "Fri Feb 11 18:06:35 2004",
    hostname: "vm",
    program_name: null,
  },
  {
    line: "plain line",
    location: "[001] (agent-1) 10.0.0.9->/x",
    log: "plain line",
    timestamp: null,
    hostname: "agent-1",
    program_name: null,
    internalLocation: "(agent-1) 10.0.0.9->/x",
    agentId: "001",
  },
  {
    line: "plain line",
    location: "[001] agent-1 any->/x",
    log: "plain line",
    timestamp: null,
    hostname: "",
    program_name: null,
    agentId: "001",
  },
  { line: "plain line", location: "[001", error: "format" },
];

test("lines are cut as the engine cut them", () => {
  for (const { name, difference } of wazuhPredecode(recorded)) assert.is(difference, null, name);
});

test("every recorded line is cut as the engine cut it", () => {
  if (!wazuhOracleIsHere) return console.log("skipped: ../shared/oracle/wazuh is not here");
  const all = wazuhPredecode(wazuhRecords("predecode.json"));
  assert.ok(all.length > 200);
  for (const { name, difference } of all) assert.is(difference, null, name);
});

test("the host of an alert is the word behind a whole date", () => {
  assert.is(shownHostname("Nov 14 18:09:08 web sshd: x"), "web");
  assert.is(shownHostname("Nov 14 18:09:08  web sshd: x"), null);
  assert.is(shownHostname("1ov 14 18:09:08 web sshd: x"), null);
});

const piece = fc.constantFrom(
  "Nov 14 18:09:08 ",
  "2020-11-14T18:09:08.123456+00:00 ",
  "2020-11-14 18:09:08,805 ",
  "2020 Nov 14 18:09:08 ",
  "M\xc3\xa4r 02 17:30:52 ",
  "01/28-09:13:16.240702  ",
  "[Fri Feb 11 18:06:35 2004] ",
  "[Time 2006.11.02 14:02:11 UTC] [Sender x] [Message y",
  "1140804070.368  11623 ",
  "web ",
  "sshd[12]",
  ": ",
  ":",
  " ",
  "[ID 1 auth.info] ",
  "auth|security:info ",
  "x",
  "\t",
  "\xff",
  "]",
);

test("the message is a part of the line, dates and names too", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const line = pieces.join("");
      const cut = cutLine(lineBytes(line), "stdin", "vm");
      if (cut === null) return false;
      const { log, logStart, dateStart, dateEnd, programName, hostname } = cut;
      assert.is(cut.fullLog, line);
      assert.is(line.slice(logStart, logStart + log.length), log);
      assert.ok(dateStart <= dateEnd && dateEnd <= line.length);
      return line.includes(programName ?? "") && (hostname === "vm" || line.includes(hostname));
    }),
    { numRuns: 2000 },
  );
});

test.run();
