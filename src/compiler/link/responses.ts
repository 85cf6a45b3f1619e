import type {
  BlockResponseModel,
  DetectionModel,
  LogResponseModel,
  NotifyResponseModel,
  ResponseModel,
} from "../../model/model.js";
import { codes } from "./codes.js";
import { readDuration, showDuration } from "./duration.js";
import { child, type Field, type LinkContext, readList, readObject, readOneOf } from "./field.js";
import { readEscalate, readPrefix } from "./response-block.js";
import { responseCodes } from "./response-codes.js";
import { readNotification } from "./response-notify.js";
import { type OwnDetections, readWhen, readWhere } from "./response-when.js";

/** What responses depend on beside themselves. */
export interface ResponseSettings extends OwnDetections {
  readonly bundle: string;
  readonly installation: "local" | "server";
  /** The bundle names its hosts itself. */
  readonly targets: boolean;
}

interface Placed<Response = ResponseModel> {
  readonly response: Response;
  readonly field: Field;
}

/** The responses, with the rules that start each. */
export function readResponses(
  context: LinkContext,
  field: Field,
  settings: ResponseSettings,
): readonly ResponseModel[] {
  if (field.value === undefined) return [];
  const found: Placed[] = [];
  for (const entry of readList(context, field) ?? []) {
    const response = readResponse(context, entry, settings);
    if (response !== null) found.push({ response, field: entry });
  }
  checkCovered(context, found, settings.detections);
  checkAgreement(context, found);
  return found.map(({ response }) => response);
}

/** The bundle's own detections whose alerts start a response. */
export function armedDetections(
  response: Pick<ResponseModel, "when">,
  detections: readonly DetectionModel[],
): readonly DetectionModel[] {
  const { when } = response;
  switch (when.kind) {
    case "rules":
      return detections.filter((detection) => when.detections.includes(detection.name));
    case "level":
      return detections.filter((detection) => detection.rule.level >= when.level);
    case "group":
      return detections.filter(
        ({ rule }) => rule.level > 0 && rule.groups.some((group) => group === when.group),
      );
  }
}

function readResponse(context: LinkContext, entry: Field, settings: ResponseSettings): ResponseModel | null {
  if (readObject(context, entry) === null) return null;
  const kind = readOneOf(context, child(context, entry, "kind"), ["block", "log", "notify"]);
  const where = readWhere(context, child(context, entry, "where"), settings);
  const end = kind === "block" || kind === "log" ? readEnd(context, entry, kind) : { seconds: null };
  const when = readWhen(context, entry, settings);
  if (kind === null) return null;
  const base = when === null || where === null ? null : { when, where, span: entry.span() };
  const script = { command: `${settings.bundle}-${kind}`, executable: `${settings.bundle}-${kind}.sh` };
  switch (kind) {
    case "block": {
      const seconds = end?.seconds ?? null;
      const escalate = readEscalate(context, child(context, entry, "escalate"), seconds);
      const prefix = readPrefix(context, child(context, entry, "prefix"));
      if (base === null || seconds === null || escalate === null || prefix === undefined) return null;
      return { kind, ...base, seconds, escalate, prefix };
    }
    case "log":
      return base === null || end === null ? null : { kind, ...base, ...script, ...end };
    case "notify": {
      const told = readNotification(context, entry);
      return base === null || told === null ? null : { kind, ...base, ...script, ...told };
    }
  }
}

/** When a block ends: OSSEC counts whole seconds, and 0 would never end (spec/ossec.md 11). */
function readEnd(
  context: LinkContext,
  entry: Field,
  kind: "block" | "log",
): { readonly seconds: number | null } | null {
  const field = child(context, entry, "for");
  if (field.value === undefined && kind === "log") return { seconds: null };
  if (field.value === undefined) {
    context.diagnostics.push(
      responseCodes.noEnd(
        entry.span(),
        `${entry.label} does not say how long the source stays blocked`,
        'addresses change hands, and everybody errs: say for: "10 min"',
      ),
    );
    return null;
  }
  const seconds = readDuration(context, field);
  if (seconds === null || (Number.isInteger(seconds) && seconds >= 1))
    return seconds === null ? null : { seconds };
  context.diagnostics.push(
    codes.duration(
      field.span(),
      `${field.label} is ${showDuration(seconds)}; OSSEC counts whole seconds, at least 1`,
    ),
  );
  return null;
}

