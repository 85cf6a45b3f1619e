/** `<global>` and `<alerts>` (docs/reference/ossec.md#configuration). */
import { parseAddressEntry } from "../addresses/address.js";
import type { XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { type ConfContext, unknownElement, wrongValue } from "./conf-reading.js";
import { engines } from "./problems.js";
import { atoi, isDigits } from "./text.js";

const yesOrNo: ReadonlySet<string> = new Set([
  "email_notification",
  "prelude_output",
  "zeromq_output",
  "jsonout_output",
  "logall",
]);

const numbers: ReadonlySet<string> = new Set([
  "prelude_log_level",
  "integrity_checking",
  "rootkit_detection",
  "host_information",
  "stats",
  "memory_size",
]);

const texts: ReadonlySet<string> = new Set([
  "custom_alert_output",
  "geoipdb",
  "prelude_profile",
  "zeromq_uri",
  "zeromq_server_cert",
  "zeromq_client_cert",
  "compress_alerts",
  "email_from",
  "email_reply_to",
  "email_idsname",
  "smtp_server",
  "helo_server",
  "email_maxperhour",
]);

const mailAddress = /[a-zA-Z0-9._-]+@[a-zA-Z0-9._-]/;

export function readGlobal(context: ConfContext, section: XmlElement): void {
  const more = context.dialect.loading.globalElements;
  for (const element of section.children) {
    const { name, value } = element;
    if (name === "white_list" || name === "allow_list") readWhiteList(context, element);
    else if (yesOrNo.has(name) || more.yesOrNo.has(name)) {
      if (value !== "yes" && value !== "no") wrongValue(context, element, engines, "yes or no");
    } else if (numbers.has(name) || more.numbers.has(name)) {
      if (!isDigits(value)) wrongValue(context, element, engines, "a number of digits alone");
      else if (name === "memory_size") context.conf.memorySize = atoi(value);
    } else if (name === "email_to") {
      if (!mailAddress.test(value)) {
        context.problems.report(codes.confValue, element.content, `"${value}" is no mail address`);
      }
    } else if (!texts.has(name) && !more.texts.has(name)) {
      unknownElement(context, element, "global", engines);
    }
  }
}

/** What some versions take for an address, right or wrong. */
const looksLikeAddress =
  /^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\/?([0-9]{0,2}|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})$/;

function readWhiteList(context: ConfContext, element: XmlElement): void {
  const { value } = element;
  const place = element.content;
  const address = parseAddressEntry(value);
  if (
    address === null &&
    context.dialect.loading.wrongAddress === "refused" &&
    looksLikeAddress.test(value)
  ) {
    context.problems.report(codes.ruleAddress, place, `"${value}" is no address or prefix`, {
      engineMessage: 1237,
    });
    return;
  }
  context.conf.whiteList.push({ text: value, address });
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
