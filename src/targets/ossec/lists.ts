import type { ListModel, Model } from "../../model/model.js";
import type { EmittedFile } from "../file.js";
import { installed, type SuiteFile, suiteOf } from "./suite.js";

/** Where a list is in the output and below the home. */
export function listFile(
  { ossec }: Pick<Model, "ossec">,
  { path }: ListModel,
): Pick<SuiteFile, "path" | "place"> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { path: `${suiteOf(ossec).folder}lists/${name}`, place: path };
}

/**
 * The lists as texts. OSSEC reads what its own program makes of them, which has to run first; Wazuh makes it when
 * it starts.
 */
export function emitLists(model: Model): readonly EmittedFile[] {
  const { ossec, lists, name } = model;
  const { owner, reload } = installed(ossec);
  const { makesLists } = suiteOf(ossec);
  return lists.map((list) => {
    const { path, place } = listFile(model, list);
    return {
      path,
      content: listText(name, list, makesLists === null),
      mode: 0o640,
      target: `${ossec.home}/${place}`,
      owner,
      reload: makesLists === null ? reload : [[`${ossec.home}/${makesLists}`], ...reload],
      reader: "ossec",
      merge: "file",
    };
  });
}

/** The engines pass over a line without a colon (docs/reference/ossec.md#rule-elements). */
function listText(bundle: string, { entries }: ListModel, quotes: boolean): string {
  const lines = entries.map(([key, value]) =>
    quotes && key.includes(":") ? `"${key}":"${value}"` : `${key}:${value}`,
  );
  return `# Made by zopf from the bundle ${bundle}\n${lines.join("\n")}\n`;
}
