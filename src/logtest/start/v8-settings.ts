import { setFlagsFromString } from "node:v8";

/** The V8 of Node 20: the later ones compile in other steps, and were not measured. */
const measured = /^11\./;

function set(...flags: readonly string[]): void {
  if (measured.test(process.versions.v8)) for (const flag of flags) setFlagsFromString(flag);
}

/**
 * Has V8 compile what runs often sooner. A run of logtest is short: a third of its time goes by before the last
 * function is compiled. So it inlines less into the functions that it optimises, since large ones take longest, and
 * compiles regular expressions at once to what they become after their first use anyway.
 */
export function compileSooner(): void {
  set("--max-inlined-bytecode-size-cumulative=300", "--no-regexp-tier-up");
}

/** V8's own settings. Compiled code is kept under them: V8 takes no code that was kept under other ones. */
export function compileAsUsual(): void {
  set("--max-inlined-bytecode-size-cumulative=920", "--regexp-tier-up");
}
