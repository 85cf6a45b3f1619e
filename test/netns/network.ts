import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const peer = fileURLToPath(new URL("peer.mjs", import.meta.url));

/** Where a command runs: on the host with the firewall, outside it, or behind it. */
export type SourceRange = "gateway" | "outside" | "inside";

const environment = { ...process.env, PATH: `/usr/sbin:/sbin:${process.env.PATH ?? "/usr/bin:/bin"}` };

/** Addresses of the three hosts; none is protected by the test bundles. */
export const addresses = {
  outside: { 4: "198.51.100.7", 6: "2a01:4f8:1::7" },
  gateway: { 4: "198.51.100.1", 6: "2a01:4f8:1::1" },
  inside: { 4: "203.0.113.80", 6: "2a01:4f8:2::80" },
} as const;

// The mount namespace is for /run/netns: with the last process both namespaces and names are gone.
const setup = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
join() {
  ip netns add "$1"
  ip link add "$1" type veth peer name uplink netns "$1"
  ip addr add "$2" dev "$1"
  ip -6 addr add "$3" dev "$1" nodad
  ip link set "$1" up
  ip -n "$1" link set lo up
  ip -n "$1" addr add "$4" dev uplink
  ip -n "$1" -6 addr add "$5" dev uplink nodad
  ip -n "$1" link set uplink up
  ip -n "$1" route add default via "\${2%/*}"
  ip -n "$1" -6 route add default via "\${3%/*}"
}
join outside 198.51.100.1/24 2a01:4f8:1::1/64 198.51.100.7/24 2a01:4f8:1::7/64
join inside 203.0.113.1/24 2a01:4f8:2::1/64 203.0.113.80/24 2a01:4f8:2::80/64
echo ready
exec cat
`;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A connection that goes on until it is closed. */
export interface Connection {
  /** Waits until more bytes have come back; false when none did for a long time. */
  moves(): Promise<boolean>;
  /** How many bytes have come back. */
  count(): number;
}

/** Three hosts joined by veth; their traffic cannot leave them. */
export interface Network {
  run(place: SourceRange, command: readonly string[], input?: string): Ran;
  serve(place: SourceRange, port: number): Promise<void>;
  talk(place: SourceRange, address: string, port: number): Promise<Connection>;
  /** Does a new connection come about? */
  reaches(place: SourceRange, address: string, port: number): boolean;
  close(): Promise<void>;
}

/** Why no such network can be made here, or null. */
export function unable(tools: readonly string[]): string | null {
  if (process.platform !== "linux") return "this is not Linux";
  const missing = ["ip", "unshare", "nsenter", ...tools].filter(
    (tool) => spawnSync("sh", ["-c", `command -v ${tool}`], { env: environment }).status !== 0,
  );
  if (missing.length > 0) return `${missing.join(", ")} not installed`;
  made ??= spawnSync("unshare", ["-nm", "sh", "-c", setup], {
    input: "",
    encoding: "utf8",
    env: environment,
  });
  return made.status === 0 ? null : `no network namespaces here: ${made.stderr.trim().split("\n")[0]}`;
}

let made: SpawnSyncReturns<string> | null = null;

export async function network(): Promise<Network> {
  const holder = spawn("unshare", ["-nm", "sh", "-c", setup], {
    stdio: ["pipe", "pipe", "inherit"],
    env: environment,
  });
  const children: ChildProcess[] = [holder];
  await line(holder, "ready");
  const within = (place: SourceRange, command: readonly string[]): readonly [string, string[]] => [
    "nsenter",
    [
      "-t",
      String(holder.pid),
      "-n",
      "-m",
      ...(place === "gateway" ? [] : ["ip", "netns", "exec", place]),
      ...command,
    ],
  ];
  const start = (place: SourceRange, ...words: readonly string[]): ChildProcess => {
    const child = spawn(...within(place, [process.execPath, peer, ...words]), {
      stdio: ["ignore", "pipe", "inherit"],
      env: environment,
    });
    children.push(child);
    return child;
  };
  const run = (place: SourceRange, command: readonly string[], input = ""): Ran => {
    const [program, args] = within(place, command);
    const done = spawnSync(program, args, { input, encoding: "utf8", env: environment });
    return { status: done.status, stdout: done.stdout, stderr: done.stderr };
  };
  return {
    run,
    serve: async (place, port) => line(start(place, "serve", String(port)), "ready"),
    talk: async (place, address, port) => {
      const child = start(place, "talk", address, String(port));
      let echoes = 0;
      child.stdout?.on("data", (chunk: Buffer) => {
        echoes += chunk.toString().split("echo").length - 1;
      });
      return {
        moves: async () => {
          const before = echoes;
          for (let waited = 0; waited < 300 && echoes <= before; waited++) await sleep(50);
          return echoes > before;
        },
        count: () => echoes,
      };
    },
    reaches: (place, address, port) =>
      run(place, [process.execPath, peer, "try", address, String(port)]).status === 0,
    close: async () => {
      for (const child of children.reverse()) {
        const gone = new Promise((done) => child.once("close", done));
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGKILL");
        await gone;
      }
    },
  };
}

function line(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((done, fail) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.toString().split("\n").includes(wanted)) done();
    });
    child.once("close", (status) => fail(new Error(`ended with ${status} before "${wanted}"`)));
  });
}
