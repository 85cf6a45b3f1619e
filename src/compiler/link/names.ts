import { isReserved } from "../decode/zeek-words.js";

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

/**
 * The Zeek module of a bundle: `perimeter` → `Perimeter`, `web-front` → `Web_Front`; never one of Zeek's own, and
 * no two bundles have one module: `conn` → `Zopf_Conn`, `zopf-conn` → `Zopf_Zopf_Conn`.
 */
export function moduleName(bundle: string): string {
  const name = bundle
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("_");
  return zeekModules.has(name) || isReserved(name) || name.startsWith("Zopf_") ? `Zopf_${name}` : name;
}

/** Prefix of a detection's identifiers in the script: lower case, so that they never meet the enum values. */
export function identifierOf(detection: string): string {
  const name = detection.toLowerCase();
  return isReserved(name) ? `${name}_` : name;
}
