/** Internal options that analysis depends on: etc/local_internal_options.conf, then etc/internal_options.conf. */
import { latin1, type OssecSource } from "../../files/ossec-source.js";
import type { EngineVersion } from "../../model/model.js";
import type { InternalOptions } from "../definitions.js";
import { type SourceText, sourceText } from "../xml/source.js";
import { codes } from "./codes.js";
import { engines, type ProblemLog } from "./problems.js";
import { isDigits } from "./text.js";

/** As shipped (docs/reference/ossec.md#versions). */
export function shippedOptions(engine: EngineVersion): InternalOptions {
  return {
    defaultTimeframe: 360,
    sidHistory: engine === "4.3" ? 128 : Number.POSITIVE_INFINITY,
    orderSize: engine === "4.3" ? 256 : 10,
    ftsListSize: 32,
    ftsPrefix: 14,
    logFirewall: 1,
  };
}

interface OptionRange {
  readonly option: keyof InternalOptions;
  /** Behind `analysisd.` */
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

function rangesOf(engine: EngineVersion): readonly OptionRange[] {
  const isNew = engine === "4.3";
  return [
    { option: "orderSize", name: "decoder_order_size", least: 8, most: isNew ? 1024 : 20 },
    { option: "defaultTimeframe", name: "default_timeframe", least: 60, most: 3600 },
    { option: "ftsListSize", name: "fts_list_size", least: 12, most: 512 },
    { option: "ftsPrefix", name: "fts_min_size_for_str", least: 6, most: 128 },
    { option: "logFirewall", name: "log_fw", least: 0, most: 1 },
    ...(isNew
      ? [{ option: "sidHistory", name: "sid_prev_matched_max", least: 16, most: 65536 } as const]
      : []),
  ];
}

interface WrittenValue {
  readonly source: SourceText;
  readonly start: number;
  readonly text: string;
}

/** `analysisd.name=value` lines by their name; the first one of a name counts. A comment or a blank begins no such line. */
function valuesOf(source: SourceText): ReadonlyMap<string, WrittenValue> {
  const values = new Map<string, WrittenValue>();
  const prefix = "analysisd.";
  let start = 0;
  for (const line of source.text.split("\n")) {
    const equals = line.indexOf("=");
    if (line.startsWith(prefix) && equals >= 0) {
      const name = line.slice(prefix.length, equals);
      const text = line.slice(equals + 1).replace(/\r.*$/s, "");
      if (!values.has(name)) values.set(name, { source, start: start + equals + 1, text });
    }
    start += line.length + 1;
  }
  return values;
}

const paths = ["etc/local_internal_options.conf", "etc/internal_options.conf"] as const;

/** Reads the options of a home; what it does not set is as shipped. The engine stops at a wrong number (2302). */
export function readInternalOptions(
  source: OssecSource,
  engine: EngineVersion,
  problems: ProblemLog,
): InternalOptions {
  const options = { ...shippedOptions(engine) };
  const files = paths.flatMap((path) => {
    const bytes = source.read(path);
    if (!(bytes instanceof Uint8Array)) return [];
    return [valuesOf(sourceText(source.display?.(path) ?? path, latin1(bytes)))];
  });
  for (const { option, name, least, most } of rangesOf(engine)) {
    const written = files.find((values) => values.has(name))?.get(name);
    if (written === undefined) continue;
    const { start, text } = written;
    const value = Number(text);
    if (isDigits(text) && value >= least && value <= most) options[option] = value;
    else {
      problems.report(
        codes.confValue,
        { source: written.source, start, end: start + text.length },
        `analysisd.${name} is a number from ${least} to ${most}, not "${text}"`,
        // Only the daemon logs firewall events.
        { engineMessage: 2302, programs: option === "logFirewall" ? ["analysisd"] : engines },
      );
    }
  }
  return options;
}
