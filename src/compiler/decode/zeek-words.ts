/** Reserved words of the Zeek language (docs/reference/zeek.md#text-and-names), and the two literals. */
const reserved = new Set(
  (
    "add addr any as assert bool break case const copy count default delete double else enum event export fallthrough file " +
    "for function global hook if in int interval is local module next of opaque option pattern port print record redef " +
    "return schedule set string subnet switch table time timeout T F type vector when while"
  ).split(" "),
);

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
