import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { LinkedDerived, LinkedDetection, LinkedLog } from "../link/detections.js";
import type { Policy } from "./policy.js";

/** What a response to a log detection or a burst would do to people who have done nothing. */
export const checkBlockable: Policy = ({ detections, responses }) => {
  const ofLines = new Map(detections.filter(isOfLines).map((detection) => [detection.model.name, detection]));
  return responses.flatMap(({ model, armed }) =>
    armed.flatMap((name) => {
      const detection = ofLines.get(name);
      return detection === undefined ? [] : (troubleOf(detection, model.kind === "block") ?? []);
    }),
  );
};

function isOfLines(detection: LinkedDetection): detection is LinkedLog | LinkedDerived {
  return ["log", "burst", "rule", "sequence"].includes(detection.kind);
}

function troubleOf({ kind, model, capture }: LinkedLog | LinkedDerived, block: boolean): Diagnostic | null {
  const { name, span } = model;
  const { fields, forgeable, cutLine } = capture;
  if (!fields.has("srcip"))
    return codes.source(
      span,
      `"${name}" starts a response, but gives OSSEC no source address to hand on`,
      kind === "log"
        ? 'capture the address: order: ["srcip"]'
        : 'count per source: per: "source", of a detection that captures srcip',
    );
  // Whoever is only reported can be anybody.
  if (!block) return null;
  const accepts = (code: string): boolean => model.rule.accept?.includes(code) === true;
  if (
    (kind === "burst" || kind === "sequence") &&
    !model.flags.includes("same_source_ip") &&
    !accepts("OSSEC-COMPOSITE-WITHOUT-SAME")
  )
    return codes.innocent(
      span,
      `"${name}" leads to a block, but adds up events of different sources: the last one would be blocked for all`,
      'count per source: per: "source"',
    );
  if (accepts("OSSEC-AR-ON-FORGEABLE-RULE")) return null;
  if (forgeable === null)
    return cutLine === null
      ? null
      : codes.cutLine(
          cutLine,
          `"${name}" leads to a block, and its address is the last of the line: OSSEC cuts lines of about 6,000 bytes and then deletes control bytes, so whoever gets that many bytes of his own, TABs among them, into one line chooses where it ends, and with that the address`,
          "let only fixed text and numbers stand before the address (^denied ([0-9.]+) ), or let the program bound or escape what it logs of others; lines with a program's name (program: …) come through syslog, which escapes",
        );
  return forgeable.known
    ? codes.forgeableSource(
        forgeable.span,
        `"${name}" leads to a block, and whoever writes another part of the line can choose the address: ${forgeable.why}`,
        forgeable.help ??
          "let everything from the address to the line's end be fixed text, numbers and single words (` from ([0-9a-f.:]+) port \\d+ ssh2$`), or let only fixed text and numbers stand before it, from ^ on; or take the block away",
      )
    : codes.forgeable(
        forgeable.span,
        `"${name}" leads to a block, and whether an attacker can choose the address is not known: ${forgeable.why}`,
        "zopf lint with the host's OSSEC home tells: OSSEC-AR-ON-FORGEABLE-RULE",
      );
}
