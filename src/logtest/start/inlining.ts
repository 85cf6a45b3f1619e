/**
 * How much V8 inlines while it optimises. A run of some seconds ends before large functions that were optimised have
 * saved what that cost, and it is done on a thread of its own, which the other programs of the host would have had.
 */
import { setFlagsFromString } from "node:v8";

/** Bytes of bytecode inlined into a function at most: V8's own bound. */
export const usualInlining = 920;

/** Only for the V8 of Node 20: later ones compile in other steps, and were not measured. */
export function setInlining(bytes: number): void {
  if (process.versions.v8.startsWith("11."))
    setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${bytes}`);
}
