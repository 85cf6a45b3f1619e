import { basename } from "node:path";

/**
 * Names of log files: `conn.log`, `conn.json.log`, rotated `conn.10:00:00-11:00:00.log.gz`,
 * `conn_20260611_10:00:00-11:00:00-0000.log`, `conn.2026-06-11-10-00-00.log.zst`.
 */
const LOG_FILE =
  /^([a-z][a-z0-9_]*?)([-_.]\d[\d:_.+-]*)?(?:\.(?:json|tsv))?([-_.]\d[\d:_.+-]*)?\.log(?:\.(?:gz|zst))?$/i;

/** What logrotate makes of a name: `conn.log.1`, `conn.log-20260611.gz`. */
const ROTATED = /\.log[-.]\d[\d:_.+-]*(?:\.(?:gz|zst))?$/i;

/** Which log a file holds by its name (`conn`); undefined when it is not named like a Zeek log. */
export function logNameOf(file: string): string | undefined {
  return LOG_FILE.exec(basename(file))?.[1];
}

/** The file's name says that it is one of a series: a date, a time or a number. */
export function isRotatedName(file: string): boolean {
  const name = basename(file);
  const parts = LOG_FILE.exec(name);
  return ROTATED.test(name) || (parts !== null && (parts[2] !== undefined || parts[3] !== undefined));
}
