/** A queue between one producer that cannot wait and one consumer that can. */
export interface AsyncQueue<T> {
  push(item: T): void;
  /** No more items; the consumer ends after those that are there. */
  end(): void;
  /** The producer failed; the consumer throws what it threw. */
  fail(reason: unknown): void;
  readonly items: AsyncIterable<T>;
}

export function createAsyncQueue<T>(): AsyncQueue<T> {
  let waiting: T[] = [];
  let ended = false;
  let failure: { readonly reason: unknown } | null = null;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    wake?.();
    wake = null;
  };
  async function* drain(): AsyncGenerator<T> {
    for (;;) {
      const ready = waiting;
      waiting = [];
      yield* ready;
      if (waiting.length > 0) continue;
      if (failure !== null) throw failure.reason;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    push(item) {
      waiting.push(item);
      ring();
    },
    end() {
      ended = true;
      ring();
    },
    fail(reason) {
      failure = { reason };
      ring();
    },
    items: drain(),
  };
}
