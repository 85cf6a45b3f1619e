import { DEFAULT_WINDOW } from "../zeek/connections/queue.js";
import { areRotated } from "../zeek/logs/find.js";
import { openDuckdbStore } from "./duckdb-store.js";
import { zeekNames } from "./names.js";
import { readPackets } from "./packets.js";
import { StoreError } from "./store.js";

/**
 * Works out when tables tick by the connections of an archive, so that hunts need not. What cannot be worked out now
 * a hunt works out for itself.
 */
export async function keepTicks(archive: string): Promise<void> {
  const options = { names: zeekNames, range: { from: null, to: null } };
  const opened = await openDuckdbStore({ path: archive, log: "conn", table: null }, options);
  if (!opened.ok) return;
  const { store } = opened;
  try {
    const log = store.log("conn");
    // Of a finished trace the ticks have an end, which other logs tell, too.
    const isLive = areRotated(store.found.filter((one) => one.log === "conn"));
    if (log !== undefined && isLive)
      await readPackets(store, new Map([["conn", log]]), DEFAULT_WINDOW, null, () => undefined);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  } finally {
    await store.close();
  }
}
