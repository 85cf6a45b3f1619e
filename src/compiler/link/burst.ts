import { engineOf } from "../../model/engine.js";
import type { BurstBaseModel, BurstDetectionModel, DetectionModel, OssecModel } from "../../model/model.js";
import { suiteNames } from "../../targets/ossec/suite.js";
import { tellLongerNames } from "./burst-group.js";
import { codes } from "./codes.js";
import { readDuration, showDuration } from "./duration.js";
import {
  child,
  type Field,
  isObject,
  type LinkContext,
  readInteger,
  readList,
  readObject,
  readOneOf,
  readString,
  wrongShape,
} from "./field.js";
import type { Capture } from "./log.js";

/** A burst without its rule; its base is looked up when all detections are linked. */
export interface ReadBurst {
  readonly name: string;
  readonly field: Field;
  readonly of: AskedBase;
  readonly events: number;
  readonly timeframe: number;
  readonly keys: readonly BurstKey[];
  readonly different: boolean;
  readonly flags: readonly string[];
}

type AskedBase =
  | { readonly kind: "detection"; readonly name: string; readonly field: Field }
  | { readonly kind: "rule"; readonly id: number; readonly field: Field }
  | { readonly kind: "group"; readonly group: string; readonly field: Field };

/** What is compared: the element, the field that must be there, and what people call it (spec/ossec.md 8). */
const keys = {
  source: { element: "same_source_ip", slot: "srcip", name: "srcip" },
  user: { element: "same_user", slot: "dstuser", name: "user" },
  id: { element: "same_id", slot: "id", name: "id" },
  sourcePort: { element: "same_src_port", slot: "srcport", name: "srcport" },
  destinationPort: { element: "same_dst_port", slot: "dstport", name: "dstport" },
  location: { element: "same_location", slot: null, name: "host name" },
} as const;

type BurstKey = keyof typeof keys;
const keyNames = ["source", "user", "id", "sourcePort", "destinationPort", "location"] as const;

/** Newest events of one rule that if_matched_sid can see (spec/ossec.md 8; unlimited before 4.x). */
const history = 128;
/** `<memory_size>` as shipped: events of all rules that are kept. */
const memory = 8_192;
/** The engine keeps five digits of a timeframe (spec/ossec.md 6.2). */
const longestTimeframe = 99_999;

/** Reads a `kind: "burst"` detection. */
export function readBurst(
  context: LinkContext,
  ossec: OssecModel,
  field: Field,
  name: string,
): ReadBurst | null {
  const of = readBase(context, child(context, field, "of"));
  const events = readEvents(context, ossec, field);
  const timeframe = readTimeframe(context, child(context, field, "within"));
  const per = readKeys(context, child(context, field, "per"));
  const differentField = child(context, field, "different");
  const different = differentField.value === undefined ? null : readOneOf(context, differentField, ["url"]);
  if (of === null || events === null || timeframe === null || per === null) return null;
  if (differentField.value !== undefined && different === null) {
    context.diagnostics.push(
      codes.burst(
        differentField.span(),
        `${field.label}: OSSEC can only tell different URLs; different_srcip is accepted there and does nothing`,
        "count different values with a Zeek detection: count: { distinct: … }",
      ),
    );
    return null;
  }
  return {
    name,
    field,
    of,
    events,
    timeframe,
    keys: per,
    different: different !== null,
    flags: [...per.map((key) => keys[key].element), ...(different === null ? [] : ["different_url"])],
  };
}

function readBase(context: LinkContext, field: Field): AskedBase | null {
  if (readObject(context, field) === null || !isObject(field.value)) return null;
  const given = (["detection", "rule", "group"] as const).filter(
    (key) => child(context, field, key).value !== undefined,
  );
  const [kind] = given;
  if (kind === undefined || given.length > 1)
    return wrongShape(context, field, 'one of { detection: "Name" }, { rule: 5710 }, { group: "name" }');
  const inner = child(context, field, kind);
  if (kind === "rule") {
    const id = readInteger(context, inner, { least: 1, most: 999_999 });
    return id === null ? null : { kind, id, field: inner };
  }
  const text = readString(context, inner);
  if (text === null) return null;
  if (kind === "detection") return { kind, name: text, field: inner };
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text)) return { kind, group: text, field: inner };
  return wrongShape(context, inner, "one group name: letters, digits, _ and -");
}

