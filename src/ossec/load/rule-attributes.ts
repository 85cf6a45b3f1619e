/** Attributes of `<rule>` (docs/reference/ossec.md#rule-attributes). */
import type { XmlAttribute, XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import type { ProblemLog } from "./problems.js";
import { isDigits, lowerCase } from "./text.js";

export interface RuleAttributes {
  readonly id: number;
  readonly idPlace: SourceRange;
  readonly level: number;
  readonly maxsize: number;
  readonly timeframe: number;
  readonly frequency: number;
  readonly accuracy: number;
  readonly ignore: number;
  readonly noalert: boolean;
  readonly overwrite: boolean;
  /** Something was reported; the values are what could be read. */
  readonly refused: boolean;
}

/** Attributes while they are read. */
export type AttributeDraft = {
  -readonly [Name in keyof Omit<
    RuleAttributes,
    "id" | "level" | "idPlace" | "refused"
  >]: RuleAttributes[Name];
} & { id: number | null; level: number | null };

/** Reads a value; says what is wrong with it. */
export type AttributeReader = (draft: AttributeDraft, value: string) => AttributeFault | null;

export interface AttributeFault {
  readonly message: string;
  /** The engine goes on. */
  readonly warning?: true;
}

/** The names of {@link AttributeDraft} that hold numbers. */
type NumberName = "id" | "level" | "maxsize" | "timeframe" | "frequency" | "accuracy" | "ignore";

/** A number of digits; the empty text leaves what is there. */
export function digits(name: NumberName, width: number): readonly [string, AttributeReader] {
  return [
    name,
    (draft, value) => {
      if (value === "") return null;
      if (!isDigits(value)) return { message: `${name} is a number of digits alone, not "${value}"` };
      draft[name] = Number(value.slice(0, width));
      return null;
    },
  ];
}

/** Exactly yes or no. */
export const overwriteAttribute: readonly [string, AttributeReader] = [
  "overwrite",
  (draft, value) => {
    if (value !== "yes" && value !== "no") return { message: `overwrite is yes or no, not "${value}"` };
    draft.overwrite = value === "yes";
    return null;
  },
];

/**
 * Reads the attributes; null when there is no usable id and level.
 *
 * @param defaultTimeframe - the internal option of that name (s)
 */
export function readAttributes(
  element: XmlElement,
  readers: ReadonlyMap<string, AttributeReader>,
  problems: ProblemLog,
  defaultTimeframe: number,
): RuleAttributes | null {
  if (element.attributes.length === 0) {
    problems.report(codes.ruleAttribute, element.opening, "a rule needs an id and a level");
    return null;
  }
  const draft: AttributeDraft = {
    id: null,
    level: null,
    maxsize: 0,
    timeframe: defaultTimeframe,
    frequency: 0,
    accuracy: 1,
    ignore: 0,
    noalert: false,
    overwrite: false,
  };
  let refused = false;
  let idAttribute: XmlAttribute | null = null;
  for (const attribute of element.attributes) {
    const name = lowerCase(attribute.name);
    const read = readers.get(name);
    if (read === undefined) {
      refused = true;
      problems.report(codes.ruleAttribute, attribute.namePlace, `a rule has no attribute ${attribute.name}`);
      continue;
    }
    const fault = read(draft, attribute.value);
    if (fault === null) {
      if (name === "id" && attribute.value !== "") idAttribute = attribute;
    } else if (fault.warning === true) {
      problems.report(codes.ruleAttribute, attribute.valuePlace, fault.message, { outcome: "warning" });
    } else {
      refused = true;
      problems.report(codes.ruleAttribute, attribute.valuePlace, fault.message);
    }
  }
  const { id, level } = draft;
  if (id === null || level === null) {
    if (!refused) {
      const missing = id === null ? "id" : "level";
      problems.report(codes.ruleAttribute, element.opening, `this rule has no ${missing}`);
    }
    return null;
  }
  const idPlace = idAttribute?.valuePlace ?? element.opening;
  const { maxsize, timeframe, frequency, accuracy, ignore, noalert, overwrite } = draft;
  return {
    id,
    idPlace,
    level,
    maxsize,
    timeframe,
    frequency,
    accuracy,
    ignore,
    noalert,
    overwrite,
    refused,
  };
}
