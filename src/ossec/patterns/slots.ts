/** Positions that a search keeps, borders of groups and beginnings of rounds, with what it takes to go back. */
export class Slots {
  /** -1: not set. */
  readonly values: Int32Array;
  /** Old values, to undo: slot, value. Only the first {@link length} count. */
  private undo = new Int32Array(64);
  /** Of the undo log: a mark to go back to. */
  length = 0;

  constructor(count: number) {
    this.values = new Int32Array(count).fill(-1);
  }

  /** None is set, and there is nothing to undo. */
  clear(): void {
    this.values.fill(-1);
    this.length = 0;
  }

  set(slot: number, value: number): void {
    const { length } = this;
    if (length === this.undo.length) {
      const larger = new Int32Array(2 * length);
      larger.set(this.undo);
      this.undo = larger;
    }
    this.undo[length] = slot;
    this.undo[length + 1] = this.values[slot] ?? -1;
    this.length = length + 2;
    this.values[slot] = value;
  }

  /** Goes back to a mark. */
  restore(mark: number): void {
    const { undo, values } = this;
    let { length } = this;
    while (length > mark) {
      length -= 2;
      values[undo[length] ?? 0] = undo[length + 1] ?? -1;
    }
    this.length = length;
  }
}
