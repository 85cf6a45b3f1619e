import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { openLog } from "./cursor.js";

/**
 * What is wrong with a log as a whole, for one that nothing else reads: its first record is looked for and no
 * more. A log with a header and no rows, and an empty file, are fine.
 */
export async function probeLog(file: string): Promise<readonly Diagnostic[]> {
  const cursor = openLog(file);
  try {
    do {
      if (cursor.next()) return [];
    } while (await cursor.fill());
    return cursor.diagnostics();
  } finally {
    await cursor.close();
  }
}
