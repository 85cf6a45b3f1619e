/** A draft as files of TypeScript, formatted as biome.json says. */
import type { ValueList } from "../../dsl/list.js";
import type { DeclaredLog } from "../../dsl/zeek-log.js";
import type { Draft, DraftConstant, Drafted, DraftedRaw, DraftModule, DraftSettings } from "../draft.js";
import { type Document, group, hardLine, indent, join, print, trailingComma, width } from "./document.js";
import { Identifiers } from "./identifiers.js";
import { commentLines, rawTemplate, stringLiteral } from "./text.js";
import { braced, bracketed, type Names, ValuePrinter, valueKey } from "./values.js";

export interface WrittenFile {
  /** Below the folder that is written to, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Writes the draft: `NAME.zopf.ts`, and a file for each module in `NAME/` where there are several. */
export function writeDraft(draft: Draft): readonly WrittenFile[] {
  const { name } = draft.settings;
  const { unused = [] } = draft;
  const [only, ...more] = draft.modules;
  const files = new FileNames();
  const unusedFiles = (): readonly WrittenFile[] =>
    unused.map((module) => ({
      path: `${name}/${files.take(module.name)}.ts`,
      text: moduleFile(module, draft, new Map(), null),
    }));
  if (only === undefined || more.length === 0) {
    return [{ path: `${name}.zopf.ts`, text: oneFile(draft, only ?? null) }, ...unusedFiles()];
  }
  const lists = draft.lists.length === 0 ? null : files.take("lists");
  const listNames = namesOfLists(draft.lists, new Identifiers());
  const identifiers = new Identifiers();
  const parts = draft.modules.map((module) => {
    const file = files.take(module.name);
    return { module, file, identifier: identifiers.take(file) };
  });
  return [
    {
      path: `${name}.zopf.ts`,
      text: mainFile(
        draft,
        parts.map(({ module, file, identifier }) => ({ module, from: `./${name}/${file}.js`, identifier })),
      ),
    },
    ...(lists === null ? [] : [{ path: `${name}/${lists}.ts`, text: listsFile(draft.lists, listNames) }]),
    ...parts.map(({ module, file }) => ({
      path: `${name}/${file}.ts`,
      text: moduleFile(module, draft, listNames, lists === null ? null : `./${lists}.js`),
    })),
    ...unusedFiles(),
  ];
}

/** Names of files, each once: `sshd-rules`. */
class FileNames {
  readonly #taken = new Set<string>();

