import type { LogRow } from "./rows.js";
import type { LogValue } from "./types.js";

/** What is asked of each row where it is read, so that of most rows only a few numbers need to travel. */
export interface RowLook {
  /** `row.values` up to this many travel, of rows with a mark. */
  readonly width: number;
  readonly measures: number;
  /** Says what every row is asked for; it must not depend on other rows. */
  readonly measure: (row: LogRow, out: Float64Array) => void;
  readonly marks: number;
  /** Who wants the row; a row without any mark but 0 travels without its values. */
  readonly mark: (row: LogRow, out: Int32Array) => void;
}

/** Rows of one log in a row, as plain data in few pieces: for another thread. */
export interface RowBatch {
  readonly rows: number;
  readonly ts: Float64Array<ArrayBuffer>;
  readonly lines: Float64Array<ArrayBuffer>;
  /** The measures of the rows, one row's behind the other's. */
  readonly measures: Float64Array<ArrayBuffer>;
  readonly marks: Int32Array<ArrayBuffer>;
  /** What the values of the marked rows are, and the numbers that stand for them. */
  readonly kinds: Uint8Array<ArrayBuffer>;
  readonly cells: Float64Array<ArrayBuffer>;
  /** Texts by their numbers: these come behind those of the batches before, unless they begin anew. */
  readonly texts: readonly string[];
  readonly anew: boolean;
  /** Values of other kinds, by place. */
  readonly others: readonly LogValue[];
  /** Which log the rows are of, from a row on. */
  readonly paths: readonly { readonly from: number; readonly path: string | undefined }[];
}

const UNSET = 0;
const NUMBER = 1;
const TEXT = 2;
const TRUE = 3;
const FALSE = 4;
const OTHER = 5;

/** Texts remembered on both sides. */
const MOST_TEXTS = 1 << 16;

export interface Packer {
  add(row: LogRow): void;
  /** Rows since the last batch. */
  rows(): number;
  take(): RowBatch;
}

/** @param most rows of a batch */
export function createPacker({ width, measures, measure, marks, mark }: RowLook, most: number): Packer {
  const numbers = new Map<string, number>();
  const measured = new Float64Array(measures);
  const marked = new Int32Array(marks);
  const fresh = () => ({
    rows: 0,
    ts: new Float64Array(most),
    lines: new Float64Array(most),
    measures: new Float64Array(most * measures),
    marks: new Int32Array(most * marks),
    paths: [] as { from: number; path: string | undefined }[],
  });
  let batch = fresh();
  let kinds: number[] = [];
  let cells: number[] = [];
  let texts: string[] = [];
  let others: LogValue[] = [];
  let anew = true;
  let path: string | undefined;

  const put = (value: LogValue): void => {
    switch (typeof value) {
      case "string": {
        let number = numbers.get(value);
        if (number === undefined) {
          number = numbers.size;
          numbers.set(value, number);
          texts.push(value);
        }
        kinds.push(TEXT);
        cells.push(number);
        return;
      }
      case "number":
        kinds.push(NUMBER);
        cells.push(value);
        return;
      case "undefined":
      case "boolean":
        kinds.push(value === undefined ? UNSET : value ? TRUE : FALSE);
        cells.push(0);
        return;
      default:
        kinds.push(OTHER);
        cells.push(others.push(value) - 1);
    }
  };

  return {
    add(row) {
      const at = batch.rows++;
      batch.ts[at] = row.ts;
      batch.lines[at] = row.line;
      measure(row, measured);
      for (let i = 0; i < measures; i++) batch.measures[at * measures + i] = measured[i] ?? 0;
      mark(row, marked);
      let isMarked = false;
      for (let i = 0; i < marks; i++) {
        const one = marked[i] ?? 0;
        batch.marks[at * marks + i] = one;
        if (one !== 0) isMarked = true;
      }
      if (at === 0 || row.path !== path) {
        path = row.path;
        batch.paths.push({ from: at, path });
      }
      if (isMarked) for (let i = 0; i < width; i++) put(row.values[i]);
    },
    rows: () => batch.rows,
    take() {
      const full: RowBatch = {
        ...batch,
        kinds: Uint8Array.from(kinds),
        cells: Float64Array.from(cells),
        texts,
        anew,
        others,
      };
      batch = fresh();
      kinds = [];
      cells = [];
      texts = [];
      others = [];
      anew = numbers.size > MOST_TEXTS;
      if (anew) numbers.clear();
      return full;
    },
  };
}

/** The pieces of a batch that can change hands instead of being copied. */
export function transferable(batch: RowBatch): ArrayBuffer[] {
  return [batch.ts, batch.lines, batch.measures, batch.marks, batch.kinds, batch.cells].map(
    ({ buffer }) => buffer,
  );
}

export interface Unpacker {
  /** Whose rows come next; all of the batch before must have been read. */
  load(batch: RowBatch): void;
  /** Fills the row with the next one; false when there is none. `row.numbers` are the measures. */
  next(row: LogRow): boolean;
}

export function createUnpacker({
  width,
  measures,
  marks,
}: Pick<RowLook, "width" | "measures" | "marks">): Unpacker {
  let batch: RowBatch | undefined;
  let texts: string[] = [];
  let at = 0;
  let cell = 0;
  let run = 0;

  const cellValue = ({ kinds, cells, others }: RowBatch, place: number): LogValue => {
    const number = cells[place] ?? 0;
    switch (kinds[place]) {
      case NUMBER:
        return number;
      case TEXT:
        return texts[number];
      case TRUE:
        return true;
      case FALSE:
        return false;
      case OTHER:
        return others[number];
      default:
        return undefined;
    }
  };

  return {
    load(loaded) {
      batch = loaded;
      texts = loaded.anew ? [...loaded.texts] : texts;
      if (!loaded.anew) for (const text of loaded.texts) texts.push(text);
      at = 0;
      cell = 0;
      run = 0;
    },
    next(row) {
      if (batch === undefined || at >= batch.rows) return false;
      row.ts = batch.ts[at] ?? 0;
      row.line = batch.lines[at] ?? 0;
      for (let i = 0; i < measures; i++) row.numbers[i] = batch.measures[at * measures + i] ?? 0;
      let isMarked = false;
      for (let i = 0; i < marks; i++) {
        const one = batch.marks[at * marks + i] ?? 0;
        row.marks[i] = one;
        if (one !== 0) isMarked = true;
      }
      const next = batch.paths[run];
      if (next !== undefined && next.from === at) {
        row.path = next.path;
        run++;
      }
      if (isMarked) for (let i = 0; i < width; i++) row.values[i] = cellValue(batch, cell++);
      at++;
      return true;
    },
  };
}
