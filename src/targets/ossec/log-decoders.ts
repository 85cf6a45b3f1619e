import type { LogDecoderModel, LogDetectionModel, Model } from "../../model/model.js";
import type { DecoderContext } from "./decoders.js";
import { plainElement } from "./elements.js";
import { suiteOf } from "./suite.js";

/** A decoder of log detections, and those that read by it. */
interface Read {
  readonly decoder: LogDecoderModel;
  readonly readers: LogDetectionModel[];
}

/** The decoders of log detections, each once. */
function logDecoders(model: Model): readonly Read[] {
  const decoders = new Map<string, Read>();
  for (const detection of model.detections) {
    if (detection.kind !== "log") continue;
    const { decoder } = detection;
    const known = decoders.get(decoder.name);
    if (known === undefined) decoders.set(decoder.name, { decoder, readers: [detection] });
    else known.readers.push(detection);
  }
  return [...decoders.values()];
}

/** As the template shows them: a decoder for each form of the lines. */
export function logDecoderContexts(model: Model): readonly DecoderContext[] {
  const { pattern } = suiteOf(model.ossec);
  return logDecoders(model).flatMap(({ decoder: { name, below, forms, order }, readers }) => {
    const firstTime = readers.map((one) => one.firstTime).find((words) => words !== undefined);
    const shown = readers.slice(0, 5).map((one) => one.name);
    const what = `${shown.join(", ")}${readers.length > 5 ? " and others" : ""}`;
    const [first] = forms;
    const parent: readonly DecoderContext[] =
      below === true && first !== undefined && first.program !== null
        ? [{ what, name, elements: [pattern("program_name", first.program)] }]
        : [];
    const decoders = forms.map(({ program, prematch, regex, afterPrematch }, index) => ({
      what: forms.length === 1 ? what : `${what}: form ${index + 1} of ${forms.length}`,
      name: parent.length === 0 ? name : `${name}_${index + 1}`,
      elements: [
        ...(parent.length > 0
          ? [plainElement("parent", name)]
          : program === null
            ? []
            : [pattern("program_name", program)]),
        ...(prematch === null ? [] : [pattern("prematch", prematch)]),
        ...(regex === null
          ? []
          : [
              { ...pattern("regex", regex), ...(afterPrematch ? { offset: "after_prematch" } : {}) },
              plainElement("order", order.join(",")),
              ...(firstTime === undefined ? [] : [plainElement("fts", ["name", ...firstTime].join(", "))]),
            ]),
      ],
    }));
    return [...parent, ...decoders];
  });
}
