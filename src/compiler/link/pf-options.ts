import type { FirewallModel, PfRateLimitModel, PfRedirectModel } from "../../model/model.js";
import { codes } from "./codes.js";
import { readDuration, showDuration } from "./duration.js";
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
import { readNetwork } from "./network.js";

type Pf = Extract<FirewallModel, { readonly kind: "pf" }>;

/** pf's 31 characters, less those of the names that are made of the table's: `_never`. */
const longestBase = 25;

/** Interfaces end in a digit; OpenBSD's group of those with a default route is the one without that people name. */
const interfaceName = /^[a-z]{1,10}[0-9]{1,5}(?:\.[0-9]{1,4})?$/;

/** A switch that is off unless it is given: present in the model only where it is on. */
export function option<Key extends "counters" | "systemd">(
  context: LinkContext,
  field: Field,
  key: Key,
): { readonly [name in Key]?: true } {
  const on = readBoolean(context, child(context, field, key), false);
  const found: { [name in Key]?: true } = {};
  if (on) found[key] = true;
  return found;
}

/** What pf does beyond blocking; null where something is wrong with it. */
export function readPfOptions(
  context: LinkContext,
  field: Field,
  table: string,
): Pick<Pf, "flavour" | "counters" | "rateLimit" | "redirect"> | null {
  const flavour = readOneOf(context, child(context, field, "flavour"), ["openbsd", "freebsd"], "openbsd");
  const counters = option(context, field, "counters");
  const rateField = child(context, field, "rateLimit");
  const redirectField = child(context, field, "redirect");
  const rateLimit =
    rateField.value === undefined ? undefined : readRateLimit(context, rateField, table, flavour);
  const redirect =
    redirectField.value === undefined ? undefined : readRedirect(context, redirectField, flavour);
  if (flavour === null || rateLimit === null || redirect === null) return null;
  return {
    ...(flavour === "freebsd" ? { flavour } : {}),
    ...counters,
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(redirect === undefined ? {} : { redirect }),
  };
}

function readRateLimit(
  context: LinkContext,
  field: Field,
  table: string,
  flavour: string | null,
): PfRateLimitModel | null {
  if (readObject(context, field) === null) return null;
  const ports = readPorts(context, child(context, field, "ports"));
  const toField = child(context, field, "to");
  const toFields = readList(context, toField);
  const networks = (toFields ?? []).map((entry) => readNetwork(context, entry));
  const connections = readInteger(context, child(context, field, "connections"), {
    least: 1,
    most: 1_000_000,
  });
  const within = readSeconds(context, child(context, field, "within"), 86_400);
  const atOnceField = child(context, field, "atOnce");
  const atOnce =
    atOnceField.value === undefined ? null : readInteger(context, atOnceField, { least: 1, most: 1_000_000 });
  const seconds = readSeconds(context, child(context, field, "for"), 10 * 365 * 86_400);
  const on = readInterface(context, child(context, field, "interface"), flavour);
  if (toFields?.length === 0) {
    wrongShape(context, toField, "the addresses of the services, one at least");
    return null;
  }
  if (table.length > longestBase) {
    context.diagnostics.push(
      codes.table(
        field.span(),
        `rateLimit takes two more tables, "${table}_rate" and "${table}_never", and pf's names have 31 characters at most`,
        `use a table name of at most ${longestBase} characters`,
      ),
    );
    return null;
  }
  const to = networks.filter((network) => network !== null);
  const broken =
    toFields === null || to.length < networks.length || (atOnceField.value !== undefined && atOnce === null);
  if (
    broken ||
    ports === null ||
    connections === null ||
    within === null ||
    seconds === null ||
    on === undefined
  )
    return null;
  return {
    table: `${table}_rate`,
    never: `${table}_never`,
    ports,
    to: [...new Set(to)],
    connections,
    within,
    atOnce,
    seconds,
    interface: on,
  };
}

function readRedirect(context: LinkContext, field: Field, flavour: string | null): PfRedirectModel | null {
  if (readObject(context, field) === null) return null;
  const ports = readPorts(context, child(context, field, "ports"));
  const to = readPort(context, child(context, field, "to"));
  const on = readInterface(context, child(context, field, "interface"), flavour);
  return ports === null || to === null || on === undefined ? null : { ports, to, interface: on };
}

function readPorts(context: LinkContext, field: Field): readonly number[] | null {
  const entries = readList(context, field);
  if (entries === null) return null;
  if (entries.length < 1 || entries.length > 64) return wrongShape(context, field, "1 to 64 TCP ports");
  const ports = entries.map((entry) => readPort(context, entry));
  const good = ports.filter((port) => port !== null);
  return good.length < ports.length ? null : [...new Set(good)];
}

function readPort(context: LinkContext, field: Field): number | null {
  return readInteger(context, field, { least: 1, most: 65_535 });
}

/** pf counts in whole seconds. */
function readSeconds(context: LinkContext, field: Field, most: number): number | null {
  const seconds = readDuration(context, field);
  if (seconds === null || (Number.isInteger(seconds) && seconds >= 1 && seconds <= most)) return seconds;
  context.diagnostics.push(
    codes.duration(
      field.span(),
      `${field.label} is ${showDuration(seconds)}; pf counts whole seconds, here 1 to ${most}`,
    ),
  );
  return null;
}

/** null: every interface; undefined: what is given is none. */
function readInterface(
  context: LinkContext,
  field: Field,
  flavour: string | null,
): string | null | undefined {
  if (field.value === undefined) return null;
  const name = readString(context, field);
  if (name === null) return undefined;
  if (interfaceName.test(name) || (name === "egress" && flavour !== "freebsd")) return name;
  context.diagnostics.push(
    codes.name(
      field.span(),
      `${JSON.stringify(name.slice(0, 40))} cannot be an interface of pf's`,
      flavour === "freebsd"
        ? 'write it as ifconfig does: "em0"'
        : 'write it as ifconfig does: "em0", or "egress"',
    ),
  );
  return undefined;
}
