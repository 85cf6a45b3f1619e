/** The detection that takes the lines of access logs, and how to know such a log. */
import { closeSync, openSync, readSync } from "node:fs";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Detection } from "../../dsl/detection.js";
import type { Drafted } from "../draft.js";
import { accessFields } from "./line-events.js";
import { accessAddress, accessDate, accessHost, type LineFormat, quotedText } from "./line-formats.js";
import type { Test } from "./rule.js";

const methods = ["GET", "POST", "HEAD", "PUT"];
const paths = ["/index.html?a=b", "/", "/pictures/17.png", "/api/v1/items/42", "/Search?q=some+words&page=3"];
const answers = ["200 162", "304 0", "404 1048576"];
const senders = [
  '"-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"',
  '"https://www.example.org/" "Safari"',
  '"-" "-"',
];

/** Lines of which one is the sample of the detection that takes them all: none of the rules below it may. */
export const plainLines: readonly string[] = senders.flatMap((sender) =>
  answers.flatMap((answer) =>
    paths.flatMap((path) =>
      methods.map(
        (method) =>
          `198.51.100.66 - - [14/Nov/2026:18:09:08 +0000] "${method} ${path} HTTP/1.1" ${answer} ${sender}`,
      ),
    ),
  ),
);

/**
 * The test with fields by the names that lines have them by. A hyphen in an access log is written for what there is not:
 * whoever asks for it asks for that.
 */
export function testOfLines(test: Test, format: LineFormat): Test {
  switch (test.kind) {
    case "all":
    case "any":
      return { ...test, of: test.of.map((one) => testOfLines(one, format)) };
    case "not":
      return { ...test, of: testOfLines(test.of, format) };
    case "keyword":
      return test;
    case "field": {
      const pieces = test.test.kind === "text" ? test.test.pieces : [];
      const [only] = pieces;
      const isHyphen =
        format.name === "access" && pieces.length === 1 && only?.kind === "text" && only.text === "-";
      const field = test.field.toLowerCase();
      return isHyphen ? { ...test, field, test: { kind: "null" } } : { ...test, field };
    }
  }
}

/** Bytes that are looked at to know what a log is. */
const looked = 1 << 16;

/** Whether the first lines of a file are those of an access log: most of them. */
export function isAccessLog(file: string): boolean {
  let text: string;
  try {
    const descriptor = openSync(file, "r");
    try {
      const bytes = Buffer.alloc(looked);
      text = bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, looked, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Whoever reads it says so.
    return false;
  }
  const lines = text
    .split("\n")
    .slice(0, 50)
    .filter((line) => line !== "");
  return lines.filter((line) => accessFields(line) !== null).length * 2 > lines.length;
}

/**
 * @param sample - that no rule below it takes
 * @param place - of the first rule about them
 */
export function accessLines(name: string, sample: string, place: Span): Drafted<Detection> {
  return {
    value: {
      kind: "log",
      name,
      regex: {
        language: "pcre2",
        text: `^${accessHost}(${accessAddress}) \\S+ [^\\["]*${accessDate}"${quotedText}" (\\d+) `,
      },
      order: ["srcip", "id"],
      samples: [{ line: sample, fields: { srcip: "198.51.100.66" } }],
      rule: { level: 0, description: "A line of a web server's access log", groups: ["sigma"] },
    },
    comments: [
      "Lines of access logs, common and combined, with or without the virtual host. OSSEC has to read the log: name it here as log, or in ossec.conf.",
      "Where the host's own decoders take these lines (OSSEC's and Wazuh's web-accesslog does), import with --with HOME: the rules then stand below those of the host.",
    ],
    origin: { place, rules: [] },
    isGround: true,
  };
}
