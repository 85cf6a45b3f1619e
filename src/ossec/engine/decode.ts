/** Choosing a decoder and filling the fields (docs/reference/ossec.md#decoders). */
import type { DecoderDefinition, FieldSlot, OrderField, PluginDecoder } from "../definitions.js";
import { beforeText, type Matcher, type PatternMatch } from "../patterns/index.js";
import {
  decodersFor,
  type RuntimeDecoder,
  type RuntimeDecoderNode,
  type RuntimeDecoders,
} from "./decoder-set.js";
import { type CrashCause, type Event, none } from "./event.js";
import type { LiteralIndex } from "./literal-index.js";
import type { LogMatcher } from "./log-matcher.js";
import { addNamed } from "./named-fields.js";
import { type PluginContext, runPlugin } from "./plugins.js";
import type { EngineTrace } from "./trace.js";

/** What decoding needs beyond the event. */
export interface DecodeContext extends PluginContext {
  readonly decoders: RuntimeDecoders;
  /** The internal option `decoder_order_size`. */
  readonly orderSize: number;
  /** Has read the event's `log`. */
  readonly scan: LiteralIndex;
  /**
   * Wazuh: captures that no regex has taken yet, which the next PCRE2 regex without a group takes; null: nothing has
   * captured since the engine began, and such a regex kills it.
   */
  captured: readonly string[] | null;
}

/** One store a name: a store by a name that varies is dear. */
export function setSlot(event: Event, slot: FieldSlot, value: string): void {
  switch (slot) {
    case "srcip":
      event.srcip = value;
      break;
    case "dstuser":
      event.dstuser = value;
      break;
    case "srcuser":
      event.srcuser = value;
      break;
    case "dstip":
      event.dstip = value;
      break;
    case "srcport":
      event.srcport = value;
      break;
    case "dstport":
      event.dstport = value;
      break;
    case "protocol":
      event.protocol = value;
      break;
    case "action":
      event.action = value;
      break;
    case "id":
      event.id = value;
      break;
    case "url":
      event.url = value;
      break;
    case "data":
      event.data = value;
      break;
    case "extradata":
      event.extradata = value;
      break;
    case "status":
      event.status = value;
      break;
    case "systemname":
      event.systemname = value;
      break;
    case "filename":
      event.filename = value;
      break;
  }
}

function setField(event: Event, field: OrderField, at: number, value: string): void {
  if (field.kind === "slot") {
    setSlot(event, field.slot, value);
    return;
  }
  event.dynamic ??= [];
  while (event.dynamic.length <= at) event.dynamic.push(null);
  event.dynamic[at] = value;
}

/** Fills the fields that `<order>` names; surplus captures and names are dropped. */
function fill(
  event: Event,
  { dynamicNames }: RuntimeDecoder,
  order: readonly OrderField[],
  captures: readonly string[],
  byName: boolean,
): number {
  const count = Math.min(order.length, captures.length);
  if (byName) {
    for (let at = 0; at < count; at += 1) {
      const field = order[at];
      const value = captures[at];
      if (field === undefined || value === undefined) continue;
      if (field.kind === "slot") setSlot(event, field.slot, value);
      else addNamed(event, field.name, dynamicNames?.[at] ?? "", value);
    }
    return count;
  }
  for (let at = 0; at < count; at += 1) {
    const field = order[at];
    const value = captures[at];
    if (field !== undefined && value !== undefined) setField(event, field, at, value);
  }
  if (event.order === null) {
    event.order = order;
    event.captures = captures;
  } else {
    event.moreFields ??= [];
    event.moreFields.push({ order, captures });
  }
  return count;
}

const failed = (condition: string, matcher: Matcher, found: string | null) => ({
  condition,
  wanted: matcher.text,
  found,
});

interface Chosen {
  readonly decoder: RuntimeDecoder;
  readonly definition: DecoderDefinition;
  /** Place among the children; -1: the top-level decoder itself. */
  readonly index: number;
  /** Behind the prematch that chose it: where `after_prematch` begins. */
  readonly afterPrematch: number;
}

