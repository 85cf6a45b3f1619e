/** What was emitted of a bundle, on lines: by itself, or beside the rest of a home. */
import { type Taken, Taker } from "../../../deploy/taken-by.js";
import { loadMergedHome } from "../../../merge/load-merged-home.js";
import type { Model } from "../../../model/model.js";
import type { LoadedOssec } from "../../../ossec/definitions.js";
import { stopsProgram } from "../../../ossec/load/index.js";
import { loadGenerated } from "../../../targets/generated.js";
import { dialectOf } from "../../../targets/ossec/dialect.js";
import { responseCommands } from "../../../targets/ossec/responses.js";
import { codes } from "../../codes.js";
import type { Emitted } from "../../proof/surroundings.js";
import { type Answer, OneEngine } from "../../proof/two-engines.js";
import type { Verdict } from "./verdict.js";

/** What the bundle says of a line. */
export interface Said {
  /** The address of a rule that fired, "" without one; null: none fired. */
  readonly address: string | null;
  /** The line leads to a block, or is counted for one. */
  readonly counts: boolean;
  /** Who is blocked. */
  readonly asked: Answer["asked"];
}

/** Where a bundle stands. */
export interface Surroundings {
  readonly emitted: Emitted;
  /** What is emitted, with nothing beside it. */
  readonly alone: LoadedOssec;
  /** The home with the bundle in it; null: there is none. */
  readonly merged: { readonly loaded: LoadedOssec; readonly taker: Taker } | null;
}

/** The bundle by itself. */
export function alone(emitted: Emitted): Surroundings {
  return { emitted, alone: loadGenerated(emitted.model, emitted.files), merged: null };
}

/** The bundle in a home; by itself, where the home does not load with it, which the verdict then says. */
export function inHome(
  emitted: Emitted,
  home: string,
  show: (path: string) => string,
  verdict: Verdict,
): Surroundings {
  const { model, files } = emitted;
  const own = alone(emitted);
  const loaded = loadMergedHome(home, model, files, dialectOf(model.ossec), show);
  const broken = loaded.problems.filter(stopsProgram);
  if (broken.length > 0) {
    verdict.diagnostics.push(
      ...broken
        .slice(0, mostProblems)
        .map((problem) =>
          codes.broken(
            problem,
            `with the bundle in it the home does not load: ${problem.message}`,
            problem.help,
          ),
        ),
    );
    return own;
  }
  const taker = new Taker(model, loaded, show(`${home.replace(/\/+$/, "")}/etc/ossec.conf`));
  return { ...own, merged: { loaded, taker } };
}

const mostProblems = 20;

export class BundleSide {
  readonly #model: Model;
  readonly #engine: OneEngine;
  readonly #counting: ReadonlySet<number>;
  readonly #rules: ReadonlySet<number>;
  /** The bundle by itself, and the home: only asked why a line does not come to the bundle. */
  readonly #why: { readonly alone: OneEngine; readonly home: OneEngine; readonly taker: Taker } | null;

  constructor(
    { emitted: { model }, alone: own, merged }: Surroundings,
    mode: "logtest" | "daemon",
    timeZone: string | undefined,
  ) {
    const commands = new Set(responseCommands(model).map(({ command }) => command));
    const options = { mode, timeZone, ownHostname: "host1", commands };
    this.#model = model;
    this.#engine = new OneEngine(merged?.loaded ?? own, options);
    this.#why =
      merged === null
        ? null
        : {
            alone: new OneEngine(own, options),
            home: new OneEngine(merged.loaded, options),
            taker: merged.taker,
          };
    this.#counting = countingRules(model);
    this.#rules = new Set(model.detections.map(({ rule }) => rule.id));
  }

  /** @param line - latin1 */
  say(line: string, time: number, location?: string): Said {
    const { fields, rule, level, asked } = this.#engine.answer(line, time, location);
    const fired = rule !== null && this.#rules.has(rule) && (level ?? 0) > 0;
    return {
      address: fired ? (fields.find(([name]) => name === "srcip")?.[1] ?? "") : null,
      counts: fired && this.#counting.has(rule),
      asked: asked.filter(({ source }) => source !== "-"),
    };
  }

  /**
   * Who of the home has a line that the bundle takes by itself; null: there is no home, or it is not the home's doing.
   *
   * @param line - latin1
   */
  takenBy(line: string, time: number): Taken | null {
    if (this.#why === null) return null;
    const { alone, home, taker } = this.#why;
    const { rule } = alone.answer(line, time, undefined);
    const detection = this.#model.detections.find((one) => one.rule.id === rule);
    if (detection === undefined) return null;
    return taker.of(home.engine, line, time, detection, home.engine.process(line, time));
  }
}

/** Rules that a block stands on, and those that they count. */
function countingRules({ responses, detections }: Model): ReadonlySet<number> {
  const blocking = new Set(
    responses.flatMap(({ kind, when }) => (kind === "block" && when.kind === "rules" ? when.ruleIds : [])),
  );
  const counted = detections.flatMap((one) =>
    one.kind === "burst" && one.base.kind === "rule" && blocking.has(one.rule.id) ? [one.base.id] : [],
  );
  return new Set([...blocking, ...counted]);
}
