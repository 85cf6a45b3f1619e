import type { LogDecoderModel, LogDetectionModel, LogSampleModel, OssecModel } from "../../model/model.js";
import { forgeableCapture } from "../../ossec/patterns/index.js";
import { dialectOf } from "../../targets/ossec/dialect.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";
import type { LogDeclaration, SampleDeclaration } from "../decode/log.js";
import type { OrderEntry } from "../decode/log-order.js";
import type { Capture } from "./capture.js";
import type { LinkContext } from "./context.js";
import { linkFirstTime } from "./first-time.js";
import { freePartHelp } from "./free-part.js";
import { wholeLineCondition } from "./line-cut.js";
import { linkConditions } from "./log-conditions.js";
import { linkDecoder } from "./log-decoder.js";
import { identifierOf } from "./names.js";
import { linkOrder } from "./order.js";

/** Conditions that a line can meet of which nothing was captured. */
const ofLines: ReadonlySet<string> = new Set(["match", "match_pcre2", "regex", "pcre2", "time", "weekday"]);

/** A log detection without its rule, and what others ask about it. */
interface UnlinkedLog {
  readonly model: Omit<LogDetectionModel, "rule">;
  readonly capture: Capture;
}

/** The decoder of a `kind: "log"` detection, its conditions and its lines; null where its names do not fit. */
export function linkLog(
  context: LinkContext,
  declared: LogDeclaration,
  ossec: OssecModel,
): UnlinkedLog | null {
  const { places } = context;
  const order = linkOrder(declared.order ?? [], ossec);
  const { name, samples: lines = [], notSamples: others = [] } = declared;
  const conditions = linkConditions(context, declared, order, suiteOf(ossec).fieldConditions);
  const samples = lines.map((line, index) => linkSample(context, line, places.at(lines, index), order));
  const shape = linkDecoder(context, declared, order);
  const firstTime = linkFirstTime(context, declared, order);
  const whole = samples.filter((sample) => sample !== null);
  if (shape === null || conditions === null || firstTime === null || whole.length < samples.length)
    return null;
  const regex = places.at(declared, "regex");
  const source = order.findIndex(({ slot }) => slot === "srcip") + 1;
  const why = forgeableBy(shape.decoder, source) ?? declared.forgeable ?? null;
  const uncut = source === 0 || why !== null ? null : wholeLineCondition(shape.decoder, source, conditions);
  // A condition on any field asks already that the regex did match.
  const onField = conditions.some(({ element }) => !ofLines.has(element));
  // What comes through syslog with a program's name has no control bytes; Wazuh and 3.7 delete none.
  const ownForms = declared.captures === undefined ? (declared.also ?? []) : [];
  const ofPrograms = [declared, ...ownForms].every(({ program }) => program !== undefined);
  const cleaned = ofPrograms || dialectOf(ossec).engine.controlBytes === "kept";
  return {
    model: {
      kind: "log",
      name,
      log: declared.log ?? null,
      ...(declared.on === undefined ? {} : { on: declared.on }),
      decoder: { name: `${ossec.decoder}_log_${identifierOf(name)}`, ...shape.decoder },
      conditions: [...(onField ? [] : shape.guard), ...conditions, ...(uncut === null ? [] : [uncut])],
      ...(firstTime.length === 0 ? {} : { firstTime }),
      samples: whole,
      notSamples: others.map((line, index) => ({
        line,
        fields: [],
        span: places.at(others, index).span(),
      })),
      span: places.of(declared).span(),
    },
    capture: {
      fields: new Set(order.map(({ slot }) => slot)),
      forgeable:
        why === null
          ? null
          : {
              why,
              known: true,
              span: regex.span(),
              ...(declared.regex === undefined || declared.forgeable !== undefined
                ? {}
                : { help: freePartHelp(declared.regex, source) }),
            },
      cutLine: uncut === null || cleaned ? null : regex.span(),
    },
  };
}

/** How the decoder's srcip can be chosen by somebody else, or null; also null where it has none. */
function forgeableBy(decoder: Omit<LogDecoderModel, "name">, source: number): string | null {
  if (source === 0) return null;
  for (const { regex, prematch, afterPrematch } of decoder.forms) {
    if (regex === null) continue;
    const why = forgeableCapture({ prematch: afterPrematch ? prematch : null, regex }, source);
    if (why !== null) return why;
  }
  return null;
}

function linkSample(
  { places, report }: LinkContext,
  declared: SampleDeclaration,
  place: SourceRange,
  order: readonly OrderEntry[],
): LogSampleModel | null {
  if (typeof declared === "string") return { line: declared, fields: [], span: place.span() };
  const { line, fields = {} } = declared;
  const entries = Object.entries(fields).map(([name, value]) => {
    const known = order.find((one) => one.name === name);
    if (known !== undefined) return [known.printed, value] as const;
    return report(
      codes.order(
        places.at(fields, name).span(),
        `${places.at(declared, "fields").label}: the order has no field ${JSON.stringify(name.slice(0, 60))}`,
      ),
    );
  });
  const whole = entries.filter((entry) => entry !== null);
  return whole.length === entries.length
    ? { line, fields: whole, span: places.at(declared, "line").span() }
    : null;
}

/** Detections that read the same lines in the same way have one decoder: the first would take all lines. */
export function withSharedDecoder<T extends Pick<LogDetectionModel, "decoder">>(
  detection: T,
  decoders: Map<string, LogDecoderModel>,
): T {
  const { name: _, ...decoder } = detection.decoder;
  const shape = JSON.stringify(decoder);
  const shared = decoders.get(shape) ?? detection.decoder;
  decoders.set(shape, shared);
  return { ...detection, decoder: shared };
}