function readEvents(context: LinkContext, ossec: OssecModel, field: Field): number | null {
  const eventsField = child(context, field, "events");
  if (typeof eventsField.value === "number" && eventsField.value < 2) {
    context.diagnostics.push(
      codes.burst(
        eventsField.span(),
        `${eventsField.label} is ${eventsField.value}: a burst has at least 2 events`,
        "for one event, respond to the detection itself",
      ),
    );
    return null;
  }
  const events = readInteger(context, eventsField, { least: 2, most: 1_000_000 });
  const sourcesField = child(context, field, "sources");
  const sources =
    sourcesField.value === undefined ? 1 : readInteger(context, sourcesField, { least: 1, most: 100_000 });
  if (events === null || sources === null) return null;
  const byRule =
    engineOf(ossec) === "4.3" && child(context, child(context, field, "of"), "group").value === undefined;
  // frequency keeps four digits, and more events than these are not remembered.
  const remembered = byRule ? history : memory;
  const needed = (events - 1) * sources;
  if (needed <= remembered) return events;
  const most = Math.floor(remembered / sources) + 1;
  context.diagnostics.push(
    codes.burst(
      eventsField.span(),
      `${eventsField.label} is ${events}${sources === 1 ? "" : ` for ${sources} sources at a time`}: the burst could never fire, for ${suiteNames(ossec).suite} ${ossec.version} ${
        byRule
          ? `remembers the newest ${history} events of a rule, those of all sources together`
          : `remembers ${memory} events of all rules together`
      }`,
      most >= 2 ? `use at most ${most} events, or count with Zeek` : "name fewer sources, or count with Zeek",
    ),
  );
  return null;
}

function readTimeframe(context: LinkContext, field: Field): number | null {
  const seconds = readDuration(context, field);
  if (seconds === null) return null;
  if (Number.isInteger(seconds) && seconds <= longestTimeframe) return seconds;
  context.diagnostics.push(
    codes.burst(
      field.span(),
      Number.isInteger(seconds)
        ? `${field.label} is ${showDuration(seconds)}: OSSEC keeps five digits of a timeframe, so that it would become ${String(seconds).slice(0, 5)} seconds`
        : `${field.label} is ${showDuration(seconds)}: OSSEC counts whole seconds`,
      `use whole seconds, at most ${longestTimeframe} (27 hours)`,
    ),
  );
  return null;
}

function readKeys(context: LinkContext, field: Field): readonly BurstKey[] | null {
  if (field.value === "all") return [];
  const known = [...keyNames, "all"].map((key) => JSON.stringify(key)).join(", ");
  if (field.value === undefined) {
    context.diagnostics.push(
      codes.burst(
        field.span(),
        `${field.label} is missing: OSSEC would add up the events of all sources and report the last one`,
        `say what the events have in common: ${known}`,
      ),
    );
    return null;
  }
  const fields = Array.isArray(field.value) ? (readList(context, field) ?? []) : [field];
  const found = fields.map((entry) => readOneOf(context, entry, keyNames));
  const chosen = keyNames.filter((key) => found.includes(key));
  return found.includes(null)
    ? null
    : chosen.length === 0
      ? wrongShape(context, field, `one of ${known}`)
      : chosen;
}

/** What the linker knows of the other detections. */
export interface BurstBases {
  readonly detections: readonly DetectionModel[];
  readonly captures: ReadonlyMap<string, Capture>;
  /** Every name in the bundle, also of those that did not link. */
  readonly known: ReadonlySet<string>;
}

