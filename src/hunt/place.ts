import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { ClickhousePlace } from "./clickhouse-store.js";
import { codes } from "./codes.js";
import type { DuckdbPlace } from "./duckdb-store.js";

export type Place =
  | ({ readonly kind: "duckdb" } & DuckdbPlace)
  | ({ readonly kind: "clickhouse" } & ClickhousePlace);

const forms =
  "duckdb:FOLDER (of zopf archive, of Parquet or of Zeek's logs), duckdb:FILE.parquet, duckdb:FILE.duckdb?table=NAME, clickhouse://HOST:8123/DATABASE?table=NAME (clickhouses:// with TLS)";

/**
 * What stands behind `--on`.
 *
 * @param log what a single table holds where it does not say so
 */
export function parsePlace(text: string, log = "conn"): Place | Diagnostic {
  const wrong = (message: string): Diagnostic =>
    codes.place({ file: text, line: 1, column: 1 }, message, forms);
  const duck = /^duckdb:(.+)$/.exec(text)?.[1];
  if (duck !== undefined) {
    // A glob may hold a question mark; what stands behind the last one with an `=` is ours.
    const query = /\?((?:table|log)=[^?]*)$/.exec(duck)?.[1];
    const path = query === undefined ? duck : duck.slice(0, -query.length - 1);
    const options = new URLSearchParams(query ?? "");
    return { kind: "duckdb", path, log: options.get("log") ?? log, table: options.get("table") };
  }
  if (!/^clickhouses?:\/\//.test(text)) return wrong("says neither duckdb: nor clickhouse:");
  let url: URL;
  try {
    url = new URL(text.replace(/^clickhouse/, "http"));
  } catch {
    return wrong("is no address");
  }
  if (url.password !== "")
    return codes.place(
      { file: `clickhouse://${url.host}`, line: 1, column: 1 },
      "a password does not belong on the command line, where everybody on the host sees it",
      "put it into CLICKHOUSE_PASSWORD, or into a file and its path into CLICKHOUSE_PASSWORD_FILE",
    );
  const database = decodeURIComponent(url.pathname.slice(1)) || "default";
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? "8443" : "8123") : url.port;
  return {
    kind: "clickhouse",
    url: `${isSecure ? "https" : "http"}://${url.hostname}:${port}/`,
    user: url.username === "" ? (process.env.CLICKHOUSE_USER ?? "default") : decodeURIComponent(url.username),
    database,
    log: url.searchParams.get("log") ?? log,
    table: url.searchParams.get("table"),
  };
}