  take(wish: string): string {
    const start =
      wish
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 60) || "rules";
    for (let count = 1; ; count++) {
      const name = count === 1 ? start : `${start}-${count}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

type ListNames = ReadonlyMap<object, string>;

function namesOfLists(lists: readonly Drafted<ValueList>[], identifiers: Identifiers): ListNames {
  return new Map(lists.map(({ value }) => [value, identifiers.take(value.name)]));
}

interface Constants {
  readonly names: Pick<Names, "rules" | "values">;
  readonly declarations: readonly Document[];
}

function constantsOf(constants: readonly DraftConstant[], identifiers: Identifiers): Constants {
  const rules = new Map<number, string>();
  const values = new Map<string, string>();
  const plain = new ValuePrinter({ lists: new Map(), rules, values: new Map(), functions: new Map() });
  const declarations: Document[] = [];
  const ofValues: Document[] = [];
  for (const constant of constants) {
    const name = identifiers.take(constant.name);
    if (constant.kind === "rule") {
      rules.set(constant.value, name);
      declarations.push([comments(constant.comments, 0), `const ${name} = ${constant.value};`, hardLine]);
      continue;
    }
    const { property, value } = constant;
    values.set(valueKey(property, value), name);
    const fixed = typeof value === "string" ? "" : " as const";
    ofValues.push([`const ${name} = `, plain.value(value), `${fixed};`, hardLine]);
  }
  if (ofValues.length > 0) declarations.push(ofValues);
  return { names: { rules, values }, declarations };
}

/** The whole bundle in one file. */
function oneFile(draft: Draft, module: DraftModule | null): string {
  const identifiers = new Identifiers();
  const { constants = [], imports: needed = [] } = draft.functions ?? {};
  for (const { name } of constants) identifiers.reserve(name);
  const lists = namesOfLists(draft.lists, identifiers);
  const { names, declarations } = constantsOf(
    [...(module?.constants ?? []), ...(draft.constants ?? [])],
    identifiers,
  );
  const logs = (draft.logs ?? []).map((log) => [log, identifiers.take(`${log.path} log`)] as const);
  const printer = new ValuePrinter({
    ...names,
    lists: new Map<object, string>([...lists, ...logs]),
    functions: draft.functions?.texts ?? new Map(),
  });
  const declared = draft.lists.map((list) => declaredList(list, lists, printer, ""));
  for (const [log, name] of logs) declared.push(declaredLog(log, name, printer));
  const bundle = definedBundle(draft, printer, {
    detections: itemList(module?.detections ?? [], 2, ({ value }) => printer.detection(value)),
    raw:
      (module?.raw ?? []).length === 0
        ? null
        : itemList(module?.raw ?? [], 2, (raw) => rawCall(raw, printer, 2)),
  });
  return print([
    comments(draft.comments, 0),
    comments(module?.comments ?? [], 0),
    imports(["defineBundle", ...printer.helpers, ...needed]),
    hardLine,
    ...spaced([
      ...declarations,
      ...declared,
      ...constants.map(({ name, text }): Document => [`const ${name} = ${text};`, hardLine]),
    ]),
    bundle,
    hardLine,
  ]);
}

interface ImportedModule {
  readonly module: DraftModule;
  readonly from: string;
  readonly identifier: string;
}

/** The bundle where its detections stand in files of their own. */
function mainFile(draft: Draft, modules: readonly ImportedModule[]): string {
  const identifiers = new Identifiers();
  for (const { identifier } of modules) identifiers.reserve(identifier);
  const { names, declarations } = constantsOf(draft.constants ?? [], identifiers);
  const printer = new ValuePrinter({
    ...names,
    lists: new Map(),
    functions: draft.functions?.texts ?? new Map(),
  });
  const spread = (wanted: readonly ImportedModule[], property: string): Document =>
    bracketed(wanted.map(({ identifier }) => `...${identifier}.${property}`));
  const withRaw = modules.filter(({ module }) => module.raw.length > 0);
  const bundle = definedBundle(draft, printer, {
    detections: spread(
      modules.filter(({ module }) => module.detections.length > 0),
      "detections",
    ),
    raw: withRaw.length === 0 ? null : spread(withRaw, "raws"),
  });
  return print([
    comments(draft.comments, 0),
    imports(["defineBundle", ...printer.helpers]),
    [...modules]
      .sort(({ from: one }, { from: other }) => (one < other ? -1 : 1))
      .map(
        ({ from, identifier }): Document => [
          `import * as ${identifier} from ${stringLiteral(from)};`,
          hardLine,
        ],
      ),
    hardLine,
    ...spaced(declarations),
    bundle,
    hardLine,
  ]);
}

function listsFile(lists: readonly Drafted<ValueList>[], names: ListNames): string {
  const printer = new ValuePrinter({
    lists: new Map(),
    rules: new Map(),
    values: new Map(),
    functions: new Map(),
  });
  const declared = lists.map((list) => declaredList(list, names, printer, "export "));
  return print([imports(["list"]), hardLine, ...spaced(declared, true)]);
}

function moduleFile(module: DraftModule, draft: Draft, lists: ListNames, listsFrom: string | null): string {
  const identifiers = new Identifiers();
  for (const name of lists.values()) identifiers.take(name);
  const { names, declarations } = constantsOf(module.constants, identifiers);
  const printer = new ValuePrinter({ ...names, lists, functions: draft.functions?.texts ?? new Map() });
  const { detections, raw } = module;
  const used = [...printer.usedLists(detections.map(({ value }) => value))].sort();
  const body: Document[] = [];
  if (detections.length > 0) {
    const items = itemList(detections, 1, ({ value }) => printer.detection(value));
    body.push(["export const detections: readonly Detection[] = ", items, ";", hardLine]);
  }
  if (raw.length > 0) {
    const items = itemList(raw, 1, (one) => rawCall(one, printer, 1));
    body.push(["export const raws: readonly RawXml[] = ", items, ";", hardLine]);
  }
  return print([
    comments(module.comments, 0),
    imports([
      ...(detections.length > 0 ? ["type Detection"] : []),
      ...(raw.length > 0 ? ["type RawXml"] : []),
      ...printer.helpers,
    ]),
    listsFrom !== null && used.length > 0
      ? [group(["import ", braced(used), ` from ${stringLiteral(listsFrom)};`]), hardLine]
      : "",
    hardLine,
    ...spaced(declarations),
    ...spaced(body, true),
  ]);
}

/** Everything but the last followed by an empty line; the last too, where something comes behind it. */
function spaced(parts: readonly Document[], last = false): readonly Document[] {
  return parts.flatMap((part, index) => (last && index === parts.length - 1 ? [part] : [part, hardLine]));
}

function imports(names: readonly string[]): Document {
  if (names.length === 0) return "";
  const key = (name: string): string => name.replace(/^type /, "").toLowerCase();
  const sorted = [...new Set(names)].sort((one, other) => (key(one) < key(other) ? -1 : 1));
  return [group(["import ", braced(sorted), ' from "zopf";']), hardLine];
}

function comments(texts: readonly string[], depth: number): Document {
  const room = width - 2 * depth;
  return texts.flatMap((text) =>
    commentLines(text, room).flatMap((line): readonly Document[] => [line, hardLine]),
  );
}

function declaredList(
  { value, comments: said }: Drafted<ValueList>,
  names: ListNames,
  printer: ValuePrinter,
  start: string,
): Document {
  printer.helpers.add("list");
  const name = names.get(value) ?? "list";
  return [comments(said, 0), `${start}const ${name} = list(`, printer.object(value), ");", hardLine];
}

function declaredLog(log: DeclaredLog, name: string, printer: ValuePrinter): Document {
  printer.helpers.add("zeekLog");
  return [`const ${name} = zeekLog(`, printer.object(log), ");", hardLine];
}

/** A list whose items stand on lines of their own, with their comments above them. */
function itemList<Item extends { readonly comments: readonly string[] }>(
  items: readonly Item[],
  depth: number,
  write: (item: Item) => Document,
): Document {
  if (items.length === 0) return "[]";
  const parts = items.map((item): Document => [comments(item.comments, depth), write(item)]);
  return group(["[", indent([hardLine, join(parts, [",", hardLine]), trailingComma]), hardLine, "]"], true);
}

/** `raw({ … })`, its XML between back quotes where it can stand there. */
function rawCall({ value, because }: DraftedRaw, printer: ValuePrinter, depth: number): Document {
  printer.helpers.add("raw");
  const properties = Object.entries(value)
    .filter(([, held]) => held !== undefined)
    .map(([key, held]) =>
      printer.property(
        key,
        (key === "rules" || key === "decoders") && typeof held === "string"
          ? xmlText(held)
          : printer.value(held, key),
      ),
    );
  const why = because === "" ? [] : [comments([`No form in a bundle: ${because}.`], depth)];
  return [...why, "raw(", braced(properties, true), ")"];
}

function xmlText(xml: string): Document {
  const template = rawTemplate(xml, true);
  if (template !== null) return `String.raw${template}`;
  const lines = xml.split("\n");
  if (lines.length === 1) return stringLiteral(xml);
  return [bracketed(lines.map(stringLiteral)), '.join("\\n")'];
}

/** `export default defineBundle({ … });` */
function definedBundle(
  draft: Draft,
  printer: ValuePrinter,
  contents: { readonly detections: Document; readonly raw: Document | null },
): Document {
  const { settings, responses } = draft;
  const { name, ossec, zeek, firewall, targets } = settings;
  const properties: (readonly [string, Document])[] = [["name", stringLiteral(name)]];
  if (zeek !== undefined) properties.push(["zeek", printer.value(zeek)]);
  properties.push(["ossec", printer.value(ossec)]);
  if (targets !== undefined) properties.push(["targets", printer.value(targets)]);
  else if (firewall !== undefined) properties.push(["firewall", printer.value(firewall)]);
  properties.push(...networks(settings, printer));
  properties.push(["detections", contents.detections]);
  if (contents.raw !== null) properties.push(["raw", contents.raw]);
  if (responses.length > 0)
    properties.push(["responses", itemList(responses, 2, ({ value }) => printer.object(value))]);
  const written = properties.map(([key, value]) => printer.property(key, value));
  return ["export default defineBundle(", braced(written, true), ");"];
}

function networks(
  { neverBlock, ownAddresses }: DraftSettings,
  printer: ValuePrinter,
): readonly (readonly [string, Document])[] {
  const found: (readonly [string, Document])[] = [];
  for (const [key, all] of [
    ["neverBlock", neverBlock],
    ["ownAddresses", ownAddresses],
  ] as const) {
    if (all.length === 0) continue;
    const said = all.some(({ comments: texts }) => texts.length > 0);
    const written = said
      ? itemList(all, 2, ({ value }) => printer.value(value))
      : printer.value(all.map(({ value }) => value));
    found.push([key, written]);
  }
  return found;
}
