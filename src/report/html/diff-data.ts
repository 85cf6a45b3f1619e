import type { Behaviour, Change, Unmanaged } from "../../diff/change.js";
import type { Row, TableData } from "./table.js";

export interface PageChange extends Change {
  readonly host?: string;
}

export interface DiffData {
  readonly kind: "diff";
  readonly changes: readonly PageChange[];
  readonly unmanaged: readonly Unmanaged[];
  readonly behaviours: readonly (Behaviour & { readonly bundle: string })[];
}

/** What a change means for the defence; what matters most first. */
const meanings = ["weakens the defence", "weaker there now", "conflict", "to look at", "other"] as const;
type Meaning = (typeof meanings)[number];

export function meaningOf({ weakens, strengthens, kind, security }: Change): Meaning {
  if (weakens) return "weakens the defence";
  if (strengthens) return "weaker there now";
  if (kind === "conflict") return "conflict";
  return security ? "to look at" : "other";
}

const tones = {
  "weakens the defence": "bad",
  "weaker there now": "alert",
  conflict: "alert",
  "to look at": "notice",
  other: "plain",
} as const;

/** What weakens first; within the same meaning as they came. */
export function byMeaning(changes: readonly PageChange[]): readonly PageChange[] {
  return meanings.flatMap((meaning) => changes.filter((one) => meaningOf(one) === meaning));
}

export function diffTables({ changes, unmanaged }: DiffData): readonly TableData[] {
  const hosts = changes.some(({ host }) => host !== undefined);
  return [
    {
      id: "changes",
      caption: "What a deploy would change",
      columns: [
        { title: "What it means", kind: "choice" },
        { title: "What changes", kind: "text" },
        { title: "Done", kind: "choice" },
        { title: "Of what kind", kind: "choice" },
        ...(hosts ? [{ title: "Host", kind: "choice" } as const] : []),
        { title: "File", kind: "path" },
      ],
      rows: changes.map((one): Row => {
        const { summary, kind, what, host, file } = one;
        const meaning = meaningOf(one);
        return {
          cells: [meaning, summary, kind, what, ...(hosts ? [host ?? null] : []), file],
          tone: tones[meaning],
        };
      }),
      empty: "There are no differences.",
    },
    {
      id: "unmanaged",
      caption: "Entries of others, which are left alone",
      columns: [
        { title: "Entry", kind: "code" },
        { title: "Kind", kind: "choice" },
        { title: "File", kind: "path" },
      ],
      rows: unmanaged.map(({ id, what, file }) => ({ cells: [id, what, file] })),
      empty: "There are no entries of others.",
    },
  ];
}
