import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { openClickhouseStore } from "./clickhouse-store.js";
import { codes } from "./codes.js";
import { openDuckdbStore, type StoreOptions } from "./duckdb-store.js";
import type { Place } from "./place.js";
import type { OpenedStore, StoreError } from "./store.js";

/** Opens what stands behind `--on`. */
export function openStore(place: Place, options: StoreOptions): Promise<OpenedStore> {
  return place.kind === "duckdb" ? openDuckdbStore(place, options) : openClickhouseStore(place, options);
}

/** What a store's engine says is wrong. */
export function engineFailure({ place, message, help }: StoreError): Diagnostic {
  return codes.engine({ file: place, line: 1, column: 1 }, message, help);
}
