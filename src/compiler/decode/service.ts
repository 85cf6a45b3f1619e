import { presetOfService, serviceKinds } from "../../catalogue/logs/index.js";
import type { ServicePreset } from "../../catalogue/logs/preset.js";
import type { BurstDetection } from "../../dsl/burst.js";
import type { LogLineDetection } from "../../dsl/log.js";
import { pcre2 } from "../../dsl/pattern.js";
import type { Level } from "../../dsl/rule.js";
import type { ServiceLogDetection } from "../../dsl/service.js";
import { codes } from "../codes.js";
import { burstDetection } from "./burst.js";
import { type Accepts, type ObjectDecoder, type Output, object, oneOf, optional } from "./decoder.js";
import { type Field, isObject } from "./field.js";
import { type LogDeclaration, logDetection } from "./log.js";
import { detectionName } from "./names.js";
import { partialRule } from "./rule.js";
import { duration, integer, path } from "./scalars.js";

const settings = object({
  kind: oneOf("service"),
  service: oneOf(...serviceKinds),
  name: detectionName,
  log: optional(path),
  events: optional(integer(1, 1_000_000)),
  within: optional(duration),
  sources: optional(integer(1, 100_000)),
  rule: optional(partialRule),
}) satisfies Accepts<ServiceLogDetection>;

/** The detections that a preset stands for: its lines and, from two events on, their burst. */
export interface ServiceDeclaration {
  readonly kind: "service";
  readonly detections: readonly (LogDeclaration | Output<typeof burstDetection>)[];
}

/** A preset for a service's log, as the detections that somebody would write for it. */
export const serviceDetection: ObjectDecoder<ServiceDeclaration, ServiceLogDetection> = Object.assign(
  (field: Field): ServiceDeclaration | null => {
    const decoded = settings(field);
    if (decoded === null) return null;
    const { value } = field.child("rule");
    const declared = { ...decoded, rule: isObject(value) ? value : {} };
    const preset = presetOfService(declared.service);
    const events = declared.events ?? preset.events;
    const idle =
      events === 1 ? (["within", "sources"] as const).find((name) => decoded[name] !== undefined) : undefined;
    if (idle !== undefined)
      return field.report(
        codes.burst(
          field.place(idle).span(),
          `${field.place(idle).label}: with events: 1 each line fires by itself, and nothing is counted`,
          "take it away, or ask for two events or more",
        ),
      );
    const lines = logDetection(field.standIn(linesOf(declared, preset, events)));
    const burst = events === 1 ? undefined : burstDetection(field.standIn(burstOf(declared, preset, events)));
    if (lines === null || burst === null) return null;
    return { kind: "service", detections: burst === undefined ? [lines] : [lines, burst] };
  },
  { literals: settings.literals, mayLack: settings.mayLack },
);

type Settings = Output<typeof settings>;

/** Settings that were decoded, and the rule as the bundle has it. */
interface Reading extends Omit<Settings, "rule"> {
  readonly rule: object;
}

/** The name of the lines' own detection below a burst. */
const lineName = (name: string): string => `${name}_Line`;

/** A detection as a bundle would write it, whose rule is decoded with it. */
type Written<D extends { readonly rule: unknown }> = Omit<D, "rule"> & { readonly rule: object };

/** The preset's rule with what the bundle says of it. */
function ruleOf({ rule }: Reading, { level, description, groups }: ServicePreset): object {
  return { level, description, groups, ...rule };
}

function linesOf(declared: Reading, preset: ServicePreset, events: number): Written<LogLineDetection> {
  const forms = preset.forms.flatMap(({ program, messages }) =>
    messages.map((message) => ({
      ...(program === null ? {} : { program }),
      regex: pcre2(message),
    })),
  );
  const [first, ...also] = forms;
  if (first === undefined) throw new Error(`bug in zopf: the preset ${preset.service} has no form`);
  const alone = events === 1;
  return {
    kind: "log",
    name: alone ? declared.name : lineName(declared.name),
    ...(declared.log === undefined ? {} : { log: declared.log }),
    ...first,
    order: ["srcip"],
    also,
    ...(preset.forgeable === undefined ? {} : { forgeable: preset.forgeable }),
    samples: preset.samples.map(([line, srcip]) => ({ line, fields: { srcip } })),
    notSamples: preset.notSamples,
    rule: alone
      ? ruleOf(declared, preset)
      : { level: lineLevel, description: preset.line, groups: preset.groups },
  };
}

/** One failed login is what anybody may have: it is shown, and nobody is woken. */
const lineLevel: Level = 5;

function burstOf(declared: Reading, preset: ServicePreset, events: number): Written<BurstDetection> {
  return {
    kind: "burst",
    name: declared.name,
    of: { detection: lineName(declared.name) },
    events,
    within: declared.within === undefined ? preset.within : `${declared.within} sec`,
    per: "source",
    ...(declared.sources === undefined ? {} : { sources: declared.sources }),
    rule: ruleOf(declared, preset),
  };
}
