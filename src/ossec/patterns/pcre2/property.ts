const categories =
  /^(?:C|Cc|Cf|Cn|Co|Cs|L|Ll|Lm|Lo|Lt|Lu|M|Mc|Me|Mn|N|Nd|Nl|No|P|Pc|Pd|Pe|Pf|Pi|Po|Ps|S|Sc|Sk|Sm|So|Z|Zl|Zp|Zs)$/i;

/** PCRE2's own properties (pcre2pattern(3)), and what `\d`, `\s` and `\w` are with PCRE2_UCP, as classes of JavaScript. */
export const ownProperties = {
  digit: "\\p{Nd}",
  space: "[\\p{Z}\\t-\\r\\x85\\u180e]",
  word: "[\\p{L}\\p{N}_]",
  alnum: "[\\p{L}\\p{N}]",
} as const;

/** A script or a binary property by its name; letter case and `_`, `-` and blanks do not matter to PCRE2. */
function namedProperty(name: string): string | null {
  const words = name.split(/[\s_-]+/).filter((word) => word !== "");
  const written = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join("_");
  for (const property of [`\\p{scx=${written}}`, `\\p{${written}}`]) {
    try {
      new RegExp(property, "u");
      return property;
    } catch {
      // JavaScript has no property of that name.
    }
  }
  return null;
}

/** A property by the name that PCRE2 knows it by, as a class of JavaScript's with the flag `u`; null when not known. */
export function propertyClass(name: string): string | null {
  const plain = name.replace(/[\s_-]/g, "").toLowerCase();
  switch (plain) {
    case "any":
      return "[^]";
    case "l&":
    case "lc":
      return "\\p{LC}";
    case "xan":
      return ownProperties.alnum;
    case "xps":
    case "xsp":
      return ownProperties.space;
    case "xwd":
      return ownProperties.word;
  }
  if (!categories.test(plain)) return namedProperty(name);
  return `\\p{${plain.charAt(0).toUpperCase()}${plain.slice(1)}}`;
}
