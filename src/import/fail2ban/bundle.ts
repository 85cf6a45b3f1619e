/** Detections and responses of the jails. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { BurstDetection } from "../../dsl/burst.js";
import type { Detection } from "../../dsl/detection.js";
import type { Firewall } from "../../dsl/firewall.js";
import type { BlockResponse } from "../../dsl/response.js";
import type { ServiceKind, ServiceLogDetection } from "../../dsl/service.js";
import type { Drafted, Refused } from "../draft.js";
import { detectionsOf, type FilterDetection } from "./detections.js";
import { durationText } from "./durations.js";
import type { Filter } from "./filter.js";
import type { FilterForms } from "./forms.js";
import { blockSeconds } from "./growth.js";
import type { Jail } from "./jails.js";
import type { LineEngine } from "./line-engine.js";
import { type PresetAnswer, presetFor } from "./presets.js";
import type { ImportedJail } from "./proof/jail-side.js";
import type { Form } from "./written-forms.js";

export interface JailParts {
  readonly detections: readonly Drafted<Detection>[];
  readonly responses: readonly Drafted<BlockResponse<string>>[];
  readonly refused: readonly Refused[];
  /** The lines that the jail counts. */
  readonly lines: readonly FilterDetection[];
}

/** Jails that stand before one. */
export interface EarlierJails {
  /** The lines of one with the same expressions, which are counted once more; null: there is none. */
  readonly same: { readonly jail: string; readonly lines: readonly FilterDetection[] } | null;
  /** How many there are of those. */
  readonly sharing: number;
  /** The decoders of all. */
  readonly forms: readonly Form[];
}

export const noJails: EarlierJails = { same: null, sharing: 0, forms: [] };

/** The longest `timeframe`, of OSSEC and Wazuh. */
const longestWithin = 99_999;

const within = ({ findTime }: Jail): number => Math.min(Math.max(1, findTime), longestWithin);

/** `Nginx_Http_Auth` */
export function baseName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("_");
  return (/^[A-Z]/.test(joined) ? joined : `Jail_${joined}`).slice(0, 40);
}

export function jailParts(imported: ImportedJail, base: string, earlier = noJails): JailParts {
  const { filter, forms, jail } = imported;
  const { same } = earlier;
  if (same !== null && jail !== null) return sharedParts(jail, filter, forms, same, base, earlier.sharing);
  const name = jail?.name ?? filter.name;
  const log = jail === null || jail.fromJournal ? null : (jail.logs.find(isPath) ?? null);
  const groups = ["fail2ban", group(name)];
  const preset = presetFor(imported);
  if (preset?.difference === null && jail !== null)
    return presetParts(preset.service, { filter, forms, jail }, log, base);
  const { detections: lines, untried } = detectionsOf(
    forms,
    {
      base,
      jail: described(name),
      log,
      groups,
    },
    earlier.forms,
  );
  const refused = [
    ...refusedOf(filter, forms),
    ...untried.map(
      (form): Refused => ({
        what: `a form of a line of ${filter.name}`,
        place: form.place,
        reason: `no line could be made that it fits${earlier.forms.length === 0 ? "" : ", and that no jail before it takes"}: ${form.regex.slice(0, 120)}`,
      }),
    ),
  ];
  if (jail === null)
    return {
      detections: lines.map(({ drafted }, at) => (at === 0 ? commented(drafted, notesOf(forms)) : drafted)),
      responses: [],
      refused,
      lines,
    };
  const detections: Drafted<Detection>[] = [];
  const responses: Drafted<BlockResponse<string>>[] = [];
  for (const [at, line] of lines.entries()) {
    const counted = counting(
      line,
      jail,
      groups,
      forms.engine,
      line.drafted.value.name.replace("_Line", ""),
      10,
    );
    detections.push(
      at === 0
        ? commented(counted.line, [...headOf(jail, filter), ...presetNote(preset), ...notesOf(forms)])
        : counted.line,
      ...counted.burst,
    );
    if (line.forgeable) {
      refused.push({
        what: `the ban of ${name} for some of its lines`,
        place: jail.place,
        reason: `whoever writes another part of the line may choose the address: "${counted.name}" reports, and blocks nobody`,
        help: "see docs/forging.md",
      });
      continue;
    }
    responses.push({
      value: block(jail, counted.name),
      comments: [],
      origin: { place: jail.place, rules: [] },
    });
  }
  return {
    detections,
    responses,
    refused: [...refused, ...refusedOfJail(jail)],
    lines,
  };
}

