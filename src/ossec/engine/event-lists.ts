/** Which rule's events composites find in which list (docs/reference/ossec.md#correlation). */
import type { RuleDefinition, Ruleset } from "../definitions.js";
import type { EventMemory } from "./event-memory.js";
import { EventQueue } from "./event-queue.js";
import type { Feeding } from "./stored-events.js";

/** The lists of a configuration. */
export class EventLists {
  readonly #memory: EventMemory;
  readonly #perSid: number;
  readonly #searched: boolean;
  readonly #bySid = new Map<number, EventQueue>();
  /** By the number of the composite that searches it. */
  readonly #byComposite = new Map<number, EventQueue>();

  /** @param perSid - events kept per `if_matched_sid` list */
  constructor(loaded: Ruleset, memory: EventMemory, perSid: number) {
    this.#memory = memory;
    this.#perSid = perSid;
    this.#searched = loaded.rules.some(({ search }) => search?.kind === "events");
  }

  /** The list of the events of a rule. */
  ofSid(id: number): EventQueue {
    const known = this.#bySid.get(id) ?? new EventQueue(this.#memory.stored, this.#perSid);
    this.#bySid.set(id, known);
    return known;
  }

  /** The list of the events of a group that a composite searches. */
  ofComposite(id: number): EventQueue {
    const known = this.#byComposite.get(id) ?? new EventQueue(this.#memory.stored);
    this.#byComposite.set(id, known);
    return known;
  }

  /**
   * What a rule feeds; one that is the target of an `if_matched_sid` feeds no other list. A rule that stands in the
   * tree several times may feed a list as often, and its events then count as often.
   */
  fedBy(rule: RuleDefinition): Feeding {
    const queues = rule.feedsSidList
      ? [this.ofSid(rule.id)]
      : rule.feedsGroupListsOf.map((id) => this.ofComposite(id));
    return { queues, searched: this.#searched, columns: null };
  }
}
