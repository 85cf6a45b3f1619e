import { isFlipped } from "../zeek/connections/removal.js";
import { mergeByTime } from "../zeek/logs/merge.js";

/** Uids kept at most: a log in which more are turned is none of a working sensor. */
const most = 1_000_000;

/**
 * Uids of the connections whose ends Zeek has swapped (`^` in the history). The rows of other logs do not
 * tell it, so that conn.log is looked through beforehand; standard input cannot be.
 */
export async function turnedConnections(conn: readonly string[]): Promise<ReadonlySet<string>> {
  const turned = new Set<string>();
  const files = conn.filter((file) => file !== "-");
  const logs = mergeByTime(files, { columns: ["uid", "history"], required: ["ts"], path: "conn" });
  do {
    while (logs.next()) {
      const [uid, history] = logs.row().values;
      if (typeof uid === "string" && typeof history === "string" && isFlipped(history) && turned.size < most)
        turned.add(uid);
    }
  } while (await logs.fill());
  await logs.close();
  return turned;
}
