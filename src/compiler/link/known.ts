import type { LinkedDetection } from "./detections.js";

/** The detections that have linked so far, by what others call them. */
export class Known {
  readonly #all: LinkedDetection[] = [];
  readonly #byName = new Map<string, LinkedDetection>();
  readonly #byRule = new Map<number, LinkedDetection>();
  readonly #byGroup = new Map<string, LinkedDetection[]>();

  add(detection: LinkedDetection): void {
    this.#all.push(detection);
    this.#byName.set(detection.model.name, detection);
    this.#byRule.set(detection.model.rule.id, detection);
    for (const group of detection.model.rule.groups) {
      const members = this.#byGroup.get(group);
      if (members === undefined) this.#byGroup.set(group, [detection]);
      else members.push(detection);
    }
  }

  get all(): readonly LinkedDetection[] {
    return this.#all;
  }

  /** Those of a group: OSSEC finds the name in any longer one. */
  ofGroup(group: string): readonly LinkedDetection[] {
    const members = new Set<LinkedDetection>();
    for (const [name, those] of this.#byGroup)
      if (name.includes(group)) for (const one of those) members.add(one);
    return [...members];
  }

  named(name: string): LinkedDetection | null {
    return this.#byName.get(name) ?? null;
  }

  ofRule(id: number): LinkedDetection | null {
    return this.#byRule.get(id) ?? null;
  }
}
