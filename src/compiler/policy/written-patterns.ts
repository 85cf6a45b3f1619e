import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { parsePrefix } from "../../firewall/address.js";
import type { LogDetectionModel } from "../../model/model.js";
import { type Suite, suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** A rule's element of this many bytes is dropped, and the condition with it (docs/reference/wazuh.md#rule-elements-in-wazuh). */
const tooLong = 2_048;

/** What the engine would read otherwise than it is written, though it is right for OSSEC. */
export const checkWritten: Policy = ({ detections, model: { ossec } }) => {
  const suite = suiteOf(ossec);
  return detections.flatMap(({ model }) =>
    model.kind === "log" ? [...longPatterns(model, suite), ...strangeAddresses(model, suite)] : [],
  );
};

/** Patterns that are too long as they are written, which may be longer than in the bundle. */
function longPatterns(
  { name, span, decoder, conditions }: LogDetectionModel,
  suite: Suite,
): readonly Diagnostic[] {
  const patterns = decoder.forms.flatMap(({ program, prematch, regex }) => [program, prematch, regex]);
  const written = [
    ...patterns.flatMap((pattern) =>
      pattern === null ? [] : [{ value: suite.pattern("regex", pattern).value, most: suite.longestPattern }],
    ),
    ...conditions.map((condition) => ({ value: suite.condition(condition).value, most: tooLong - 1 })),
  ];
  const long = written.find(({ value, most }) => Buffer.byteLength(value) > most);
  if (long === undefined) return [];
  const { value, most } = long;
  return [
    codes.pattern(
      span,
      `a pattern of "${name}" is written in ${Buffer.byteLength(value)} bytes (${value.slice(0, 40)}…), and ${suite.suite} takes ${most}`,
      "write it shorter, or as two detections",
    ),
  ];
}

/** Families of addresses are compared as they lie in memory (docs/reference/wazuh.md#addresses-in-wazuh). */
function strangeAddresses(
  { name, span, conditions }: LogDetectionModel,
  suite: Suite,
): readonly Diagnostic[] {
  return conditions.flatMap(({ element, value }) => {
    const network = suite.mixesFamilies && /^(?:src|dst)ip$/.test(element) ? value.replace(/^!/, "") : "any";
    const prefix = parsePrefix(network);
    if (prefix === null) return [];
    const takes =
      prefix.family === 6 && prefix.numbers.slice(0, 4).every((number) => number === 0)
        ? "every IPv4 address"
        : prefix.family === 4 && prefix.length === 0
          ? "every IPv6 address too"
          : null;
    return takes === null
      ? []
      : [
          codes.wazuh(
            span,
            `${element} of "${name}" is ${network}, which ${suite.suite} finds in ${takes}`,
            'leave it out; "any" is every address',
          ),
        ];
  });
}
