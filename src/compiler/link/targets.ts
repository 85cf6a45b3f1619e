import type { FirewallModel, HostModel, Model, NeverBlock, ResponseModel } from "../../model/model.js";
import { codes } from "./codes.js";
import { child, type Field, type LinkContext, readList, readObject, readOneOf, readString } from "./field.js";
import { checkTimeouts, readFirewalls } from "./firewalls.js";
import { hasNoEntry, readNeverBlock } from "./network.js";
import { readPath } from "./texts.js";

/** What every host of a bundle shares unless it says otherwise. */
export interface SharedSettings {
  readonly home: string;
  readonly zeek: { readonly logs: string; readonly site: string } | null;
  readonly neverBlock: readonly NeverBlock[];
}

/** A host name in the strict form that a folder of every file system can have. */
const targetName = /^[a-z](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;

/** OSSEC writes ids with three digits or more; 000 is the server itself. */
const agentId = /^(?!0+$)[0-9]{3,8}$/;

/** The hosts of a bundle, by name; none where it has no `targets`. */
export function readTargets(
  context: LinkContext,
  field: Field,
  shared: SharedSettings,
): readonly HostModel[] {
  if (field.value === undefined || readObject(context, field) === null) return [];
  const names = Object.keys(field.value ?? {}).sort();
  if (names.length === 0) {
    context.diagnostics.push(
      codes.missing(
        field.span(),
        "the bundle names no target",
        'name its hosts: targets: { gateway: { roles: ["sensor"], firewall: pf({ table: "ossec_fwtable" }) } }, or take targets away',
      ),
    );
    return [];
  }
  const entries = names.flatMap((name) => {
    const entry = child(context, field, name);
    return readTargetName(context, entry, name) && readObject(context, entry) !== null
      ? [{ name, entry, roles: readRoles(context, child(context, entry, "roles")) }]
      : [];
  });
  const servers = entries.filter(({ roles }) => roles.has("ossec-server"));
  for (const { entry, name } of servers.slice(1))
    context.diagnostics.push(
      codes.duplicate(
        entry.span(),
        `"${name}" and "${servers[0]?.name}" are both OSSEC's server`,
        "an agent has one server: make a bundle for each server",
      ),
    );
  const hosts = entries.map(({ name, entry, roles }): HostModel => {
    const ossec = roles.has("ossec-server") ? "server" : servers.length > 0 ? "agent" : "standalone";
    return {
      name,
      ossec,
      agent: readAgent(context, child(context, entry, "agent"), name, ossec),
      sensor: roles.has("sensor"),
      home: readHome(context, child(context, entry, "ossec"), shared),
      zeek: readZeekPlace(context, child(context, entry, "zeek"), shared),
      firewalls: readFirewalls(context, child(context, entry, "firewall")),
      neverBlock: together(shared.neverBlock, readNeverBlock(context, child(context, entry, "neverBlock"))),
      span: entry.span(),
    };
  });
  checkAgents(context, hosts);
  return hosts;
}

function readTargetName(context: LinkContext, entry: Field, name: string): boolean {
  const good = targetName.test(name) && name !== "manifest.json";
  if (!good)
    context.diagnostics.push(
      codes.name(
        entry.span(),
        `${JSON.stringify(name.slice(0, 80))} cannot be the name of a target`,
        "use lower case letters, digits, dots and hyphens, starting with a letter, at most 63 characters: web-1",
      ),
    );
  return good;
}

function readRoles(context: LinkContext, field: Field): ReadonlySet<"sensor" | "ossec-server"> {
  if (field.value === undefined) return new Set();
  const roles = (readList(context, field) ?? []).map((role) =>
    readOneOf(context, role, ["sensor", "ossec-server"]),
  );
  return new Set(roles.filter((role) => role !== null));
}

function readAgent(
  context: LinkContext,
  field: Field,
  name: string,
  ossec: HostModel["ossec"],
): string | null {
  if (field.value === undefined) return null;
  const id = readString(context, field);
  if (id === null) return null;
  if (ossec !== "agent") {
    context.diagnostics.push(
      codes.reference(
        field.span(),
        ossec === "server"
          ? `"${name}" is OSSEC's server and cannot be an agent as well`
          : `"${name}" has an agent's id, but no target is OSSEC's server`,
        ossec === "server"
          ? "take the id away"
          : 'give the server\'s host roles: ["ossec-server"], or take the id away',
      ),
    );
    return null;
  }
  if (agentId.test(id)) return id;
  context.diagnostics.push(
    codes.name(
      field.span(),
      `${JSON.stringify(id.slice(0, 40))} is not the id of an agent`,
      'write it as manage_agents -l shows it: "003"',
    ),
  );
  return null;
}

function readHome(context: LinkContext, field: Field, { home }: SharedSettings): string {
  if (field.value === undefined || readObject(context, field) === null) return home;
  return readPath(context, child(context, field, "home")) ?? home;
}

function readZeekPlace(context: LinkContext, field: Field, { zeek }: SharedSettings): SharedSettings["zeek"] {
  if (field.value === undefined) return zeek;
  if (zeek === null) {
    context.diagnostics.push(
      codes.missing(
        field.span(),
        "the host says where Zeek lives, but the bundle has no Zeek",
        'add zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" } to the bundle',
      ),
    );
    return null;
  }
  if (readObject(context, field) === null) return zeek;
  const logs = readPath(context, child(context, field, "logs"));
  const site = readPath(context, child(context, field, "site"));
  return logs === null || site === null ? zeek : { logs, site };
}

/** Doubles removed, the first name kept. */
function together(shared: readonly NeverBlock[], own: readonly NeverBlock[]): readonly NeverBlock[] {
  const found = new Map(shared.map((entry) => [entry.network, entry]));
  for (const entry of own) {
    const known = found.get(entry.network);
    if (known === undefined || known.name === null) found.set(entry.network, entry);
  }
  return [...found.values()];
}

function checkAgents(context: LinkContext, hosts: readonly HostModel[]): void {
  const ids = new Map<string, string>();
  for (const { name, agent, span } of hosts) {
    if (agent === null) continue;
    const other = ids.get(agent);
    if (other !== undefined)
      context.diagnostics.push(
        codes.duplicate(span, `"${name}" and "${other}" have the same agent id, ${agent}`),
      );
    ids.set(agent, name);
  }
}

/** What a bundle with `targets` lacks as a whole. */
export function checkTargets(
  context: LinkContext,
  field: Field,
  {
    hosts,
    responses,
    detections,
    neverBlock,
  }: Pick<Model, "hosts" | "responses" | "detections"> & { readonly neverBlock: Field },
): void {
  if (hosts.length === 0) return;
  if (detections.length > 0 && !hosts.some(({ sensor }) => sensor))
    context.diagnostics.push(
      codes.missing(
        field.span(),
        "no target is a sensor: nothing would detect anything",
        'say on which hosts Zeek and the logs are: roles: ["sensor"]',
      ),
    );
  if (!responses.some(({ kind }) => kind === "block")) return;
  checkFilters(context, field, hosts, responses, neverBlock);
}

function checkFilters(
  context: LinkContext,
  field: Field,
  hosts: readonly HostModel[],
  responses: readonly ResponseModel[],
  shared: Field,
): void {
  const filters = hosts.filter(({ firewalls }) => firewalls.length > 0);
  if (filters.length === 0)
    context.diagnostics.push(
      codes.missing(
        field.span(),
        "the bundle blocks, but no target names a packet filter",
        'give a target firewall: pf({ table: "ossec_fwtable" }) or nftables({ table: "ossec_blocked" })',
      ),
    );
  const told = new Set<FirewallModel>();
  for (const { name, ossec, agent, firewalls, neverBlock, span } of filters) {
    if (ossec === "agent" && agent === null)
      context.diagnostics.push(
        codes.missing(
          span,
          `"${name}" blocks, but its id at the OSSEC server is not known: no block would reach it`,
          'add agent: "003", as manage_agents -l shows it',
        ),
      );
    if (neverBlock.length === 0 && hasNoEntry(shared))
      context.diagnostics.push(
        codes.neverBlock(
          span,
          `"${name}" blocks, and neither the bundle nor the target has a neverBlock list`,
          "name at least the hosts' own addresses and the network you administer them from",
        ),
      );
    const fresh = firewalls.filter((firewall) => !told.has(firewall));
    for (const firewall of fresh) told.add(firewall);
    checkTimeouts(context, fresh, responses);
  }
}
