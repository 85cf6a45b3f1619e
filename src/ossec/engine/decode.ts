/** Choosing a decoder and filling the fields (docs/reference/ossec.md#decoders). */
import type { DecoderDefinition, FieldSlot, OrderField } from "../definitions.js";
import type { Matcher } from "../patterns/index.js";
import {
  decodersFor,
  type RuntimeDecoder,
  type RuntimeDecoderNode,
  type RuntimeDecoders,
} from "./decoder-set.js";
import type { CrashCause, Event } from "./event.js";
import type { LiteralIndex } from "./literal-index.js";
import { type PluginContext, runPlugin } from "./plugins.js";
import type { EngineTrace } from "./trace.js";

/** What decoding needs beyond the event. */
export interface DecodeContext extends PluginContext {
  readonly decoders: RuntimeDecoders;
  /** The internal option `decoder_order_size`. */
  readonly orderSize: number;
  /** Has read the event's `log`. */
  readonly scan: LiteralIndex;
}

/** One store a name: a store by a name that varies is dear. */
function setSlot(event: Event, slot: FieldSlot, value: string): void {
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
function fill(event: Event, order: readonly OrderField[], captures: readonly string[]): number {
  const count = Math.min(order.length, captures.length);
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
    const end = decoder.prematch.endOf(event.log, from, context.scan);
    if (end >= 0) {
      event.decoder = decoder;
      return { decoder, definition, index, afterPrematch: end };
    }
    trace?.decoderFailed?.(definition, failed("prematch", decoder.prematch.matcher, event.log.slice(from)));
    while (children[index]?.definition?.getNext === true) index += 1;
  }
  return null;
}

/** Runs the regexes of the chosen decoder and of the chain that it begins; false: the engine ends at one of them. */
function runRegexes(
  chosen: Chosen,
  children: readonly RuntimeDecoder[],
  event: Event,
  afterParent: number,
  context: DecodeContext,
  trace: EngineTrace | null,
): boolean {
  const { mostCaptures } = context.dialect;
  let { decoder, definition } = chosen;
  let previousEnd = -1;
  for (let index = chosen.index; ; ) {
    if (decoder.regex === null) return true;
    let from = 0;
    if (definition.regexOffset === "after_parent") from = afterParent;
    else if (definition.regexOffset === "after_prematch") from = chosen.afterPrematch;
    else if (definition.regexOffset === "after_regex")
      from = previousEnd < 0 ? chosen.afterPrematch : previousEnd;
    const match = decoder.regex.exec(event.log, from, context.scan);
    if (match === null) {
      previousEnd = -1;
      trace?.decoderFailed?.(definition, failed("regex", decoder.regex.matcher, event.log.slice(from)));
    } else {
      previousEnd = match.end;
      event.decoder = decoder;
      let { captures } = match;
      if (captures.length > mostCaptures) captures = captures.slice(0, mostCaptures);
      const count = fill(event, definition.order ?? [], captures);
      trace?.decoderMatched?.(definition, count);
      if (captures.length > context.orderSize) return false;
    }
    if (!definition.getNext) return true;
    index += 1;
    const next = children[index];
    if (next?.definition == null) return true;
    decoder = next;
    definition = next.definition;
    trace?.decoderTried?.(definition);
  }
}

/** False: the engine ends. */
function takeEvent(
  node: RuntimeDecoderNode,
  definition: DecoderDefinition,
  event: Event,
  afterParent: number,
  context: DecodeContext,
  trace: EngineTrace | null,
): boolean {
  event.decoder = node.decoder;
  const chosen: Chosen | null =
    node.children.length === 0
      ? { decoder: node.decoder, definition, index: -1, afterPrematch: afterParent }
      : chooseChild(node, event, afterParent, context, trace);
  if (chosen === null) return true;
  if (chosen.definition.plugin === null)
    return runRegexes(chosen, node.children, event, afterParent, context, trace);
  runPlugin(chosen.definition.plugin, event, context);
  context.scan.openFields();
  return true;
}

/** How decoding ended. */
export type Decoding =
  | "done"
  /** The list of decoders for such lines is empty: logtest prints no phase 2. */
  | "no-list"
  /** The engine dies. */
  | Extract<CrashCause, "no-decoders" | "too-many-captures">;

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
      afterParent = decoder.prematch.endOf(log, 0, context.scan);
      if (afterParent < 0) {
        trace?.decoderFailed?.(definition, failed("prematch", decoder.prematch.matcher, log));
        continue;
      }
    }
    trace?.decoderMatched?.(definition, 0);
    return takeEvent(node, definition, event, afterParent, context, trace) ? "done" : "too-many-captures";
  }
  return "done";
}