/** The lines of another jail with the same expressions, counted once more: one decoder has a line. */
function sharedParts(
  jail: Jail,
  filter: Filter,
  { engine }: FilterForms,
  { jail: other, lines }: NonNullable<EarlierJails["same"]>,
  base: string,
  sharing: number,
): JailParts {
  // A burst hides the lines before it from those of its level and below.
  const level = ([10, 11, 12, 13, 14, 15] as const)[sharing] ?? 15;
  const counted = lines.map((line) => ({
    ...counting(
      line,
      jail,
      ["fail2ban", group(jail.name)],
      engine,
      `${base}${line.forgeable ? "_Forgeable" : ""}`,
      level,
    ),
    forgeable: line.forgeable,
  }));
  return {
    detections: counted.flatMap(({ burst }, at) =>
      burst.map((one) =>
        at === 0
          ? commented(one, [
              ...headOf(jail, filter),
              `Its lines are those of jail ${other}, whatever log they are in: one decoder has a line.`,
            ])
          : one,
      ),
    ),
    responses: counted
      .filter(({ forgeable }) => !forgeable)
      .map(({ name }) => ({
        value: block(jail, name),
        comments: [],
        origin: { place: jail.place, rules: [] },
      })),
    refused: refusedOfJail(jail),
    lines,
  };
}

/** A jail as one of zopf's presets, which says what its filter says. */
function presetParts(
  service: ServiceKind,
  { filter, forms, jail }: ImportedJail & { readonly jail: Jail },
  log: string | null,
  name: string,
): JailParts {
  const value: ServiceLogDetection = {
    kind: "service",
    service,
    name,
    ...(log === null ? {} : { log }),
    events: Math.min(jail.maxRetry, forms.engine.mostEvents),
    within: durationText(within(jail)),
  };
  const origin = { place: jail.place, rules: [] };
  return {
    detections: [
      {
        value,
        comments: [
          ...headOf(jail, filter),
          `zopf's preset ${service} counts the lines that the filter counts.`,
        ],
        origin,
      },
    ],
    responses: [{ value: block(jail, name), comments: [], origin }],
    lines: [],
    refused: [...refusedOf(filter, forms), ...refusedOfJail(jail)],
  };
}

function presetNote(preset: PresetAnswer | null): readonly string[] {
  if (preset === null || preset.difference === null) return [];
  const { line, preset: found, filter } = preset.difference;
  const who = (address: string | null): string => address ?? "nobody";
  return [
    `zopf has a preset for this log (kind "service", ${preset.service}), which counts otherwise: on "${line.slice(0, 160)}" it counts ${who(found)}, the filter ${who(filter)}. So the filter's own expressions stand here.`,
  ];
}

function refusedOfJail({ name, place, others, problems }: Jail): readonly Refused[] {
  return [
    ...others.map(({ what, reason }): Refused => ({ what: `${what} of jail ${name}`, place, reason })),
    ...problems.map((reason): Refused => ({ what: `an option of jail ${name}`, place, reason })),
  ];
}

export const isPath = (log: string): boolean => /^(?:\/[A-Za-z0-9._+@-]+)+$/.test(log);

/** A group's name has a letter or a digit first. */
const group = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "_")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 60) || "jail";

/** A name in a description, which cannot hold all characters. */
export const described = (name: string): string => name.replace(/[^\w.@ -]+/g, "_").slice(0, 60);

function commented<T>(drafted: Drafted<T>, comments: readonly string[]): Drafted<T> {
  return { ...drafted, comments: [...comments, ...drafted.comments] };
}

