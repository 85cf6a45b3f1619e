import { engineOf } from "../model/engine.js";
import type { EngineVersion, Model } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { type LooseFile, loadLoose } from "../ossec/load/index.js";
import { fieldNames, jsonDecoder, wazuhAsOssec } from "../ossec/wazuh/as-ossec.js";
import type { EmittedFile } from "./file.js";
import { listFile } from "./ossec/lists.js";
import { outsideDecoders, outsideRules } from "./ossec/outside-rules.js";
import { type SuiteFile, suiteFiles } from "./ossec/suite.js";

/** The text (latin1) of a bundle's part of a file, null where there is none. */
export type SuiteTexts = (file: Pick<SuiteFile, "path" | "place" | "merge">) => string | null;

/** OSSEC's configuration as emitted, parsed from its own files: never a short cut from the Model. */
export function loadGenerated(
  model: Model,
  files: readonly EmittedFile[],
  engine: EngineVersion = engineOf(model.ossec),
): LoadedOssec {
  return loadTexts(
    model,
    ({ path }) => {
      const found = files.find((file) => file.path === path);
      return found === undefined ? null : Buffer.from(found.content, "utf8").toString("latin1");
    },
    engine,
  );
}

/**
 * A bundle's own files without the rest of a home. Wazuh's are read in OSSEC's words, behind what stands for
 * its JSON decoder.
 */
export function loadTexts(
  model: Model,
  textOf: SuiteTexts,
  engine: EngineVersion = engineOf(model.ossec),
): LoadedOssec {
  const files = suiteFiles(model);
  const wazuh = model.ossec.dialect === "wazuh";
  const loose = (file: SuiteFile): readonly LooseFile[] => {
    const text = textOf(file);
    if (text === null) return [];
    return [bytes(file.path, wazuh ? wazuhAsOssec(text, file.kind) : text)];
  };
  const json = wazuh ? [bytes("(JSON decoder)", jsonDecoder(fieldNames(textOf(files.rules) ?? "")))] : [];
  const outside = (file: string, text: string | null): readonly LooseFile[] =>
    text === null ? [] : [bytes(file, text)];
  return loadLoose(
    {
      decoders: [
        ...json,
        ...outside("outside_decoders.xml", outsideDecoders(model)),
        ...loose(files.decoders),
      ],
      rules: [...outside("outside_rules.xml", outsideRules(model)), ...loose(files.rules)],
      conf: loose(files.conf),
      lists: model.lists.flatMap((list) => {
        const { path, place } = listFile(model, list);
        return outside(place, textOf({ path, place, merge: "file" }));
      }),
    },
    { engine },
  );
}

function bytes(file: string, text: string): LooseFile {
  return { file, bytes: Buffer.from(text, "latin1") };
}
