import type { Why } from "../../replay/why.js";
import type { TunedDetection } from "../../tune/tune.js";
import { counted } from "../html/table.js";
import { isOwn, numberOf, settingText, tuneTables } from "../html/tune-data.js";
import { tableMarkdown } from "./table.js";
import { lineCode, lineText } from "./text.js";

const most = 60;

/** What each threshold and window would do, for a ticket or a pull request. */
export function tuneMarkdown(
  bundle: string,
  detections: readonly TunedDetection[],
  why: readonly Why[],
): string {
  const tables = tuneTables({ kind: "tune", detections });
  return [
    `### zopf tune: ${lineCode(bundle)}\n`,
    ...detections.map((one, index) => {
      const own = one.settings.find((setting) => isOwn(one, setting));
      const done = one.blocks ? "blocked" : "noticed; no response blocks on it";
      const now =
        own === undefined
          ? `the bundle's own ${settingText(one.own)} is not among those that were tried`
          : `**${counted(numberOf(one, own), "source")}** ${done}, at ${settingText(own)}`;
      const table = tables[index];
      return `\n#### ${lineCode(one.detection)}\n\n${now}\n\n${table === undefined ? "" : tableMarkdown(table, most)}`;
    }),
    ...(why.length === 0
      ? []
      : [
          "\n#### Why\n\n",
          ...why.map(({ detection, cause }) => `- ${lineCode(detection)}: ${lineText(cause.message)}\n`),
        ]),
  ].join("");
}
