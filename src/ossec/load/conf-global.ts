/** `<global>` and `<alerts>` (docs/reference/ossec.md#configuration). */
import type { XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { type ConfContext, unknownElement, wrongValue } from "./conf-reading.js";
import { engines } from "./problems.js";
import { atoi, isDigits } from "./text.js";

/** What an element of `<global>` holds; a `check` says what the engine takes. */
export type GlobalValue =
  | "yes or no"
  | "digits"
  | "memory size"
  | "mail address"
  | "white list"
  | "text"
  | { readonly check: (element: XmlElement) => boolean; readonly expected: string };

/** Elements of `<global>`: those of each kind, by name. */
export function globalElements(
  kinds: readonly (readonly [kind: GlobalValue, names: readonly string[]])[],
): ReadonlyMap<string, GlobalValue> {
  return new Map(kinds.flatMap(([kind, names]) => names.map((name) => [name, kind] as const)));
}

const mailAddress = /[a-zA-Z0-9._-]+@[a-zA-Z0-9._-]/;

export function readGlobal(context: ConfContext, section: XmlElement): void {
  for (const element of section.children) {
    const kind = context.dialect.conf.global.get(element.name);
    if (kind === undefined) unknownElement(context, element, "global", engines);
    else readGlobalElement(context, element, kind);
  }
}

function readGlobalElement(context: ConfContext, element: XmlElement, kind: GlobalValue): void {
  const { value } = element;
  switch (kind) {
    case "white list":
      readWhiteList(context, element);
      return;
    case "yes or no":
      if (value !== "yes" && value !== "no") wrongValue(context, element, engines, "yes or no");
      return;
    case "digits":
    case "memory size":
      if (!isDigits(value)) wrongValue(context, element, engines, "a number of digits alone");
      else if (kind === "memory size") context.conf.memorySize = atoi(value);
      return;
    case "mail address":
      if (!mailAddress.test(value)) {
        context.problems.report(codes.confValue, element.content, `"${value}" is no mail address`);
      }
      return;
    case "text":
      return;
    default:
      if (!kind.check(element)) wrongValue(context, element, engines, kind.expected);
  }
}

function readWhiteList(context: ConfContext, element: XmlElement): void {
  const { value } = element;
  const place = element.content;
  const entry = context.dialect.conf.whiteListEntry(value);
  if (entry === "refused") {
    context.problems.report(codes.ruleAddress, place, `"${value}" is no address or prefix`, {
      engineMessage: 1237,
    });
    return;
  }
  context.conf.whiteList.push({ text: value, address: entry === "text" ? null : entry });
  context.conf.places.whiteList.push(place);
}

export function readAlerts(context: ConfContext, section: XmlElement): void {
  for (const element of section.children) {
    const { name, value } = element;
    // use_geoip here and geoip_db_path in <global> exist only in builds with GeoIP, which is not the default.
    if (name !== "log_alert_level" && name !== "email_alert_level") {
      unknownElement(context, element, "alerts", engines);
    } else if (!isDigits(value)) {
      wrongValue(context, element, engines, "a number of digits alone");
    } else {
      // Kept in 8 bits.
      const level = atoi(value) & 255;
      if (name === "log_alert_level") context.conf.logAlertLevel = level;
      else context.conf.emailAlertLevel = level;
    }
  }
}
