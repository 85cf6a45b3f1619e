/**
 * Lines of a form of their own, and where their fields stand in them: web servers' access logs. A field is described by
 * PCRE2 around its value; what the value itself has to be, line-match.ts writes.
 */
import type { Span } from "../../diagnostics/diagnostic.js";
import { escapedForPcre2 } from "./pcre2-text.js";
import { type LogSource, Refusal } from "./rule.js";
import { hasOtherCase } from "./where.js";

/** How a value is written in the line. */
export interface Letters {
  /** Any number of its characters. */
  readonly any: string;
  /** One of them. */
  readonly one: string;
  /**
   * A text of the rule as it stands in the line.
   *
   * @throws Refusal
   */
  readonly text: (text: string, cased: boolean, place: Span) => string;
}

export interface LineField {
  readonly type: "text" | "number" | "address";
  /** From the message's start up to the value, in a line of the form. */
  readonly before: string;
  readonly letters: Letters;
  /** What stands behind it, at least. */
  readonly after: string;
  /** What a burst compares where it groups by the field; null: it cannot. */
  readonly per: "source" | null;
}

export interface LineFormat {
  readonly name: "access" | "sudo" | "auditd";
  /** What the lines are, in messages. */
  readonly called: string;
  /** By names in lower case. */
  readonly fields: ReadonlyMap<string, LineField>;
}

/**
 * Characters of one class; a text with others is in no such value.
 *
 * @param byte - any byte of such a character
 */
function lettersOf(one: string, byte = one): Letters {
  const all = new RegExp(`^(?:${byte})*$`);
  return {
    any: `${byte}*`,
    one,
    text: (text, cased, place) => (all.test(text) ? escapedForPcre2(text, cased, place) : "(?!)"),
  };
}

/** Up to the next blank. */
const word = lettersOf("[^ ]");

const hex = "[0-9A-Fa-f]";
/** A character that a web server has written with a backslash. */
const escapedInQuotes = `\\\\(?:x${hex}{2}|[^x])`;

/**
 * Between quotes. Apache writes a quote and a backslash with a backslash before them, nginx both as \\x22 and \\x5C; bytes
 * that are no ASCII and control characters may stand as \\x.., too.
 */
const quoted: Letters = {
  // Not one group for all: PCRE2 as OSSEC calls it gives up when a group is repeated some thousand times.
  any: `[^"\\\\]*(?:${escapedInQuotes}[^"\\\\]*)*`,
  one: `(?:[^"\\\\\\x80-\\xff]|\\\\[^x]|\\\\x[0-7]${hex}|(?:[\\xc0-\\xff]|\\\\x[c-fC-F]${hex})(?:[\\x80-\\xbf]|\\\\x[89abAB]${hex})*)`,
  text: (text, cased, place) => {
    if (!cased && hasOtherCase(text))
      throw new Refusal(
        place,
        "a value with letters beyond ASCII: OSSEC compares bytes, without letter case",
      );
    return [...new TextEncoder().encode(text)].map(quotedByte).join("");
  },
};

const named: ReadonlyMap<number, string> = new Map([
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0d, "r"],
]);

