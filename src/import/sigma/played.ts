import type { ReadingWatch } from "../../files/reading-watch.js";
import { replay } from "../../replay/replay.js";
import type { TimelineEvent } from "../../replay/timeline.js";
import type { Emitted } from "../proof/surroundings.js";
import { firstTime } from "./sample-times.js";

/** What the emitted files do with logs of Zeek's. */
export async function played(emitted: Emitted, zeek: readonly string[], watch: ReadingWatch | undefined) {
  const events: TimelineEvent[] = [];
  await replay(
    {
      model: emitted.model,
      files: emitted.files,
      zeek,
      syslog: [],
      ossec: null,
      engine: null,
      year: 2026,
      assumeDate: firstTime,
      reorder: null,
      timeZone: "UTC",
      nearMisses: false,
      watch,
      show: (path) => path,
    },
    (event) => {
      events.push(event);
    },
  );
  return events;
}
