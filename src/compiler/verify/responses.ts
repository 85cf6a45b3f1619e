import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { DetectionModel, Model, ResponseModel } from "../../model/model.js";
import type { ActiveResponseDefinition, LoadedOssec } from "../../ossec/definitions.js";
import { forgeable as decoderForgeable } from "../../ossec/forgeable-source.js";
import { forgeable } from "../../targets/ossec/notice-lines.js";
import { commandOf, runningResponses } from "../../targets/ossec/responses.js";
import { codes as bundleCodes } from "../codes.js";
import { armedDetections } from "../link/responses.js";
import { codes } from "./codes.js";

/** A response that a detection is to start, and that is not among those bound to its rule; null: all are. */
export function unboundProblem(
  model: Model,
  detection: DetectionModel,
  bound: readonly ActiveResponseDefinition[],
): Diagnostic | null {
  const missing = unboundCommand(model, detection, bound);
  if (missing === null) return null;
  return codes.response(
    detection.span,
    `rule ${detection.rule.id} of "${detection.name}" fires, but no active response with the command ${missing} is bound to it`,
    "this is a bug in zopf: please report it with the bundle",
  );
}

/** A command that a detection's alert is to start and that is not among those bound to its rule; null: all are. */
export function unboundCommand(
  model: Model,
  detection: DetectionModel,
  bound: readonly ActiveResponseDefinition[],
): string | null {
  const started = new Set(bound.map(({ command }) => command.name));
  return (
    runningResponses(model)
      .filter((response) => armedDetections(response, [detection]).length > 0)
      .map((response) => commandOf(model, response).command)
      .find((command) => !started.has(command)) ?? null
  );
}

/** Responses to rules of others: that the ids, groups and levels stand in what is emitted. */
export function missingResponses(model: Model, loaded: LoadedOssec): readonly Diagnostic[] {
  return runningResponses(model).flatMap((response) => {
    const { command } = commandOf(model, response);
    const mine = loaded.conf.activeResponses.filter((one) => one.command.name === command);
    return isThere(response, mine)
      ? []
      : [
          codes.response(
            response.span,
            `no active response with the command ${command} is started by what this one names`,
            "this is a bug in zopf: please report it with the bundle",
          ),
        ];
  });
}

function isThere(
  { when }: ResponseModel,
  emitted: readonly {
    readonly level: number;
    readonly rulesId: readonly number[];
    readonly rulesGroup: { readonly text: string } | null;
  }[],
): boolean {
  switch (when.kind) {
    case "rules":
      return when.ruleIds.every((id) => emitted.some(({ rulesId }) => rulesId.includes(id)));
    case "level":
      return emitted.some(({ level }) => level === when.level);
    case "group":
      return emitted.some(({ rulesGroup }) => rulesGroup?.text.includes(`^${when.group},`) === true);
  }
}

/**
 * A block of an address that somebody else can choose is a weapon against the gateway, the name server, the
 * administrator. Notices of Zeek are judged by the format of their log; every other line by the decoder that
 * reads its address, as lint does.
 *
 * @param decodersOf - names of the decoders that take a detection's lines
 */
export function forgeableBlocks(
  model: Model,
  loaded: LoadedOssec,
  decodersOf: (detection: DetectionModel) => ReadonlySet<string>,
): readonly Diagnostic[] {
  return model.responses.flatMap((response) => {
    if (response.kind !== "block") return [];
    return armedDetections(response, model.detections).flatMap((detection) => {
      const why = forgeableSource(model, loaded, detection, decodersOf);
      if (why === null) return [];
      return [
        bundleCodes.forgeableBlock(
          response.span,
          `the source of "${detection.name}" can be forged, so whoever writes into the log chooses who is blocked: ${why.reason}`,
          why.help,
        ),
      ];
    });
  });
}

function forgeableSource(
  model: Model,
  loaded: LoadedOssec,
  detection: DetectionModel,
  decodersOf: (detection: DetectionModel) => ReadonlySet<string>,
): { readonly reason: string; readonly help: string } | null {
  if (detection.kind === "zeek") {
    const reason = forgeable(model, detection);
    return reason === null
      ? null
      : { reason, help: 'use noticeLog: "dedicated", which cannot be forged, or let it alert only' };
  }
  const names = decodersOf(detection);
  for (const decoder of loaded.decoders.all) {
    const reason = names.has(decoder.reportedName) ? decoderForgeable(decoder) : null;
    if (reason !== null)
      return {
        reason,
        help: 'anchor what stands before the address, or tell of it only: kind: "notify" or "log"',
      };
  }
  return null;
}
