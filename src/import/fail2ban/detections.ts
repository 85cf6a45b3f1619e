/** Log detections that say what a filter says. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { LineForm, LogLineDetection } from "../../dsl/log.js";
import { pcre2 } from "../../dsl/pattern.js";
import type { RuleText } from "../../dsl/rule.js";
import type { Drafted } from "../draft.js";
import type { FilterForms } from "./forms.js";
import type { LineEngine } from "./line-engine.js";
import { takes } from "./takes.js";
import type { Form } from "./written-forms.js";

/** Log detections of a filter: the forms of one are captured alike, and their address is as certain. */
export interface FilterDetection {
  readonly drafted: Drafted<LogLineDetection>;
  readonly forgeable: boolean;
}

const mostForms = 190;
const longestReason = 380;

export interface DetectionNames {
  /** `Sshd` */
  readonly base: string;
  /** `sshd` */
  readonly jail: string;
  readonly log: string | null;
  readonly groups: readonly string[];
}

export interface FilterDetections {
  readonly detections: readonly FilterDetection[];
  /** Forms of which no line could be made. */
  readonly untried: readonly Form[];
}

/**
 * @param forms - in the filter's order, which is that of the decoders
 * @param earlier - forms of other jails, whose decoders stand before
 */
export function detectionsOf(
  { forms, engine }: Pick<FilterForms, "forms" | "engine">,
  names: DetectionNames,
  earlier: readonly Form[] = [],
): FilterDetections {
  const sorted = [...forms].sort(
    (one, other) => Number(one.forgeable !== null) - Number(other.forgeable !== null),
  );
  const taken: Form[] = [...earlier];
  const detections: FilterDetection[] = [];
  const untried: Form[] = [];
  const used = new Set<string>();
  for (const group of grouped(sorted)) {
    const [first] = group;
    if (first === undefined) continue;
    const before = [...taken];
    taken.push(...group);
    const samples = samplesOf(group, before, engine);
    if (samples.length === 0) {
      untried.push(...group);
      continue;
    }
    const forgeable = first.forgeable !== null;
    detections.push({
      drafted: draft(group, samples, nameOf(names.base, forgeable, used), names),
      forgeable,
    });
  }
  return { detections, untried };
}

function nameOf(base: string, forgeable: boolean, used: Set<string>): string {
  const wanted = `${base}_Line${forgeable ? "_Forgeable" : ""}`;
  let name = wanted;
  for (let number = 2; used.has(name); number++) name = `${wanted}_${number}`;
  used.add(name);
  return name;
}

/** Runs of forms that can be one detection; what captures otherwise stands apart. */
function grouped(forms: readonly Form[]): readonly (readonly Form[])[] {
  const groups = new Map<string, Form[][]>();
  for (const form of forms) {
    const key = `${form.forgeable !== null} ${form.order.join()}`;
    const lists = groups.get(key) ?? [];
    const last = lists.at(-1);
    if (last !== undefined && last.length < mostForms) last.push(form);
    else lists.push([form]);
    groups.set(key, lists);
  }
  return [...groups.values()].flat();
}

function draft(
  forms: readonly Form[],
  samples: readonly string[],
  name: string,
  { jail, log, groups }: DetectionNames,
): Drafted<LogLineDetection> {
  const [first, ...others] = forms.map(lineForm);
  const why = forms.find(({ forgeable }) => forgeable !== null)?.forgeable ?? null;
  const place: Span = forms[0]?.place ?? { file: "", line: 1, column: 1 };
  const rule: RuleText & { readonly level: 5 } = {
    level: 5,
    groups,
    description: `${jail}: a line that fail2ban counts`,
  };
  return {
    value: {
      kind: "log",
      name,
      ...(log === null ? {} : { log }),
      ...first,
      order: forms[0]?.order ?? ["srcip"],
      ...(others.length === 0 ? {} : { also: others }),
      ...(why === null ? {} : { forgeable: shown(why) }),
      samples,
      rule,
    },
    comments: [],
    origin: { place, rules: [] },
  };
}

/** A reason may quote bytes of a pattern. */
function shown(why: string): string {
  const byte = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return why
    .replace(/\s+/g, " ")
    .replace(/[^\x20-\x7e]/g, byte)
    .slice(0, longestReason);
}

const lineForm = ({ program, regex }: Form): LineForm =>
  program === null ? { regex: pcre2(regex) } : { program, regex: pcre2(regex) };

const mostSamples = 3;

/** Lines that reach the first of the forms, and none of those that stand before. */
function samplesOf(forms: readonly Form[], before: readonly Form[], engine: LineEngine): readonly string[] {
  const samples: string[] = [];
  for (const form of forms) {
    if (samples.length >= mostSamples) break;
    const line = form.samples.find(
      (one) => takes(form, one, engine) && !before.some((other) => takes(other, one, engine)),
    );
    if (line !== undefined && !samples.includes(line)) samples.push(line);
  }
  return samples;
}
