import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";

/** No configuration is larger; whoever names a device without end is warned before the memory ends. */
const wholeLimit = 256 << 20;
const chunkSize = 1 << 20;

/** What is thrown at an input of more bytes than that. */
export function tooLarge(limit: number): Error {
  return Object.assign(new Error(`it is larger than ${limit >> 20} MiB, or has no end`), {
    code: "ZOPF_TOO_LARGE",
  });
}

/**
 * A file, pipe or device as a whole.
 *
 * @param limit - bytes
 * @throws what the system says, or that it is too large: `reasonOf` has words for both
 */
export function readWhole(path: string, limit = wholeLimit): Buffer {
  const file = openSync(path, "r");
  try {
    const stat = fstatSync(file);
    if (stat.isFile() && stat.size > limit) throw tooLarge(limit);
    // Files of /proc say that they are empty.
    if (stat.isFile() && stat.size > 0) return readFileSync(file);
    const chunks: Buffer[] = [];
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(chunkSize);
      const length = readSync(file, chunk, 0, chunkSize, null);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
      total += length;
      if (total > limit) throw tooLarge(limit);
    }
  } finally {
    closeSync(file);
  }
}
