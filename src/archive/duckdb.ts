import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { codes } from "./codes.js";

/** Memory that DuckDB takes at most; beyond it works on disk. */
const memory = "1500MB";

/**
 * Rows that wait for their place in a folder of a partition. With as many as a row group or more, which is the default,
 * DuckDB writes what is left of them behind later rows; fewer than half a row group stay in order.
 */
const waitingRows = 20_000;

/** How Parquet is written. The lowest level takes a tenth less time than zstd's own choice, for a hundredth more bytes. */
export const parquet = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1";

/** A row as DuckDB's package hands it over, a value a column. */
export type DuckdbRow = readonly DuckDBValue[];

/** DuckDB in this process. */
export class Duckdb {
  readonly #instance: DuckDBInstance;
  readonly #connections: DuckDBConnection[] = [];
  #main: DuckDBConnection | null = null;

  constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    this.#connections.push(connection);
    return connection;
  }

  async #own(): Promise<DuckDBConnection> {
    this.#main ??= await this.connect();
    return this.#main;
  }

  /** @throws what DuckDB says */
  async run(sql: string, connection?: DuckDBConnection): Promise<void> {
    await (connection ?? (await this.#own())).run(sql);
  }

  /** All rows of an answer. @throws what DuckDB says */
  async rows(sql: string, connection?: DuckDBConnection): Promise<readonly DuckdbRow[]> {
    const reader = await (connection ?? (await this.#own())).runAndReadAll(sql);
    return reader.getRows();
  }

  /** Stops what runs. */
  interrupt(): void {
    for (const connection of this.#connections) connection.interrupt();
  }

  close(): void {
    for (const connection of this.#connections) connection.closeSync();
    this.#instance.closeSync();
  }
}

/** Its many files are CommonJS, which an import would read twice, looking for names of exports. */
function load(): typeof import("@duckdb/node-api") {
  const require = createRequire(import.meta.url);
  const { version } = require("@duckdb/node-api/package.json");
  try {
    // The same in one file, which is there for the version that zopf was built with (bin/build.js).
    return require(`./duckdb-api-${version}.cjs`);
  } catch {
    return require("@duckdb/node-api");
  }
}

/** Opens DuckDB in memory; a diagnostic where its package is not installed. */
export async function openDuckdb(
  threads: number,
): Promise<
  { readonly ok: true; readonly duckdb: Duckdb } | { readonly ok: false; readonly diagnostic: Diagnostic }
> {
  let module: typeof import("@duckdb/node-api");
  try {
    module = load();
  } catch {
    const diagnostic = codes.noDuckdb(
      { file: "@duckdb/node-api", line: 1, column: 1 },
      "archives are written and read by DuckDB, whose package is not installed",
      "npm install @duckdb/node-api (in zopf's own folder where zopf is installed globally: npm install -g @duckdb/node-api)",
    );
    return { ok: false, diagnostic };
  }
  const instance = await module.DuckDBInstance.create(":memory:", {
    threads: String(threads),
    memory_limit: memory,
    partitioned_write_flush_threshold: String(waitingRows),
    temp_directory: join(tmpdir(), `zopf-duckdb-${process.pid}`),
  });
  return { ok: true, duckdb: new Duckdb(instance) };
}

/** What DuckDB says, in one line. */
export function duckdbReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? message).replace(/^(?:[A-Z][A-Za-z]* )+Error: /, "");
}
