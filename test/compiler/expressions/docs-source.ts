// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are TypeScript that the tests compile
import { port, subnet } from "../../../src/dsl/zeek-functions.js";

/** What stands around the examples of docs/expressions.md where they are built as a bundle is. */
export const prelude = `import {
  addr, byte_length, type Connection, defineBundle, duration, entropy, get_port_transport_proto, interval_to_double,
  is_ascii, is_tcp_port, is_v6_addr, last_labels, md5_hash, network_time, port, port_to_count, sha1_hash, Site, subnet,
  subnet_of, time_to_double, to_lower, to_upper, uri_path, without_last_labels,
} from "zopf";
const limit = 1024;
const services = { ssh: 22, telnet: 23 };
const watched = new Set([port("22/tcp"), port("23/tcp")]);
const networks = [subnet("198.51.100.0/24"), subnet("2001:db8::/32")];
const weight = new Map([[port("22/tcp"), 3], [port("23/tcp"), 2]]);
`;

/** Names that the examples of docs/expressions.md capture. */
export const captured: Readonly<Record<string, unknown>> = {
  limit: 1024,
  services: { ssh: 22, telnet: 23 },
  watched: new Set([port("22/tcp"), port("23/tcp")]),
  networks: [subnet("198.51.100.0/24"), subnet("2001:db8::/32")],
  weight: new Map([
    ["22/tcp", 3],
    ["23/tcp", 2],
  ]),
};

