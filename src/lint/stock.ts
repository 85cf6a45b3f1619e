/**
 * Tells OSSEC's (and Wazuh's) own rules and decoders from those of the reader, by their text: a rule that an
 * installation changed is the reader's, one that was copied to another file is not. Only hashes are kept here.
 */
import type { LoadedOssec } from "../ossec/definitions.js";
import type { ElementRange } from "../ossec/source-map.js";
import { type SourceRange, type SourceText, spanOf, textAt } from "../ossec/xml/source.js";
import { isBuiltIn } from "./elements.js";
import { stockHashes } from "./stock-hashes.js";

/** Characters of a hash: 48 bits. */
export const hashWidth = 8;
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Comments, line ends and indentation are of no account. */
export function normalised(text: string): string {
  return text
    .replace(/<!-*[\s\S]*?(?:-->|!>)/g, "")
    .replace(/\s+/g, " ")
    .replace(/> /g, ">")
    .replace(/ </g, "<")
    .trim();
}

/** FNV-1a over 16-bit units, twice with different bases: 48 bits as 8 digits. */
export function stockHash(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x2f0b4a37;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ unit ^ (one >>> 15), 0x85ebca6b);
  }
  let hash = "";
  for (const [word, count] of [
    [one ^ (one >>> 13), 4],
    [other ^ (other >>> 16), 4],
  ] as const) {
    for (let at = 0; at < count; at++) hash += digits.charAt((word >>> (at * 6)) & 63);
  }
  return hash;
}

let known: ReadonlySet<string> | null = null;

function isKnown(place: SourceRange): boolean {
  if (known === null) {
    const all = stockHashes.join("");
    const set = new Set<string>();
    for (let at = 0; at < all.length; at += hashWidth) set.add(all.slice(at, at + hashWidth));
    known = set;
  }
  return known.has(stockHash(normalised(textAt(place))));
}

type Written = { readonly place: SourceRange; readonly elements: readonly ElementRange[] };

/** From the opening tag to the end of the closing one. */
export function extent({ place, elements }: Written): SourceRange {
  const { source, start } = place;
  const last = elements.reduce((end, one) => Math.max(end, one.place.end), place.end);
  const close = source.text.indexOf("</", last);
  const end = close < 0 ? -1 : source.text.indexOf(">", close);
  return { source, start, end: end < 0 ? last : end + 1 };
}

/** Which parts of what was loaded came with the system. */
export interface StockContent {
  /** Some rule or decoder did. */
  readonly any: boolean;
  isStock(place: SourceRange): boolean;
  /** The same for what has no offsets. */
  isStockLine(file: string, line: number): boolean;
}

export const nothingStock: StockContent = { any: false, isStock: () => false, isStockLine: () => false };

interface Item {
  readonly place: SourceRange;
  readonly stock: boolean;
}

/** The rules and decoders of a file, by their offsets. */
interface FileItems {
  readonly source: SourceText;
  readonly items: Item[];
}

function itemAt(items: readonly Item[], offset: number): Item | null {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.place.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const found = items[low - 1];
  return found !== undefined && offset < found.place.end ? found : null;
}

export function stockContent({ rules, decoders, written }: LoadedOssec): StockContent {
  const files = new Map<string, FileItems>();
  let any = false;
  const add = (written: Written): void => {
    if (isBuiltIn(written.place)) return;
    const place = extent(written);
    const { source } = place;
    const stock = isKnown(place);
    any ||= stock;
    const file = files.get(source.file);
    if (file === undefined) files.set(source.file, { source, items: [{ place, stock }] });
    else file.items.push({ place, stock });
  };
  for (const rule of rules) {
    const source = written.rule(rule);
    add(source);
    for (const overwrite of source.overwrites) add(overwrite);
  }
  for (const decoder of decoders.all) add(written.decoder(decoder));
  if (!any) return nothingStock;
  const mostly = new Set<string>();
  for (const [file, { items }] of files) {
    items.sort((one, other) => one.place.start - other.place.start);
    if (items.filter(({ stock }) => stock).length * 2 > items.length) mostly.add(file);
  }
  const stockAt = (file: string, offset: number): boolean =>
    // What stands around the rules (a group's name, a variable) is of a piece with most of them.
    itemAt(files.get(file)?.items ?? [], offset)?.stock ?? mostly.has(file);
  return {
    any,
    isStock: ({ source, start }) => stockAt(source.file, start),
    isStockLine(file, line) {
      for (const { place, stock } of files.get(file)?.items ?? []) {
        const { line: from, endLine = from } = spanOf(place);
        if (line >= from && line <= endLine) return stock;
      }
      return mostly.has(file);
    },
  };
}
