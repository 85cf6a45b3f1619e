import type { FirewallModel } from "../../model/model.js";
import { codes } from "./codes.js";
import {
  child,
  type Field,
  type LinkContext,
  readBoolean,
  readInteger,
  readObject,
  readOneOf,
  readString,
  wrongShape,
} from "./field.js";

/** pf takes 31 characters (spec/firewall.md, "pf"). */
const pfTable = /^[A-Za-z][A-Za-z0-9_-]{0,30}$/;
/** ipfw takes 63; names come with FreeBSD 11. `all` and numbers mean something else. */
const ipfwTable = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Words of pf's grammar and of the two systems' own tables that would not be read as our table. */
const pfTaken = new Set([
  "self",
  "any",
  "all",
  "bruteforce",
  "spamd",
  "spamd-white",
  "urpf-failed",
  "no-route",
]);

/** The packet filters of a bundle, or none. */
export function readFirewalls(context: LinkContext, field: Field): readonly FirewallModel[] {
  if (field.value === undefined) return [];
  if (readObject(context, field) === null) return [];
  const kind = readOneOf(context, child(context, field, "kind"), ["pf", "ipfw"]);
  const log = child(context, field, "log");
  switch (kind) {
    case null:
      return [];
    case "pf": {
      const table = readPfTable(context, child(context, field, "table"));
      return table === null ? [] : [{ kind, table, log: readBoolean(context, log, true) }];
    }
    case "ipfw": {
      const table = readIpfwTable(context, child(context, field, "table"));
      const ruleField = child(context, field, "rule");
      const rule =
        ruleField.value === undefined ? 1 : readInteger(context, ruleField, { least: 1, most: 65_533 });
      if (table === null || rule === null) return [];
      return [{ kind, ...table, rule, log: readBoolean(context, log, false) }];
    }
  }
}

function readPfTable(context: LinkContext, field: Field): string | null {
  const name = readString(context, field);
  if (name === null) return null;
  if (pfTable.test(name) && !pfTaken.has(name)) return name;
  context.diagnostics.push(
    codes.table(
      field.span(),
      pfTaken.has(name)
        ? `"${name}" means something else to pf, or is a table that other programs use`
        : `${JSON.stringify(name.slice(0, 60))} cannot be the name of a pf table`,
      "use letters, digits, _ and -, starting with a letter, at most 31 characters",
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
  if (ipfwTable.test(field.value) && field.value !== "all") return { table: field.value, numbered: false };
  context.diagnostics.push(
    codes.table(
      field.span(),
      `${JSON.stringify(field.value.slice(0, 60))} cannot be the name of an ipfw table`,
      "use a number from 1 to 127, or letters, digits, _ and - starting with a letter, at most 63 characters",
    ),
  );
  return null;
}
