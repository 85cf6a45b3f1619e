const CONTROL = /[\x00-\x1f\x7f]+/g;

/**
 * Deletes the bytes 0-31 and 127, TAB included (spec/ossec.md 4, step 0). A line without any is returned
 * as it is.
 */
export function deleteControlBytes(line: string): string {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code < 32 || code === 127) return line.replace(CONTROL, "");
  }
  return line;
}
