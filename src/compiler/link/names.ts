import { codes } from "./codes.js";
import { type Field, type LinkContext, readString } from "./field.js";

const bundleName = /^[a-z][a-z0-9-]{0,30}$/;

/** `base`, `policy`, `site` and `zeek` are folders of Zeek's own; `packages` is the package manager's. */
const takenFolders = new Set(["base", "policy", "site", "zeek", "packages"]);

/**
 * Modules that Zeek or its standard scripts define: a bundle of that name would write into them.
 * (Only the spellings that a bundle name can produce: first letter of each part upper case.)
 */
const zeekModules = new Set(
  (
    "Active_Http Analyzer Barnyard2 Broker Cluster Communication Config Conn Control Dhcp Dir Dnp3 Dns Dpd Email Exec " +
    "Exporter Files Finger Ftp Geneve Global Gre Gridftp Heartbleed Http Input Intel Irc Ja3 Json Kerberos Known Krb Ldap Log Management Modbus Mqtt " +
    "Mysql Netcontrol Notice Ntlm Ntp Openflow Option Packet Packetanalyzer Pacf Pcap Pe Phy Pop3 Postgresql Profiling Queue Quic Radius Rdp " +
    "Redis Reporter Rfb Scan Signatures Sip Site Smb Smtp Snmp Socks Software Spicy Ssh Ssl Stats Storage Sumstats Supervisor Syslog " +
    "Telemetry Threading Traceroute Tunnel Unified2 Urls Version Vxlan Weird Websocket X509 Zeekctl Zeekygen"
  ).split(" "),
);

/** Reserved words of the Zeek language (spec/zeek.md 6.1), and the two literals. */
const reserved = new Set(
  (
    "add addr any as assert bool break case const copy count default delete double else enum event export fallthrough file " +
    "for function global hook if in int interval is local module next of opaque option pattern port print record redef " +
    "return schedule set string subnet switch table time timeout T F type vector when while"
  ).split(" "),
);

/**
 * The Zeek module of a bundle: `perimeter` → `Perimeter`, `web-front` → `Web_Front`; never one of Zeek's own, and
 * no two bundles have one module: `conn` → `Zopf_Conn`, `zopf-conn` → `Zopf_Zopf_Conn`.
 */
export function moduleName(bundle: string): string {
  const name = bundle
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("_");
  return zeekModules.has(name) || reserved.has(name) || name.startsWith("Zopf_") ? `Zopf_${name}` : name;
}

export function readBundleName(context: LinkContext, field: Field): string | null {
  const name = readString(context, field);
  if (name === null) return null;
  if (bundleName.test(name) && !takenFolders.has(name)) return name;
  context.diagnostics.push(
    codes.name(
      field.span(),
      takenFolders.has(name)
        ? `"${name}" cannot be the bundle's name: Zeek has a folder of that name`
        : `${JSON.stringify(name.slice(0, 60))} cannot be the bundle's name`,
      "use lower case letters, digits and hyphens, starting with a letter, at most 31 characters",
    ),
  );
  return null;
}

/** A detection's name becomes a Zeek enum value, so it must be an identifier that nobody else has. */
/** @param inZeek - the name becomes one of the Zeek script's; else it stands in OSSEC's files alone */
export function readDetectionName(context: LinkContext, field: Field, inZeek: boolean): string | null {
  const name = readString(context, field);
  if (name === null) return null;
  const why = detectionNameProblem(name, inZeek);
  if (why === null) return name;
  context.diagnostics.push(
    codes.name(
      field.span(),
      `${JSON.stringify(name.slice(0, 60))} cannot be a detection's name: ${why}`,
      "use letters, digits and underscores, starting with an upper case letter, at most 64 characters: Port_Scan_S0_Detected",
    ),
  );
  return null;
}

function detectionNameProblem(name: string, inZeek: boolean): string | null {
  if (inZeek && reserved.has(name)) return "Zeek reserves that word";
  if (!/^[A-Z][A-Za-z0-9_]{0,63}$/.test(name)) return "Zeek would not take it as the name of a notice";
  if (name.endsWith("_") || name.includes("__"))
    return "Zeek keeps double and trailing underscores for itself";
  if (/_(?:LOG|Info|Capacity)$/.test(name))
    return "names ending in _LOG, _Info and _Capacity are made by zopf";
  return null;
}

/** Prefix of a detection's identifiers in the script: lower case, so that they never meet the enum values. */
export function identifierOf(detection: string): string {
  const name = detection.toLowerCase();
  return reserved.has(name) ? `${name}_` : name;
}

/** Logs that Zeek or its standard scripts write: a second writer of one would be sent to another file. */
const zeekLogs = new Set(
  (
    "analyzer analyzer_debug barnyard2 broker capture_loss cluster config conn dce_rpc dhcp dnp3 dnp3_control dns dpd " +
    "files ftp http intel irc kerberos known_certs known_devices known_hosts known_modbus known_services ldap ldap_search " +
    "loaded_scripts login modbus modbus_register_change mqtt_connect mqtt_publish mqtt_subscribe mysql netcontrol " +
    "netcontrol_catch_release netcontrol_drop netcontrol_shunt notice notice_alarm ntlm ntp ocsp openflow packet_filter pe " +
    "postgresql print prof quic radius rdp redis reporter rfb signatures sip smb_cmd smb_files smb_mapping smtp " +
    "smtp_entities snmp socks software ssh ssl stats stderr stdout syslog telemetry telemetry_histogram traceroute tunnel " +
    "unified2 unknown_protocols weird weird_stats websocket x509"
  ).split(" "),
);

/** Why a path cannot be a detection's own log, or null. */
export function logPathProblem(path: string): string | null {
  if (!isColumnName(path)) return "cannot be the name of a Zeek log";
  if (zeekLogs.has(path)) return `is the name of a log that Zeek writes itself: ${path}.log`;
  if (path.startsWith("zopf_")) return "begins with zopf_, as the bundles' logs of notices do";
  return null;
}

/** Whether Zeek reserves a word. */
export function isReserved(name: string): boolean {
  return reserved.has(name);
}

/** A column or log name: a Zeek record field that needs no escape anywhere. */
export function isColumnName(name: string): boolean {
  return (
    /^[a-z][a-z0-9_]{0,40}$/.test(name) && !reserved.has(name) && !name.endsWith("_") && !name.includes("__")
  );
}
