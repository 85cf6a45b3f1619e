import { createHash } from "node:crypto";
import { attacker, target } from "./traffic.js";

/** Rows of Zeek's logs of services, with the columns and types that Zeek writes. */
export type Cell = string | number | boolean | readonly string[] | readonly number[];
export type Row = Readonly<Record<string, Cell | undefined>>;

export const start = 1_781_175_600;
/** A client and its resolver, both in the private network. */
export const client = "10.1.2.3";
export const resolver = "10.1.0.53";

const ends = "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port";
const layouts = {
  conn: `${ends} proto:enum duration:interval conn_state:string history:string orig_pkts:count`,
  ssh: `${ends} version:count auth_success:bool auth_attempts:count direction:enum client:string server:string cipher_alg:string mac_alg:string compression_alg:string kex_alg:string host_key_alg:string host_key_fingerprint:string`,
  ftp: `${ends} user:string password:string command:string arg:string reply_code:count reply_msg:string`,
  http: `${ends} trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string origin:string request_body_len:count response_body_len:count status_code:count status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string]`,
  dns: `${ends} proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool`,
  weird: `${ends} name:string addl:string notice:bool peer:string source:string`,
} as const;

export type LogName = keyof typeof layouts;
export const logNames: readonly LogName[] = ["conn", "ssh", "ftp", "http", "dns", "weird"];

const columnsOf = (log: LogName): readonly (readonly [string, string])[] =>
  layouts[log].split(" ").map((column) => {
    const [name = "", type = ""] = column.split(":");
    return [name, type] as const;
  });

function cell(value: Cell | undefined, type: string): string {
  if (value === undefined) return "-";
  if (typeof value === "object")
    return value.length === 0 ? "(empty)" : value.map((one) => cell(one, "")).join(",");
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "number")
    return type === "time" || type === "interval" ? value.toFixed(6) : String(value);
  return value === "" ? "(empty)" : value;
}

/** A log as Zeek writes it by default. */
export function tsv(log: LogName, rows: readonly Row[]): string {
  const columns = columnsOf(log);
  return [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    `#path\t${log}`,
    "#open\t2026-06-11-11-00-00",
    `#fields\t${columns.map(([name]) => name).join("\t")}`,
    `#types\t${columns.map(([, type]) => type).join("\t")}`,
    ...rows.map((row) => columns.map(([name, type]) => cell(row[name], type)).join("\t")),
    "#close\t2026-06-11-11-00-00",
    "",
  ].join("\n");
}

/** The same as JSON: unset columns are absent. */
export function json(log: LogName, rows: readonly Row[]): string {
  return rows
    .map((row) => {
      const entries = columnsOf(log).flatMap(([name]) =>
        row[name] === undefined ? [] : [[name, row[name]]],
      );
      return `${JSON.stringify(Object.fromEntries(entries))}\n`;
    })
    .join("");
}

interface SourceRange {
  readonly at: number;
  readonly from?: string;
  readonly to?: string;
  readonly uid?: string;
}

/** Text that is the same in every run and looks random. */
export function noise(seed: string | number, length: number, letters = "hex"): string {
  let made = "";
  for (let i = 0; made.length < length; i++)
    made += createHash("sha256")
      .update(`${seed}/${i}`)
      .digest(letters === "hex" ? "hex" : "base64url");
  return made.slice(0, length).toLowerCase();
}

function place({ at, from = attacker, to = target, uid }: SourceRange, port: number): Row {
  return {
    ts: start + at,
    uid: uid ?? `C${noise(`${at}${from}${to}${port}`, 16)}`,
    "id.orig_h": from,
    "id.orig_p": 32_768 + (Math.abs(Math.round(at * 7)) % 28_000),
    "id.resp_h": to,
    "id.resp_p": port,
  };
}

/** A login by SSH; `success` absent: Zeek cannot tell. */
export const ssh = (options: SourceRange & { readonly success?: boolean }): Row => ({
  ...place(options, 22),
  version: 2,
  auth_success: options.success,
  auth_attempts: options.success === undefined ? 0 : options.success ? 1 : 6,
  direction: "INBOUND",
  client: "SSH-2.0-libssh2_1.4.3",
  server: "SSH-2.0-OpenSSH_8.9p1 Ubuntu-3",
  cipher_alg: "aes128-ctr",
  mac_alg: "hmac-sha1",
  compression_alg: "none",
  kex_alg: "diffie-hellman-group14-sha1",
  host_key_alg: "ssh-rsa",
  host_key_fingerprint: "5f:e1:0c:7c:9d:6c:5a:0e:4e:f1:3b:4b:52:36:1f:aa",
});

export const ftp = (options: SourceRange & { readonly command: string; readonly reply: number }): Row => ({
  ...place(options, 21),
  user: "admin",
  password: "<hidden>",
  command: options.command,
  arg: options.command === "PASS" ? "<hidden>" : "admin",
  reply_code: options.reply,
  reply_msg: options.reply >= 500 ? "Login incorrect." : "OK",
});

export const http = (
  options: SourceRange & {
    readonly method?: string;
    readonly uri?: string;
    readonly status?: number;
    readonly username?: string;
  },
): Row => ({
  ...place(options, 80),
  trans_depth: 1,
  method: options.method ?? "GET",
  host: "www.example.com",
  uri: options.uri,
  version: options.status === undefined ? undefined : "1.1",
  user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  request_body_len: 0,
  response_body_len: 153,
  status_code: options.status,
  status_msg: options.status === undefined ? undefined : "-",
  tags: [],
  username: options.username,
});

export const dns = (
  options: SourceRange & { readonly query?: string; readonly answered?: boolean; readonly port?: number },
): Row => ({
  ...place({ from: client, to: resolver, ...options }, options.port ?? 53),
  proto: "udp",
  trans_id: Math.abs(Math.round(options.at * 131)) % 65_536,
  rtt: options.answered === false ? undefined : 0.012,
  query: options.query,
  qclass: 1,
  qclass_name: "C_INTERNET",
  qtype: 1,
  qtype_name: "A",
  rcode: options.answered === false ? undefined : 0,
  rcode_name: options.answered === false ? undefined : "NOERROR",
  AA: false,
  TC: false,
  RD: true,
  RA: options.answered !== false,
  Z: 0,
  answers: options.answered === false ? undefined : ["203.0.113.7"],
  TTLs: options.answered === false ? undefined : [300],
  rejected: false,
});

export const weird = (options: SourceRange & { readonly name: string; readonly noEnds?: boolean }): Row => {
  const { uid: _uid, "id.orig_p": _port, "id.resp_p": _other, ...rest } = place(options, 0);
  const known =
    options.noEnds === true ? { ts: start + options.at } : { ...rest, "id.orig_p": 0, "id.resp_p": 0 };
  return { ...known, name: options.name, notice: false, peer: "zeek" };
};

/** What conn.log says of the connection of a row. */
export const conn = (row: Row, history: string, proto = "tcp"): Row => ({
  ts: row.ts,
  uid: row.uid,
  "id.orig_h": row["id.orig_h"],
  "id.orig_p": row["id.orig_p"],
  "id.resp_h": row["id.resp_h"],
  "id.resp_p": row["id.resp_p"],
  proto,
  duration: 1.5,
  conn_state: "SF",
  history,
  orig_pkts: 12,
});

export const repeat = (count: number, make: (index: number) => Row): readonly Row[] =>
  Array.from({ length: count }, (_, index) => make(index));
