/** `<command>` and `<active-response>` (docs/reference/ossec.md#active-response). */

import type { CommandDefinition, OssecProgram, PatternDefinition, ResponseLocation } from "../definitions.js";
import type { ConfDialect } from "../dialect.js";
import type { XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import { type ConfContext, unknownElement, wrongValue } from "./conf-reading.js";
import { atoi, breakText, isDigits, lowerCase } from "./text.js";

const analysisd: readonly OssecProgram[] = ["analysisd"];
const execd: readonly OssecProgram[] = ["execd"];

export function readCommand(context: ConfContext, section: XmlElement): void {
  let name: string | null = null;
  let executable: string | null = null;
  let expect: string | null = null;
  let timeoutAllowed = false;
  let extraArguments: readonly string[] = [];
  const { conf: words } = context.dialect;
  for (const element of section.children) {
    switch (element.name) {
      case "name":
        name = element.value;
        break;
      case "executable":
        executable = element.value;
        break;
      case "expect":
        expect = element.value;
        break;
      case "timeout_allowed":
        if (element.value === "yes") timeoutAllowed = true;
        else if (element.value === "no") timeoutAllowed = false;
        else wrongValue(context, element, analysisd, "yes or no");
        break;
      default:
        if (element.name === "extra_args" && words.commandElements.has("extra_args")) {
          extraArguments = element.value.split(" ").filter((word) => word !== "");
        } else unknownElement(context, element, "command", analysisd);
    }
  }
  const place = section.opening;
  if (words.expect === "ignored") expect ??= "";
  if (words.expect === "ignored" && name?.startsWith("!") === true) {
    context.problems.report(codes.command, place, "the name of a command does not begin with !", {
      programs: analysisd,
    });
    return;
  }
  if (name === null || executable === null || expect === null) {
    const missing = name === null ? "name" : executable === null ? "executable" : "expect";
    context.problems.report(codes.command, place, `this command has no ${missing}`, {
      engineMessage: 1280,
      programs: analysisd,
      ...(missing === "expect" ? { help: "Write <expect></expect> when the script needs nothing." } : {}),
    });
    return;
  }
  context.conf.commands.push({
    name,
    executable,
    expect: expectOf(expect, words.expect),
    timeoutAllowed,
    extraArguments,
  });
  context.conf.places.commands.push(place);
}

/** 4.3 takes whole words between commas and blanks, earlier versions look for them anywhere in the text. */
function expectOf(text: string, how: ConfDialect["expect"]): CommandDefinition["expect"] {
  // The script is handed the whole alert.
  if (how === "ignored") return { user: true, srcip: true, filename: true };
  if (text.length < 4) return { user: false, srcip: false, filename: false };
  const folded = lowerCase(text);
  const words = how === "whole words" ? folded.split(/[, ]/) : null;
  const named = (word: string): boolean => words?.includes(word) ?? folded.includes(word);
  return { user: named("user") || named("username"), srcip: named("srcip"), filename: named("filename") };
}

interface Response {
  command: { readonly text: string; readonly place: SourceRange } | null;
  location: { readonly text: string; readonly place: SourceRange } | null;
  agentId: string | null;
  level: number;
  rulesId: string;
  rulesGroup: PatternDefinition | null;
  timeout: { readonly value: number; readonly place: SourceRange } | null;
  disabled: boolean;
  repeated: boolean;
  failed: boolean;
}

export function readActiveResponse(context: ConfContext, section: XmlElement): void {
  const response: Response = {
    command: null,
    location: null,
    agentId: null,
    level: 0,
    rulesId: "",
    rulesGroup: null,
    timeout: null,
    disabled: false,
    repeated: false,
    failed: false,
  };
  for (const element of section.children) readResponseElement(context, response, element);
  if (response.failed) return;
  if (response.disabled) {
    // The engine's switch is reset: what was on before is off until an enabled block follows.
    context.conf.activeResponseOn = false;
    return;
  }
  addResponse(context, response, section.opening);
}

function readResponseElement(context: ConfContext, response: Response, element: XmlElement): void {
  const { value } = element;
  const place = element.content;
  switch (element.name) {
    case "command":
      response.command = { text: value, place };
      return;
    case "location":
      response.location = { text: value, place };
      return;
    case "agent_id":
      response.agentId = value;
      return;
    case "rules_id":
      response.rulesId = value;
      return;
    case "rules_group":
      response.rulesGroup = { language: "osregex", text: value };
      return;
    case "level": {
      const level = atoi(value);
      if (!isDigits(value) || level < 0 || level > 20) {
        response.failed = true;
        wrongValue(context, element, analysisd, "a number from 0 to 20");
      } else response.level = level;
      return;
    }
    case "timeout":
      response.timeout = { value: atoi(value), place };
      return;
    case "disabled":
      if (value === "yes") response.disabled = true;
      else if (value !== "no") {
        response.failed = true;
        wrongValue(context, element, analysisd, "yes or no");
      }
      return;
    case "repeated_offenders":
      response.repeated = true;
      return;
    default:
      if (context.dialect.conf.responseElements.has(element.name)) return;
      response.failed = true;
      unknownElement(context, element, "active-response", analysisd);
  }
}

function refuse(context: ConfContext, at: SourceRange, message: string, engineMessage: number): void {
  context.problems.report(codes.activeResponse, at, message, { engineMessage, programs: analysisd });
}

function addResponse(context: ConfContext, response: Response, place: SourceRange): void {
  const { command, location, timeout } = response;
  if (command === null || location === null) {
    if (response.repeated) return;
    refuse(context, place, `this active response has no ${command === null ? "command" : "location"}`, 1281);
    return;
  }
  const locations = locationsOf(location.text);
  if (locations.includes("defined-agent") && response.agentId === null) {
    refuse(context, location.place, "location defined-agent needs an agent_id", 1304);
    return;
  }
  if (locations.length === 0) {
    refuse(
      context,
      location.place,
      `there is no location "${location.text}" (local, server, defined-agent, all)`,
      1302,
    );
    return;
  }
  if (
    locations.includes("defined-agent") &&
    context.dialect.conf.agentZero === "left-out" &&
    atoi(response.agentId ?? "") === 0
  ) {
    context.problems.report(
      codes.activeResponse,
      location.place,
      `no agent has the number "${response.agentId ?? ""}": this active response is left out`,
      { programs: analysisd, outcome: "warning" },
    );
    return;
  }
  const definition = context.conf.commands.find(({ name }) => name === command.text);
  if (definition === undefined) {
    refuse(context, command.place, `no command "${command.text}" stands above this active response`, 1303);
    return;
  }
  let seconds = timeout?.value ?? 0;
  if (timeout !== null && seconds !== 0 && !definition.timeoutAllowed) {
    if (context.dialect.conf.timeoutNotAllowed === "refused") {
      refuse(context, timeout.place, `the command "${command.text}" does not allow a timeout`, 1305);
      return;
    }
    seconds = 0;
  }
  context.conf.activeResponses.push(asDefinition(response, definition, locations, seconds));
  context.conf.places.responses.push(place);
  context.conf.activeResponseOn = true;
}

function asDefinition(
  response: Response,
  command: CommandDefinition,
  locations: readonly ResponseLocation[],
  timeout: number,
) {
  const { agentId, level, rulesGroup } = response;
  return { command, locations, agentId, level, rulesId: idsOf(response.rulesId), rulesGroup, timeout };
}

/** Searched for like patterns, so `nonlocalized` is local. */
function locationsOf(text: string): readonly ResponseLocation[] {
  const folded = lowerCase(text);
  const found: ResponseLocation[] = [];
  if (["as", "analysisd", "analysis-server", "server"].some((word) => folded.includes(word)))
    found.push("server");
  if (folded.includes("local")) found.push("local");
  if (folded.includes("defined-agent")) found.push("defined-agent");
  if (folded.includes("all") || folded.includes("any")) found.push("all");
  return found;
}

/** Numbers at the beginning of the entries of a comma list; anything else ends the list. */
function idsOf(text: string): readonly number[] {
  const ids: number[] = [];
  let at = 0;
  while (at < text.length) {
    const byte = text[at] ?? "";
    if (byte === " " || byte === ",") at++;
    else if (byte >= "0" && byte <= "9") {
      ids.push(atoi(text.slice(at)));
      const comma = text.indexOf(",", at);
      if (comma < 0) break;
      at = comma + 1;
    } else break;
  }
  return ids;
}

/**
 * execd reads the first `<disabled>` and the first `<repeated_offenders>` that it finds in these blocks: the first
 * `<active-response>` of each `<ossec_config>` (docs/reference/ossec.md#corner-cases-of-configuration).
 */
export function readExecd(context: ConfContext, firstResponses: readonly XmlElement[]): void {
  const first = (name: string): XmlElement | undefined =>
    firstResponses.flatMap(({ children }) => children).find((element) => element.name === name);
  const disabled = first("disabled");
  if (disabled !== undefined) {
    if (disabled.value === "yes") context.conf.execdOn = false;
    else if (disabled.value !== "no") wrongValue(context, disabled, execd, "yes or no");
  }
  const repeated = first("repeated_offenders");
  if (repeated !== undefined) {
    context.conf.repeatedOffenders = breakText(repeated.value, ",", 5)
      .map((minutes) => minutes.replace(/^[ \t]+/, ""))
      .filter((minutes) => minutes !== "")
      .map(atoi);
  }
}
