import type { Duration } from "./duration.js";
import type { Rule } from "./rule.js";

/** Services whose logs a preset reads; docs/services.md says which lines each one counts. */
export type ServiceKind =
  | "sshd"
  | "sshd-probes"
  | "pam"
  | "nginx-auth"
  | "nginx-limit"
  | "nginx-forbidden"
  | "nginx-tls"
  | "apache-auth"
  | "apache-attacks"
  | "web-refused"
  | "web-missing"
  | "web-bad-request"
  | "web-probes"
  | "web-scripts"
  | "wordpress"
  | "phpmyadmin"
  | "postfix-sasl"
  | "postfix-reject"
  | "dovecot"
  | "exim"
  | "vsftpd"
  | "proftpd"
  | "pure-ftpd"
  | "openvpn"
  | "named"
  | "named-queries"
  | "mysqld"
  | "roundcube"
  | "recidive";

/**
 * Guessers and probers in the log of a service: the lines, how many within which time, and the rule are chosen
 * already. It is a log detection of all the service's messages and, from two events on, a burst of it.
 */
export interface ServiceLogDetection {
  /** A preset for the log of a service. */
  readonly kind: "service";
  /** Which preset. */
  readonly service: ServiceKind;
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle; the log detection below it has the name and `_Line`. */
  readonly name: string;
  /** The file that holds the lines: OSSEC is told to read it. Without it OSSEC reads the file already. */
  readonly log?: string;
  /** Fires on this line of one source; 1: on each line. */
  readonly events?: number;
  /** A line that is exactly so old still counts. Whole seconds. */
  readonly within?: Duration;
  /** Sources that guess at the same time and must not push each other out of OSSEC's memory (default 1). */
  readonly sources?: number;
  /** Default: the level, groups and description of the preset. */
  readonly rule?: Partial<Rule>;
}