/** The ways in which web servers write a byte between quotes. */
function quotedByte(byte: number): string {
  const letter = String.fromCharCode(byte);
  const digits = byte.toString(16).padStart(2, "0");
  const code = `\\\\x${digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
  if (letter === '"' || letter === "\\") return `(?:\\\\${letter === "\\" ? "\\\\" : letter}|${code})`;
  const short = named.get(byte);
  if (byte < 0x20 || byte === 0x7f) return short === undefined ? code : `(?:\\\\${short}|${code})`;
  if (byte > 0x7f) return `(?:\\x${digits}|${code})`;
  return letter.replace(/[\^.*+?()[\]{}|#]/, "\\$&").replace("$", "\\x24");
}

export const accessAddress = "[0-9A-Fa-f.:]+";
/** Up to the request's quote: virtual host where there is one, client, identity, user, date. */
export const accessHost = "(?:[\\w.-]+(?::\\d+)? )?";
const who = `${accessAddress} \\S+ `;
export const accessDate = ' \\[[^\\]"]+\\] ';
// The line is one of an access log: up to the request there is no quote.
const start = '[^"]*"';
const request = `${start}${quoted.any}" `;
const answer = `${request}\\d+ \\S+ "`;

const quotedField = (before: string, after: string): LineField => ({
  type: "text",
  before,
  letters: quoted,
  after,
  per: null,
});

/** All of a text between quotes. */
export const quotedText = quoted.any;

/** Of a request that is one: method, what is asked for, version. */
const asked = `${start}[A-Za-z_-]+ `;
const version = ' HTTP/[0-9.]+"';

const uri = quotedField(asked, version);
const notQuery = `[^"\\\\?]*(?:${escapedInQuotes}[^"\\\\?]*)*`;
const stem: LineField = {
  ...uri,
  letters: { ...quoted, any: notQuery, one: `(?!\\?)${quoted.one}` },
  after: `(?:\\?${quoted.any})?${version}`,
};
const method: LineField = {
  type: "text",
  // It is never empty.
  before: `${start}(?! )`,
  letters: lettersOf("[A-Za-z_-]"),
  after: ` ${quoted.any}${version}`,
  per: null,
};
// A hyphen stands for what there is not.
const userAgent = quotedField(`${answer}${quoted.any}" "(?!-")`, '"');
const referer = quotedField(`${answer}(?!-")`, '"');
const client: LineField = { type: "address", before: accessHost, letters: word, after: " ", per: "source" };
const virtualHost: LineField = {
  type: "text",
  before: "",
  letters: lettersOf("[\\w.-]"),
  after: `(?::\\d+)? ${who}`,
  per: null,
};
const user: LineField = {
  type: "text",
  before: `${accessHost}${who}(?!- \\[)`,
  letters: lettersOf('[^\\["]'),
  after: accessDate,
  per: null,
};
const number = (before: string): LineField => ({
  type: "number",
  before,
  letters: word,
  after: "(?: |\\z)",
  per: null,
});

/** Access logs of Apache and nginx: common and combined, with or without the virtual host before them. */
export const accessFormat: LineFormat = {
  name: "access",
  called: "an access log",
  fields: new Map<string, LineField>([
    ["c-ip", client],
    ["src_ip", client],
    ["clientip", client],
    ["client_ip", client],
    ["cs-username", user],
    ["cs-method", method],
    ["c-uri", uri],
    ["cs-uri", uri],
    // As with Zeek's rows: the public rules mean the whole URI by it.
    ["c-uri-query", uri],
    ["cs-uri-query", uri],
    ["c-uri-stem", stem],
    ["cs-uri-stem", stem],
    ["cs-version", quotedField(`${start}[A-Za-z_-]+ ${quoted.any} (?=HTTP/)`, '"')],
    ["sc-status", number(request)],
    ["sc-bytes", number(`${request}\\d+ (?!- |-\\z)`)],
    ["cs-referer", referer],
    ["cs-referrer", referer],
    ["cs(referer)", referer],
    ["cs-user-agent", userAgent],
    ["c-useragent", userAgent],
    ["cs(user-agent)", userAgent],
    ["user_agent", userAgent],
    ["cs-host", virtualHost],
    ["vhost", virtualHost],
    ["r-dns", virtualHost],
  ]),
};

/** Who it was, and the fields before one. The command is the last, and may hold anything. */
const beforeField = "[^:]* : (?:(?!COMMAND=)[^;]*; )*?";

const sudoField = (name: string): LineField => ({
  type: "text",
  before: `${beforeField}${name}=`,
  letters: lettersOf("(?:[^;\\x80-\\xff]|[\\xc0-\\xff][\\x80-\\xbf]*)", "[^;]"),
  after: "(?: ; |\\z)",
  per: null,
});

/** `alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id` */
export const sudoFormat: LineFormat = {
  name: "sudo",
  called: "a line of sudo's",
  fields: new Map<string, LineField>([
    ...["TTY", "PWD", "USER", "GROUP"].map((name) => [name.toLowerCase(), sudoField(name)] as const),
    [
      "command",
      {
        type: "text",
        before: `${beforeField}COMMAND=`,
        letters: { any: ".*", one: "(?:[\\x00-\\x7f]|[\\xc0-\\xff][\\x80-\\xbf]*)", text: escapedForPcre2 },
        after: "\\z",
        per: null,
      },
    ],
  ]),
};

const auditLetter = lettersOf("[^\"' ]");

/** Somewhere in the line, in quotes or without: texts with blanks in them auditd writes in hexadecimal. */
const auditField = (name: string): LineField => ({
  type: "text",
  before: `(?:.*?[ '])?${name}=(?:"|(?!"))`,
  letters: {
    ...auditLetter,
    text: (text, cased, place) => {
      if (/[\s"]/.test(text))
        throw new Refusal(place, "a value with blanks or quotes, which auditd writes in hexadecimal");
      return auditLetter.text(text, cased, place);
    },
  },
  after: "(?:[\"' ]|\\z)",
  per: null,
});

const auditNames =
  "type arch syscall success exit items ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses comm exe key subj " +
  "argc cwd item name nametype inode dev mode ouid ogid rdev obj proctitle op acct hostname addr terminal res unit " +
  "cmd id old new grp path list flags sig reason kind fp direction cipher ksize spid suid rport laddr lport data " +
  "audit_enabled audit_backlog_limit audit_failure feature old_prom prom family proto saddr cap_fp cap_fi cap_fe cap_fver";

/** Records of auditd, as they stand in audit.log and as they are sent to syslog. */
export const auditFormat: LineFormat = {
  name: "auditd",
  called: "a record of auditd's",
  fields: new Map(
    [...auditNames.split(" "), ...Array.from({ length: 32 }, (_, at) => `a${at}`)].map((name) => [
      name,
      auditField(name),
    ]),
  ),
};

/** Whether such lines stand in syslog, behind date, host and program. */
export const isOfSyslog = (format: LineFormat | null): boolean => format === null || format.name === "sudo";

/** Lines that a log source means. */
export interface LineSource {
  readonly format: LineFormat | null;
  /** Programs that write them; none: any. */
  readonly programs: readonly string[];
}

/** Programs whose lines a service of Linux is. */
const programs: ReadonlyMap<string, readonly string[]> = new Map([
  ["syslog", []],
  ["auth", []],
  ["sshd", ["sshd", "sshd-session"]],
  ["cron", ["cron", "crond", "crontab", "anacron"]],
  ["vsftpd", ["vsftpd"]],
  ["clamav", ["clamd", "clamscan", "freshclam"]],
  ["guacamole", ["guacd"]],
  ["sudo", ["sudo"]],
]);

const servers: ReadonlySet<string> = new Set(["apache", "nginx"]);
/** Products of which rules know texts alone: keywords, in whatever line they stand. */
const texts: ReadonlySet<string> = new Set([
  "cisco",
  "huawei",
  "juniper",
  "modsecurity",
  "django",
  "python",
  "ruby_on_rails",
  "spring",
  "sql",
]);

/**
 * The lines that a log source means; null: none.
 *
 * @param hasAccessLogs - web servers are looked at in their logs, not on the wire
 */
export function lineSourceOf(
  { category, product, service }: LogSource,
  hasAccessLogs: boolean,
): LineSource | null {
  const ofText: LineSource = { format: null, programs: [] };
  const isAccess = service === null || service === "access";
  if (category === "webserver" && product === null && isAccess)
    return hasAccessLogs ? { format: accessFormat, programs: [] } : null;
  // A product's access log is a log, whatever the sensor sees; its error log has words alone.
  if (product !== null && servers.has(product) && (category === null || category === "webserver")) {
    if (isAccess) return { format: accessFormat, programs: [] };
    return service === "error" ? ofText : null;
  }
  if (category === null && product === null)
    return service !== null && (servers.has(service) || texts.has(service)) ? ofText : null;
  if (product === "linux" && category === null) {
    if (service === "auditd") return { format: auditFormat, programs: [] };
    const known = service === null ? [] : programs.get(service);
    return known === undefined ? null : { format: service === "sudo" ? sudoFormat : null, programs: known };
  }
  return product !== null && texts.has(product) && (category === null || category === "application")
    ? ofText
    : null;
}

/** What rules call the host that a line of syslog comes from. */
export const hostFields: ReadonlySet<string> = new Set(["host", "hostname", "computer", "computername"]);
