import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { isSystemError, reasonOf } from "../files/system-error.js";
import { clickhouse as dialect } from "../targets/sql/dialect.js";
import { codes } from "./codes.js";
import type { StoreOptions } from "./duckdb-store.js";
import { foreignLog } from "./foreign.js";
import {
  type Numbers,
  type OpenedStore,
  type Store,
  type StoredLog,
  type StoredRow,
  type StoredValue,
  StoreError,
} from "./store.js";

export interface ClickhousePlace {
  /** Of the HTTP interface, with a slash at the end. */
  readonly url: string;
  readonly user: string;
  readonly database: string;
  /** The log that the table holds. */
  readonly log: string;
  /** Null: as the names say. */
  readonly table: string | null;
}

/** A place as people call it. */
export const clickhouseName = ({ url, database }: ClickhousePlace): string =>
  `clickhouse://${new URL(url).host}/${database}`;

/** Keys that are sent back to the server at most. */
const mostKept = 200_000;
/** @param type the column's; large numbers may come as texts */
const constant = (value: StoredValue, type: string): string =>
  value === null
    ? "NULL"
    : /Int|Float/.test(type)
      ? `toFloat64(${Number(value)})`
      : dialect.text(String(value));

/** Rows that are handed on at a time. */
const atOnce = 2048;

/** The password, which never stands on a command line. */
function passwordOf(): string | Diagnostic {
  const { CLICKHOUSE_PASSWORD: given, CLICKHOUSE_PASSWORD_FILE: file } = process.env;
  if (given !== undefined || file === undefined) return given ?? "";
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    return codes.place(
      { file, line: 1, column: 1 },
      `the file of the password cannot be read: ${reasonOf(error)}`,
    );
  }
}

/** Opens a table of ClickHouse over HTTP; a distributed one is read on all its shards. */
export async function openClickhouseStore(
  place: ClickhousePlace,
  options: StoreOptions,
): Promise<OpenedStore> {
  const password = passwordOf();
  if (typeof password !== "string") return { ok: false, diagnostics: [password] };
  const server = new Server(place, password, options.silence ?? 60);
  options.onStart?.(() => server.interrupt());
  const name = clickhouseName(place);
  const table = place.table ?? options.names.tables.get(place.log) ?? place.log;
  const from = `${dialect.identifier(place.database)}.${dialect.identifier(table)}`;
  const span = { file: name, line: 1, column: 1 };
  try {
    const bound = await foreignLog(
      { place: name, log: place.log, from, dialect, rows: (sql) => server.rows(sql) },
      options.names,
      options.range,
    );
    if (!bound.ok) return bound;
    const found = { file: name, log: place.log, inFolder: false };
    // What a running sensor writes: nothing is known about an end.
    return {
      ok: true,
      store: new ClickhouseStore(server, name, place.log, bound.log, [found, found]),
      diagnostics: bound.diagnostics,
    };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    await server.close();
    return { ok: false, diagnostics: [codes.engine(span, error.message, error.help)] };
  }
}

const settings = {
  // A shard that does not answer is an error, never a part of the answer.
  skip_unavailable_shards: "0",
  // Numbers beyond 2^53 are rounded in the replay, too.
  output_format_json_quote_64bit_integers: "0",
  max_query_size: "200000000",
  max_ast_elements: "10000000",
  max_expanded_ast_elements: "10000000",
};

/** How often a query is sent that fails of what passes. */
const mostTries = 4;

/**
 * ClickHouse 18 may find a connection to a shard that an earlier query of it has not read to its end, and gives up the
 * query in its stead; the next one gets another connection.
 */
function isPassing(reason: string): boolean {
  return reason.includes("Cannot drain connections");
}

/**
 * The HTTP interface of a server. ClickHouse's own client for Node (@clickhouse/client 1.23) takes the rows that an old
 * server sends before it fails for the whole answer: it looks for the mark that servers since 2025 put before the error,
 * and drops the text that 18.16 writes in its place.
 */
