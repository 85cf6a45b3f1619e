import type { OssecModel } from "../../model/model.js";

/** How a stock decoder compares the program's name: as a whole, its beginning, or anywhere in it. */
type Compared = "exact" | "prefix" | "inside";

type StockPrograms = readonly (readonly [decoder: string, compared: Compared, ...programs: string[]])[];

/**
 * Programs whose lines a decoder of OSSEC's own decoder.xml takes whatever they say (counted over the 113
 * top-level decoders of 4.3). It is loaded before local_decoder.xml, and the first that fits wins without a way
 * back (docs/reference/ossec.md#decoder-selection), so that a decoder of a bundle for such a program sees nothing.
 */
const ossecPrograms: StockPrograms = [
  ["sshd", "prefix", "sshd"],
  ["dropbear", "prefix", "dropbear"],
  ["telnetd", "prefix", "telnetd", "in.telnetd"],
  ["rshd", "exact", "rshd"],
  ["cimserver", "exact", "cimserver"],
  ["smbd", "prefix", "smbd"],
  ["nmbd", "prefix", "nmbd"],
  ["sudo", "prefix", "sudo"],
  ["su", "exact", "su"],
  ["proftpd", "prefix", "proftpd"],
  ["pure-ftpd", "prefix", "pure-ftpd"],
  ["ftpd", "prefix", "ftpd", "in.ftpd"],
  ["arpwatch", "prefix", "arpwatch"],
  ["imapd", "prefix", "imapd"],
  ["vpopmail", "prefix", "vpopmail"],
  ["vm-pop3d", "prefix", "vm-pop3d"],
  ["courier", "prefix", "pop3d", "courierpop3login", "imaplogin", "courier-pop3", "courier-imap"],
  ["dovecot", "prefix", "dovecot"],
  ["dovecot-info", "exact", "Info", "Warn"],
  ["named", "prefix", "named"],
  ["postfix", "prefix", "postfix"],
  ["sendmail-reject", "prefix", "sendmail", "sm-mta", "sm-msp-queue"],
  ["mailscanner", "prefix", "MailScanner"],
  ["smtpd", "prefix", "smtpd"],
  ["iptables", "prefix", "kernel"],
  ["ipfilter", "prefix", "ipmon"],
  ["aix-ipsec", "prefix", "ipsec_logd"],
  ["pf", "exact", "pf"],
  ["snort", "prefix", "snort"],
  ["isakmpd", "prefix", "isakmpd"],
  ["suhosin", "prefix", "suhosin"],
  ["roundcube", "prefix", "roundcube"],
  ["apache-errorlog", "prefix", "httpd"],
  ["windows", "prefix", "WinEvtLog"],
  ["ossec-alert", "exact", "ossec"],
  ["vmware-syslog", "inside", "vmware"],
  ["solaris_bsm", "exact", "audit"],
  ["asterisk", "prefix", "asterisk"],
  ["bsd_kernel", "prefix", "/bsd"],
  ["open-userdel", "inside", "userdel"],
  ["mountd", "prefix", "mountd"],
  ["groupdel", "inside", "groupdel"],
  ["portsentry", "prefix", "portsentry"],
  ["clamd", "prefix", "clamd"],
  ["freshclam", "prefix", "freshclam"],
  ["openldap", "prefix", "slapd"],
  ["ntpd", "prefix", "ntpd"],
  ["unix_chkpwd", "prefix", "unix_chkpwd"],
  ["barracuda-svf-email", "prefix", "inbound/pass", "scan", "outbound/smtp"],
  ["barracuda-svf-admin", "prefix", "web"],
  ["unbound", "prefix", "unbound"],
  ["doas", "prefix", "doas"],
  ["nsd", "prefix", "nsd"],
  ["owncloud", "prefix", "ownCloud"],
  ["psad", "inside", "psad"],
  ["pvedaemon", "prefix", "pvedaemon"],
  ["pvestatd", "prefix", "pvestatd"],
  ["pveproxy", "prefix", "pveproxy"],
  ["pvepw-logger", "prefix", "pvepw-logger"],
  ["dhcpd", "exact", "dhcpd"],
  ["kesl", "prefix", "kesl"],
];

/** Those that Wazuh's set lacks, or has with other programs. */
const notInWazuh: ReadonlySet<string> = new Set([
  "nsd",
  "psad",
  "dhcpd",
  "kesl",
  "iptables",
  "apache-errorlog",
]);

/**
 * The same of Wazuh's ruleset/decoders (counted over the 4.14.7 files), those that look at the line too left out.
 */
const wazuhPrograms: StockPrograms = [
  ...ossecPrograms.filter(([decoder]) => !notInWazuh.has(decoder)),
  ["apache-errorlog", "prefix", "apache2", "httpd"],
  ["kernel", "prefix", "kernel"],
  ["fortiauth", "exact", "db"],
  ["freeipa", "inside", "ipa"],
  ["imperva", "inside", "imperva"],
  ["openvpn", "inside", "openvpn", "ovpn-server"],
  ["oscap", "inside", "oscap"],
  ["pam", "inside", "(pam_unix)"],
  ["puppet-master", "prefix", "puppet-master"],
  ["puppet-agent", "prefix", "puppet-agent"],
  ["groupadd", "inside", "groupadd"],
  ["useradd", "inside", "useradd"],
  ["chfn", "inside", "chfn"],
  ["gpasswd", "inside", "gpasswd"],
  ["systemd", "inside", "systemd"],
  ["web-accesslog", "inside", "nginx", "apache"],
  ["mariadb-syslog", "inside", "mysql"],
  ["gsad", "prefix", "gsad"],
  ["openvasmd", "exact", "md"],
  ["openvassd", "prefix", "openvassd"],
  ["pf", "inside", "filterlog"],
  ["kes_parent", "inside", "kes"],
  ["perdition", "prefix", "perdition"],
  ["nextcloud", "prefix", "NextCloud"],
  ["junos-ids", "inside", "junos-ids"],
  ["junos-rt-flow", "inside", "junos-flow"],
  ["f5-bigip-cef", "inside", "ASM"],
  ["arbor", "inside", "arbor-networks-aps"],
  ["fireeye-silverfish", "inside", "silverfish"],
  ["oracledb-log", "exact", "oracledb"],
  ["eset-bsd", "exact", "ERAServer"],
  ["macOS_tccd", "inside", "tccd"],
  ["macOS_loginwindow", "inside", "loginwindow"],
  ["macOS_screensharingd", "inside", "screensharingd"],
  ["macOS_securityd", "inside", "securityd"],
  ["macOS_sessionlogoutd", "inside", "sessionlogoutd"],
];

const stockPrograms: Readonly<Record<OssecModel["dialect"], StockPrograms>> = {
  ossec: ossecPrograms,
  wazuh: wazuhPrograms,
};

/** The stock decoder that takes every line of a program, or null. */
export function stockDecoderOf(dialect: OssecModel["dialect"], program: string): string | null {
  const name = program.toLowerCase();
  for (const [decoder, compared, ...programs] of stockPrograms[dialect])
    for (const known of programs) {
      const word = known.toLowerCase();
      const takes =
        compared === "exact"
          ? name === word
          : compared === "prefix"
            ? name.startsWith(word)
            : name.includes(word);
      if (takes) return decoder;
    }
  return null;
}

/** Every program name of a table: to be tried against a pattern. */
export function knownPrograms(dialect: OssecModel["dialect"]): readonly string[] {
  return stockPrograms[dialect].flatMap(([, , ...programs]) => programs);
}
