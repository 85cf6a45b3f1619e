import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { openClickhouseStore } from "./clickhouse-store.js";
import { codes } from "./codes.js";
import { openDuckdbStore, type StoreOptions } from "./duckdb-store.js";
import type { Place } from "./place.js";
import type { Store, StoreError } from "./store.js";

/** Opens what stands behind `--on`; whoever gets the store closes it. */
export function openStore(
  place: Place,
  options: StoreOptions,
): Promise<
  | { readonly ok: true; readonly store: Store; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
> {
  return place.kind === "duckdb" ? openDuckdbStore(place, options) : openClickhouseStore(place, options);
}

/** What a store's engine says is wrong. */
export function engineFailure({ name }: Store, { message }: StoreError): Diagnostic {
  return codes.engine({ file: name, line: 1, column: 1 }, message);
}
