/** Which rule's events composites find in which list (spec/ossec.md 8). */
import type { LoadedOssec, RuleDefinition } from "../definitions.js";
import type { EventMemory } from "./event-memory.js";
import { EventQueue } from "./event-queue.js";
import type { Feeding } from "./stored-events.js";

/** The lists of a configuration. Composites whose lists hold the same events share one. */
export class EventLists {
  readonly #memory: EventMemory;
  readonly #perSid: number;
  readonly #searched: boolean;
  readonly #bySid = new Map<number, EventQueue>();
  /** By the number of the composite that searches it. */
  readonly #byComposite = new Map<number, EventQueue>();
  /** Of the composites that share a list, the one that stands for all of them. */
  readonly #representatives = new Set<number>();

  /** @param perSid - events kept per `if_matched_sid` list */
  constructor(loaded: LoadedOssec, memory: EventMemory, perSid: number) {
    this.#memory = memory;
    this.#perSid = perSid;
    this.#searched = loaded.rules.some(({ search }) => search?.kind === "events");
    const feeders = new Map<number, string>();
    for (const [index, rule] of loaded.rules.entries()) {
      if (rule.feedsSidList) continue;
      for (const id of rule.feedsGroupListsOf) feeders.set(id, `${feeders.get(id) ?? ""}${index} `);
    }
    const byFeeders = new Map<string, EventQueue>();
    for (const [id, rules] of feeders) {
      let queue = byFeeders.get(rules);
      if (queue === undefined) {
        queue = new EventQueue(memory.stored);
        byFeeders.set(rules, queue);
        this.#representatives.add(id);
      }
      this.#byComposite.set(id, queue);
    }
  }

  /** The list of the events of a rule. */
  ofSid(id: number): EventQueue {
    const known = this.#bySid.get(id) ?? new EventQueue(this.#memory.stored, this.#perSid);
    this.#bySid.set(id, known);
    return known;
  }

  /** The list of the events of a group that a composite searches; null: no rule feeds it. */
  ofComposite(id: number): EventQueue | null {
    return this.#byComposite.get(id) ?? null;
  }

  /**
   * What a rule feeds; one that is the target of an `if_matched_sid` feeds no other list. A rule that stands in the
   * tree several times may feed a list as often, and its events then count as often.
   */
  fedBy(rule: RuleDefinition): Feeding {
    const queues = rule.feedsSidList
      ? [this.ofSid(rule.id)]
      : rule.feedsGroupListsOf.flatMap((id) =>
          this.#representatives.has(id) ? (this.ofComposite(id) ?? []) : [],
        );
    return { queues, searched: this.#searched, fields: null };
  }
}
