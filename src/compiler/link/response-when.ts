import type { DetectionModel, WhenModel, WhereModel } from "../../model/model.js";
import { stockRulesFrom } from "../verify/stock-levels.js";
import { codes } from "./codes.js";
import {
  child,
  describe,
  type Field,
  isObject,
  type LinkContext,
  readInteger,
  readList,
  readObject,
  readString,
  wrongShape,
} from "./field.js";
import { responseCodes } from "./response-codes.js";
import { readLevel } from "./rule-level.js";
import { readGroups } from "./texts.js";

/** The bundle's own detections, and the names of those that did not link. */
export interface OwnDetections {
  readonly detections: readonly DetectionModel[];
  readonly known: ReadonlySet<string>;
}

/** Levels below it are those of successes, errors and noise. */
const lowestLevel = 5;

/** Ids of the largest list that a person writes. */
const mostRules = 500;

/** What starts a response: exactly one of detection, level, group, rule. */
export function readWhen(context: LinkContext, entry: Field, own: OwnDetections): WhenModel | null {
  const field = child(context, entry, "when");
  const value = readObject(context, field);
  if (value === null) return null;
  const given = (["detection", "level", "group", "rule"] as const).filter(
    (key) => child(context, field, key).value !== undefined,
  );
  const [kind] = given;
  if (kind === undefined || given.length > 1)
    return wrongShape(
      context,
      field,
      'one of { detection: "Name" }, { level: 6, alsoStockRules: true }, { group: "scan" }, { rule: 5712 }',
    );
  const asked = child(context, field, kind);
  switch (kind) {
    case "detection":
      return readDetection(context, asked, own);
    case "level":
      return readLevelFrom(context, asked, consents(context, entry, field));
    case "group":
      return readGroup(context, asked, consents(context, entry, field));
    case "rule":
      return readRules(context, asked, own);
  }
}

/** `alsoStockRules: true`, in `when` or beside it. */
function consents(context: LinkContext, entry: Field, when: Field): boolean {
  return [when, entry].some((holder) => {
    const field = child(context, holder, "alsoStockRules");
    if (field.value === undefined || field.value === true) return field.value === true;
    wrongShape(context, field, "true, or left out");
    return false;
  });
}

function readDetection(context: LinkContext, field: Field, own: OwnDetections): WhenModel | null {
  const name = readString(context, field);
  if (name === null) return null;
  const detection = own.detections.find((candidate) => candidate.name === name);
  if (detection === undefined) {
    // One that exists but did not link has been told already.
    if (!own.known.has(name))
      context.diagnostics.push(
        codes.reference(
          field.span(),
          `no detection is called ${JSON.stringify(name.slice(0, 80))}`,
          own.known.size === 0
            ? "the bundle has no detections"
            : `there are: ${[...own.known].slice(0, 12).join(", ")}`,
        ),
      );
    return null;
  }
  return canAlert(context, field, detection)
    ? { kind: "rules", ruleIds: [detection.rule.id], detections: [name] }
    : null;
}

function canAlert(context: LinkContext, field: Field, { name, rule }: DetectionModel): boolean {
  if (rule.level > 0) return true;
  context.diagnostics.push(
    codes.levelTooLow(
      field.span(),
      `rules of level 0 never alert, so "${name}" cannot start a response`,
      "give its rule a level of 1 or more",
    ),
  );
  return false;
}

function readLevelFrom(context: LinkContext, field: Field, consent: boolean): WhenModel | null {
  const level = readLevel(context, field);
  if (level === null) return null;
  if (level === 0) {
    context.diagnostics.push(
      codes.level(field.span(), "a response from level 0 up is none: OSSEC reads 0 as not given"),
    );
    return null;
  }
  if (level < lowestLevel) {
    context.diagnostics.push(
      responseCodes.lowLevel(
        field.span(),
        `a response from level ${level} up answers to what is no attack: ${stockRulesFrom(level)} of OSSEC's stock rules, those for successful logins and for system errors among them`,
        `start at ${lowestLevel} or above, or name what is meant: when: { detection: "…" }, { group: "…" } or { rule: … }`,
      ),
    );
    return null;
  }
  if (!consent) {
    context.diagnostics.push(
      responseCodes.stockLevel(
        field.span(),
        `every rule of level ${level} or above on the host starts this response, not only the bundle's: ${stockRulesFrom(level)} of OSSEC's stock rules among them`,
        `arm the bundle's own rules alone with when: { detection: "…" }; if the others are meant too, write { level: ${level}, alsoStockRules: true }`,
      ),
    );
    return null;
  }
  return { kind: "level", level };
}

