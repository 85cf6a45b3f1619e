/** `<compiled_rule>`: the built-in functions (docs/reference/ossec.md#rule-elements). */
import type { EngineDialect } from "../dialect.js";
import type { Event } from "./event.js";

function mswinTargetDiffersFromCaller(log: string): boolean {
  const target = log.indexOf("Target Account Name");
  const caller = log.indexOf("Caller User Name");
  if (target < 0 || caller < 0) return false;
  let one = log.indexOf(":", target) + 1;
  let other = log.indexOf(":", caller) + 1;
  if (one === 0 || other === 0) return false;
  for (; one < log.length; one += 1, other += 1) {
    if (log[one] !== log[other]) return true;
    if (log[one] === "\t" || (log[one] === " " && log[one + 1] === " ")) return false;
  }
  return false;
}

const crawlerNetworks = ["72.14.", "209.85.", "65.55.", "207.46.", "74.6.", "72.30.", "67.195."];

/** Before 4.3 the method did not matter. */
function isSimpleHttpRequest(event: Event, { simpleRequestIsGet }: EngineDialect): boolean {
  if (event.url === null) return false;
  if (simpleRequestIsGet && event.action !== null && event.action.toLowerCase() !== "get") return false;
  return event.url === "/" || !event.url.includes("?");
}

export type CompiledRule = (event: Event, dialect: EngineDialect) => boolean;

/** Functions by the name that rules use; an unknown name is refused when the rules load. */
export const compiledRules: Readonly<Record<string, CompiledRule>> = {
  comp_srcuser_dstuser: ({ srcuser, dstuser }) => srcuser === null || dstuser === null || srcuser === dstuser,
  check_id_size: ({ id }) => id !== null && id.length >= 10,
  comp_mswin_targetuser_calleruser_diff: ({ log }) => mswinTargetDiffersFromCaller(log),
  is_simple_http_request: isSimpleHttpRequest,
  // The engine also asks DNS for Google's crawlers; an analysis without a network has no such answer.
  is_valid_crawler: ({ log }) => crawlerNetworks.some((network) => log.startsWith(network)),
};
