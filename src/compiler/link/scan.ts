import { createConditions } from "../../catalogue/conditions.js";
import { defaultRate, defaultTraceroutePorts, presets, scanKinds } from "../../catalogue/index.js";
import type { Parts, Preset, Settings } from "../../catalogue/preset.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../../model/expression.js";
import { and, call, STRING, text } from "../../model/expression-builders.js";
import type { CountModel, TypedExpression } from "../../model/model.js";
import { zeekEvent } from "../../zeek-records/records.js";
import type { ParameterType } from "../expressions/index.js";
import { readCaps } from "./caps.js";
import { codes } from "./codes.js";
import { parseDuration, readDuration } from "./duration.js";
import {
  child,
  type Field,
  type LinkContext,
  readInteger,
  readList,
  readObject,
  readOneOf,
  wrongShape,
} from "./field.js";
import { boundMessage } from "./message.js";
import { identifierOf } from "./names.js";
import { readNetwork } from "./network.js";
import type { RuleDefaults } from "./rule.js";
import { readOptions } from "./scan-options.js";
import { readThreshold, type UnlinkedZeekDetection, type ZeekContext } from "./zeek-detection.js";
import { type EventChoice, knownLog } from "./zeek-event.js";

const mostNetworks = 1_000;

/** The preset that a `kind: "scan"` detection asks for. */
export function readPreset(context: LinkContext, field: Field): Preset | null {
  const asked = readOneOf(context, child(context, field, "scan"), scanKinds);
  return presets.find(({ scan }) => scan === asked) ?? null;
}

/** A preset of the catalogue with the bundle's numbers: an ordinary Zeek detection. */
export function readScan(
  context: LinkContext,
  zeek: ZeekContext,
  field: Field,
  name: string,
  preset: Preset,
): UnlinkedZeekDetection | null {
  const settings = readSettings(context, field, preset);
  const from = readOneOf(
    context,
    child(context, field, "from"),
    ["outside", "inside", "anywhere"],
    preset.from,
  );
  const windowField = child(context, field, "window");
  const seconds =
    windowField.value === undefined
      ? parseDuration(preset.defaults.window)
      : readDuration(context, windowField);
  const thresholdField = child(context, field, "threshold");
  const noticeField = child(context, field, "notice");
  if (noticeField.value !== undefined && readObject(context, noticeField) === null) return null;
  if (settings === null || from === null || seconds === null) return null;

  const span = field.span();
  const conditions = createConditions(span, preset.packets === true ? ["connection"] : []);
  const parts = preset.build(conditions, settings);
  const threshold =
    thresholdField.value === undefined
      ? preset.defaults.threshold
      : readThreshold(context, thresholdField, parts.count.kind);
  const chosen = sourceOf(parts.event);
  const where = readWhere(zeek, child(context, field, "where"), chosen.parameter);
  const caps = readCaps(context, child(context, field, "caps"), {
    count: parts.count.kind,
    window: "sliding",
    threshold: threshold ?? 1,
  });
  const suppressField = child(context, noticeField, "suppress");
  const asked = suppressField.value === undefined ? null : readDuration(context, suppressField, "nothing");
  const key = parts.key.map(typed);
  const tuple = key.length > 1;
  const message = readMessage(context, zeek, child(context, noticeField, "message"), {
    preset,
    key,
    settings,
    span,
  });
  if (threshold === null || where === undefined || caps === null || message === null) return null;
  const local = conditions.sourceIsLocal();
  const side = { outside: conditions.not(local), inside: local, anywhere: null }[from];
  const terms = [parts.where, side, where].filter((term) => term !== null);
  return {
    kind: "zeek",
    name,
    note: `${zeek.module}::${name}`,
    identifier: identifierOf(name),
    event: chosen.event,
    rows: chosen.rows,
    where: terms.reduce((left, right) => and(left, right, span)),
    ignoreFlipped: true,
    key,
    count: countOf(parts),
    threshold,
    window: { kind: "sliding", seconds },
    caps,
    message,
    source: partOfKey(key, tuple, 0, span),
    asked,
    suppressField,
    flippedField: field,
    innocent: preset.innocent,
    victim: null,
    log: null,
    span,
  };
}

function typed(expression: Expression): TypedExpression {
  return { type: expression.type, expression };
}

function countOf({ count }: Parts): CountModel {
  switch (count.kind) {
    case "events":
      return count;
    case "distinct":
      return { kind: "distinct", of: count.of.map(typed) };
    case "sum":
      return { kind: "sum", of: typed(count.of) };
  }
}

