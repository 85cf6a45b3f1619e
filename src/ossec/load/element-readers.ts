/** Readers of rule elements that dialects have in common (docs/reference/ossec.md#rule-elements). */
import type { IgnoreField, RuleCategory, RuleInfoDetail } from "../definitions.js";
import { compiledRules } from "../engine/compiled-rules.js";
import { codes } from "./codes.js";
import type { ElementReader } from "./rule-language.js";
import { fail, joinText, type RuleTexts } from "./rule-reading.js";
import { atoi } from "./text.js";
import { parseTime, parseWeekday } from "./time.js";

/** Joins the values of a name. */
export function readText(name: keyof RuleTexts): ElementReader {
  return (reading, child) => joinText(reading, name, child.value, child);
}

export const readDescription: ElementReader = (reading, child) => {
  const { value } = child;
  joinText(reading, "description", value.includes("\n") ? value.replace("\n", " ") : value, child);
};

export const readDecodedAs: ElementReader = (reading, { value, content }) => {
  const { decoders, references } = reading.context;
  if (!decoders.names.has(value) && !decoders.incomplete) {
    fail(reading, codes.ruleReference, content, `there is no decoder "${value}"`, {
      unresolved: references.open,
    });
  }
  reading.draft.data.decodedAs = value;
};

export const readTime: ElementReader = (reading, { value, content }) => {
  const { data } = reading.draft;
  data.asksFurther = true;
  data.time = parseTime(value);
  if (data.time === null) {
    fail(reading, codes.ruleValue, content, `"${value}" is no time range such as 6 pm - 8:30 am`, {
      engineMessage: 1274,
    });
  }
};

export const readWeekday: ElementReader = (reading, { value, content }) => {
  const { data } = reading.draft;
  data.asksFurther = true;
  data.weekday = parseWeekday(value);
  if (data.weekday === null) {
    fail(
      reading,
      codes.ruleValue,
      content,
      `"${value}" is no list of English weekdays (ranges and ! are not understood)`,
      { engineMessage: 1274 },
    );
  }
};

export function readAddress(name: "srcip" | "dstip"): ElementReader {
  return (reading, { value, content }) => {
    const { data } = reading.draft;
    data.asksAddresses = true;
    const entry = reading.context.dialect.rules.parseAddress(value);
    if (entry === null) {
      fail(reading, codes.ruleAddress, content, `"${value}" is no address or prefix`, {
        engineMessage: 1237,
      });
    } else data[name] = [...data[name], entry];
  };
}

export const readCompiledRule: ElementReader = (reading, { value, content }) => {
  if (Object.hasOwn(compiledRules, value)) reading.draft.data.compiledRule = value;
  else {
    fail(reading, codes.ruleValue, content, `there is no compiled rule "${value}"`, {
      engineMessage: 1274,
      help: `Known are ${Object.keys(compiledRules).join(", ")}.`,
    });
  }
};

const categories: ReadonlyMap<string, RuleCategory> = new Map<string, RuleCategory>(
  (["firewall", "ids", "syslog", "web-log", "squid", "windows", "ossec"] as const).map((name) => [
    name,
    name,
  ]),
);

export const readCategory: ElementReader = (reading, { value, content }) => {
  const category = categories.get(value);
  if (category === undefined) {
    fail(reading, codes.ruleValue, content, `there is no category "${value}"`, {
      engineMessage: 1273,
      help: `Known are ${[...categories.keys()].join(", ")}.`,
    });
  } else reading.draft.category = category;
};

/** The number of an `if_matched_sid` of digits alone. */
export const readMatchedSid: ElementReader = ({ draft }, { value }) => {
  draft.data.context = true;
  draft.data.ifMatchedSid = atoi(value);
};

export const readIfFts: ElementReader = ({ draft }) => {
  draft.data.ifFts = true;
};

export const readCheckDiff: ElementReader = ({ draft: { data } }) => {
  data.context = true;
  data.asksFurther = true;
  data.checkDiff = true;
};

/** An element of a composite: it asks for an earlier event. */
export function inComposite(read: ElementReader): ElementReader {
  return (reading, child) => {
    reading.draft.data.context = true;
    read(reading, child);
  };
}

type OptionSetter = (data: Parameters<ElementReader>[0]["draft"]["data"]) => void;

export const options: readonly (readonly [string, OptionSetter])[] = [
  [
    "alert_by_email",
    (data) => {
      data.mail = true;
    },
  ],
  [
    "no_email_alert",
    (data) => {
      data.mail = false;
    },
  ],
  [
    "log_alert",
    (data) => {
      data.log = true;
    },
  ],
  [
    "no_log",
    (data) => {
      data.log = false;
    },
  ],
  [
    "no_ar",
    (data) => {
      data.noActiveResponse = true;
    },
  ],
];

/** One option an element. */
export function readOptions(known: readonly (readonly [string, OptionSetter])[]): ElementReader {
  const setters = new Map(known);
  const names = known.map(([name]) => name);
  const help = `One option an element: ${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}.`;
  return (reading, { value, content }) => {
    const set = setters.get(value);
    if (set !== undefined) set(reading.draft.data);
    else {
      fail(reading, codes.ruleValue, content, `there is no option "${value}"`, { engineMessage: 1235, help });
    }
  };
}

/** The fields that `<ignore>` or `<check_if_ignored>` name; null: it names none. */
export type IgnoreParser = (value: string) => readonly IgnoreField[] | null;

export function readIgnore(
  slot: "ignoreFields" | "checkIfIgnored",
  name: string,
  parse: IgnoreParser,
  help: string,
): ElementReader {
  return (reading, { value, content }) => {
    const { draft } = reading;
    const fields = parse(value);
    if (fields === null) {
      fail(reading, codes.ruleValue, content, `${name} finds no field in "${value}"`, { help });
    } else draft[slot] = [...new Set([...draft[slot], ...fields])];
  };
}

export const infoTypes: ReadonlyMap<string, RuleInfoDetail["type"]> = new Map<string, RuleInfoDetail["type"]>(
  (["text", "link", "cve", "osvdb"] as const).map((type) => [type, type]),
);
