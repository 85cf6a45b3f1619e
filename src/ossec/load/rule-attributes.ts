/** Attributes of `<rule>` (spec/ossec.md 6.2). */
import type { XmlDocument, XmlElement } from "../xml/document.js";
import type { Place } from "../xml/source.js";
import { codes } from "./codes.js";
import type { ProblemLog } from "./problems.js";
import { isDigits, lowerCase } from "./text.js";

export interface RuleAttributes {
  readonly id: number;
  readonly idPlace: Place;
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

/** How many digits of a number the engine reads. */
const widths = {
  id: 6,
  level: 4,
  maxsize: 4,
  timeframe: 5,
  frequency: 4,
  accuracy: 4,
  ignore: 6,
} as const;

type NumberName = keyof typeof widths;

function isNumberName(name: string): name is NumberName {
  return Object.hasOwn(widths, name);
}

/** Internal option `analysisd.default_timeframe` as shipped. */
const defaultTimeframe = 360;

/** Reads the attributes; null when there is no usable id and level. */
export function readAttributes(
  document: XmlDocument,
  element: XmlElement,
  problems: ProblemLog,
): RuleAttributes | null {
  const opening = element.opening;
  if (element.attributes.length === 0) {
    problems.report(codes.ruleAttribute, opening, "a rule needs an id and a level");
    return null;
  }
  const numbers: { [Name in NumberName]: number | null } = {
    id: null,
    level: null,
    maxsize: null,
    timeframe: null,
    frequency: null,
    accuracy: null,
    ignore: null,
  };
  let noalert = false;
  let overwrite = false;
  let refused = false;
  let idPlace = opening;
  for (const attribute of element.attributes) {
    const name = lowerCase(attribute.name);
    const at = attribute.valuePlace;
    if (isNumberName(name)) {
      if (!isDigits(attribute.value)) {
        refused = true;
        problems.report(
          codes.ruleAttribute,
          at,
          `${name} is a number of digits alone, not "${attribute.value}"`,
        );
      } else if (attribute.value !== "") {
        numbers[name] = Number(attribute.value.slice(0, widths[name]));
        if (name === "id") idPlace = at;
      }
    } else if (name === "noalert") {
      noalert = true;
    } else if (name === "overwrite") {
      if (attribute.value === "yes") overwrite = true;
      else if (attribute.value === "no") overwrite = false;
      else {
        refused = true;
        problems.report(codes.ruleAttribute, at, `overwrite is yes or no, not "${attribute.value}"`);
      }
    } else {
      refused = true;
      problems.report(
        codes.ruleAttribute,
        { source: document.source, start: attribute.nameStart, end: attribute.nameEnd },
        `a rule has no attribute ${attribute.name}`,
      );
    }
  }
  const { id, level } = numbers;
  if (id === null || level === null) {
    if (!refused) {
      const missing = id === null ? "id" : "level";
      problems.report(codes.ruleAttribute, opening, `this rule has no ${missing}`);
    }
    return null;
  }
  return {
    id,
    idPlace,
    level,
    maxsize: numbers.maxsize ?? 0,
    timeframe: numbers.timeframe ?? defaultTimeframe,
    frequency: numbers.frequency ?? 0,
    accuracy: numbers.accuracy ?? 1,
    ignore: numbers.ignore ?? 0,
    noalert,
    overwrite,
    refused,
  };
}
