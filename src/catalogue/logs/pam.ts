import { address, anyProgram, guessing, type ServicePreset } from "./preset.js";

/**
 * PAM's own message. The user's name stands behind the address (`user=`), what the client said of itself before it
 * (`ruser=`): a blank in either makes more than one `rhost=`, and then none is certain.
 */
export const pamMessage = String.raw`^(?:\(?pam_unix\)?(?:\([\w:.-]+\))?:? )?authentication failure; logname=\S* uid=\d+ euid=\d+ tty=\S* ruser=\S* rhost=${address}(?:  ?user=\S*)?\s*$`;

export const pam: ServicePreset = {
  service: "pam",
  title: "Logins that PAM refused",
  about:
    "`authentication failure` of pam_unix, whichever program asked: sshd, su, vsftpd, proftpd, pure-ftpd, dovecot and others.",
  limits:
    "A user's name with a blank in it (`ruser=test rhost=192.0.2.1 rhost=…`) could choose the address: such a line is not taken. Messages before Linux-PAM 0.99.2 name the program `su(pam_unix)`, which pre-decoding takes for the program. Where the client is logged by its name, there is no address.",
  logs: ["/var/log/auth.log", "/var/log/secure"],
  forms: [{ program: anyProgram, messages: [pamMessage] }],
  samples: [
    [
      "Nov 14 18:09:08 web vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=admin rhost=198.51.100.66",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 web sshd[812]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=2001:db8::66  user=root",
      "2001:db8::66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 web sshd[812]: pam_unix(sshd:session): session opened for user root by (uid=0)",
    "Nov 14 18:09:08 web vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=x rhost=192.0.2.7 rhost=198.51.100.66",
  ],
  ...guessing,
  line: "PAM: a login was refused",
  description: "PAM: password guessing",
  groups: ["pam", "login_failed"],
};
