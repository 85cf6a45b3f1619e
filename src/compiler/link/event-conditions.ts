import type { OssecModel, RuleConditionModel } from "../../model/model.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { EventConditionsDeclaration } from "../decode/conditions.js";
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
  if (action !== undefined) found.push(actionCondition(context, at("action"), action));
  for (const [name, asked] of Object.entries(fields)) {
    const place = context.places.at(fields, name);
    const made = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/.test(name)
      ? textCondition(context, place, asked, { field: name })
      : context.report(
          codes.name(place.span(), `${JSON.stringify(name.slice(0, 60))} cannot be the name of a field`),
        );
    found.push(made === null ? null : [made]);
  }
  found.push(linkSender(context, where, ossec));
  const whole = found.filter((one) => one !== null);
  return whole.length < found.length ? null : whole.flat();
}

/**
 * The condition on the agent and the file. OSSEC knows both of an agent's line only, as `(name) ip->file` in the
 * place of the host name (docs/reference/ossec.md#daemon-and-logtest); Wazuh has the location of every line
 * (docs/reference/wazuh.md#in-short).
 */
function linkSender(
  { places, report }: LinkContext,
  where: EventConditionsDeclaration,
  ossec: OssecModel,
): readonly RuleConditionModel[] | null {
  const { agent, location, hostname } = where;
  if (agent === undefined && location === undefined) return [];
  const { element, ownLogs } = suiteOf(ossec).sender;
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