/** Sections of docs/expressions.md: a heading, what to know, and examples of TypeScript. */
export const sections: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "Fields that may be absent",
    "An optional field is `undefined` in TypeScript where Zeek has not set it. Each read is guarded, so that no handler ends with `field value missing`. `!==` is true, `<` is false, a template says `undefined`. Where Zeek needs a value (a key, a counted value, a column) an absent one is an error of the build: say what it is with `??`.",
    [
      'c.conn?.conn_state === "S0"',
      'c.conn?.conn_state !== "S0"',
      'c.conn !== undefined && c.conn.conn_state === "S0"',
      'c.conn?.service ?? "none"',
      "c.vlan !== undefined && c.vlan > 3",
      "`VLAN ${c.vlan}`",
    ],
  ],
  [
    "Conditions",
    "`&&`, `||`, `!`, `?:`, `===`, `!==`, `<`, `<=`, `>`, `>=`; `==` and `!=` between values of one type, and with `null`. A text is true where it is not empty, a number where it is not 0; lengths of time are compared, never tested.",
    [
      "!c.history",
      "c.orig.size > 0 && c.resp.size === 0",
      "c.orig.size > c.resp.size ? c.orig.size : c.resp.size",
    ],
  ],
  [
    "Numbers",
    "Counts, ints and doubles behave as TypeScript's numbers, exactly up to 2^53: a difference does not wrap, `/` is real division, a divisor that may be 0 is guarded; where the result would be Infinity or NaN and is not compared at once, the build says so. `%` is for whole numbers. `Math.floor`, `ceil`, `round`, `trunc`, `abs`, `min`, `max`; all of `Math` on constants; `Number(...)` of numbers and conditions. TypeScript's `&`, `|`, `^`, `~`, `<<`, `>>`, `>>>` work on 32 bits with a sign: they are taken where what they work on provably has 31 bits at most (a mask, a port's number, a remainder; one side of `&` is enough), and `>>>` always. `**` is for whole numbers with a constant exponent, where nothing can exceed 2^53. `Math.random` is refused.",
    [
      "c.orig.size - c.resp.size",
      "c.orig.size / c.resp.size > 10",
      "c.resp.size > 0 ? c.orig.size / c.resp.size : 0",
      "c.orig.size % 2 === 0",
      "Math.floor(c.orig.size / limit)",
      "Math.max(c.orig.size, c.resp.size)",
      "c.orig.size * 3 + 1",
      "-c.orig.size",
      "(c.orig.size & 0xff) === 0x7f",
      "(c.orig.size & 0xff) | 0x100",
      "c.orig.size >>> 8",
      "port_to_count(c.id.resp_p) ** 2",
    ],
  ],
  [
    "Text",
    "Zeek's text is bytes, TypeScript's is UTF-16. What agrees for every text is translated; what agrees for ASCII only (positions, case, `trim`) is taken for fields that are ASCII always (`history`, `uid`, `conn_state`, `service`, ...) and refused for others: `to_lower` and `to_upper` change ASCII letters in both. Order (`<`) needs one side that is a constant or ASCII. Fractions have no text that both share: write `x.toFixed(1)` or round. `replace` and `replaceAll` take a constant text, or a regular expression of characters and classes one after the other, the last one repeated at most; the new text is constant. Of `split`, `.length` and `[0]` are known. `repeat` for every text; `padStart`, `padEnd`, `trimStart`, `trimEnd`, `at(-1)`, `slice(-3)` for ASCII. `match`, `search`, `lastIndexOf`, `localeCompare`, `normalize` are refused.",
    [
      'c.history.includes("^")',
      'c.history.startsWith("Sh")',
      'c.history.endsWith("F")',
      "c.history.length",
      '(c.http?.uri ?? "").length',
      'c.history[0] === "S"',
      'c.history.slice(0, 2) === "Sh"',
      'c.history.indexOf("d") >= 0',
      "c.history.toLowerCase()",
      'c.history.replaceAll("^", "")',
      '(c.http?.uri ?? "").replaceAll(/[0-9]+/g, "N")',
      '(c.http?.host ?? "").split(".").length',
      'c.uid.split("/")[0]',
      'String(c.orig.size).padStart(6, "0")',
      'c.history.at(-1) === "F"',
      'to_lower(c.http?.host ?? "")',
      "`${c.id.orig_h} to ${c.id.resp_p}: ${c.orig.size} bytes`",
      'c.uid + "/" + c.orig.size',
      "String(c.id.orig_h)",
    ],
  ],
  [
    "Regular expressions",
    "`/.../.test(text)`, with the flags i, s, u. Translated to Zeek's dialect: classes, groups, named groups, alternation, all quantifiers (lazy ones too), anchors at the ends of branches, `\\d \\w \\s \\D \\W \\S`; beyond ASCII as UTF-8 bytes. Refused by name: lookaround, back-references, `\\b`, `\\p{...}`, the flags g, y, m (with anchors), v, `i` with letters beyond ASCII, and without `u` a `.` or negated class that would stand for half of a character.",
    [
      "/^\\^/.test(c.history)",
      "/^(S0|REJ)$/.test(c.history)",
      "/nmap|masscan/i.test(c.history)",
      '/(^|\\.)example\\.com$/.test(c.http?.host ?? "")',
      "/\\d{2,}/.test(c.history)",
      '/é/.test(c.http?.uri ?? "")',
    ],
  ],
  [
    "Addresses, networks, ports, protocols",
    'Compare with `===`, also with their canonical text (`"2001:db8::1"`, never `"2001:DB8::1"`). They have no order; a port\'s number is `port_to_count(p)`.',
    [
      'c.id.orig_h === "192.0.2.1"',
      'c.id.orig_h === addr("2001:db8::1")',
      "Site.local_nets.has(c.id.orig_h)",
      'subnet("10.0.0.0/8").has(c.id.orig_h)',
      "networks.some((network) => network.has(c.id.orig_h))",
      'c.id.resp_p === "22/tcp"',
      "port_to_count(c.id.resp_p) < 1024",
      'get_port_transport_proto(c.id.resp_p) === "tcp"',
      'c.conn?.proto === "udp"',
      "is_v6_addr(c.id.orig_h)",
      "is_tcp_port(c.id.resp_p)",
      "subnet_of(c.id.orig_h, 24, 64)",
    ],
  ],
  [
    "Time",
    "Lengths of time compare with each other; for arithmetic take the seconds.",
    [
      'c.duration > duration("5 min")',
      "interval_to_double(c.duration) * 2 > 7",
      "time_to_double(network_time()) - time_to_double(c.start_time) > 10",
    ],
  ],
  [
    "Sets, arrays, maps",
    "Constants of the bundle (`enum`s and `as const` objects among them), literals, and the parts of a tuple key: `includes`, `has`, `indexOf`, `lastIndexOf`, `find`, `findIndex`, `findLast`, `findLastIndex`, `some`, `every`, `filter`, `map`, `flatMap`, `flat`, `reduce`, `reduceRight`, `concat`, `slice`, `toReversed`, `at`, `join`, `get`, an index, `...` in literals and calls; `Object.keys`, `Object.values`, `Object.entries`, `Array.from`, `Array.of`, `Array.isArray`. A look-up, a search or a chain of conditions becomes a function of the script where it is too long for one expression of Zeek's (its parser gives up at some forty `? :` in each other), and what repeats is worked out once; 4,000 parts are the most. Sets and vectors of Zeek's: `has`, `size`, `length`, a constant index; of vectors of texts `includes`, and `some` of `/.../.test(x)` and `x === text` with `||` between them.",
    [
      '["S0", "REJ"].includes(c.conn?.conn_state ?? "")',
      "watched.has(c.id.resp_p)",
      "weight.get(c.id.resp_p) ?? 1",
      "Object.values(services).includes(port_to_count(c.id.resp_p))",
      "[c.orig.size, c.resp.size].filter((size) => size > limit).length",
      "[c.orig.size, c.resp.size].reduce((sum, size) => sum + size, 0)",
      '[c.id.orig_h, c.id.resp_h].includes(addr("192.0.2.1"))',
      'c.service.has("SSH")',
      "c.service.size",
      'c.dns?.answers?.[0] === "192.0.2.1"',
      'c.dns?.answers?.includes("192.0.2.1") ?? false',
      'c.dns?.answers?.some((answer) => /^127\\./.test(answer) || answer === "::1") ?? false',
    ],
  ],
  [
    "Other functions of Zeek",
    "Called by their own names; outside of a detection's function they throw.",
    ["md5_hash(c.uid)", "sha1_hash(c.uid)", "is_ascii(c.uid)", "byte_length(c.uid)", "to_upper(c.uid)"],
  ],
  [
    "Functions of zopf's own",
    "`entropy` is Shannon's, in bits a byte, to six digits; `uri_path` is what stands before the first `?`; `last_labels` is a domain without its subdomains and `without_last_labels` are these, as long as its public suffix has the labels that you think it has.",
    [
      'entropy(c.dns?.query ?? "") > 3.5',
      'uri_path(c.http?.uri ?? "") === "/login"',
      'last_labels(c.dns?.query ?? "", 2) === "example.com"',
      'byte_length(without_last_labels(c.dns?.query ?? "", 2)) > 24',
    ],
  ],
];
