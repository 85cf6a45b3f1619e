import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ArchivedFile } from "../archive/manifest.js";
import { openAside } from "../files/aside.js";
import { isSystemError } from "../files/system-error.js";

/** Ticks of a table by all rows of some logs, as far as they are known. */
export interface KnownTicks {
  /** In seconds of the epoch, in order. */
  readonly ticks: Float64Array;
  /** Seconds that a row was written before its last packet, at the most. */
  readonly ahead: number;
  /** Whether that is all of them. */
  readonly isWhole: boolean;
}

/** Ticks that a hunt has worked out, kept for the next one. */
export interface TickStore {
  /** @param window seconds that packets may come late. Null: nothing is known */
  read(logs: readonly string[], window: number): KnownTicks | null;
  write(logs: readonly string[], window: number, known: Omit<KnownTicks, "isWhole">): void;
}

interface Header {
  readonly version: 1;
  readonly logs: readonly string[];
  readonly window: number;
  readonly ahead: number;
  /** Files that they were worked out of: hashes of their content, and when their first rows were written. */
  readonly files: Readonly<Record<string, number>>;
}

/**
 * Keeps ticks in an archive's folder. A tick depends on the packets before it alone: those from before the first row
 * of a file that has been added or taken away since, and what it could tell of the time before, are still right.
 */
export function ticksIn(folder: string, files: readonly ArchivedFile[]): TickStore {
  const own = (logs: readonly string[]): Header["files"] =>
    Object.fromEntries(
      files.filter(({ log }) => logs.includes(log)).map(({ stored, from }) => [stored, from]),
    );
  const place = (logs: readonly string[], window: number): string => {
    const hash = createHash("sha256").update(JSON.stringify([[...logs].sort(), window]));
    return join(folder, `zopf-ticks-${hash.digest("hex").slice(0, 16)}.bin`);
  };
  return {
    read(logs, window) {
      let bytes: Buffer;
      try {
        bytes = readFileSync(place(logs, window));
      } catch {
        return null;
      }
      const stop = bytes.indexOf(10);
      const header = headerOf(bytes.toString("latin1", 0, Math.max(stop, 0)));
      const size = bytes.length - stop - 1;
      if (header === null || size % 8 !== 0) return null;
      const all = new Float64Array(size / 8);
      new Uint8Array(all.buffer).set(bytes.subarray(stop + 1));
      const now = own(logs);
      const changed = [
        ...Object.entries(now).filter(([stored]) => header.files[stored] === undefined),
        ...Object.entries(header.files).filter(([stored]) => now[stored] === undefined),
      ];
      const until = Math.min(...changed.map(([, from]) => from - window));
      const after = all.findIndex((tick) => tick >= until);
      const ticks = after < 0 ? all : all.subarray(0, after);
      return { ticks, ahead: header.ahead, isWhole: changed.length === 0 };
    },
    write(logs, window, { ticks, ahead }) {
      const header: Header = { version: 1, logs, window, ahead, files: own(logs) };
      try {
        const aside = openAside(place(logs, window));
        try {
          aside.write(`${JSON.stringify(header)}\n`);
          aside.write(new Uint8Array(ticks.buffer, ticks.byteOffset, ticks.byteLength));
          aside.commit();
        } catch (error) {
          aside.discard();
          throw error;
        }
      } catch (error) {
        // An archive that may only be read: the next hunt works them out again.
        if (!isSystemError(error)) throw error;
      }
    },
  };
}

function headerOf(line: string): Pick<Header, "ahead" | "files"> | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  if (!("version" in value) || value.version !== 1 || !("files" in value) || !("ahead" in value)) return null;
  const { files, ahead } = value;
  if (typeof files !== "object" || files === null || typeof ahead !== "number") return null;
  const known = Object.entries(files).filter((one): one is [string, number] => typeof one[1] === "number");
  return { ahead, files: Object.fromEntries(known) };
}
