import type { LogDecoderModel, Model } from "../../model/model.js";
import type { DecoderContext } from "./decoders.js";
import { plainElement } from "./elements.js";
import { suiteOf } from "./suite.js";

/** The decoders of log detections, each once. */
function logDecoders(model: Model): readonly LogDecoderModel[] {
  const decoders = new Map<string, LogDecoderModel>();
  for (const detection of model.detections)
    if (detection.kind === "log") decoders.set(detection.decoder.name, detection.decoder);
  return [...decoders.values()];
}

/** As the template shows them: a decoder for each form of the lines. */
export function logDecoderContexts(model: Model): readonly DecoderContext[] {
  const { pattern } = suiteOf(model.ossec);
  return logDecoders(model).flatMap(({ name, forms, order }) => {
    const readers = model.detections.flatMap((one) =>
      one.kind === "log" && one.decoder.name === name ? [one.name] : [],
    );
    const firstTime = model.detections
      .flatMap((one) => (one.kind === "log" && one.decoder.name === name ? [one.firstTime] : []))
      .find((words) => words !== undefined);
    const what = `${readers.slice(0, 5).join(", ")}${readers.length > 5 ? " and others" : ""}`;
    return forms.map(({ program, prematch, regex, afterPrematch }, index) => ({
      what: forms.length === 1 ? what : `${what}: form ${index + 1} of ${forms.length}`,
      name,
      elements: [
        ...(program === null ? [] : [pattern("program_name", program)]),
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
  });
}
