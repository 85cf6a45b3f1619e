import type { OssecModel, RuleConditionModel } from "../../model/model.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { EventConditionsDeclaration, TextDeclaration } from "../decode/conditions.js";
import type { SourceRange } from "../decode/field.js";
import type { LinkContext } from "./context.js";
import { actionCondition } from "./log-conditions.js";
import { addressConditions, textCondition } from "./value-condition.js";

/** Properties whose condition is a text, and the rule's element. */
const texts = [
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["user", "user"],
  ["url", "url"],
  ["id", "id"],
  ["status", "status"],
  ["extra_data", "extra_data"],
  ["program", "program_name"],
  ["hostname", "hostname"],
] as const;

/** Those that OSSEC's rules have no element for. */
const wazuhTexts = ["protocol", "system_name"] as const;

/** The conditions of `where`; null where one cannot be asked. */
export function linkEventConditions(
  context: LinkContext,
  where: EventConditionsDeclaration,
  ossec: OssecModel,
): readonly RuleConditionModel[] | null {
  const at = (key: keyof EventConditionsDeclaration) => context.places.at(where, key);
  const found: (readonly RuleConditionModel[] | null)[] = [];
  const { decoder, action, fields = {} } = where;
  if (decoder !== undefined) found.push([{ element: "decoded_as", field: null, value: decoder }]);
  for (const element of ["srcip", "dstip"] as const) {
    const asked = where[element];
    if (asked !== undefined) found.push(addressConditions(context, at(element), asked, element));
  }
  for (const [key, element] of texts) {
    const asked = where[key];
    if (asked === undefined) continue;
    const made = textCondition(context, at(key), asked, { element });
    found.push(made === null ? null : [made]);
  }
  if (where.data !== undefined) found.push(dataCondition(context, where, where.data));
  for (const key of wazuhTexts) {
    const asked = where[key];
    if (asked === undefined) continue;
    const made =
      ossec.dialect === "wazuh"
        ? textCondition(context, at(key), asked, { element: key })
        : context.report(
            codes.onlyWazuh(at(key).span(), `${at(key).label}: OSSEC's rules have no condition on ${key}`),
          );
    found.push(made === null ? null : [made]);
  }
  if (action !== undefined) found.push(actionCondition(context, at("action"), action));
  for (const [name, asked] of Object.entries(fields)) {
    const place = context.places.at(fields, name);
    if (!/^[A-Za-z@][A-Za-z0-9_.@-]{0,127}$/.test(name)) {
      context.report(
        codes.name(place.span(), `${JSON.stringify(name.slice(0, 60))} cannot be the name of a field`),
      );
      found.push(null);
      continue;
    }
    const each: readonly (readonly [SourceRange, TextDeclaration])[] =
      typeof asked === "object" && "all" in asked
        ? asked.all.map((one, index) => [context.places.at(asked.all, index), one] as const)
        : [[place, asked]];
    for (const [at, one] of each) {
      const made = textCondition(context, at, one, { field: name });
      found.push(made === null ? null : [made]);
    }
  }
  found.push(linkSender(context, where, ossec));
  const whole = found.filter((one) => one !== null);
  return whole.length < found.length ? null : whole.flat();
}

/** What Wazuh calls data is extra_data to OSSEC. */
function dataCondition(
  context: LinkContext,
  where: EventConditionsDeclaration,
  asked: TextDeclaration,
): readonly RuleConditionModel[] | null {
  const { places, report, ossec } = context;
  const place = places.at(where, "data");
  if (ossec.dialect === "ossec" && where.extra_data !== undefined)
    return report(
      codes.duplicate(place.span(), `${place.label}: data and extra_data are one field to OSSEC`),
    );
  const element = ossec.dialect === "wazuh" ? "data" : "extra_data";
  const made = textCondition(context, place, asked, { element });
  return made === null ? null : [made];
}

/**
 * The condition on the agent and the file. OSSEC knows both of an agent's line only, as `(name) ip->file` in the
 * place of the host name (docs/reference/ossec.md#daemon-and-logtest); Wazuh has the location of every line
 * (docs/reference/wazuh.md#in-short).
 */
function linkSender(
  context: LinkContext,
  where: EventConditionsDeclaration,
  ossec: OssecModel,
): readonly RuleConditionModel[] | null {
  const { places, report } = context;
  const { agent, location, hostname } = where;
  if (agent === undefined && location === undefined) return [];
  const { element, ownLogs } = suiteOf(ossec).sender;
  if (typeof location === "object") {
    const place = places.at(where, "location");
    if (ossec.dialect === "ossec" || agent !== undefined)
      return report(
        agent === undefined
          ? codes.onlyWazuh(place.span(), `${place.label}: OSSEC's rules have no condition on the location`)
          : codes.duplicate(
              place.span(),
              `${place.label} is a pattern for the location as a whole, and the agent's name is in it`,
              "keep one of them",
            ),
      );
    const made = textCondition(context, place, location, { element: "location" });
    return made === null ? null : [made];
  }
  if (agent === undefined && !ownLogs)
    return report(
      codes.missing(
        places.at(where, "location").span(),
        "OSSEC's rules see the file of an agent's line only: of its own lines no condition tells them apart",
        "name the agent that reads it beside: agent: …",
      ),
    );
  if (hostname !== undefined && !ownLogs)
    return report(
      codes.duplicate(
        places.at(where, "hostname").span(),
        "of an agent's line OSSEC has agent, address and file in the place of the host's name",
        "keep agent alone",
      ),
    );
  const escaped = (text: string): string => text.replace(/[.+]/g, "\\$&");
  const from = agent === undefined ? null : `^\\(${escaped(agent)}\\) `;
  const file = location === undefined ? null : `${from === null ? "(?:^|->)" : ".*->"}${escaped(location)}$`;
  return [{ element, field: null, value: `${from ?? ""}${file ?? ""}` }];
}