function readGroup(context: LinkContext, field: Field, consent: boolean): WhenModel | null {
  const [group] = readGroups(context, [field]);
  if (group === undefined) return null;
  if (!consent)
    context.diagnostics.push(
      codes.stockRules(
        field.span(),
        `every rule of the group "${group}" on the host starts this response, other people's too`,
        `if that is meant, write { group: "${group}", alsoStockRules: true }; else name what is: when: { detection: "…" }`,
      ),
    );
  return { kind: "group", group };
}

/** Rules by id: other people's, which are not known here; the bundle's own become its detections. */
function readRules(context: LinkContext, field: Field, own: OwnDetections): WhenModel | null {
  const fields = Array.isArray(field.value) ? readList(context, field) : [field];
  if (fields === null) return null;
  if (fields.length === 0 || fields.length > mostRules)
    return wrongShape(context, field, `a rule id, or a list of 1 to ${mostRules}`);
  const ruleIds: number[] = [];
  const detections: string[] = [];
  for (const entry of fields) {
    const id = readInteger(context, entry, { least: 1, most: 999_999 });
    if (id === null) return null;
    if (ruleIds.includes(id)) continue;
    ruleIds.push(id);
    const detection = own.detections.find(({ rule }) => rule.id === id);
    if (detection === undefined) continue;
    if (!canAlert(context, entry, detection)) return null;
    detections.push(detection.name);
  }
  return { kind: "rules", ruleIds, detections };
}

/** Where a response runs; agents exist only on a server's installation (spec/ossec.md 11). */
export function readWhere(
  context: LinkContext,
  field: Field,
  { installation, targets }: { readonly installation: "local" | "server"; readonly targets: boolean },
): WhereModel | null {
  const { value } = field;
  if (value !== undefined && targets) {
    context.diagnostics.push(
      responseCodes.where(
        field.span(),
        `${field.label} says where the response runs, and so do the bundle's targets: a block runs on each that has a packet filter`,
        "leave where out",
      ),
    );
    return null;
  }
  if (value === undefined || value === "sensor") return { kind: "sensor" };
  if (value === "gateway") return { kind: "gateway" };
  const agentField = isObject(value) && !Array.isArray(value) ? child(context, field, "agent") : null;
  if (value !== "everywhere" && agentField === null)
    return wrongShape(context, field, '"sensor", "gateway", "everywhere" or { agent: "003" }');
  const agent = agentField === null ? null : readAgent(context, agentField);
  if (agentField !== null && agent === null) return null;
  if (installation === "local") {
    context.diagnostics.push(
      responseCodes.where(
        field.span(),
        `${field.label} means agents, and a stand-alone installation has none: OSSEC would do nothing there`,
        'if this host is an OSSEC server, write ossec: { installation: "server" }; else leave where out',
      ),
    );
    return null;
  }
  return agent === null ? { kind: "everywhere" } : { kind: "agent", agent };
}

/** Ids as manage_agents gives them; 000 is the server itself. */
function readAgent(context: LinkContext, field: Field): string | null {
  const { value } = field;
  if (typeof value === "string" && /^\d{3,8}$/.test(value) && !/^0+$/.test(value)) return value;
  context.diagnostics.push(
    responseCodes.where(
      field.span(),
      `${field.label} is ${describe(value)}, which is no agent's id`,
      typeof value === "string" && /^0+$/.test(value)
        ? 'the server itself is where: "gateway"'
        : 'write it as manage_agents lists it, three digits or more: "003"',
    ),
  );
  return null;
}
