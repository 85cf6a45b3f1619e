/** Real servers of ClickHouse on loopback, for tests; Debian's is 18.16. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

export interface Shard {
  readonly http: number;
  readonly tcp: number;
  readonly process: ChildProcess;
}

export const hasClickhouse = (): boolean =>
  spawnSync("clickhouse-server", ["--version"], { stdio: "ignore" }).error === undefined;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Servers that know each other as the cluster `shards`, each with a table of its own. */
export async function startShards(
  folder: string,
  count: number,
  password: string,
): Promise<readonly Shard[]> {
  const ports = await Promise.all(
    Array.from({ length: count }, async () => ({
      http: await freePort(),
      tcp: await freePort(),
      inner: await freePort(),
    })),
  );
  const cluster = ports
    .map(
      ({ tcp }) =>
        `<shard><replica><host>127.0.0.1</host><port>${tcp}</port><user>default</user><password>${password}</password></replica></shard>`,
    )
    .join("");
  const shards: Shard[] = [];
  for (const [i, { http, tcp, inner }] of ports.entries()) {
    const home = join(folder, `shard${i}`);
    for (const name of ["data", "tmp", "files"]) mkdirSync(join(home, name), { recursive: true });
    const users = `<yandex><profiles><default><max_memory_usage>1000000000</max_memory_usage></default><reading><readonly>1</readonly></reading></profiles><quotas><default/></quotas><users><default><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default><reader><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>reading</profile><quota>default</quota></reader></users></yandex>`;
    writeFileSync(join(home, "users.xml"), users);
    writeFileSync(
      join(home, "config.xml"),
      `<yandex><logger><level>error</level><log>${home}/log</log><errorlog>${home}/err</errorlog></logger><http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><interserver_http_port>${inner}</interserver_http_port><listen_host>127.0.0.1</listen_host><path>${home}/data/</path><tmp_path>${home}/tmp/</tmp_path><user_files_path>${home}/files/</user_files_path><users_config>${home}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database><mark_cache_size>67108864</mark_cache_size><remote_servers><shards>${cluster}</shards></remote_servers></yandex>`,
    );
    const process = spawn("clickhouse-server", [`--config-file=${home}/config.xml`], { stdio: "ignore" });
    shards.push({ http, tcp, process });
  }
  for (const { http } of shards) await waitFor(http);
  return shards;
}

async function waitFor(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/ping`)).ok) return;
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("clickhouse-server does not answer");
}

/** Runs a statement, with data behind it. */
export async function statement(
  { http }: Shard,
  password: string,
  sql: string,
  data: string | Uint8Array = "",
): Promise<void> {
  const headers = { "X-ClickHouse-User": "default", "X-ClickHouse-Key": password };
  const response = await fetch(`http://127.0.0.1:${http}/?query=${encodeURIComponent(sql)}`, {
    method: "POST",
    body: data,
    headers,
  });
  if (!response.ok) throw new Error(await response.text());
}
