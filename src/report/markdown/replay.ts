import { whyNobody } from "../html/replay.js";
import { type ReplayData, replayTables } from "../html/replay-data.js";
import { counted } from "../html/table.js";
import { tableMarkdown } from "./table.js";
import { lineCode, lineText } from "./text.js";

/** Rows of each table, at most: a comment on a pull request is read. */
const most = 25;

/** A replay for a ticket or a pull request: who was blocked, when, for how long, why; then what kept others from it. */
export function replayMarkdown(
  of: "replay" | "hunt",
  bundle: string,
  data: ReplayData,
  isPartial: boolean,
): string {
  const { blockedSources, blocks, alerts, notices, refused } = data.totals;
  // Of near misses those that came half the way.
  const nearMisses = data.nearMisses.filter(({ count, threshold }) => count * 2 >= threshold);
  const shown: ReplayData = { ...data, nearMisses, nearMissesLeftOut: 0 };
  const tables = new Map(replayTables(shown).map((table) => [table.id, table]));
  const section = (title: string, id: string): string => {
    const table = tables.get(id);
    return table === undefined || table.rows.length === 0
      ? ""
      : `\n#### ${title}\n\n${tableMarkdown(table, most)}`;
  };
  const silent = data.detections.filter(({ isSilent }) => isSilent);
  return [
    `### zopf ${of}: ${lineCode(bundle)}\n\n`,
    blockedSources === 0
      ? `**Nobody was blocked**${whyNobody(data)}.`
      : `**${counted(blockedSources, "source")} ${blockedSources === 1 ? "was" : "were"} blocked**, in ${counted(blocks, "block")}.`,
    ` ${counted(notices, "notice")}, ${counted(alerts, "alert")}, ${refused} refused.\n`,
    isPartial ? "\n**Stopped before the end of the logs: this is a part.**\n" : "",
    section("Blocked", "blocked"),
    section("Refused", "refused"),
    section("Sources", "sources"),
    silent.length === 0
      ? ""
      : `\n#### Silent detections\n\n${silent
          .map(
            ({ detection, message, help }) =>
              `- ${lineCode(detection)}: ${lineText(message)}${help === null ? "" : ` (${lineText(help)})`}\n`,
          )
          .join("")}`,
    section("Near misses", "near"),
  ].join("");
}
