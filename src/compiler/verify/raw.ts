import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Model } from "../../model/model.js";
import type { Engine } from "../../ossec/engine/index.js";
import type { EmittedFile } from "../../targets/file.js";
import { rawPart, rawStandsAlone } from "../../targets/ossec/raw.js";
import { suiteFiles } from "../../targets/ossec/suite.js";
import { codes as linkCodes } from "../codes.js";
import { engineText } from "../decode/pattern.js";
import { apart, type Clock } from "./log-samples.js";

const kinds = ["decoders", "rules"] as const;

/** An emitted file without the raw XML in it: ordinary XML tools need not read that. */
export function withoutRaw(model: Model, file: EmittedFile): EmittedFile {
  const files = suiteFiles(model);
  const kind = kinds.find((one) => files[one].path === file.path);
  if (kind === undefined) return file;
  // They stand there in their order.
  let from = 0;
  const rest: string[] = [];
  for (const one of model.raw) {
    const part = rawPart(one, kind);
    const at = part === null ? -1 : file.content.indexOf(part, from);
    if (part === null || at === -1) continue;
    rest.push(file.content.slice(from, at));
    from = at + part.length;
  }
  return from === 0 ? file : { ...file, content: `${rest.join("")}${file.content.slice(from)}` };
}

/** What the engine would refuse in raw XML, at the bundle's own place; null: the problem is elsewhere. */
export function rawProblem(
  model: Model,
  files: readonly EmittedFile[],
  { file, line, message }: Pick<Diagnostic, "file" | "line" | "message">,
): Diagnostic | null {
  const suite = suiteFiles(model);
  for (const kind of kinds) {
    const { path } = suite[kind];
    if (path !== file) continue;
    const content = files.find((one) => one.path === path)?.content ?? "";
    for (const raw of model.raw) {
      const part = rawPart(raw, kind);
      const at = part === null ? -1 : content.indexOf(part);
      if (part === null || at === -1) continue;
      // An empty line and the comment stand before it; blank lines of the bundle's were cut.
      const first = content.slice(0, at).split("\n").length + 2;
      const lines = part.split("\n").length - 3;
      if (line < first || line >= first + lines) continue;
      const cut = (raw[kind] ?? "").match(/^\s*/)?.[0].split("\n").length ?? 1;
      return linkCodes.raw(
        raw.span,
        `line ${line - first + cut} of the ${kind} of "${raw.name}": ${message}`,
      );
    }
  }
  return null;
}

/** Lines that do not reach the rule which raw XML promises; only where it names nothing of the host's. */
export function rawSampleProblems(model: Model, engine: Engine, clock: Clock): readonly Diagnostic[] {
  return rawStandsAlone(model) ? missedRawSamples(model, engine, clock) : [];
}

/** The same in whatever engine. */
export function missedRawSamples(model: Model, engine: Engine, clock: Clock): readonly Diagnostic[] {
  return model.raw.flatMap(({ name, samples }) =>
    samples.flatMap(({ line, rule, span }) => {
      clock.time += apart;
      const event = engine.process(engineText(line), clock.time);
      const seen = event.kind === "event" ? event.rule : null;
      return seen?.id === rule
        ? []
        : [
            linkCodes.sample(
              span,
              `this line does not reach rule ${rule} of "${name}": ${seen === null ? "no rule fires" : `rule ${seen.id} fires`}`,
            ),
          ];
    }),
  );
}
