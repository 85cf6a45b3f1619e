/**
 * Which of Zeek's logs answers for a log source, and which column for a field: names of Sigma's taxonomy for proxies, web
 * servers, DNS and firewalls, and Zeek's own.
 */
import type { ColumnType, DeclaredLog } from "../../dsl/zeek-log.js";
import type { LogSource } from "./rule.js";

export type ValueType = "text" | "number" | "port" | "address" | "truth" | "texts";

/** A column as an expression on a row `c`. */
export interface Column {
  readonly read: string;
  readonly type: ValueType;
  /** Rows may be without it. */
  readonly optional: boolean;
  /** The value is a part of that URI: what stands before the question mark, or the extension of that. */
  readonly part?: "stem" | "extension";
}

export interface ZeekLog {
  /** Name of its file without `.log`. */
  readonly name: string;
  /** A log that zopf does not know; null: it does. */
  readonly declared: DeclaredLog | null;
  readonly columns: ReadonlyMap<string, Column>;
}

const required = (read: string, type: ValueType): Column => ({ read: `c.${read}`, type, optional: false });
const optional = (read: string, type: ValueType): Column => ({ read: `c.${read}`, type, optional: true });

const ends = {
  "id.orig_h": required("id.orig_h", "address"),
  "id.orig_p": required("id.orig_p", "port"),
  "id.resp_h": required("id.resp_h", "address"),
  "id.resp_p": required("id.resp_p", "port"),
  src_ip: required("id.orig_h", "address"),
  src_port: required("id.orig_p", "port"),
  dst_ip: required("id.resp_h", "address"),
  dst_port: required("id.resp_p", "port"),
  "source.ip": required("id.orig_h", "address"),
  "source.port": required("id.orig_p", "port"),
  "destination.ip": required("id.resp_h", "address"),
  "destination.port": required("id.resp_p", "port"),
};

const texts = (...names: readonly string[]): Readonly<Record<string, Column>> =>
  Object.fromEntries(names.map((name) => [name, optional(name, "text")]));
const numbers = (...names: readonly string[]): Readonly<Record<string, Column>> =>
  Object.fromEntries(names.map((name) => [name, optional(name, "number")]));

function knownLog(name: string, columns: Readonly<Record<string, Column>>): ZeekLog {
  return { name, declared: null, columns: new Map(Object.entries({ ...ends, ...columns })) };
}

const uri = optional("uri", "text");

const http = knownLog("http", {
  ...texts("method", "host", "uri", "referrer", "version", "user_agent", "origin", "status_msg", "username"),
  ...numbers("status_code"),
  request_body_len: required("request_body_len", "number"),
  response_body_len: required("response_body_len", "number"),
  resp_mime_types: optional("resp_mime_types", "texts"),
  orig_mime_types: optional("orig_mime_types", "texts"),
  "c-uri": uri,
  "cs-uri": uri,
  "c-uri-query": uri,
  "cs-uri-query": uri,
  "c-uri-stem": { ...uri, part: "stem" },
  "cs-uri-stem": { ...uri, part: "stem" },
  "c-uri-extension": { ...uri, part: "extension" },
  "c-useragent": optional("user_agent", "text"),
  "cs-user-agent": optional("user_agent", "text"),
  "cs(user-agent)": optional("user_agent", "text"),
  "cs-host": optional("host", "text"),
  "r-dns": optional("host", "text"),
  "cs-version": optional("version", "text"),
  "s-ip": required("id.resp_h", "address"),
  "s-port": required("id.resp_p", "port"),
  "cs-method": optional("method", "text"),
  "cs-referrer": optional("referrer", "text"),
  "cs-referer": optional("referrer", "text"),
  "cs-username": optional("username", "text"),
  "cs-bytes": required("request_body_len", "number"),
  "sc-bytes": required("response_body_len", "number"),
  "sc-status": optional("status_code", "number"),
  "c-ip": required("id.orig_h", "address"),
});

