import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { parsePrefix } from "../../firewall/address.js";
import type { LogDetectionModel, RuleDetectionModel } from "../../model/model.js";
import { type Suite, suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** A rule's element of this many bytes is dropped, and the condition with it (docs/reference/wazuh.md#rule-elements-in-wazuh). */
const tooLong = 2_048;

/** What the engine would read otherwise than it is written, though it is right for OSSEC. */
export const checkWritten: Policy = ({ detections, model: { ossec } }) => {
  const suite = suiteOf(ossec);
  return detections.flatMap(({ model }) => {
    switch (model.kind) {
      case "log":
      case "rule":
        return [
          ...longPatterns(model, suite),
          ...strangeAddresses(model, suite),
          ...fixedFields(model, suite),
        ];
      default:
        return [];
    }
  });
};

type Conditioned = LogDetectionModel | RuleDetectionModel;

/** Patterns that are too long as they are written, which may be longer than in the bundle. */
function longPatterns(model: Conditioned, suite: Suite): readonly Diagnostic[] {
  const { name, span, conditions } = model;
  const patterns =
    model.kind === "rule"
      ? []
      : model.decoder.forms.flatMap(({ program, prematch, regex }) => [program, prematch, regex]);
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
function strangeAddresses({ name, span, conditions }: Conditioned, suite: Suite): readonly Diagnostic[] {
  if (!suite.mixesFamilies) return [];
  return conditions.flatMap(({ element, value }) => {
    const network = /^(?:src|dst)ip$/.test(element) ? value.replace(/^!/, "") : "any";
    const takes = takesOthers(network);
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

/** Which addresses of the other family a network is found in; null: in none. */
function takesOthers(network: string): string | null {
  const prefix = parsePrefix(network);
  if (prefix === null) return null;
  const { family, numbers, length } = prefix;
  if (family === 6) return numbers.slice(0, 4).every((number) => number === 0) ? "every IPv4 address" : null;
  return length === 0 ? "every IPv6 address too" : null;
}

/** Fields that have an element of their own (docs/reference/wazuh.md#rule-elements-in-wazuh). */
function fixedFields({ name, span, conditions }: Conditioned, suite: Suite): readonly Diagnostic[] {
  return conditions.flatMap(({ field }) =>
    field !== null && suite.fixedFields.has(field.toLowerCase())
      ? [
          codes.wazuh(
            span,
            `"${name}" asks for ${field} as for a field of the decoder's own, and ${suite.suite} refuses the rule`,
            "ask for it by the property of that name, or call the field otherwise",
          ),
        ]
      : [],
  );
}
