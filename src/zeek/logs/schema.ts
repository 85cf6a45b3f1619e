import { unescapeTsv } from "./escape.js";
import { asName } from "./intern.js";
import { type LogColumn, parseLogType, typeByName } from "./types.js";
import { DEFAULT_TSV, type TsvStyle } from "./write.js";

/** What the header lines of a TSV log say so far. */
export interface TsvHeader {
  readonly style: TsvStyle;
  readonly path: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly types: readonly string[] | undefined;
}

export const NO_HEADER: TsvHeader = {
  style: DEFAULT_TSV,
  path: undefined,
  fields: undefined,
  types: undefined,
};

/** Takes in one `#` line. `changed` says that the columns must be bound again. */
export function readHeaderLine(header: TsvHeader, line: string): { header: TsvHeader; changed: boolean } {
  // `#separator` is followed by a blank and is escaped; all other lines use the separator itself.
  if (line.startsWith("#separator ")) {
    const separator = unescapeTsv(line.slice("#separator ".length));
    const next: TsvHeader = { ...NO_HEADER, style: { ...DEFAULT_TSV, separator: separator || "\t" } };
    return { header: next, changed: true };
  }
  const { separator } = header.style;
  const at = line.indexOf(separator);
  const key = at < 0 ? line : line.slice(0, at);
  const rest = at < 0 ? "" : line.slice(at + separator.length);
  const style = (part: Partial<TsvStyle>) => ({
    header: { ...header, style: { ...header.style, ...part } },
    changed: true,
  });
  switch (key) {
    case "#set_separator":
      return style({ setSeparator: rest });
    case "#empty_field":
      return style({ emptyField: rest });
    case "#unset_field":
      return style({ unsetField: rest });
    case "#path":
      return { header: { ...header, path: asName(rest) }, changed: false };
    case "#fields":
      return { header: { ...header, fields: rest.split(separator), types: undefined }, changed: true };
    case "#types":
      return { header: { ...header, types: rest.split(separator) }, changed: true };
    default:
      return { header, changed: false };
  }
}

/** Columns of a header; where `#types` is missing or short, types go by the column's name. */
export function headerColumns(header: TsvHeader): readonly LogColumn[] | undefined {
  return header.fields?.map((name, i) => {
    const type = header.types?.[i];
    return { name, type: type === undefined ? typeByName(name) : parseLogType(type) };
  });
}

const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/** The single line of column names that Zeek's `tsv` option writes instead of the header. */
export function readBareHeader(line: string): TsvHeader | undefined {
  const fields = line.split("\t");
  const plausible = fields.length > 1 && fields[0] === "ts" && fields.every((f) => COLUMN_NAME.test(f));
  return plausible ? { ...NO_HEADER, fields } : undefined;
}
