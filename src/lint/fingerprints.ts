/** Marks by which a finding is known again when lines above it move. */
import type { PlacedFinding } from "./finding.js";

/** File, code, message, and which of its kind it is, one key a finding. */
export function findingKeys(
  placed: readonly PlacedFinding[],
  fileOf: (file: string) => string = (file) => file,
): readonly string[] {
  const counts = new Map<string, number>();
  return placed.map(({ finding: { file, code, message } }) => {
    const key = `${fileOf(file)}\n${code}\n${message}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return `${key}\n${count}`;
  });
}
