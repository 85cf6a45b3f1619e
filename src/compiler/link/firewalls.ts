import { forgottenAfter, ipsetSeconds, longestBlock } from "../../firewall/limits.js";
import type { FirewallModel, ResponseModel } from "../../model/model.js";
import { codes } from "./codes.js";
import { showDuration } from "./duration.js";
import {
  child,
  type Field,
  type LinkContext,
  readBoolean,
  readInteger,
  readList,
  readObject,
  readOneOf,
  readString,
  wrongShape,
} from "./field.js";
import { ipfwTable, ipsetName, type NameRule, nftTable, pfTable } from "./firewall-names.js";
import { option, readPfOptions } from "./pf-options.js";

const kinds = ["pf", "ipfw", "nftables", "iptables", "routeNull", "dryRun"] as const;

/** The packet filters of a bundle: none, one, or two of different kinds. */
export function readFirewalls(context: LinkContext, field: Field): readonly FirewallModel[] {
  if (field.value === undefined) return [];
  if (!Array.isArray(field.value)) return readFirewall(context, field);
  const fields = readList(context, field) ?? [];
  if (fields.length < 1 || fields.length > 2) {
    wrongShape(context, field, "one packet filter, or a list of two");
    return [];
  }
  const found: FirewallModel[] = [];
  for (const entry of fields) {
    const [firewall] = readFirewall(context, entry);
    if (firewall === undefined) continue;
    const [other] = found;
    if (other !== undefined && other.kind === firewall.kind)
      context.diagnostics.push(
        codes.duplicate(
          entry.span(),
          `the bundle names two packet filters of the kind "${firewall.kind}"`,
          "one is enough: name two kinds, or one",
        ),
      );
    else if (other !== undefined && [other.kind, firewall.kind].includes("dryRun"))
      context.diagnostics.push(
        codes.duplicate(
          entry.span(),
          "dryRun() blocks nothing, so a second packet filter beside it would make its log untrue",
          "name one of the two",
        ),
      );
    else found.push(firewall);
  }
  return found;
}

/** Blocks that a packet filter's own timeouts cannot hold. */
export function checkTimeouts(
  context: LinkContext,
  firewalls: readonly FirewallModel[],
  responses: readonly ResponseModel[],
): void {
  if (!firewalls.some(({ kind }) => kind === "iptables")) return;
  for (const response of responses) {
    if (forgottenAfter([response]) <= ipsetSeconds) continue;
    context.diagnostics.push(
      codes.duration(
        response.span,
        `blocks for ${showDuration(longestBlock(response))}; ipset's timeouts end at ${ipsetSeconds} seconds, a day of which is for blocks that OSSEC prolongs`,
        'block for at most "23 days", or use nftables',
      ),
    );
  }
}

/** One, or none when something is wrong with it. */
function readFirewall(context: LinkContext, field: Field): readonly FirewallModel[] {
  if (readObject(context, field) === null) return [];
  const kind = readOneOf(context, child(context, field, "kind"), kinds);
  const log = child(context, field, "log");
  switch (kind) {
    case null:
      return [];
    case "pf": {
      const table = readName(context, child(context, field, "table"), pfTable);
      const more = readPfOptions(context, field, table ?? "t");
      if (table === null || more === null) return [];
      return [{ kind, table, log: readBoolean(context, log, true), ...more }];
    }
    case "ipfw": {
      const table = readIpfwTable(context, child(context, field, "table"));
      const ruleField = child(context, field, "rule");
      const rule =
        ruleField.value === undefined ? 1 : readInteger(context, ruleField, { least: 1, most: 65_533 });
      if (table === null || rule === null) return [];
      return [{ kind, ...table, rule, log: readBoolean(context, log, false) }];
    }
    case "nftables": {
      const table = readName(context, child(context, field, "table"), nftTable);
      const family = readOneOf(context, child(context, field, "family"), ["inet"], "inet");
      if (table === null || family === null) return [];
      const more = { ...option(context, field, "counters"), ...option(context, field, "systemd") };
      return [{ kind, table, family, log: readBoolean(context, log, false), ...more }];
    }
    case "iptables": {
      const table = readName(context, child(context, field, "set"), ipsetName);
      const more = { ...option(context, field, "counters"), ...option(context, field, "systemd") };
      return table === null ? [] : [{ kind, table, log: readBoolean(context, log, false), ...more }];
    }
    case "routeNull":
      return [{ kind, table: "blackhole routes", ...option(context, field, "systemd") }];
    case "dryRun":
      return [{ kind, table: "dry run" }];
  }
}

function readName(context: LinkContext, field: Field, rule: NameRule): string | null {
  const name = readString(context, field);
  if (name === null) return null;
  const taken = rule.taken(name);
  if (rule.pattern.test(name) && !taken) return name;
  context.diagnostics.push(
    codes.table(
      field.span(),
      taken
        ? `${JSON.stringify(name.slice(0, 60))} means something else there, or belongs to another program: it cannot be the name of ${rule.what}`
        : `${JSON.stringify(name.slice(0, 60))} cannot be the name of ${rule.what}`,
      rule.help,
    ),
  );
  return null;
}

function readIpfwTable(context: LinkContext, field: Field): { table: string; numbered: boolean } | null {
  if (typeof field.value === "number") {
    const number = readInteger(context, field, { least: 1, most: 127 });
    return number === null ? null : { table: String(number), numbered: true };
  }
  if (typeof field.value !== "string") return wrongShape(context, field, "a table number or name");
  const table = readName(context, field, ipfwTable);
  return table === null ? null : { table, numbered: false };
}