/** One alert starts each script once: execd knows a script and an address, not a response (spec/ossec.md 11). */
function checkCovered(
  context: LinkContext,
  found: readonly Placed[],
  detections: readonly DetectionModel[],
): void {
  const covered = new Map<string, Field>();
  for (const { response, field } of found) {
    const armed = armedDetections(response, detections).map(({ name }) => `"${name}"`);
    const rules =
      response.when.kind === "rules"
        ? response.when.ruleIds
            .filter((id) => !detections.some(({ rule }) => rule.id === id))
            .map((id) => `rule ${id}`)
        : [];
    for (const cause of [...armed, ...rules]) {
      const key = `${response.kind} ${cause}`;
      const other = covered.get(key);
      if (other !== undefined)
        context.diagnostics.push(
          codes.duplicate(
            field.span(),
            `${cause} starts two responses of the kind "${response.kind}" (${other.label} and ${field.label}); OSSEC would run the script once and mix their times`,
            "keep one of them",
          ),
        );
      covered.set(key, field);
    }
  }
  warnOfOverlaps(context, found);
}

/** Rules of others may be in a group and above a level at the same time; which ones are is not known here. */
function warnOfOverlaps(context: LinkContext, found: readonly Placed[]): void {
  const blocks = found.filter(isBlock);
  const broad = blocks.filter(({ response }) => response.when.kind !== "rules");
  for (const { response, field } of blocks) {
    const other = broad.find(
      (one) =>
        one.field !== field &&
        one.response.seconds !== response.seconds &&
        (response.when.kind !== "rules" || response.when.detections.length < response.when.ruleIds.length),
    );
    if (other === undefined) continue;
    context.diagnostics.push(
      responseCodes.overlap(
        field.span(),
        `other people's rules may start both ${field.label} (${showDuration(response.seconds)}) and ${other.field.label} (${showDuration(other.response.seconds)}): OSSEC keeps the time of the one that comes first in the file`,
        "let both block for the same time, or keep one of them",
      ),
    );
    return;
  }
}

/** A script is told an address and a rule, never the response: what it does cannot depend on that. */
function checkAgreement(context: LinkContext, found: readonly Placed[]): void {
  const blocks = found.filter(isBlock);
  agree(context, blocks, "escalate", ({ escalate }) => escalate.join(), {
    why: "OSSEC has one list for all blocks of a host",
    help: "give every block the same escalate, or none of them",
  });
  agree(context, blocks, "prefix", ({ prefix }) => (prefix === null ? "" : `${prefix.v4} ${prefix.v6}`), {
    why: "one script serves all blocks, and is told only the address",
    help: "give every block the same prefix, or none of them",
  });
  agree(context, found.filter(isNotify), null, ({ syslog, run }) => JSON.stringify([syslog, run]), {
    why: "one script serves all notifications, and is told only the address and the rule",
    help: "let both tell the same way: the program gets the rule's id and can choose by it",
  });
}

function agree<Response>(
  context: LinkContext,
  found: readonly Placed<Response>[],
  property: string | null,
  key: (response: Response) => string,
  { why, help }: { readonly why: string; readonly help: string },
): void {
  const [first] = found;
  const other = found.find(({ response }) => first !== undefined && key(response) !== key(first.response));
  if (first === undefined || other === undefined) return;
  const at = property === null ? other.field : child(context, other.field, property);
  context.diagnostics.push(
    responseCodes.disagree(
      at.value === undefined ? other.field.span() : at.span(),
      `${other.field.label} and ${first.field.label} do not say the same${property === null ? "" : ` about ${property}`}: ${why}`,
      help,
    ),
  );
}

function isBlock(placed: Placed): placed is Placed<BlockResponseModel> {
  return placed.response.kind === "block";
}

function isNotify(placed: Placed): placed is Placed<NotifyResponseModel> {
  return placed.response.kind === "notify";
}

/** Responses that run a script of their own, beside the one that blocks. */
export type SideResponse = LogResponseModel | NotifyResponseModel;
