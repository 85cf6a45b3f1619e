/** Whether one of zopf's presets for the log of a service says what a filter says. */
import { services } from "../../catalogue/logs/index.js";
import type { ServicePreset } from "../../catalogue/logs/preset.js";
import type { ServiceKind } from "../../dsl/service.js";
import { compileDraft } from "../compile-draft.js";
import type { Draft } from "../draft.js";
import type { LineEngine } from "./line-engine.js";
import { bare, latin1 } from "./proof/address-text.js";
import { alone, BundleSide } from "./proof/bundle-side.js";
import type { ImportedJail } from "./proof/jail-side.js";
import { linesOf, variationsOf } from "./proof/sample-lines.js";
import { LineFilter } from "./run/line-filter.js";

/** A preset that reads lines of the filter's service. */
export interface PresetAnswer {
  readonly service: ServiceKind;
  /** The first line on which the two differ; null: none was found, so that the preset stands for the filter. */
  readonly difference: {
    readonly line: string;
    /** Who is counted, null: nobody. */
    readonly preset: string | null;
    readonly filter: string | null;
  } | null;
}

/** Lines of the filter that others are made of. */
const mostBases = 40;

/**
 * The preset that takes the filter's lines, by what is emitted of it: on lines made of the filter, on the preset's own, and
 * on lines beside both. Null: no preset reads lines that the filter takes.
 */
export function presetFor({ filter, forms }: Pick<ImportedJail, "filter" | "forms">): PresetAnswer | null {
  const reading = LineFilter.of(filter);
  if (reading === null) return null;
  const counted = (line: string): string | null => {
    const judgement = reading.judge(line);
    return judgement.kind !== "failure" ? null : judgement.host.kind === "name" ? "" : judgement.host.text;
  };
  const bases = linesOf(filter, forms, reading).slice(0, mostBases);
  let found: PresetAnswer | null = null;
  for (const preset of services) {
    if (!preset.samples.some(([line]) => counted(line) !== null)) continue;
    const emitted = emittedOf(preset, forms.engine);
    if (emitted === null) continue;
    const own = [...preset.samples.map(([line]) => line), ...preset.notSamples];
    let time = 1_794_679_800;
    const difference = firstOf(
      [...own, ...bases, ...bases.flatMap((line) => variationsOf(line, reading))],
      (line) => {
        const said = emitted.say(latin1(line), time++).address;
        const expected = counted(line);
        // Names are looked up there, and nobody is blocked by one here.
        if (expected === "") return null;
        return same(said, expected) ? null : { line, preset: said, filter: expected };
      },
    );
    if (difference === null) return { service: preset.service, difference };
    found ??= { service: preset.service, difference };
  }
  return found;
}

const same = (one: string | null, other: string | null): boolean =>
  one === null || other === null ? one === other : bare(one) === bare(other);

function firstOf<T, R>(all: readonly T[], look: (one: T) => R | null): R | null {
  for (const one of all) {
    const found = look(one);
    if (found !== null) return found;
  }
  return null;
}

const known = new Map<string, BundleSide | null>();

/** What is emitted of a bundle with the preset alone, each line of which fires. */
function emittedOf({ service }: ServicePreset, engine: LineEngine): BundleSide | null {
  const key = `${engine.kind} ${service}`;
  const there = known.get(key);
  if (there !== undefined) return there;
  const compiled = compileDraft(draftOf(service, engine));
  const side = compiled.ok ? new BundleSide(alone(compiled.entry), "logtest", "UTC0") : null;
  known.set(key, side);
  return side;
}

function draftOf(service: ServiceKind, { kind }: LineEngine): Draft {
  return {
    settings: {
      name: "preset",
      ossec:
        kind === "wazuh"
          ? { dialect: kind, home: "/var/ossec" }
          : { home: "/var/ossec", decodersFirst: true },
      neverBlock: [],
      ownAddresses: [],
    },
    comments: [],
    modules: [
      {
        name: "preset",
        comments: [],
        constants: [],
        detections: [
          {
            value: { kind: "service", service, name: "Preset", events: 1 },
            comments: [],
            origin: { place: { file: "preset", line: 1, column: 1 }, rules: [] },
          },
        ],
        raw: [],
      },
    ],
    lists: [],
    responses: [],
    refused: [],
  };
}
