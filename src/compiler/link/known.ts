import type { LinkedDetection } from "./detections.js";

/** The detections that have linked so far, by what others call them. */
export class Known {
  readonly #all: LinkedDetection[] = [];
  readonly #byName = new Map<string, LinkedDetection>();
  readonly #byRule = new Map<number, LinkedDetection>();

  add(detection: LinkedDetection): void {
    this.#all.push(detection);
    this.#byName.set(detection.model.name, detection);
    this.#byRule.set(detection.model.rule.id, detection);
  }

  get all(): readonly LinkedDetection[] {
    return this.#all;
  }

  named(name: string): LinkedDetection | null {
    return this.#byName.get(name) ?? null;
  }

  ofRule(id: number): LinkedDetection | null {
    return this.#byRule.get(id) ?? null;
  }
}
