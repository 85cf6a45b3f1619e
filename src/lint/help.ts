/** What to write instead, for problems of the loader whose words say only what is wrong. */
import { didYouMean } from "../diagnostics/near-names.js";
import type { Dialect } from "../ossec/dialect.js";

const ruleAttributes: Readonly<Record<string, string>> = {
  id: '<rule id="100100" level="5">',
  level: '<rule id="100100" level="5">',
  frequency: '<rule id="…" level="…" frequency="6" timeframe="120"> (frequency 6 fires on the 8th event)',
  timeframe: '<rule id="…" level="…" frequency="6" timeframe="120"> (seconds)',
  maxsize: '<rule id="…" level="…" maxsize="300">',
  noalert: '<rule id="…" level="0" noalert="1">',
  accuracy: '<rule id="…" level="…" accuracy="0">',
  overwrite: '<rule id="…" level="…" overwrite="yes">',
};

type Language = {
  readonly elements: ReadonlyMap<string, unknown>;
  readonly exactElements: ReadonlyMap<string, unknown>;
};

const elementsOf = ({ elements, exactElements }: Language): readonly string[] => [
  ...elements.keys(),
  ...exactElements.keys(),
];

/** What people take for elements of OSSEC's. */
const meant: Readonly<Record<string, string>> = {
  if_rule: "if_sid",
  ifsid: "if_sid",
  parent: "if_sid",
  src_ip: "srcip",
  source_ip: "srcip",
  dst_ip: "dstip",
  program: "program_name",
  decoder: "decoded_as",
  desc: "description",
  groups: "group",
  username: "user",
  same_srcip: "same_source_ip",
  same_src_ip: "same_source_ip",
  same_agent: "same_location",
};

/** Elements that only Wazuh has. */
const wazuhElements =
  /^(?:mitre|same_field|not_same_field|different_field|global_frequency|same_srcuser|same_protocol|protocol|data|system_name|location|srcuser|json_null_field|json_array_structure)$/;

function unknownElement(name: string, known: readonly string[], what: string, { product }: Dialect): string {
  const wanted = meant[name];
  if (wanted !== undefined && known.includes(wanted)) return `Write <${wanted}>.`;
  if (product === "OSSEC" && wazuhElements.test(name))
    return "OSSEC has nothing of the kind. If the files are Wazuh's: --dialect wazuh.";
  const near = didYouMean(name, known).trim();
  return near === "" ? `Take it away: a ${what} cannot have it.` : near;
}

const rows: readonly {
  readonly code: string;
  readonly form: RegExp;
  readonly help: (found: RegExpExecArray, dialect: Dialect) => string;
}[] = [
  {
    code: "OSSEC-RULE-ELEMENT",
    form: /^a rule has no element <([^>]*)>/,
    help: ([, name = ""], dialect) => {
      const attribute = ruleAttributes[name.toLowerCase()];
      return attribute === undefined
        ? unknownElement(name.toLowerCase(), elementsOf(dialect.rules), "rule", dialect)
        : `It is an attribute of the rule: ${attribute}.`;
    },
  },
  {
    code: "OSSEC-RULE-ATTRIBUTE",
    form: /^a rule has no attribute (\S+)/,
    help: ([, name = ""], dialect) => {
      const lower = name.toLowerCase();
      if (elementsOf(dialect.rules).includes(lower))
        return `It is an element: <${lower}>…</${lower}> inside the rule.`;
      const near = didYouMean(lower, Object.keys(ruleAttributes)).trim();
      return near === ""
        ? `A rule has the attributes ${Object.keys(ruleAttributes).join(", ")}, ignore.`
        : near;
    },
  },
  {
    code: "OSSEC-DECODER-ELEMENT",
    form: /^a decoder has no element <([^>]*)>/,
    help: ([, name = ""], dialect) =>
      unknownElement(name.toLowerCase(), elementsOf(dialect.decoders), "decoder", dialect),
  },
  {
    code: "OSSEC-RULE-REFERENCE",
    form: /^there is no rule (\d+) to overwrite/,
    help: ([, id = ""]) =>
      `Take overwrite="yes" away to write a new rule${Number(id) >= 100_000 ? "" : " (with an id from 100000 on)"}, or load the file that has rule ${id} before this one.`,
  },
  {
    code: "OSSEC-RULE-REFERENCE",
    form: /^there is no decoder "(json|JSON)"/,
    help: () =>
      'OSSEC has no JSON decoder. Write one for these lines: <decoder name="app-json"><prematch>^{"</prematch>…</decoder>, with a <pcre2> for the fields; or, if the files are Wazuh\'s: --dialect wazuh.',
  },
  {
    code: "OSSEC-RULE-REFERENCE",
    form: /^there is no decoder "/,
    help: () =>
      "Write the name of a decoder that is loaded; of a child that is its parent's name, unless it has <use_own_name>true</use_own_name>.",
  },
  {
    code: "OSSEC-RULE-REFERENCE",
    form: /^if_sid is a list /,
    help: () => "Write a comma between two ids: <if_sid>5715, 5716</if_sid>.",
  },
  {
    code: "OSSEC-RULE-REFERENCE",
    form: /^no rule (\d+) is loaded before/,
    help: ([, id = ""]) =>
      `Write the id of a rule that is loaded before this one, or load the file that has rule ${id} before.`,
  },
  {
    code: "OSSEC-RULE-REFERENCE",
    form: /^an overwrite does not change /,
    help: () =>
      "Take it away. For another parent: silence the old rule with an overwrite of level 0, and write a new one with a new id.",
  },
  {
    code: "OSSEC-RULE-REFERENCE",
    form: /^no rule loaded before this one has /,
    help: () =>
      "Write a group that rules before this one have, or move the rule behind those that have this one.",
  },
  {
    code: "OSSEC-RULE-ELEMENT",
    form: /^the rule \d+ has no description/,
    help: () => "Add <description>…</description>.",
  },
  {
    code: "OSSEC-RULE-VALUE",
    form: /is no time range/,
    help: () => "Write two times of 0:00 to 23:59, as in 22:00 - 6:00.",
  },
  {
    code: "OSSEC-RULE-VALUE",
    form: /is no list of English weekdays/,
    help: () => "Write monday,tuesday and so on, or weekdays, or weekends.",
  },
  {
    code: "OSSEC-PATTERN",
    form: /: an opening parenthesis is never closed/,
    help: () => "Close it, or write \\( for the character.",
  },
  {
    code: "OSSEC-PATTERN",
    form: /: a class is never closed/,
    help: () => "Close it with ], or write \\[ for the character.",
  },
  {
    code: "OSSEC-XML",
    form: /^the element <[^>]*> is closed by |^the attribute \S*<|^the attribute .* has no value|^(?:an? )?element .*(?:not closed|no name)|^an attribute/,
    help: () =>
      "If a < of the text was meant: write \\< (entities such as &lt; are not known). Else close the element.",
  },
];

/** Null: the rule's own help will do. */
export function helpFor(code: string, message: string, dialect: Dialect): string | null {
  for (const row of rows) {
    const found = row.code === code ? row.form.exec(message) : null;
    if (found !== null) return row.help(found, dialect);
  }
  return null;
}
