/** A small generator of numbers with a fixed start, so that a failing case can be seen again. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = [
  ..."0123456789abcdefABCDEF::::....gxXoO/,!- \t%*?[]$`'\"\\;|&(){}<>#~=+@^_\u0661\uff11\u00e9",
  ..."::|0.0.0.0/0|self|127.0.0.1|010|0x7f|256|255|ffff|::ffff:|1.2.3.4|10.9.9.9|2001:db8|fe80|%em0|/24|00000|$(id)|\u202e".split(
    "|",
  ),
];

/** Texts that are, nearly are, or are not at all addresses; never with a newline or NUL. */
export function addressTexts(count: number, seed: number): readonly string[] {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[next(list.length)];
  const octet = (): string =>
    pick(["0", "1", "9", "10", "99", "100", "199", "200", "249", "250", "255", "127", "224"]) ?? "";
  const anyOctet = (): string =>
    next(8) === 0 ? (pick(["256", "300", "01", "00", "", "-1", "1e1"]) ?? "") : octet();
  const group = (): string =>
    pick(["0", "1", "db8", "DB8", "ffff", "fe80", "2001", "abcd", "00", "0000", "c000"]) ?? "";
  const anyGroup = (): string => (next(10) === 0 ? (pick(["", "12345", "g", "1.2", "0x1"]) ?? "") : group());
  const list = (length: number, one: () => string, between: string): string =>
    Array.from({ length }, one).join(between);
  const shapes: readonly (() => string)[] = [
    () => list(4, octet, "."),
    () => list(4, () => String(next(256)), "."),
    () => list(3 + next(3), anyOctet, "."),
    () => list(8, () => next(65_536).toString(16), ":"),
    () => list(8, group, ":"),
    () => list(7 + next(3), anyGroup, ":"),
    () => `${list(next(5), group, ":")}::${list(next(4), group, ":")}`,
    () => `${list(next(6), anyGroup, ":")}::${list(next(5), anyGroup, ":")}`,
    () => list(1 + next(12), () => pick(pieces) ?? "", ""),
    () => `${list(4, octet, ".")}${pick(pieces) ?? ""}`,
    () => `::ffff:${list(4, octet, ".")}`,
    () => "1".repeat(next(60)),
  ];
  return Array.from({ length: count }, () => pick(shapes)?.() ?? "");
}
