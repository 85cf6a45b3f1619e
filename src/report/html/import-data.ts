import type { Row, TableData } from "./table.js";

/** An import as plain data. */
export interface ImportData {
  readonly kind: "import";
  readonly files: readonly {
    readonly file: string;
    readonly rules: number;
    readonly raw: number;
    /** `3 rule, 1 burst` */
    readonly as: string;
  }[];
  /** What did not come over, and what did as raw XML alone. */
  readonly losses: readonly {
    readonly what: string;
    readonly place: string;
    readonly outcome: "refused" | "raw";
    readonly reason: string;
    readonly help: string | null;
  }[];
  readonly differences: readonly {
    readonly from: string;
    readonly what: string;
    readonly text: string;
  }[];
  /** Rules that no line reached. */
  readonly unproven: readonly { readonly rule: string; readonly reason: string }[];
}

export function importTables({ files, losses, differences, unproven }: ImportData): readonly TableData[] {
  return [
    {
      id: "files",
      caption: "Every file",
      columns: [
        { title: "File", kind: "path" },
        { title: "Rules", kind: "number" },
        { title: "Raw", kind: "number" },
        { title: "Became", kind: "text" },
      ],
      rows: files.map(({ file, rules, raw, as }): Row => ({ cells: [file, rules, raw, as] })),
      empty: "Nothing came over.",
    },
    {
      id: "losses",
      caption: "What did not come over, or only as raw XML",
      columns: [
        { title: "What", kind: "text" },
        { title: "Outcome", kind: "choice" },
        { title: "Why", kind: "text" },
        { title: "What to do", kind: "text" },
        { title: "Where", kind: "path" },
      ],
      rows: losses.map(
        ({ what, outcome, reason, help, place }): Row => ({
          cells: [what, outcome, reason, help, place],
          tone: outcome === "refused" ? "refused" : "notice",
        }),
      ),
      empty: "Everything came over.",
    },
    {
      id: "differences",
      caption: "Lines that the files and the bundle answer differently",
      columns: [
        { title: "Line of", kind: "text" },
        { title: "Before → after", kind: "text" },
        { title: "Line", kind: "path" },
      ],
      rows: differences.map(({ from, what, text }): Row => ({ cells: [from, what, text], tone: "bad" })),
      empty: "No line is answered differently.",
    },
    {
      id: "unproven",
      caption: "Rules that no line reached",
      columns: [
        { title: "Rule", kind: "code" },
        { title: "Why", kind: "text" },
      ],
      rows: unproven.map(({ rule, reason }): Row => ({ cells: [rule, reason] })),
      empty: "A line reached every rule.",
    },
  ];
}