/** Where a prematch ends; -1: it does not match. */
function endOfPrematch(
  decoder: RuntimeDecoder,
  prematch: LogMatcher,
  event: Event,
  from: number,
  context: DecodeContext,
): number {
  const end = prematch.endOf(event.log, from, context.scan);
  if (end === -1) return -1;
  if (decoder.prematchCaptures)
    context.captured = prematch.exec(event.log, from, context.scan)?.captures ?? [];
  return end === beforeText ? behindNothing(event, from) : end;
}

/** Where a text begins behind a match that took nothing: there, or nowhere where a NUL stands before it. */
function behindNothing({ head, log }: Event, from: number): number {
  return from === 0 && head.cutBefore ? log.length : from;
}

/** The child that takes the event: the first whose prematch matches or that has none. */
function chooseChild(
  node: RuntimeDecoderNode,
  event: Event,
  afterParent: number,
  context: DecodeContext,
  trace: EngineTrace | null,
): Chosen | null {
  const { children } = node;
  for (let index = 0; index < children.length; index += 1) {
    const decoder = children[index];
    const definition = decoder?.definition;
    if (decoder === undefined || definition === null || definition === undefined) return null;
    trace?.decoderTried?.(definition);
    if (decoder.prematch === null) return { decoder, definition, index, afterPrematch: afterParent };
    const from = definition.prematchOffset === "after_parent" ? afterParent : 0;
    const end = endOfPrematch(decoder, decoder.prematch, event, from, context);
    if (end >= 0) {
      event.decoder = decoder;
      return { decoder, definition, index, afterPrematch: end };
    }
    trace?.decoderFailed?.(definition, failed("prematch", decoder.prematch.matcher, event.log.slice(from)));
    while (children[index]?.definition?.getNext === true) index += 1;
  }
  return null;
}

/** What kills the engine while it decodes. */
type DecoderCrash = Extract<CrashCause, "too-many-captures" | "no-capture" | "crossed-captures">;

/** The captures of a match of a decoder's regex, or what the engine dies of. */
function capturesOf(
  decoder: RuntimeDecoder,
  match: PatternMatch,
  context: DecodeContext,
): readonly string[] | DecoderCrash {
  if (match.crash === true) return "crossed-captures";
  const { captures } = match;
  const { mostCaptures } = context.dialect;
  if (decoder.takesCaptured) {
    const left = context.captured;
    if (left === null) return "no-capture";
    context.captured = none;
    if (left.length > 0) context.scan.openFields();
    return left;
  }
  if (captures.length > 0) context.captured = none;
  return captures.length > mostCaptures ? captures.slice(0, mostCaptures) : captures;
}

/** Runs the regexes of the chosen decoder and of the chain that it begins; null: the engine goes on. */
function runChain(
  chosen: Chosen,
  children: readonly RuntimeDecoder[],
  event: Event,
  afterParent: number,
  context: DecodeContext,
  trace: EngineTrace | null,
): DecoderCrash | null {
  const { decodedBy, fieldsByName, afterFailedRegex, chainedPlugins } = context.dialect;
  let { decoder, definition } = chosen;
  let previousEnd = -1;
  for (let index = chosen.index; ; ) {
    if (definition.plugin !== null && (chainedPlugins || index === chosen.index)) {
      runPluginOf(definition.plugin, chosen, event, afterParent, context);
      if (!chainedPlugins) return null;
    } else if (decoder.regex === null) return null;
    else {
      let from = 0;
      if (definition.regexOffset === "after_parent") from = afterParent;
      else if (definition.regexOffset === "after_prematch") from = chosen.afterPrematch;
      else if (definition.regexOffset === "after_regex")
        from = previousEnd < 0 ? chosen.afterPrematch : previousEnd;
      const match = decoder.regex.exec(event.log, from, context.scan);
      if (match === null) {
        if (afterFailedRegex === "prematch") previousEnd = -1;
        trace?.decoderFailed?.(definition, failed("regex", decoder.regex.matcher, event.log.slice(from)));
      } else {
        previousEnd = match.end === beforeText ? behindNothing(event, from) : match.end;
        if (decodedBy === "regex") event.decoder = decoder;
        const captures = capturesOf(decoder, match, context);
        if (typeof captures === "string") return captures;
        const count = fill(event, decoder, definition.order ?? none, captures, fieldsByName);
        trace?.decoderMatched?.(definition, count);
        if (captures.length > context.orderSize) return "too-many-captures";
      }
    }
    if (!definition.getNext) return null;
    index += 1;
    const next = children[index];
    if (next?.definition == null) return null;
    decoder = next;
    definition = next.definition;
    trace?.decoderTried?.(definition);
  }
}