class Server {
  readonly #place: ClickhousePlace;
  readonly #name: string;
  readonly #password: string;
  readonly #running = new Map<string, AbortController>();
  /** Requests that end queries, on their way. */
  readonly #ending: Promise<unknown>[] = [];
  /** Seconds without a byte after which it is asked whether the server still works. */
  readonly #silence: number;
  #stopped = false;
  /** Until the server says that the account may not. */
  #maySet = true;

  constructor(place: ClickhousePlace, password: string, silence: number) {
    this.#silence = silence;
    this.#place = place;
    this.#name = clickhouseName(place);
    this.#password = password;
  }

  async #send(sql: string, id: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, user, database } = this.#place;
    const words = new URLSearchParams({ database, query_id: id, ...(this.#maySet ? settings : {}) });
    const headers = { "X-ClickHouse-User": user, "X-ClickHouse-Key": this.#password };
    return post(new URL(`${url}?${words}`), sql, headers, signal);
  }

  /** The answer of a query; nothing of it was handed on where the server is asked again. @throws StoreError */
  async #answer(sql: string, id: string, signal: AbortSignal): Promise<IncomingMessage> {
    for (let tries = 1; ; tries += 1) {
      const response = await this.#waited(this.#send(sql, id, signal), id);
      const { statusCode: status = 0 } = response;
      if (status === 200) return response;
      const text = await this.#waited(textOf(response), id);
      const reason = isOfClickhouse(text)
        ? reasonIn(text)
        : `what answers there is no ClickHouse, or not its HTTP interface (status ${status}: ${reasonIn(text)})`;
      if (this.#maySet && reason.includes("readonly mode")) {
        this.#maySet = false;
        await this.#checkSettings();
        continue;
      }
      if (tries === mostTries || !isPassing(reason))
        throw new StoreError(this.#name, reason, false, helpFor(reason));
    }
  }

  /** Waits for as long as the server works on the query. @throws StoreError where it does not any more */
  async #waited<T>(work: Promise<T>, id: string): Promise<T> {
    let wasGone = false;
    for (;;) {
      const found = await within(work, this.#silence);
      if (found !== null) return found.value;
      const is = await this.#stateOf(id);
      if (is === "silent" || (is === "gone" && wasGone))
        throw new StoreError(
          this.#name,
          is === "silent"
            ? `does not answer: nothing came in ${this.#silence} s, not even on another connection`
            : `does not answer: nothing came in ${2 * this.#silence} s, and the query does not run any more`,
        );
      // What has ended just now may be on its way.
      wasGone = is === "gone";
    }
  }

  /** Whether the server still works on a query, as far as the account may know; `silent`: it answers nothing at all. */
  async #stateOf(id: string): Promise<"runs" | "gone" | "silent"> {
    const sql = `SELECT count() AS n FROM system.processes WHERE query_id = ${dialect.text(id)} FORMAT JSONEachRow`;
    try {
      const signal = AbortSignal.timeout(this.#silence * 1000);
      const response = await this.#send(sql, randomUUID(), signal);
      const text = await textOf(response);
      return response.statusCode === 200 && /:"?0"?\}/.test(text) ? "gone" : "runs";
    } catch {
      return "silent";
    }
  }

  /** An account that may only read may change no setting: the one that would give half an answer is looked at. */
  async #checkSettings(): Promise<void> {
    const name = "skip_unavailable_shards";
    const [[value = "0"] = []] = await this.rows(`SELECT value FROM system.settings WHERE name = '${name}'`);
    if (String(value) !== "0")
      throw new StoreError(
        this.#name,
        `the account may change no settings, and its profile has ${name} = ${value}, so that half an answer looks whole`,
      );
  }

  /** Lines of the answer, each the values of a row. @throws StoreError */
  async *lines(sql: string): AsyncGenerator<readonly StoredRow[]> {
    const id = randomUUID();
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const response = await this.#answer(`${sql} FORMAT JSONEachRow`, id, controller.signal);
      const decoder = new TextDecoder();
      let rest = "";
      let rows: StoredRow[] = [];
      const take = (lines: readonly string[]): void => {
        for (const [i, line] of lines.entries()) {
          if (line === "") continue;
          const row = rowOf(line);
          if (row === null) throw new StoreError(this.#name, brokenOff(lines.slice(i).join("\n")));
          rows.push(row);
        }
      };
      const chunks: AsyncIterator<unknown> = response[Symbol.asyncIterator]();
      for (;;) {
        const { value: chunk, done } = await this.#waited(chunks.next(), id);
        if (done === true) break;
        if (!Buffer.isBuffer(chunk)) continue;
        const text = rest + decoder.decode(chunk, { stream: true });
        const lines = text.split("\n");
        rest = lines.pop() ?? "";
        take(lines);
        if (rows.length < atOnce) continue;
        yield rows;
        rows = [];
      }
      take([rest]);
      if (rows.length > 0) yield rows;
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError(this.#name, this.#stopped ? "stopped" : transportReason(error), this.#stopped);
    } finally {
      // An answer that is not read to its end is given up.
      controller.abort();
      this.#running.delete(id);
    }
  }

  /** The names and types of a query's columns. */
  async described(sql: string): Promise<readonly { readonly name: string; readonly type: string }[]> {
    const found = await this.rows(`DESCRIBE TABLE (${sql})`);
    return found.map(([name, type]) => ({ name: String(name), type: String(type) }));
  }

  async rows(sql: string): Promise<readonly StoredRow[]> {
    const all: StoredRow[] = [];
    for await (const rows of this.lines(sql)) all.push(...rows);
    return all;
  }

  /** Ends what runs, on the server too. */
  interrupt(): void {
    this.#stopped = true;
    for (const [id, controller] of this.#running) {
      controller.abort();
      const kill = `KILL QUERY WHERE query_id = ${dialect.text(id)} ASYNC`;
      const sent = this.#send(kill, randomUUID(), AbortSignal.timeout(2000));
      this.#ending.push(sent.catch(() => undefined));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#ending);
  }
}

/** A line of the answer; null: it is the text of an error, which may come in the middle. */
function rowOf(line: string): StoredRow | null {
  try {
    const value: unknown = JSON.parse(line);
    // Columns stand in the query's order; none of their names is a number.
    return typeof value === "object" && value !== null ? Object.values(value).map(storedValue) : null;
  } catch {
    return null;
  }
}

function storedValue(value: unknown): StoredValue {
  if (value === null || typeof value === "number" || typeof value === "string" || typeof value === "boolean")
    return value;
  return Array.isArray(value) ? value.map(storedValue) : String(value);
}

/**
 * Sends a query. Node's own fetch gives up after five minutes without a header, and queries may take longer; who waits
 * for this looks whether the server still works.
 */
function post(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, { method: "POST", headers: { ...headers }, signal, agent: false }, resolve);
    request.on("error", reject);
    request.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** What a promise comes to within some seconds; null: it has not yet. */
async function within<T>(work: Promise<T>, seconds: number): Promise<{ readonly value: T } | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), seconds * 1000);
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

const isOfClickhouse = (text: string): boolean => /DB::|^Code: \d|ClickHouse|clickhouse/.test(text);

/** The line of what the server says that names the error, without its codes. */
function reasonIn(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((one) => one.includes("Exception: ")) ?? lines[0] ?? "the answer is empty";
  return line
    .trim()
    .replace(/^Code: \d+(?:, e\.displayText\(\) =|\.) /, "")
    .replace(/^DB::Exception: /, "")
    .replace(/, e\.what\(\) = .*$/, "")
    .slice(0, 500);
}

/** What stands behind the last row that was read. */
const brokenOff = (text: string): string =>
  isOfClickhouse(text) ? reasonIn(text) : "the answer breaks off in the middle of a row";

/** What to do about an error of the server's. */
function helpFor(reason: string): string | undefined {
  if (
    /Authentication failed|[Ww]rong password|[Pp]assword required|Unknown user|no user with such name/.test(
      reason,
    )
  )
    return "the user stands in the address (clickhouse://user@host/database), the password in CLICKHOUSE_PASSWORD or in the file that CLICKHOUSE_PASSWORD_FILE names";
  if (/[Nn]ot enough privileges|ACCESS_DENIED/.test(reason))
    return "the account needs SELECT on the table: GRANT SELECT ON database.table TO user";
  if (/[Dd]atabase .* (?:doesn't|does not) exist|UNKNOWN_DATABASE/.test(reason))
    return "the database is the path of the address: clickhouse://host/database?table=NAME";
  if (/[Tt]able .* (?:doesn't|does not) exist|UNKNOWN_TABLE|Unknown table/.test(reason))
    return "name the table: clickhouse://host/database?table=NAME";
  if (/is for clickhouse-client/.test(reason))
    return "give the port of the HTTP interface, usually 8123, with TLS 8443";
  if (/Memory limit|TIMEOUT_EXCEEDED|Timeout exceeded|Limit for .* exceeded/.test(reason))
    return "narrow it with --from, --to or --detection, or give the account more";
  return undefined;
}

function transportReason(error: unknown): string {
  const cause: unknown = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && /certificate|self.signed/i.test(cause.message))
    return `its certificate is not trusted (${cause.message}): name the file of its authority in NODE_EXTRA_CA_CERTS`;
  if (isSystemError(cause, "ECONNREFUSED")) return "nothing listens there";
  if (isSystemError(cause, "ENOTFOUND", "EAI_AGAIN")) return "there is no host of that name";
  if (isSystemError(cause, "ECONNRESET", "EPIPE")) return "the connection broke off: the answer is not whole";
  if (isSystemError(cause, "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"))
    return `it cannot be reached: ${reasonOf(cause)}`;
  if (isSystemError(cause)) return reasonOf(cause);
  return `the connection broke off: ${cause instanceof Error ? cause.message : String(cause)}`;
}

class ClickhouseStore implements Store {
  readonly dialect = dialect;
  readonly keepsAll = false;
  readonly ticks = null;
  readonly name: string;
  readonly found: Store["found"];
  readonly mayLack = false;
  readonly #server: Server;
  readonly #log: string;
  readonly #stored: StoredLog;

  constructor(server: Server, name: string, log: string, stored: StoredLog, found: Store["found"]) {
    this.#server = server;
    this.name = name;
    this.found = found;
    this.#log = log;
    this.#stored = stored;
  }

  log(name: string): StoredLog | undefined {
    return name === this.#log ? this.#stored : undefined;
  }

  minutes(): null {
    return null;
  }

  rows(sql: string): Promise<readonly StoredRow[]> {
    return this.#server.rows(sql);
  }

  /** Reading needs no right to write: the answer comes here and goes back as a list of constants. */
  async keep(_: string, sql: string): Promise<string> {
    const rows: StoredRow[] = [];
    for await (const some of this.#server.lines(sql)) {
      for (const row of some) rows.push(row);
      if (rows.length > mostKept)
        throw new StoreError(
          this.name,
          `more than ${mostKept.toLocaleString("en-US")} keys could fire, too many to be sent back to the server: raise the threshold, or narrow the time or the condition`,
        );
    }
    const columns = await this.#server.described(sql);
    const constants = rows.map(
      (row) => `(${row.map((value, i) => constant(value, columns[i]?.type ?? "String")).join(", ")}, 0)`,
    );
    if (constants.length === 0)
      return `(SELECT ${columns.map(({ name }) => `'' AS ${name}`).join(", ")} FROM system.one WHERE 1 = 0)`;
    const parts = columns.map(({ name }, i) => `tupleElement(t, ${i + 1}) AS ${name}`);
    return `(SELECT ${parts.join(", ")} FROM (SELECT arrayJoin([${constants.join(", ")}]) AS t))`;
  }

  stream(sql: string): AsyncIterable<readonly StoredRow[]> {
    return this.#server.lines(sql);
  }

  async *numbers(sql: string): AsyncGenerator<Numbers> {
    for await (const rows of this.#server.lines(sql)) {
      const width = rows[0]?.length ?? 0;
      const columns = Array.from({ length: width }, (_, i) =>
        Float64Array.from(rows, (row) => Number(row[i])),
      );
      yield { count: rows.length, columns };
    }
  }

  interrupt(): void {
    this.#server.interrupt();
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
