/** Servers that are slow, gone, or no ClickHouse: an error that says so, never half an answer, never a wait without end. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../src/compiler/compile.js";
import { openClickhouseStore } from "../../src/hunt/clickhouse-store.js";
import { hunt } from "../../src/hunt/hunt.js";
import { zeekNames } from "../../src/hunt/names.js";
import { type Place, parsePlace } from "../../src/hunt/place.js";
import { type Store, StoreError } from "../../src/hunt/store.js";
import { example } from "../catalogue/catalogue.js";

const test = suite("hunt: bad servers");
const servers: Server[] = [];

const columns = [
  ["ts", "Float64"],
  ["uid", "String"],
  ["id_orig_h", "String"],
  ["id_resp_h", "String"],
  ["id_resp_p", "UInt16"],
  ["proto", "String"],
  ["duration", "Float64"],
  ["conn_state", "String"],
  ["history", "String"],
];
const described = columns.map(([name, type]) => `${JSON.stringify({ name, type })}\n`).join("");

type Answer = (sql: string, response: ServerResponse, request: IncomingMessage) => void;

async function listening(server: Server): Promise<Place & { readonly kind: "clickhouse" }> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const place = parsePlace(`clickhouse://127.0.0.1:${port}/logs?table=conn`);
  if ("severity" in place || place.kind !== "clickhouse") throw new Error("no place");
  return place;
}

const serverOf = (answer: Answer): Server =>
  createServer((request, response) => {
    let sql = "";
    request.on("data", (data) => (sql += String(data)));
    request.on("end", () => answer(sql, response, request));
  });

/** A server that describes its table, and answers the rest in a way of its own. */
const withTable = (answer: Answer): Server =>
  serverOf((sql, response, request) => {
    if (sql.startsWith("DESCRIBE")) response.end(described);
    else if (sql.startsWith("SELECT min(")) response.end('{"m":1700000000}\n');
    else answer(sql, response, request);
  });

const opened = (place: Place & { readonly kind: "clickhouse" }) =>
  openClickhouseStore(place, { names: zeekNames, range: { from: null, to: null }, silence: 0.2 });

async function storeOf(server: Server): Promise<Store> {
  const store = await opened(await listening(server));
  if (!store.ok) throw new Error(JSON.stringify(store.diagnostics));
  return store.store;
}

/** What is said of an answer that is none; the rows that came before it are counted. */
async function failureOf(store: Store): Promise<readonly [string, number]> {
  let rows = 0;
  try {
    for await (const some of store.stream("SELECT ts FROM logs.conn")) rows += some.length;
  } catch (error) {
    if (error instanceof StoreError) return [error.message, rows];
    throw error;
  }
  return ["no error", rows];
}

const isAlive = (sql: string): boolean => sql.includes("system.processes");

test("it accepts and never answers", async () => {
  const store = await opened(await listening(createTcpServer(() => undefined)));
  assert.equal(
    store.diagnostics.map(({ code }) => code),
    ["hunt/engine"],
  );
  assert.match(store.diagnostics[0]?.message ?? "", "does not answer: nothing came in 0.2 s");
});

test("it stops in the middle of an answer", async () => {
  const half = (response: ServerResponse) => void response.write(`${'{"c0":1.5}\n'.repeat(3000)}{"c0":`);
  const silent = await storeOf(withTable((sql, response) => !isAlive(sql) && half(response)));
  assert.match((await failureOf(silent))[0], "not even on another connection");
  const gone = await storeOf(
    withTable((sql, response) => (isAlive(sql) ? response.end('{"n":"0"}\n') : half(response))),
  );
  assert.match((await failureOf(gone))[0], "the query does not run any more");
});

