import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { forEachRecord, type ReadOptions } from "../../src/zeek/logs/cursor.js";
import type { LogValue } from "../../src/zeek/logs/types.js";
import { scratchFolder } from "../scratch-folder.js";

/** A directory that goes with the process. */
export function scratch(): string {
  return scratchFolder("zeek");
}

export function put(directory: string, name: string, content: string | Uint8Array): string {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? Buffer.from(content, "latin1") : content);
  return file;
}

export interface ReadBack {
  readonly rows: { readonly values: readonly LogValue[]; readonly line: number; readonly ts: number }[];
  /** `code line: message` of each diagnostic. */
  readonly said: readonly string[];
}

export async function readBack(file: string, options: ReadOptions = {}): Promise<ReadBack> {
  const rows: { values: LogValue[]; line: number; ts: number }[] = [];
  const diagnostics = await forEachRecord(file, options, (row) => {
    rows.push({ values: [...row.values], line: row.line, ts: row.ts });
  });
  return { rows, said: diagnostics.map((d) => `${d.code} ${d.line}: ${d.message}`) };
}

/** The header of a small log. */
export const header = (fields: string, types: string) =>
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tt\n#fields\t${fields.replaceAll(" ", "\t")}\n#types\t${types.replaceAll(" ", "\t")}\n`;
