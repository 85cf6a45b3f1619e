import type { DetectionModel, ResponseModel } from "../../model/model.js";
import { codes } from "./codes.js";
import type { LinkContext } from "./field.js";
import type { Capture } from "./log.js";
import { armedDetections } from "./responses.js";

/** What a block of a log detection or a burst would do to people who have done nothing. */
export function checkBlockable(
  context: LinkContext,
  detections: readonly DetectionModel[],
  responses: readonly ResponseModel[],
  captures: ReadonlyMap<string, Capture>,
): void {
  checkTaken(context, detections, responses);
  for (const response of responses)
    for (const detection of armedDetections(response, detections)) {
      if (detection.kind !== "log" && detection.kind !== "burst") continue;
      const told = troubleOf(detection, captures.get(detection.name), response.kind);
      if (told !== null) context.diagnostics.push(told);
    }
}

/** An event that fires a burst is reported as the burst: what blocks on the base alone does not see it. */
function checkTaken(
  context: LinkContext,
  detections: readonly DetectionModel[],
  responses: readonly ResponseModel[],
): void {
  const blocked = (detection: DetectionModel): boolean =>
    responses.some(
      (response) => response.kind === "block" && armedDetections(response, [detection]).length > 0,
    );
  for (const detection of detections) {
    if (detection.kind !== "burst" || blocked(detection)) continue;
    const { base, name, span } = detection;
    const counted = detections.find((one) => base.kind === "rule" && one.name === base.detection);
    if (counted === undefined || !blocked(counted)) continue;
    context.diagnostics.push(
      codes.takesEvent(
        span,
        `"${counted.name}" starts a block and "${name}" starts none: the event that fires "${name}" is reported as that alone, and neither starts nor prolongs a block`,
        `block on "${name}" too`,
      ),
    );
  }
}

function troubleOf(
  detection: Extract<DetectionModel, { readonly kind: "log" | "burst" }>,
  capture: Capture | undefined,
  response: ResponseModel["kind"],
): ReturnType<typeof codes.source> | null {
  const { name, span } = detection;
  if (capture?.fields.has("srcip") !== true)
    return codes.source(
      span,
      `"${name}" starts a response, but gives OSSEC no source address to hand on`,
      detection.kind === "log"
        ? 'capture the address: order: ["srcip"]'
        : 'count per source: per: "source", of a detection that captures srcip',
    );
  // Who is only told of can be anybody.
  if (response !== "block") return null;
  if (detection.kind === "burst" && !detection.flags.includes("same_source_ip"))
    return codes.innocent(
      span,
      `"${name}" leads to a block, but adds up events of different sources: the last one would be blocked for all`,
      'count per source: per: "source"',
    );
  const { forgeable } = capture;
  if (forgeable === null)
    return capture.cutLine === null
      ? null
      : codes.cutLine(
          capture.cutLine,
          `"${name}" leads to a block, and its address is the last of the line: OSSEC cuts lines of about 6,000 bytes and then deletes control bytes, so whoever gets that many bytes of his own, TABs among them, into one line chooses where it ends, and with that the address`,
          "let only fixed text and numbers stand before the address (^denied ([0-9.]+) ), or let the program bound or escape what it logs of others; lines with a program's name (program: …) come through syslog, which escapes",
        );
  if (!forgeable.known)
    return codes.forgeable(
      forgeable.span,
      `"${name}" leads to a block, and whether an attacker can choose the address is not known: ${forgeable.why}`,
      "zopf lint with the host's OSSEC home tells: OSSEC-AR-ON-FORGEABLE-RULE",
    );
  return codes.forgeableSource(
    forgeable.span,
    `"${name}" leads to a block, and whoever writes another part of the line can choose the address: ${forgeable.why}`,
    "let everything from the address to the line's end be fixed text, numbers and single words (` from ([0-9a-f.:]+) port \\d+ ssh2$`), or let only fixed text and numbers stand before it, from ^ on; or take the block away",
  );
}
