/** ClickHouse of today in this process (chdb), behind a server that speaks as much of its HTTP interface as zopf uses. */
import { createServer, type Server } from "node:http";

export interface Chdb {
  readonly port: number;
  run(sql: string): void;
  close(): void;
}

/** null: its package is not installed. It is no dependency of zopf's: half a gigabyte. */
export async function startChdb(folder: string): Promise<Chdb | null> {
  const name = "chdb";
  let module: object;
  try {
    module = await import(name);
  } catch {
    console.log("skipped: chdb is not installed (npm install --no-save chdb)");
    return null;
  }
  const Session: unknown = Reflect.get(module, "Session");
  if (typeof Session !== "function") throw new Error("chdb has no Session");
  const session: object = Reflect.construct(Session, [folder]);
  const method = (which: string): ((...words: readonly string[]) => unknown) => {
    const found: unknown = Reflect.get(session, which);
    if (typeof found !== "function") throw new Error(`chdb's Session has no ${which}`);
    return (...words) => Reflect.apply(found, session, words);
  };
  const query = method("query");
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      try {
        response.end(String(query(Buffer.concat(chunks).toString("utf8"), "JSONEachRow")));
      } catch (error) {
        response.statusCode = 500;
        response.end(error instanceof Error ? error.message : String(error));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    run: (sql) => void query(sql, "JSONEachRow"),
    close: () => {
      server.close();
      method("cleanup")();
    },
  };
}
