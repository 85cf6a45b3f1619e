/** What was emitted of a bundle, on lines. */
import type { Model } from "../../../model/model.js";
import { loadGenerated } from "../../../targets/generated.js";
import type { Emitted } from "../../proof/surroundings.js";
import { type Answer, OneEngine } from "../../proof/two-engines.js";

/** What the bundle says of a line. */
export interface Said {
  /** The address of a rule that fired, "" without one; null: none fired. */
  readonly address: string | null;
  /** The line leads to a block, or is counted for one. */
  readonly counts: boolean;
  /** Who is blocked. */
  readonly asked: Answer["asked"];
}

export class BundleSide {
  readonly #engine: OneEngine;
  readonly #counting: ReadonlySet<number>;
  readonly #rules: ReadonlySet<number>;

  constructor({ model, files }: Emitted, mode: "logtest" | "daemon", timeZone: string | undefined) {
    this.#engine = new OneEngine(loadGenerated(model, files), { mode, timeZone, ownHostname: "host1" });
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
