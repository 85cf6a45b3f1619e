/** Modules of a draft: one a file, or all in one where they are small. */
import type { Detection } from "../../dsl/detection.js";
import type { RawXml } from "../../dsl/raw.js";
import { spanOf } from "../../ossec/xml/source.js";
import type { Drafted, DraftedRaw, DraftModule, Refused } from "../draft.js";
import { baseName, type ImportedDecoder, type ImportedFile, type ImportedRule } from "./imported-files.js";
import { NoForm } from "./no-form.js";
import { noText, rawDecoder, rawRule } from "./raw-xml.js";

/** What each rule became. */
export type Forms = ReadonlyMap<ImportedRule, Detection | NoForm>;

/** Of each rule that is raw where it stands: before the next detection, in whatever file, else behind the last. */
export type RawPlaces = ReadonlyMap<ImportedRule, Pick<RawXml, "before" | "after">>;

export function rawPlaces(all: readonly ImportedRule[], forms: Forms): RawPlaces {
  const found = new Map<ImportedRule, Pick<RawXml, "before" | "after">>();
  const last = all.findLast((one) => !(forms.get(one) instanceof NoForm));
  let next: string | null = null;
  for (const one of [...all].reverse()) {
    if (next !== null) found.set(one, { before: next });
    else if (last !== undefined) found.set(one, { after: last.name });
    if (!(forms.get(one) instanceof NoForm)) next = one.name;
  }
  return found;
}

/** A log detection, and the decoders that it stands for. */
export interface DraftedLog {
  readonly detection: Detection;
  readonly decoders: readonly ImportedDecoder[];
}

/** Comments that stood above decoders, by the rule of the log detection that stands for them. */
export type DecoderComments = ReadonlyMap<number, readonly string[]>;

/** The files without the decoders that became log detections. */
export function withoutDecodersOf(
  logs: ReadonlyMap<number, DraftedLog>,
  files: readonly ImportedFile[],
): { readonly files: readonly ImportedFile[]; readonly above: DecoderComments } {
  if (logs.size === 0) return { files, above: new Map() };
  const taken = new Set([...logs.values()].flatMap(({ decoders }) => decoders));
  const kept = files.map((file) => ({ ...file, decoders: file.decoders.filter((one) => !taken.has(one)) }));
  // Several detections may read by one decoder: the first has its comments.
  const above = [...logs].map(([id, { decoders }]) => {
    const said = decoders.flatMap((one) =>
      taken.delete(one) ? [...one.item.comments, ...one.findings] : [],
    );
    return [id, said] as const;
  });
  return { files: kept, above: new Map(above) };
}

/** The module of a file; what cannot be written of it is refused. */
export function moduleOf(
  file: ImportedFile,
  forms: Forms,
  places: RawPlaces,
  above: DecoderComments,
  refused: Refused[],
): DraftModule {
  const detections: Drafted<Detection>[] = [];
  const raw: DraftedRaw[] = rawDecoders(file);
  for (const one of file.rules) {
    const form = forms.get(one);
    const { name, item, accept, rule } = one;
    const origin = { place: spanOf(item.element.opening), rules: [rule.id] };
    const comments = [...(above.get(rule.id) ?? []), ...one.comments];
    if (form !== undefined && !(form instanceof NoForm)) {
      detections.push({ value: form, comments, origin });
      continue;
    }
    const xml = rawRule(item, file.usesVariables, accept);
    if (xml !== null)
      raw.push({
        value: { name, ...places.get(one), rules: xml },
        comments,
        origin,
        because: form?.because ?? "",
      });
    else refused.push({ what: `rule ${rule.id}`, ...noText(item), rules: [rule.id] });
  }
  return { name: baseName(file.source.file), comments: file.comments, constants: [], detections, raw };
}

/** The decoders of a file as one piece of XML. */
function rawDecoders({ source, decoders, usesVariables, name }: ImportedFile): DraftedRaw[] {
  const texts = decoders.flatMap(({ item }) => rawDecoder(item, usesVariables) ?? []);
  if (texts.length === 0) return [];
  const place = spanOf({ source, start: 0, end: 0 });
  const value = { name, decoders: `\n${texts.join("\n\n")}\n` };
  const comments = decoders.flatMap(({ findings }) => findings);
  return [{ value, comments, origin: { place, rules: [] }, because: "" }];
}

/** The decoder that the line of a file's raw decoders belongs to, from 1. */
export function decoderAtLine(
  { decoders, usesVariables }: ImportedFile,
  line: number,
): ImportedDecoder | undefined {
  // An empty line stands above all of them, and between two.
  let next = 2;
  return decoders.find(({ item }) => {
    const text = rawDecoder(item, usesVariables);
    if (text === null) return false;
    next += text.split("\n").length + 1;
    return line < next;
  });
}

/** Of that many detections and pieces of raw XML one file is still read easily. */
const inOneFile = 40;

export function isSmall(modules: readonly DraftModule[]): boolean {
  const size = modules.reduce((sum, { detections, raw }) => sum + detections.length + raw.length, 0);
  return modules.length > 1 && size <= inOneFile;
}

/** All modules in one: what was said of a file stands above the first that came from it. */
export function joined(modules: readonly DraftModule[]): DraftModule {
  const detections: Drafted<Detection>[] = [];
  const raw: DraftedRaw[] = [];
  for (const { comments, detections: own, raw: ownRaw } of modules) {
    const [first, ...more] = own;
    const [firstRaw, ...moreRaw] = ownRaw;
    if (first !== undefined)
      detections.push({ ...first, comments: [...comments, ...first.comments] }, ...more);
    if (firstRaw !== undefined)
      raw.push(
        first === undefined ? { ...firstRaw, comments: [...comments, ...firstRaw.comments] } : firstRaw,
        ...moreRaw,
      );
  }
  return { name: "rules", comments: [], constants: [], detections, raw };
}
