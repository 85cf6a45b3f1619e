import { createTwoFilesPatch } from "diff";

/** Beyond this a unified diff is no help to anybody, and takes long to find. */
const longest = 2_000_000;

/** A unified diff of a file as it lies there and as it is built; texts are latin1. */
export function patchOf(file: string, before: string, after: string): string {
  if (before.length + after.length > longest) return "";
  const text = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");
  const patch = createTwoFilesPatch(
    `${file} (deployed)`,
    `${file} (built)`,
    text(before),
    text(after),
    "",
    "",
    {
      context: 3,
      maxEditLength: 5000,
    },
  );
  return (patch ?? "").replace(/^=+\n/, "");
}
