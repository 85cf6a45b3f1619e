/** Edits of one file that do not overlap, in the order of their places. */
import type { TextEdit } from "./model.js";

export function sameEdit(one: TextEdit, other: TextEdit): boolean {
  return (
    one.place.start === other.place.start && one.place.end === other.place.end && one.text === other.text
  );
}

/** Two insertions at one place overlap: which comes first would be chance. */
function overlaps(one: TextEdit, other: TextEdit): boolean {
  const empty = one.place.start === one.place.end && other.place.start === other.place.end;
  if (empty) return one.place.start === other.place.start;
  return one.place.start < other.place.end && other.place.start < one.place.end;
}

export class TakenEdits {
  readonly #edits: TextEdit[] = [];

  /** How many begin before the place: they come first, since none reaches into another. */
  #indexOf({ place }: TextEdit): number {
    let low = 0;
    let high = this.#edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#edits[middle]?.place.start ?? 0) < place.start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The edit is one of them, or reaches into none. */
  isFree(edit: TextEdit): boolean {
    const at = this.#indexOf(edit);
    // An insertion may stand at the beginning or end of a longer edit, so a few stand side by side.
    for (let index = Math.max(0, at - 2); index < this.#edits.length; index++) {
      const other = this.#edits[index];
      if (other === undefined || other.place.start > edit.place.end) break;
      if (sameEdit(edit, other)) return true;
      if (overlaps(edit, other)) return false;
    }
    return true;
  }

  add(edit: TextEdit): void {
    const at = this.#indexOf(edit);
    if (this.#edits.slice(at, at + 4).some((other) => sameEdit(edit, other))) return;
    this.#edits.splice(at, 0, edit);
  }
}
