import type { Model } from "../../model/model.js";
import type { LoadedOssec } from "../../ossec/definitions.js";
import { type LooseFile, loadLoose } from "../../ossec/load/index.js";
import type { EmittedFile } from "../../targets/file.js";
import { outsideRules } from "./outside.js";

/** OSSEC's configuration as emitted, parsed from its own files: never a short cut from the Model. */
export function loadGenerated(
  model: Model,
  files: readonly EmittedFile[],
  engine: Model["ossec"]["version"] = model.ossec.version,
): LoadedOssec {
  const loose = (path: string): readonly LooseFile[] =>
    files
      .filter((file) => file.path === path)
      .map((file) => ({ file: path, bytes: Buffer.from(file.content, "utf8") }));
  const outside = outsideRules(model);
  return loadLoose(
    {
      decoders: loose("ossec/local_decoder.xml"),
      rules: [
        ...(outside === null ? [] : [{ file: "outside_rules.xml", bytes: Buffer.from(outside) }]),
        ...loose("ossec/local_rules.xml"),
      ],
      conf: loose("ossec/ossec.conf"),
    },
    { engine },
  );
}