function runPluginOf(
  plugin: PluginDecoder,
  chosen: Chosen,
  event: Event,
  afterParent: number,
  context: DecodeContext,
): void {
  context.scan.openFields();
  if (plugin !== "JSON_Decoder") {
    runPlugin(plugin, event, context);
    return;
  }
  // Where it begins, and what it makes of arrays, says the decoder that is reported.
  const reported = event.decoder.definition;
  if (reported === null || reported.pluginOffset === "after_regex") return;
  let from = 0;
  if (reported.pluginOffset === "after_parent") from = afterParent;
  else if (reported.pluginOffset === "after_prematch") from = chosen.afterPrematch;
  context.dialect.decodeJson?.(event, from === 0 ? event.log : event.log.slice(from), reported.json);
}

/** null: the engine goes on. */
function takeEvent(
  node: RuntimeDecoderNode,
  definition: DecoderDefinition,
  event: Event,
  afterParent: number,
  context: DecodeContext,
  trace: EngineTrace | null,
): DecoderCrash | null {
  event.decoder = node.decoder;
  const chosen: Chosen | null =
    node.children.length === 0
      ? { decoder: node.decoder, definition, index: -1, afterPrematch: afterParent }
      : chooseChild(node, event, afterParent, context, trace);
  return chosen === null ? null : runChain(chosen, node.children, event, afterParent, context, trace);
}

/** How decoding ended. */
export type Decoding =
  | "done"
  /** The list of decoders for such lines is empty: logtest prints no phase 2. */
  | "no-list"
  /** The engine dies. */
  | "no-decoders"
  | DecoderCrash;

/**
 * Decodes an event whose `log` and `programName` are set.
 *
 * @param everyDecoder - try those, too, that cannot take the event
 */
export function decodeEvent(
  event: Event,
  context: DecodeContext,
  trace: EngineTrace | null,
  everyDecoder: boolean,
): Decoding {
  const { programName, program, log } = event;
  const { decoders } = context;
  const all = programName === null ? decoders.withoutProgramName : decoders.withProgramName;
  if (all.length === 0) return decoders.missing ? "no-decoders" : "no-list";
  let list = all;
  if (program !== null) list = program.decoders;
  else if (!everyDecoder && programName === null && log !== "") list = decodersFor(decoders, log);
  for (const node of list) {
    const { decoder } = node;
    const { definition } = decoder;
    if (definition === null) continue;
    trace?.decoderTried?.(definition);
    if (
      program === null &&
      programName !== null &&
      decoder.programName !== null &&
      !decoder.programName.test(programName)
    ) {
      trace?.decoderFailed?.(definition, failed("program_name", decoder.programName, programName));
      continue;
    }
    let afterParent = 0;
    if (decoder.prematch !== null) {
      afterParent = endOfPrematch(decoder, decoder.prematch, event, 0, context);
      if (afterParent < 0) {
        trace?.decoderFailed?.(definition, failed("prematch", decoder.prematch.matcher, log));
        continue;
      }
    }
    trace?.decoderMatched?.(definition, 0);
    return takeEvent(node, definition, event, afterParent, context, trace) ?? "done";
  }
  return "done";
}
