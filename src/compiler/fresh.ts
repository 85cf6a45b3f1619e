import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { EmittedFile } from "../targets/file.js";
import { emitHosts } from "../targets/index.js";
import type { Owns } from "../targets/manifest.js";
import type { CacheEntry } from "./cache.js";
import { decodeBundle } from "./decode/bundle.js";
import { linkBundle } from "./link/bundle.js";
import type { LoadedBundle } from "./load/index.js";
import type { RuleIds } from "./lockfile.js";
import { judge } from "./policy/index.js";
import { verifyHosts } from "./verify/index.js";

/** All of a bundle that was compiled but what it declares, which `declaredOf` tells who needs it. */
export type Compiled = Omit<CacheEntry, "declared">;

/** Decodes, links, judges, emits and verifies a loaded bundle: everything behind the type checker. */
export function compileLoaded(
  bundle: LoadedBundle,
  locked: ReadonlyMap<string, RuleIds>,
):
  | { readonly ok: true; readonly entry: Compiled }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  const found = decodeBundle(bundle.value, bundle);
  if (found.decoded === null) return { ok: false, diagnostics: found.diagnostics };
  const { linked, diagnostics: unlinked } = linkBundle(found.decoded, bundle, locked);
  const judged = [...found.diagnostics, ...unlinked, ...judge(linked)];
  if (judged.some(isError)) return { ok: false, diagnostics: judged };
  const emitted = emitHosts(linked.model);
  const verified = verifyHosts(linked.model, emitted);
  const diagnostics = [...judged, ...verified.diagnostics];
  if (diagnostics.some(isError)) return { ok: false, diagnostics };
  const files = pool<EmittedFile>((file) => file);
  const owns = pool<Owns>((one) => JSON.stringify(one));
  const outputs = emitted.flatMap((output, index) => {
    const mine = verified.owns[index];
    return mine === undefined ? [] : [{ files: output.files.map(files.place), owns: owns.place(mine) }];
  });
  return {
    ok: true,
    entry: {
      model: linked.model,
      files: files.all,
      owns: owns.all,
      outputs,
      lock: [...linked.lock],
      unlocked: locked.size === 0,
      diagnostics,
    },
  };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** Every different thing once, and the place of each; `identity` tells which are the same. */
function pool<T>(identity: (thing: T) => unknown): {
  readonly all: readonly T[];
  readonly place: (thing: T) => number;
} {
  const all: T[] = [];
  const places = new Map<unknown, number>();
  return {
    all,
    place(thing) {
      const key = identity(thing);
      const place = places.get(key) ?? all.push(thing) - 1;
      places.set(key, place);
      return place;
    },
  };
}
