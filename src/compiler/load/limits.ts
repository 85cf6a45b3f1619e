import { types } from "node:util";
import { getHeapStatistics } from "node:v8";
import { Script } from "node:vm";

/** Thrown out of a loop of the bundle when a limit is reached. */
class LimitReached extends Error {
  readonly limit: "time" | "memory";
  constructor(limit: "time" | "memory") {
    super(`${limit} limit`);
    this.limit = limit;
  }
}

export type Limited<T> =
  | { readonly end: "returned"; readonly value: T }
  | { readonly end: "threw"; readonly error: unknown }
  | { readonly end: "limit"; readonly limit: "time" | "memory" };

/** How much a bundle may add to the heap, in bytes. */
const memoryLimit = 512 * 1024 * 1024;
const roundsBetweenLooks = 1024;

/** Watches one run: the loops of the user's files tell it of every round. */
export interface Watch {
  readonly round: () => void;
  readonly run: <T>(work: () => T) => Limited<T>;
}

export function createWatch(timeLimit: number): Watch {
  let rounds = 0;
  let deadline = Number.POSITIVE_INFINITY;
  let heapLimit = Number.POSITIVE_INFINITY;
  return {
    round: () => {
      rounds += 1;
      if (rounds % roundsBetweenLooks !== 0 || deadline === Number.POSITIVE_INFINITY) return;
      if (performance.now() > deadline) throw new LimitReached("time");
      if (getHeapStatistics().used_heap_size > heapLimit) throw new LimitReached("memory");
    },
    run: (work) => {
      const heap = getHeapStatistics();
      heapLimit = Math.min(heap.heap_size_limit * 0.8, heap.used_heap_size + memoryLimit);
      deadline = performance.now() + timeLimit;
      try {
        return interruptible(work, timeLimit + 250);
      } finally {
        deadline = Number.POSITIVE_INFINITY;
      }
    },
  };
}

const slot = Symbol.for("zopf.limited-work");

/** V8 can only stop a script: so a script calls the function. Stops loops that no round is told of. */
function interruptible<T>(work: () => T, timeLimit: number): Limited<T> {
  let result: Limited<T> = { end: "limit", limit: "time" };
  const call = (): void => {
    try {
      result = { end: "returned", value: work() };
    } catch (error) {
      if (types.isProxy(error)) result = { end: "threw", error: new Error("a Proxy was thrown") };
      else if (error instanceof LimitReached) result = { end: "limit", limit: error.limit };
      else result = { end: "threw", error };
    }
  };
  Object.defineProperty(globalThis, slot, { value: call, configurable: true });
  try {
    new Script('globalThis[Symbol.for("zopf.limited-work")]()').runInThisContext({ timeout: timeLimit });
  } catch {
    // Only the time limit gets here: `call` catches everything else.
  } finally {
    Reflect.deleteProperty(globalThis, slot);
  }
  return result;
}
