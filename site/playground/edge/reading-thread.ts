/** In place of src/replay/reading-thread.ts: the replay is in a worker already, and reads there. */
import type { ReadingPlace } from "../../../src/detections/reader.js";

export const threadReading: ReadingPlace = { from: Number.POSITIVE_INFINITY, connect: () => null };
