import { setFlagsFromString } from "node:v8";

/** The V8 of Node 20: the later ones compile in other steps, and were not measured. */
const measured = /^11\./;

const inlineAtMost = (bytes: number): void => {
  if (measured.test(process.versions.v8))
    setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${bytes}`);
};

/**
 * Has V8 inline less into the functions that it optimises. A run of logtest is short: a third of its time goes by
 * before the last function is compiled, and large functions take longest.
 */
export function compileSooner(): void {
  inlineAtMost(300);
}

/** V8's own setting. Compiled code is kept under it: V8 takes no code that was kept under another one. */
export function compileAsUsual(): void {
  inlineAtMost(920);
}
