/** How a stock decoder compares the program's name: as a whole, its beginning, or anywhere in it. */
type Compared = "exact" | "prefix" | "inside";

/**
 * Programs whose lines a decoder of OSSEC's own decoder.xml takes whatever they say (counted over the 113
 * top-level decoders of 4.3). It is loaded before local_decoder.xml, and the first that fits wins without a way
 * back (docs/reference/ossec.md#decoder-selection), so that a decoder of a bundle for such a program sees nothing.
 */
const stockPrograms: readonly (readonly [decoder: string, compared: Compared, ...programs: string[]])[] = [
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

/** The stock decoder that takes every line of a program, or null. */
export function stockDecoderOf(program: string): string | null {
  const name = program.toLowerCase();
  for (const [decoder, compared, ...programs] of stockPrograms)
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

/** Every program name of the table: to be tried against a pattern. */
export const knownPrograms: readonly string[] = stockPrograms.flatMap(([, , ...programs]) => programs);
