import { createConditions } from "../../catalogue/conditions.js";
import { defaultRate, defaultTraceroutePorts, presets } from "../../catalogue/index.js";
import type { Options, Parts, Preset, Settings } from "../../catalogue/preset.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import { parseDuration } from "../../model/duration.js";
import type { Expression } from "../../model/expression.js";
import { and, call, STRING, text } from "../../model/expression-builders.js";
import type { CountModel, TypedExpression } from "../../model/model.js";
import type { ScanDeclaration } from "../decode/scan.js";
import type { ParameterType } from "../expressions/index.js";
import { linkCaps } from "./caps.js";
import { boundMessage } from "./message.js";
import { identifierOf } from "./names.js";
import type { UnlinkedZeek, ZeekContext } from "./zeek-context.js";
import { partOfKey, typed } from "./zeek-detection.js";
import { sourceOf } from "./zeek-event.js";

/** The preset that a `kind: "scan"` detection asks for. */
export function presetOf({ scan }: ScanDeclaration): Preset {
  const preset = presets.find((one) => one.scan === scan);
  if (preset === undefined) throw new Error(`bug in zopf: no preset is called ${scan}`);
  return preset;
}

/** A preset of the catalogue with the bundle's numbers: an ordinary Zeek detection. */
export function linkScan(context: ZeekContext, declared: ScanDeclaration): UnlinkedZeek | null {
  const preset = presetOf(declared);
  const { name, from = preset.from, threshold = preset.defaults.threshold } = declared;
  const span = context.places.of(declared).span();
  const settings = settingsOf(declared, preset);
  const conditions = createConditions(span, preset.packets === true ? ["connection"] : []);
  const parts = preset.build(conditions, settings);
  const chosen = sourceOf(parts.event);
  const key = parts.key.map(typed);
  const where =
    declared.where === undefined
      ? undefined
      : (context.functions.compile(
          declared.where,
          context.places.at(declared, "where"),
          [chosen.parameter],
          "bool",
        )?.expressions[0] ?? null);
  const message = linkMessage(context, declared, { preset, key, settings, span });
  if (where === null || message === null) return null;
  const local = conditions.sourceIsLocal();
  const side = { outside: conditions.not(local), inside: local, anywhere: undefined }[from];
  const terms = [parts.where, side, where].filter((term) => term !== undefined);
  const window = {
    kind: "sliding",
    seconds: declared.window ?? secondsOf(preset.defaults.window),
  } as const;
  return {
    kind: "zeek",
    name,
    note: `${context.module}::${name}`,
    identifier: identifierOf(name),
    event: chosen.event,
    rows: chosen.rows,
    where: terms.reduce((left, right) => and(left, right, span)),
    ignoreFlipped: true,
    key,
    count: countOf(parts),
    threshold,
    window,
    caps: linkCaps(declared.caps, { count: parts.count.kind, window: window.kind, threshold }),
    message,
    source: partOfKey(key, key.length > 1, 0, span),
    log: null,
    span,
  };
}

function secondsOf(window: string): number {
  const seconds = parseDuration(window);
  if (seconds === null) throw new Error(`bug in zopf: a preset's window is ${window}`);
  return seconds;
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

interface MessageParts {
  readonly preset: Preset;
  readonly key: readonly TypedExpression[];
  readonly settings: Settings;
  readonly span: Span;
}

function linkMessage(
  context: ZeekContext,
  declared: ScanDeclaration,
  { preset, key, settings, span }: MessageParts,
): Expression | null {
  const tuple = key.length > 1;
  const { notice } = declared;
  if (notice?.message !== undefined) {
    const place = context.places.at(notice, "message");
    const hit: readonly ParameterType[] = [
      { kind: "hit", name: "hit", key: key.map(({ type }) => type), tuple, count: { kind: "count" } },
    ];
    const asked = context.functions.compile(notice.message, place, hit, "string")?.expressions[0];
    return asked === undefined ? null : boundMessage(context, place, asked);
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
  return boundMessage(context, context.places.of(declared), call("cat", pieces, STRING, span));
}

const noOptions: Options = {
  paths: [],
  statuses: [],
  allow: [],
  labels: 2,
  length: 0,
  bits: 0,
  port: "0/tcp",
};

/** Settings that only some presets have: the bundle's where it has them, the preset's else. */
interface OwnSettings extends Partial<Options> {
  readonly scan: ScanDeclaration["scan"];
  readonly per?: "source" | "pair" | undefined;
  readonly traceroutePorts?: readonly [number, number] | undefined;
  readonly rate?: number | undefined;
  readonly networks?: readonly string[] | undefined;
  readonly broadcast?: readonly string[] | undefined;
}

function settingsOf(declared: ScanDeclaration, preset: Preset): Settings {
  const own: OwnSettings = declared;
  const options: Options = { ...noOptions, ...preset.options };
  return {
    pair: (own.per ?? preset.per) === "pair",
    traceroutePorts: own.traceroutePorts ?? defaultTraceroutePorts,
    rate: own.rate ?? defaultRate,
    networks: [...new Set(own.networks ?? own.broadcast)],
    options: {
      paths: unique(own.paths ?? options.paths),
      statuses: unique(own.statuses ?? options.statuses),
      allow: unique(own.allow ?? options.allow),
      labels: own.labels ?? options.labels,
      length: own.length ?? options.length,
      bits: own.bits ?? options.bits,
      port: own.port ?? options.port,
    },
  };
}

function unique<T>(list: readonly T[]): readonly T[] {
  return [...new Set(list)];
}