/** The base of a burst, and everything that would keep the composite from firing (spec/ossec.md 8). */
export function resolveBurst(
  context: LinkContext,
  burst: ReadBurst,
  level: number,
  { detections, captures, known: names }: BurstBases,
): { readonly base: BurstBaseModel; readonly capture: Capture } | null {
  const { of, field } = burst;
  const refuse = (at: Field, message: string, help?: string): null => {
    context.diagnostics.push(codes.burst(at.span(), message, help));
    return null;
  };
  if (level === 0)
    return refuse(
      child(context, child(context, field, "rule"), "level"),
      `"${burst.name}" has level 0: OSSEC then neither reports the burst nor keeps the event that fired it`,
      "give it a level above that of what it counts",
    );
  if (of.kind === "rule") {
    const own = detections.find(({ rule }) => rule.id === of.id);
    if (own !== undefined)
      return refuse(of.field, `rule ${of.id} is the bundle's own`, `write of: { detection: "${own.name}" }`);
    return {
      base: { kind: "rule", id: of.id, detection: null },
      capture: {
        fields: new Set(burst.keys.map((key) => keys[key].slot ?? "")),
        forgeable: {
          why: `rule ${of.id} is not the bundle's, and its decoder is not seen here`,
          known: false,
          span: of.field.span(),
        },
        cutLine: null,
      },
    };
  }
  if (of.kind === "group") {
    const members = detections.filter(({ rule }) => rule.groups.some((group) => group.includes(of.group)));
    for (const member of members) {
      if (member.rule.level === 0)
        return refuse(
          of.field,
          `"${member.name}" of the group has level 0, and OSSEC keeps no event of level 0`,
        );
      if (missingKey(burst, captures.get(member.name)) !== null)
        return tellMissing(context, burst, member, captures);
    }
    const known = members.map(({ name }) => captures.get(name)?.forgeable ?? null);
    const other = {
      why: `other rules of the host may be in the group "${of.group}", and their decoders are not seen here`,
      known: false,
      span: of.field.span(),
    };
    return {
      base: { kind: "group", group: of.group },
      capture: {
        fields: new Set(burst.keys.map((key) => keys[key].slot ?? "")),
        forgeable: known.find((one) => one !== null) ?? other,
        cutLine:
          members.map(({ name }) => captures.get(name)?.cutLine ?? null).find((one) => one !== null) ?? null,
      },
    };
  }
  const base = detections.find(({ name }) => name === of.name);
  if (base === undefined) {
    if (!names.has(of.name))
      context.diagnostics.push(
        codes.reference(
          of.field.span(),
          `no detection is called ${JSON.stringify(of.name.slice(0, 80))}`,
          `there are: ${[...names].slice(0, 12).join(", ")}`,
        ),
      );
    else if (of.name === burst.name) return refuse(of.field, `"${burst.name}" counts itself`);
    return null;
  }
  if (base.rule.level === 0)
    return refuse(
      of.field,
      `"${base.name}" has level 0, and OSSEC keeps no event of level 0: the burst could never fire`,
      "give it a level of 1 or more",
    );
  if (base.kind === "burst" && base.rule.level >= level)
    return refuse(
      of.field,
      `"${base.name}" is itself a burst, of level ${base.rule.level}: its events carry that mark, and a burst of level ${level} stops at the first of them`,
      `give "${burst.name}" a higher level than ${base.rule.level}`,
    );
  if (base.rule.level > level)
    return refuse(
      child(context, child(context, field, "rule"), "level"),
      `"${burst.name}" has level ${level}, and what it counts has ${base.rule.level}: OSSEC would report the burst as the lesser thing`,
      `give it level ${base.rule.level} or more`,
    );
  const capture = captures.get(base.name);
  if (missingKey(burst, capture) !== null) return tellMissing(context, burst, base, captures);
  return {
    base: { kind: "rule", id: base.rule.id, detection: base.name },
    capture: {
      fields: capture?.fields ?? new Set(),
      forgeable: capture?.forgeable ?? null,
      cutLine: capture?.cutLine ?? null,
    },
  };
}

function missingKey(burst: ReadBurst, capture: Capture | undefined): string | null {
  for (const key of burst.keys) {
    const { slot, name } = keys[key];
    if (slot !== null && capture?.fields.has(slot) !== true) return name;
  }
  return burst.different && capture?.fields.has("url") !== true ? "url" : null;
}

function tellMissing(
  context: LinkContext,
  burst: ReadBurst,
  base: DetectionModel,
  captures: ReadonlyMap<string, Capture>,
): null {
  const name = missingKey(burst, captures.get(base.name)) ?? "";
  const help =
    name === "user"
      ? "OSSEC compares dstuser: the order must name user or dstuser, not srcuser"
      : base.kind === "log"
        ? `capture it: order: [..., "${name}"]`
        : undefined;
  context.diagnostics.push(
    codes.burst(
      child(context, burst.field, burst.different && name === "url" ? "different" : "per").span(),
      `"${base.name}" has no ${name} that could be compared, so the burst could never fire`,
      help,
    ),
  );
  return null;
}

/**
 * Bursts that would take events from one another: an event that fires a burst is kept under the burst's own rule,
 * not under the one that was counted; and a rule that is counted by its id feeds no group any more (spec/ossec.md 8).
 */
export function checkRivals(
  context: LinkContext,
  bursts: readonly { readonly read: ReadBurst; readonly model: BurstDetectionModel }[],
  detections: readonly DetectionModel[],
): void {
  const counted = new Map<number, string>();
  for (const { read, model } of bursts) {
    if (model.base.kind !== "rule") continue;
    const other = counted.get(model.base.id);
    if (other !== undefined)
      context.diagnostics.push(
        codes.burst(
          read.of.field.span(),
          `"${other}" counts the same events: the event that fires one of the two bursts is kept under that burst's rule and missing to the other`,
          'keep one of them; or let the second count the first: of: { detection: "…" } of the burst',
        ),
      );
    else counted.set(model.base.id, model.name);
  }
  const groups: string[] = [];
  for (const { read, model } of bursts) {
    const { base } = model;
    if (base.kind !== "group") continue;
    if (groups.includes(base.group))
      context.diagnostics.push(
        codes.burst(
          read.of.field.span(),
          `another burst counts the group "${base.group}" already: each would take events from the other`,
        ),
      );
    groups.push(base.group);
    tellLongerNames(context, read.of.field, base.group, detections);
    const starved = detections.find(
      ({ rule }) => counted.has(rule.id) && rule.groups.some((group) => group.includes(base.group)),
    );
    if (starved === undefined) continue;
    context.diagnostics.push(
      codes.burst(
        read.of.field.span(),
        `"${starved.name}" is of the group "${base.group}" and is counted by "${counted.get(starved.rule.id) ?? ""}" too: OSSEC then gives its events to no group`,
        "take it out of the group, or count only one of them",
      ),
    );
  }
}