function partOfKey(key: readonly TypedExpression[], tuple: boolean, index: number, span: Span): Expression {
  const type: ZeekType = key[index]?.type ?? STRING;
  return { kind: "field", parameter: "hit", path: tuple ? ["key", String(index)] : ["key"], type, span };
}

/** What a preset looks at: an event of connections, or the rows of a log (`ssh.log`). */
function sourceOf(event: string): EventChoice {
  const log = /^(\w+)\.log$/.exec(event)?.[1];
  const known = log === undefined ? null : knownLog(log);
  const record = zeekEvent(event)?.record ?? "connection";
  return known ?? { event, rows: null, parameter: { kind: "record", name: "c", record } };
}

/** undefined: told that it is wrong; null: none. */
function readWhere(zeek: ZeekContext, field: Field, parameter: ParameterType): Expression | null | undefined {
  if (field.value === undefined) return null;
  return zeek.functions.compile(field, [parameter], "bool")?.expressions[0];
}

interface MessageParts {
  readonly preset: Preset;
  readonly key: readonly TypedExpression[];
  readonly settings: Settings;
  readonly span: Span;
}

function readMessage(
  context: LinkContext,
  zeek: ZeekContext,
  field: Field,
  { preset, key, settings, span }: MessageParts,
): Expression | null {
  const tuple = key.length > 1;
  if (field.value !== undefined) {
    const hit: readonly ParameterType[] = [
      { kind: "hit", name: "hit", key: key.map(({ type }) => type), tuple, count: { kind: "count" } },
    ];
    const asked = zeek.functions.compile(field, hit, "string")?.expressions[0];
    return asked === undefined ? null : boundMessage(context, field, asked);
  }
  const template = settings.pair ? (preset.pairMessage ?? preset.message) : preset.message;
  const pieces = template.split(/(\{\w+\})/).flatMap((piece): readonly Expression[] => {
    switch (piece) {
      case "":
        return [];
      case "{source}":
        return [partOfKey(key, tuple, 0, span)];
      case "{target}":
        return [partOfKey(key, tuple, 1, span)];
      case "{count}":
        return [{ kind: "field", parameter: "hit", path: ["count"], type: { kind: "count" }, span }];
      default:
        return [text(piece, span)];
    }
  });
  return boundMessage(context, field, call("cat", pieces, STRING, span));
}

function readSettings(context: LinkContext, field: Field, preset: Preset): Settings | null {
  const per =
    preset.per === null
      ? "source"
      : readOneOf(context, child(context, field, "per"), ["source", "pair"], preset.per);
  const traceroutePorts = readPorts(context, child(context, field, "traceroutePorts"));
  const rateField = child(context, field, "rate");
  const rate =
    rateField.value === undefined
      ? defaultRate
      : readInteger(context, rateField, { least: 1, most: 1_000_000 });
  const networks = readNetworks(context, field, preset);
  const options = readOptions(context, field, preset);
  if (per === null || traceroutePorts === null || rate === null || networks === null || options === null)
    return null;
  return { pair: per === "pair", traceroutePorts, rate, networks, options };
}

function readPorts(context: LinkContext, field: Field): readonly [number, number] | null {
  if (field.value === undefined) return defaultTraceroutePorts;
  const list = readList(context, field);
  if (list === null) return null;
  const [first, last] = list.map((entry) => readInteger(context, entry, { least: 0, most: 65_535 }));
  if (first === null || last === null) return null;
  if (first === undefined || last === undefined || list.length !== 2 || first > last)
    return wrongShape(context, field, "the first and the last port: [33434, 33534]");
  return [first, last];
}

/** A trap needs its networks; smurf may name broadcast addresses; the others have none. */
function readNetworks(context: LinkContext, field: Field, preset: Preset): readonly string[] | null {
  if (preset.networks === null) return [];
  const networksField = child(context, field, preset.networks);
  if (preset.networks === "broadcast" && networksField.value === undefined) return [];
  const list = readList(context, networksField);
  if (list === null) return null;
  if (list.length === 0 || list.length > mostNetworks) {
    context.diagnostics.push(
      codes.number(
        networksField.span(),
        `${networksField.label} holds ${list.length} networks; it must hold 1 to ${mostNetworks}`,
      ),
    );
    return null;
  }
  const networks = list.map((entry) => readNetwork(context, entry));
  const known = networks.filter((network) => network !== null);
  return known.length === networks.length ? [...new Set(known)] : null;
}

/** What a rule says where the bundle does not. */
export function ruleDefaults({ level, description, groups }: Preset): RuleDefaults {
  return { level, description, groups };
}
