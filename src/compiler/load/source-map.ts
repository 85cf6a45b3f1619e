const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

interface Segment {
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/** Where a place of the emitted code comes from; lines and columns from 0, in UTF-16 units. */
export type SourceMap = (
  line: number,
  column: number,
) => { readonly line: number; readonly column: number } | null;

/** Reads the `mappings` of a source map with one source (ECMA-426: base 64 VLQ, fields relative). */
export function readMappings(mappings: string): SourceMap {
  const lines: Segment[][] = [];
  let sourceLine = 0;
  let sourceColumn = 0;
  for (const text of mappings.split(";")) {
    const segments: Segment[] = [];
    let column = 0;
    for (const part of text === "" ? [] : text.split(",")) {
      const [first, , third, fourth] = decode(part);
      column += first ?? 0;
      if (third === undefined || fourth === undefined) continue;
      sourceLine += third;
      sourceColumn += fourth;
      segments.push({ column, sourceLine, sourceColumn });
    }
    lines.push(segments);
  }
  return (line, column) => {
    const segments = lines[line] ?? [];
    const before = segments.findLast((segment) => segment.column <= column) ?? segments[0];
    return before === undefined ? null : { line: before.sourceLine, column: before.sourceColumn };
  };
}

function decode(text: string): readonly number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of text) {
    const bits = digits.indexOf(digit);
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if ((bits & 32) !== 0) continue;
    values.push(value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
    value = 0;
    shift = 0;
  }
  return values;
}