const dns = knownLog("dns", {
  ...texts("query", "qtype_name", "qclass_name", "rcode_name"),
  ...numbers("qtype", "qclass", "rcode"),
  Z: required("Z", "number"),
  AA: required("AA", "truth"),
  TC: required("TC", "truth"),
  RD: required("RD", "truth"),
  RA: required("RA", "truth"),
  rejected: required("rejected", "truth"),
  answers: optional("answers", "texts"),
  answer: optional("answers", "texts"),
  record_type: optional("qtype_name", "text"),
  "dns.question.name": optional("query", "text"),
  "dns.question.type": optional("qtype_name", "text"),
  "dns.question.class": optional("qclass_name", "text"),
  "dns.answers.data": optional("answers", "texts"),
  "dns.response.code": optional("rcode_name", "text"),
});

const conn = knownLog("conn", {
  ...texts("service", "conn_state", "history"),
  ...numbers("orig_bytes", "resp_bytes", "orig_pkts", "resp_pkts"),
  "network.protocol": optional("service", "text"),
  "network.state": optional("conn_state", "text"),
  "network.history": optional("history", "text"),
  "source.bytes": optional("orig_bytes", "number"),
  "destination.bytes": optional("resp_bytes", "number"),
  "source.packets": optional("orig_pkts", "number"),
  "destination.packets": optional("resp_pkts", "number"),
});

const ssl = knownLog("ssl", texts("version", "cipher", "server_name", "subject", "issuer", "ja3", "ja3s"));
const ssh = knownLog("ssh", texts("client", "server", "cipher_alg", "mac_alg", "kex_alg", "host_key_alg"));
const smtp = knownLog("smtp", texts("helo", "mailfrom", "from", "subject", "user_agent", "first_received"));
const ftp = knownLog("ftp", { ...texts("arg", "mime_type", "reply_msg"), ...numbers("reply_code") });

/** A log of a script that comes with Zeek and is not among those that zopf knows by name. */
function scriptLog(
  path: string,
  stream: { readonly event: string; readonly record: string; readonly load: string },
  columns: Readonly<Record<string, "string?">>,
): ZeekLog {
  const all: Readonly<Record<string, ColumnType>> = { ts: "time", uid: "string", id: "conn_id", ...columns };
  return {
    name: path,
    declared: { path, ...stream, columns: all },
    columns: new Map(Object.entries({ ...ends, ...texts(...Object.keys(columns)) })),
  };
}

const dceRpc = scriptLog(
  "dce_rpc",
  { event: "DCE_RPC::log_dce_rpc", record: "DCE_RPC::Info", load: "base/protocols/dce-rpc" },
  { named_pipe: "string?", endpoint: "string?", operation: "string?" },
);
const rdp = scriptLog(
  "rdp",
  { event: "RDP::log_rdp", record: "RDP::Info", load: "base/protocols/rdp" },
  {
    cookie: "string?",
    result: "string?",
    security_protocol: "string?",
    keyboard_layout: "string?",
    client_build: "string?",
    client_name: "string?",
    client_dig_product_id: "string?",
    requested_color_depth: "string?",
    cert_type: "string?",
    encryption_level: "string?",
    encryption_method: "string?",
  },
);
const kerberos = scriptLog(
  "kerberos",
  { event: "KRB::log_krb", record: "KRB::Info", load: "base/protocols/krb" },
  { request_type: "string?", client: "string?", service: "string?", error_msg: "string?", cipher: "string?" },
);
const smbFiles = scriptLog(
  "smb_files",
  { event: "SMB::log_files", record: "SMB::FileInfo", load: "base/protocols/smb" },
  { fuid: "string?", path: "string?", name: "string?", prev_name: "string?" },
);

const services: ReadonlyMap<string, ZeekLog> = new Map(
  [http, dns, conn, ssl, ssh, smtp, ftp, dceRpc, rdp, kerberos, smbFiles].map((log) => [log.name, log]),
);

const categories: ReadonlyMap<string, ZeekLog> = new Map([
  ["proxy", http],
  ["webserver", http],
  ["dns", dns],
  ["firewall", conn],
]);

/** The log of Zeek that answers; null: none does. */
export function zeekLogOf({ category, product, service }: LogSource): ZeekLog | null {
  if (product === "zeek") return service === null ? null : (services.get(service) ?? null);
  if (product !== null) return null;
  if (category === null) return null;
  if (category === "network") return service === "dns" ? dns : service === "connection" ? conn : null;
  return categories.get(category) ?? null;
}
