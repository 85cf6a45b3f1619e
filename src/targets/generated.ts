import type { Model } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import { type LooseFile, loadLooseAs } from "../ossec/load/index.js";
import type { EmittedFile } from "./file.js";
import { dialectOf } from "./ossec/dialect.js";
import { listFile } from "./ossec/lists.js";
import { outsideDecoders, outsideLists, outsideRules } from "./ossec/outside-rules.js";
import { type SuiteFile, suiteFiles, suiteOf } from "./ossec/suite.js";

/** The text (latin1) of a bundle's part of a file, null where there is none. */
export type SuiteTexts = (file: Pick<SuiteFile, "path" | "place" | "merge">) => string | null;

/** The engine's configuration as emitted, parsed from its own files: never a short cut from the Model. */
export function loadGenerated(model: Model, files: readonly EmittedFile[], dialect?: Dialect): LoadedOssec {
  return loadTexts(
    model,
    ({ path }) => {
      const found = files.find((file) => file.path === path);
      return found === undefined ? null : Buffer.from(found.content, "utf8").toString("latin1");
    },
    dialect,
  );
}

/**
 * The JSON decoder that Wazuh comes with (docs/reference/wazuh.md#json-decoder): a bundle's notices are read by it, and
 * its rules ask for it.
 */
const jsonDecoder = String.raw`<decoder name="json">
  <prematch>^{\s*"</prematch>
  <plugin_decoder>JSON_Decoder</plugin_decoder>
</decoder>
`;

/** A bundle's own files without the rest of a home, and stand-ins for what of it they name. */
export function loadTexts(
  model: Model,
  textOf: SuiteTexts,
  dialect: Dialect = dialectOf(model.ossec),
): LoadedOssec {
  const files = suiteFiles(model);
  const loose = (file: SuiteFile): readonly LooseFile[] => {
    const text = textOf(file);
    return text === null ? [] : [bytes(file.path, text)];
  };
  const standIn = (file: string, text: string | null): readonly LooseFile[] =>
    text === null ? [] : [bytes(file, text)];
  return loadLooseAs(
    {
      decoders: [
        ...standIn("outside_decoders.xml", outsideDecoders(model)),
        ...loose(files.decoders),
        ...standIn("(JSON decoder)", suiteOf(model.ossec).ownJson ? jsonDecoder : null),
      ],
      rules: [...standIn("outside_rules.xml", outsideRules(model)), ...loose(files.rules)],
      conf: loose(files.conf),
      lists: [
        ...model.lists.flatMap((list) => {
          const { path, place } = listFile(model, list);
          return standIn(place, textOf({ path, place, merge: "file" }));
        }),
        ...outsideLists(model).flatMap((path) => standIn(path, "")),
      ],
    },
    dialect,
    {},
  );
}

function bytes(file: string, text: string): LooseFile {
  return { file, bytes: Buffer.from(text, "latin1") };
}
