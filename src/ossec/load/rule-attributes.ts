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

/** How many digits of a number the engine reads. */
const widths: ReadonlyMap<string, number> = new Map([
  ["id", 6],
  ["level", 4],
  ["maxsize", 4],
  ["timeframe", 5],
  ["frequency", 4],
  ["accuracy", 4],
  ["ignore", 6],
]);

/**
 * Reads the attributes; null when there is no usable id and level.
 *
 * @param defaultTimeframe - the internal option of that name (s)
 */
export function readAttributes(
  element: XmlElement,
  problems: ProblemLog,
  defaultTimeframe: number,
): RuleAttributes | null {
  if (element.attributes.length === 0) {
    problems.report(codes.ruleAttribute, element.opening, "a rule needs an id and a level");
    return null;
  }
  let id: number | null = null;
  let level: number | null = null;
  let maxsize = 0;
  let timeframe = defaultTimeframe;
  let frequency = 0;
  let accuracy = 1;
  let ignore = 0;
  let noalert = false;
  let overwrite = false;
  let refused = false;
  let idAttribute: XmlAttribute | null = null;
  for (const attribute of element.attributes) {
    const name = lowerCase(attribute.name);
    const { value } = attribute;
    const width = widths.get(name);
    if (width !== undefined) {
      if (value === "") continue;
      if (!isDigits(value)) {
        refused = true;
        problems.report(
          codes.ruleAttribute,
          attribute.valuePlace,
          `${name} is a number of digits alone, not "${value}"`,
        );
        continue;
      }
      const number = Number(value.slice(0, width));
      if (name === "id") {
        id = number;
        idAttribute = attribute;
      } else if (name === "level") level = number;
      else if (name === "maxsize") maxsize = number;
      else if (name === "timeframe") timeframe = number;
      else if (name === "frequency") frequency = number;
      else if (name === "accuracy") accuracy = number;
      else ignore = number;
    } else if (name === "noalert") {
      noalert = true;
    } else if (name === "overwrite") {
      if (value === "yes") overwrite = true;
      else if (value === "no") overwrite = false;
      else {
        refused = true;
        problems.report(codes.ruleAttribute, attribute.valuePlace, `overwrite is yes or no, not "${value}"`);
      }
    } else {
      refused = true;
      problems.report(codes.ruleAttribute, attribute.namePlace, `a rule has no attribute ${attribute.name}`);
    }
  }
  if (id === null || level === null) {
    if (!refused) {
      const missing = id === null ? "id" : "level";
      problems.report(codes.ruleAttribute, element.opening, `this rule has no ${missing}`);
    }
    return null;
  }
  const idPlace = idAttribute?.valuePlace ?? element.opening;
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