test("it is slow, and works on the query: the answer is waited for", async () => {
  let asked = 0;
  const slow = await storeOf(
    withTable((sql, response) => {
      if (isAlive(sql)) {
        asked += 1;
        response.end('{"n":"1"}\n');
        return;
      }
      response.write('{"c0":1}\n');
      setTimeout(() => response.end('{"c0":2}\n'), 700);
    }),
  );
  assert.equal(await failureOf(slow), ["no error", 2]);
  assert.ok(asked > 0);
  // An account that may not read what the server works on: whoever says so is there.
  const forbidden = await storeOf(
    withTable((sql, response) => {
      response.statusCode = isAlive(sql) ? 500 : 200;
      if (isAlive(sql))
        response.end("Code: 497. DB::Exception: reader: Not enough privileges. (ACCESS_DENIED)\n");
      else setTimeout(() => response.end('{"c0":2}\n'), 700);
    }),
  );
  assert.equal(await failureOf(forbidden), ["no error", 1]);
});

test("the connection breaks off", async () => {
  const cut = await storeOf(
    withTable((_, response) => {
      response.write('{"c0":1}\n'.repeat(3000), () => response.destroy());
    }),
  );
  assert.match((await failureOf(cut))[0], "the connection broke off");
  // Closed as if the answer were whole.
  const within = await storeOf(withTable((_, response) => response.end('{"c0":1}\n{"c0":')));
  assert.match((await failureOf(within))[0], "breaks off in the middle of a row");
});

test("what is no ClickHouse", async () => {
  const store = await opened(
    await listening(
      serverOf((_, response) => {
        response.statusCode = 404;
        response.end("<html><head><title>404 Not Found</title></head></html>\n");
      }),
    ),
  );
  assert.match(store.diagnostics[0]?.message ?? "", "what answers there is no ClickHouse");
  const other = await opened(
    await listening(serverOf((_, response) => response.end("<html>hello</html>\n"))),
  );
  assert.ok(!other.ok);
  assert.equal(
    other.diagnostics.map(({ code }) => code),
    ["hunt/engine"],
  );
});

test("errors of the server with what to do about them", async () => {
  for (const [text, help] of [
    [
      "Code: 516. DB::Exception: me: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED) (version 25.1)",
      "CLICKHOUSE_PASSWORD",
    ],
    [
      "Code: 193, e.displayText() = DB::Exception: Wrong password for user me, e.what() = DB::Exception",
      "CLICKHOUSE_PASSWORD",
    ],
    ["Code: 81. DB::Exception: Database logs does not exist. (UNKNOWN_DATABASE)", "path of the address"],
    ["Code: 60. DB::Exception: Table logs.conn does not exist. (UNKNOWN_TABLE)", "?table=NAME"],
    [
      "Code: 497. DB::Exception: me: Not enough privileges. To execute this query, it's necessary to have the grant SELECT(ts) ON logs.conn. (ACCESS_DENIED)",
      "GRANT SELECT",
    ],
  ] as const) {
    const store = await opened(
      await listening(
        serverOf((_, response) => {
          response.statusCode = 500;
          response.end(`${text}\n`);
        }),
      ),
    );
    const [first] = store.diagnostics;
    assert.is(first?.code, "hunt/engine");
    assert.match(first?.help ?? "", help);
    assert.not.match(first?.message ?? "", /^Code|e\.what/);
  }
});

test("--time-limit holds against each of them", async () => {
  const compiled = await compileBundles([example], { show: (path) => path, cache: true });
  const [bundle] = compiled.bundles;
  if (bundle === undefined) throw new Error("the example does not compile");
  const places = [
    await listening(createTcpServer(() => undefined)),
    await listening(withTable((_, response) => void response.write('{"c0":1}\n'))),
    await listening(withTable(() => undefined)),
  ];
  for (const place of places) {
    const outcome = await hunt({
      places: [place],
      names: zeekNames,
      range: { from: null, to: null },
      replay: {
        model: bundle.model,
        files: bundle.files,
        ossec: null,
        engine: null,
        year: null,
        reorder: null,
        timeZone: "UTC",
        show: (path) => path,
      },
      detections: ["Half_Open_Scan"],
      exactCaps: false,
      maxRows: 1e6,
      timeLimit: 0.3,
      vary: [],
    });
    assert.equal(
      outcome.diagnostics.map(({ code }) => code),
      ["hunt/stopped"],
    );
    assert.equal(outcome.events, []);
  }
});

test.after(() => {
  for (const server of servers) {
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function")
      server.closeAllConnections();
    server.close();
    server.unref();
  }
});

test.run();
