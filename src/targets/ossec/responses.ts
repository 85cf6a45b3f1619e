import { analyses, type BlockPlace, placesOfBlock } from "../../model/hosts.js";
import type { Model, ResponseModel, WhenModel, WhereModel } from "../../model/model.js";
import { suiteOf } from "./suite.js";

type Context = Readonly<Record<string, unknown>>;

/** An id list of this many rules stays far below the reader's limit for one value (docs/reference/ossec.md#xml). */
const idsPerResponse = 500;

/** A command of ossec.conf. */
interface Command {
  readonly command: string;
  readonly executable: string;
  /** Does execd call it a second time, with delete? */
  readonly ends: boolean;
}

/** The responses that lead somewhere: where no host has a packet filter, nothing blocks. */
export function runningResponses(model: Model): readonly ResponseModel[] {
  return model.responses.filter((response) =>
    response.kind === "block" ? placesOfBlock(model, response).length > 0 : analyses(model),
  );
}

/** What a response runs. */
export function commandOf(model: Model, response: ResponseModel): Command {
  if (response.kind === "block") {
    const { command, executable } = model.ossec;
    return { command, executable, ends: true };
  }
  const { command, executable } = response;
  return { command, executable, ends: response.kind === "log" && response.seconds !== null };
}

/** The `<command>`s of a bundle, each once. */
export function responseCommands(model: Model): readonly Command[] {
  const commands = new Map<string, Command>();
  for (const response of runningResponses(model)) {
    const one = commandOf(model, response);
    const known = commands.get(one.command);
    commands.set(one.command, { ...one, ends: one.ends || known?.ends === true });
  }
  return [...commands.values()];
}

/**
 * The `<active-response>` blocks. The list of repeated offenders stands in the first one that blocks: execd
 * reads the first of the file, for all of them.
 */
export function responseBlocks(model: Model): readonly Context[] {
  let escalate: string | null = null;
  const blocks: Context[] = [];
  for (const response of runningResponses(model)) {
    const { command } = commandOf(model, response);
    const seconds = response.kind === "notify" ? null : response.seconds;
    for (const cause of causesOf(response.when))
      for (const { location, agent, place } of placesOf(model, response)) {
        const repeated: string | null =
          escalate === null && response.kind === "block" && response.escalate.length > 0
            ? response.escalate.join(",")
            : null;
        escalate ??= repeated;
        blocks.push({
          command,
          what: `${verbs[response.kind]} the source of ${cause.what}${place}.`,
          ruleIds: cause.ruleIds,
          level: cause.level,
          group: cause.group,
          location,
          agent,
          seconds,
          repeated,
        });
      }
  }
  return blocks;
}

/**
 * The list of repeated offenders for an agent that blocks: its execd looks into its own ossec.conf, not into the
 * server's (docs/reference/ossec.md#active-response). null: nothing grows here.
 */
export function agentRepeats(model: Model): string | null {
  const { host } = model;
  if (analyses(model) || model.firewalls.length === 0) return null;
  for (const response of model.responses)
    if (
      response.kind === "block" &&
      response.escalate.length > 0 &&
      response.on?.includes(host?.name ?? "") !== false
    )
      return response.escalate.join(",");
  return null;
}

const verbs = { block: "Blocks", log: "Logs a block of", notify: "Tells of" } as const;

interface Cause {
  readonly what: string;
  readonly ruleIds: string | null;
  readonly level: number | null;
  readonly group: string | null;
}

function causesOf(when: WhenModel): readonly Cause[] {
  const nothing = { ruleIds: null, level: null, group: null };
  switch (when.kind) {
    case "level":
      return [
        {
          ...nothing,
          what: `every alert from level ${when.level} up, those of the stock rules too`,
          level: when.level,
        },
      ];
    case "group":
      return [
        {
          ...nothing,
          what: `every alert of the group ${when.group}, those of other people's rules too`,
          group: groupPattern(when.group),
        },
      ];
    case "rules": {
      const causes: Cause[] = [];
      for (let first = 0; first < when.ruleIds.length; first += idsPerResponse) {
        const ids = when.ruleIds.slice(first, first + idsPerResponse);
        const own = when.detections.length === when.ruleIds.length;
        const names = own
          ? when.detections.slice(first, first + 5)
          : ids.slice(0, 5).map((id) => `rule ${id}`);
        const more = ids.length > 5 ? " and others" : "";
        causes.push({ ...nothing, what: `${names.join(", ")}${more}`, ruleIds: ids.join(",") });
      }
      return causes;
    }
  }
}

/**
 * OSSEC searches the pattern (OS_Regex) in the rule's list of groups, which is one text: without the commas
 * `scan` would also mean `portscan` (docs/reference/ossec.md#active-response).
 */
function groupPattern(group: string): string {
  return `^${group},|,${group},|^${group}$|,${group}$`;
}

interface Location {
  readonly location: string;
  readonly agent: string | null;
  /** For the comment. */
  readonly place: string;
}

/** Hosts that are named by `targets` decide for themselves what blocks; all else runs where the rules are. */
function placesOf(model: Model, response: ResponseModel): readonly Location[] {
  if (model.host?.ossec !== "server") return locationsOf(response.where, suiteOf(model.ossec).suite);
  if (response.kind !== "block") return [{ location: "server", agent: null, place: "" }];
  return placesOfBlock(model, response).map(located);
}

function located(place: BlockPlace): Location {
  switch (place.kind) {
    case "local":
      return { location: "local", agent: null, place: "" };
    case "server":
      return { location: "server", agent: null, place: `, on ${place.host.name}` };
    case "agent":
      return { location: "defined-agent", agent: place.agent, place: `, on ${place.host.name}` };
  }
}

const everyAgent: Location = {
  location: "all",
  agent: null,
  place: ", on every agent; the script has to be there too",
};

/** `all` means agents only, so everywhere takes a block for the server as well (docs/reference/ossec.md#active-response). */
function locationsOf(where: WhereModel, suite: string): readonly Location[] {
  switch (where.kind) {
    case "sensor":
      return [{ location: "local", agent: null, place: "" }];
    case "gateway":
      return [{ location: "server", agent: null, place: `, on the ${suite} server` }];
    case "agents":
      return [everyAgent];
    case "everywhere":
      return [{ location: "server", agent: null, place: `, on the ${suite} server` }, everyAgent];
    case "agent":
      return [
        {
          location: "defined-agent",
          agent: where.agent,
          place: `, on the agent ${where.agent}; the script has to be there too`,
        },
      ];
  }
}