function headOf(jail: Jail, filter: Filter): readonly string[] {
  const others = jail.logs.filter((log) => !isPath(log) || log !== jail.logs.find(isPath));
  return [
    `Jail ${jail.name}: ${jail.maxRetry} within ${durationText(jail.findTime)}, by filter ${filter.name}.`,
    ...(jail.fromJournal
      ? ["fail2ban read the journal: OSSEC must be given the same lines as a file, by rsyslog."]
      : []),
    ...(!jail.fromJournal && others.length > 0
      ? [`fail2ban also read ${others.join(", ")}: OSSEC must be told to, with a localfile each.`]
      : []),
    ...(jail.port === "" || jail.port === "0:65535"
      ? []
      : [`fail2ban blocked the ports ${jail.port}; here all are.`]),
  ];
}

function notesOf(forms: FilterForms): readonly string[] {
  return forms.forms.some(({ exact }) => !exact)
    ? [
        "Some patterns take what is repeated as it is first found, which fail2ban's do not: they would take too much time otherwise. A line that fits only at the second try is not taken.",
      ]
    : [];
}

const cut = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text);

function refusedOf(filter: Filter, { refused }: FilterForms): Refused[] {
  return [
    ...refused.map(
      ({ text, place, reason }): Refused => ({
        what:
          text === null ? `filter ${filter.name}` : `expression ${cut(text.text)} of filter ${filter.name}`,
        place,
        reason,
      }),
    ),
  ];
}

/** The line, and what counts it; with one try each line is reported by itself. */
function counting(
  { drafted, forgeable }: FilterDetection,
  jail: Jail,
  groups: readonly string[],
  { mostEvents, product }: LineEngine,
  name: string,
  level: 10 | 11 | 12 | 13 | 14 | 15,
): {
  readonly line: Drafted<Detection>;
  readonly burst: readonly Drafted<Detection>[];
  readonly name: string;
} {
  const line = drafted.value;
  if (jail.maxRetry === 1)
    return {
      line: { ...drafted, value: { ...line, rule: { ...line.rule, level: 10 } } },
      burst: [],
      name: line.name,
    };
  const comments: string[] = [];
  if (jail.findTime > longestWithin)
    comments.push(
      `fail2ban counted within ${durationText(jail.findTime)}: ${product} looks back ${longestWithin} seconds at most.`,
    );
  if (jail.maxRetry > mostEvents)
    comments.push(`fail2ban counted ${jail.maxRetry}: ${product} counts to ${mostEvents} at most.`);
  const burst: BurstDetection = {
    kind: "burst",
    name,
    of: { detection: line.name },
    events: Math.min(jail.maxRetry, mostEvents),
    within: durationText(within(jail)),
    per: "source",
    rule: {
      level,
      groups,
      description: `${described(jail.name)}: ${jail.maxRetry} lines that fail2ban counts, of one source${forgeable ? ", which may be forged" : ""}`,
    },
  };
  return {
    line: drafted,
    burst: [{ value: burst, comments, origin: { place: jail.place, rules: [] } }],
    name,
  };
}

function block(jail: Jail, detection: string): BlockResponse<string> {
  return { kind: "block", when: { detection }, for: durationText(blockSeconds(jail)) };
}

/** The packet filter of an action; null: it is none that zopf knows. */
export function firewallOf(action: string): Firewall | null {
  const name = /^[\w-]*/.exec(action)?.[0] ?? "";
  if (/^nftables/.test(name)) return { kind: "nftables", table: "fail2ban" };
  if (/^(?:iptables|ipset)/.test(name)) return { kind: "iptables", set: "fail2ban" };
  if (/^pf\b/.test(name)) return { kind: "pf", table: "fail2ban" };
  if (/^(?:ipfw|bsd-ipfw)/.test(name)) return { kind: "ipfw", table: 1 };
  if (/^route/.test(name)) return { kind: "routeNull" };
  return null;
}

export function placeOf(jail: Jail | null, filter: Filter): Span {
  return jail?.place ?? filter.place;
}
