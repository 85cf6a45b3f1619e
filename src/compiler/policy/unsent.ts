import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { BurstDetectionModel, RuleDetectionModel } from "../../model/model.js";
import { capturedBytes } from "../../ossec/patterns/index.js";
import { type Suite, suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { LinkedDetection } from "../link/detections.js";
import type { Policy } from "./policy.js";

const advice = 'call it "user" in the order: zopf then writes srcuser, which is not looked at';

/**
 * Responses that the engine keeps to itself because of the user's name (docs/reference/wazuh.md#responses-in-wazuh):
 * whoever guesses passwords chooses it.
 */
export const checkUnsent: Policy = ({ detections, responses, model, places }) => {
  const suite = suiteOf(model.ossec);
  const { sentUser } = suite;
  if (sentUser === null) return [];
  const byName = new Map(detections.map((detection) => [detection.model.name, detection]));
  return responses.flatMap(({ model: { when, kind }, declared, armed }): readonly Diagnostic[] => {
    const verb = kind === "block" ? "blocks nobody" : "does nothing";
    const own = armed.flatMap((name) => {
      const detection = byName.get(name);
      const why = detection === undefined ? null : unsent(detection, byName, suite);
      return why === null ? [] : [why];
    });
    const others = when.kind !== "rules" || when.detections.length < when.ruleIds.length;
    const foreign =
      own.some(({ outside }) => outside) || others
        ? [
            codes.unsent(
              places.at(declared, "when").span(),
              `the response ${verb} where an alert of others' rules has a user name (dstuser) with other characters than ${sentUser.shown}: ${suite.suite} sends no response then, and whoever guesses passwords chooses the name`,
              "count lines with a detection of the bundle's own, whose order says user",
            ),
          ]
        : [];
    return [
      ...own.flatMap(({ outside, name }) =>
        outside
          ? []
          : [
              codes.wazuh(
                places.at(declared, "when").span(),
                `"${name}" gives ${suite.suite} a dstuser that may have other characters than ${sentUser.shown}: it sends no response then, and whoever guesses passwords chooses the name`,
                advice,
              ),
            ],
      ),
      ...foreign,
    ];
  });
};

/** The detections whose events a burst counts or a rule looks at; null: others are among them. */
function aboutDetections(model: BurstDetectionModel | RuleDetectionModel): readonly string[] | null {
  if (model.kind === "burst")
    return model.base.kind === "group" || model.base.detection === null ? null : [model.base.detection];
  const { under } = model;
  return under.kind === "rules" && under.others.length === 0 ? under.detections : null;
}

interface Unsent {
  /** The detection that reads the name. */
  readonly name: string;
  /** It is not the bundle's. */
  readonly outside: boolean;
}

function unsent(
  detection: LinkedDetection,
  detections: ReadonlyMap<string, LinkedDetection>,
  suite: Suite,
): Unsent | null {
  const { model } = detection;
  if (model.kind === "burst" || model.kind === "rule") {
    const outside = { name: model.name, outside: true };
    for (const name of aboutDetections(model) ?? [""]) {
      const counted = detections.get(name);
      const why = counted === undefined ? outside : unsent(counted, detections, suite);
      if (why !== null) return why;
    }
    return null;
  }
  if (model.kind !== "log") return null;
  const { order, forms } = model.decoder;
  const group = order.findIndex((name) => name === "dstuser" || name === "user") + 1;
  if (group === 0) return null;
  const sent = forms.every(
    ({ regex }) =>
      regex === null ||
      capturedBytes(regex, group)?.every((byte) =>
        suite.sentUser?.characters.test(String.fromCharCode(byte)),
      ) === true,
  );
  return sent ? null : { name: model.name, outside: false };
}
