import { createRequire } from "node:module";
import type { ts } from "ts-morph";

/** The TypeScript that ts-morph carries, as a value. */
export type TypeScript = typeof ts;

const fromHere = createRequire(import.meta.url);
let loaded: TypeScript | undefined;

/**
 * Loads TypeScript at its first use. `require` on purpose: `import()` of a CommonJS package scans its text for
 * export names first, which takes longer for these nine megabytes than running them.
 */
export function typescript(): TypeScript {
  if (loaded === undefined) {
    const morph: { readonly ts: TypeScript } = fromHere("ts-morph");
    loaded = morph.ts;
  }
  return loaded;
}
