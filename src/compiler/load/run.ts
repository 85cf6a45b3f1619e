import type { ts } from "ts-morph";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import { contained } from "./contain.js";
import { describeException, placeOfException } from "./exceptions.js";
import { isFunctionNode } from "./free-names.js";
import { createWatch, type Limited } from "./limits.js";
import { defaultExportOf, ValueLocator } from "./locate.js";
import { closureOf, createModules, type Emission, ImportFailure, type ModuleSystem } from "./modules.js";
import { spanOfNode } from "./span.js";
import { createTagger, type Environment, type Tags } from "./tags.js";
import type { FunctionNode, InputFile, LoadedBundle, LoadResult, TaggedFunction } from "./types.js";
import { typescript } from "./typescript.js";

type Zopf = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Runs a checked bundle and makes its default export traceable. */
export async function runBundle(
  emission: Emission,
  root: { readonly path: string; readonly name: string },
  zopf: Zopf,
  timeLimit: number,
): Promise<LoadResult> {
  const watch = createWatch(timeLimit);
  let lastLoop = -1;
  const { tags, tagger } = createTagger((id) => {
    lastLoop = id;
    watch.round();
  });
  const jsonNodes = new WeakMap<object, ts.Node>();
  const bundles = new WeakSet<object>();
  const modules = createModules(
    emission,
    tagger,
    (value, node) => jsonNodes.set(value, node),
    new Map(Array.from(zopf, ([entry, exports]) => [entry, watched(exports, bundles)])),
  );

  const ended = await withoutRejections(() => watch.run(() => modules.load(root.path)));
  const file = emission.program.getSourceFile(root.path);
  const checker = emission.program.getTypeChecker();
  const exported = file === undefined ? null : defaultExportOf(file, checker);
  const start: Span = { file: root.name, line: 1, column: 1 };
  const whole = exported === null ? start : spanOfNode(exported);

  if (ended.end === "threw") {
    const place = placeOfException(ended.error, emission.emitted) ?? start;
    const make = ended.error instanceof ImportFailure ? codes.unresolvedImport : codes.exception;
    const message =
      ended.error instanceof ImportFailure ? ended.error.message : describeException(ended.error);
    return failed(make(place, message));
  }
  if (ended.end === "limit") {
    const loop = emission.tags.table.nodes[lastLoop];
    return failed(limitDiagnostic(ended.limit, loop === undefined ? whole : headOf(loop), timeLimit));
  }
  const value = defaultOf(ended.value, bundles);
  if (!value.found) {
    return failed(
      codes.noDefaultExport(
        start,
        "the file exports no default",
        "write `export default defineBundle({ … })`",
      ),
    );
  }
  if (!isObject(value.value) || !bundles.has(value.value)) {
    return failed(
      codes.notABundle(
        whole,
        "the default export is not what `defineBundle` returned",
        "write `export default defineBundle({ … })`",
      ),
    );
  }
  return {
    ok: true,
    bundle: {
      ...loaded(emission, root.path, modules, tags, { value: value.value, jsonNodes, whole }),
      exportName: exportNames(zopf),
    },
  };
}

/** Objects and functions alone: others are what they are. */
function exportNames(zopf: Zopf): (value: unknown) => string | null {
  const names = new Map<unknown, string>();
  for (const [name, value] of Object.entries(zopf.get("index") ?? {}))
    if (isObject(value)) names.set(value, name);
  return (value) => names.get(value) ?? null;
}

interface Made {
  readonly value: object;
  readonly jsonNodes: WeakMap<object, ts.Node>;
  readonly whole: Span;
}

function loaded(
  emission: Emission,
  root: string,
  modules: ModuleSystem,
  tags: Tags,
  { value, jsonNodes, whole }: Made,
): LoadedBundle {
  const ts = typescript();
  const { nodes, captured } = emission.tags.table;
  const checker = emission.program.getTypeChecker();
  const makerOf = (made: object): ts.Node | undefined => {
    const id = tags.makers.get(made) ?? tags.functions.get(made)?.id;
    return id === undefined ? jsonNodes.get(made) : nodes[id];
  };
  const known = new WeakMap<object, TaggedFunction>();
  const sourceOf = (fn: unknown): TaggedFunction | null => {
    if (typeof fn !== "function") return null;
    const before = known.get(fn);
    if (before !== undefined) return before;
    const tag = tags.functions.get(fn);
    const node = tag === undefined ? undefined : nodes[tag.id];
    if (tag === undefined || node === undefined || !isFunctionNode(ts, node)) return null;
    const source = tagged(node, tag.environment, captured.get(tag.id) ?? new Set(), checker);
    known.set(fn, source);
    return source;
  };
  const locator = new ValueLocator(checker, makerOf, whole);
  return {
    value,
    files: inputFiles(emission, root, modules),
    cacheable: !modules.sawOutside(),
    locate: (value, ...path) => locator.locate(value, ...path),
    sourceOf,
  };
}

function tagged(
  node: FunctionNode,
  environment: Environment | null,
  captured: ReadonlySet<string>,
  checker: ts.TypeChecker,
): TaggedFunction {
  return {
    node,
    captured,
    checker,
    span: spanOfNode(node),
    environment: (name) => {
      try {
        return environment?.(name);
      } catch {
        return undefined; // a variable before its initialisation
      }
    },
  };
}

function inputFiles(emission: Emission, root: string, modules: ModuleSystem): readonly InputFile[] {
  const hashes = new Map(modules.packages);
  for (const path of closureOf(emission, root)) {
    const sha256 = emission.host.hashes.get(path);
    if (sha256 !== undefined) hashes.set(path, sha256);
  }
  return Array.from(hashes, ([path, sha256]) => ({ path, sha256 })).sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

/** zopf as the bundle sees it: the same, and what `defineBundle` returns is remembered. */
function watched(exports: Readonly<Record<string, unknown>>, bundles: WeakSet<object>): object {
  const seen: Record<string, unknown> = { ...exports };
  const define = exports.defineBundle;
  if (typeof define === "function") {
    seen.defineBundle = (...given: unknown[]): unknown => {
      const bundle: unknown = define(...given);
      if (isObject(bundle)) bundles.add(bundle);
      return bundle;
    };
  }
  return Object.defineProperty(seen, "__esModule", { value: true });
}

function defaultOf(
  exports: unknown,
  bundles: WeakSet<object>,
): { readonly found: boolean; readonly value: unknown } {
  if (!isObject(exports)) return { found: false, value: undefined };
  if (bundles.has(exports)) return { found: true, value: exports }; // `export = defineBundle(…)`
  const value: unknown = Reflect.get(exports, "default");
  return { found: value !== undefined || Object.hasOwn(exports, "default"), value };
}

/** A promise that the bundle leaves rejected would end the process; it ends the bundle instead. */
async function withoutRejections<T>(run: () => Limited<T>): Promise<Limited<T>> {
  const rejected: unknown[] = [];
  const listen = (reason: unknown): void => {
    rejected.push(reason);
  };
  process.on("unhandledRejection", listen);
  try {
    const ended = await contained(run);
    return ended.end === "returned" && rejected.length > 0 ? { end: "threw", error: rejected[0] } : ended;
  } finally {
    process.off("unhandledRejection", listen);
  }
}

function limitDiagnostic(limit: "time" | "memory", place: Span, timeLimit: number): Diagnostic {
  return limit === "time"
    ? codes.endless(
        place,
        `the bundle was still running after ${timeLimit / 1000} s`,
        "this is where it was then: look for a loop that does not end",
      )
    : codes.memory(
        place,
        "the bundle used up the memory that it may",
        "look for a loop here that collects without end",
      );
}

/** A loop without its body. */
function headOf(loop: ts.Node): Span {
  const ts = typescript();
  const span = spanOfNode(loop);
  const keyword = ts.isDoStatement(loop) ? "do" : ts.isWhileStatement(loop) ? "while" : "for";
  return { ...span, endLine: span.line, endColumn: span.column + keyword.length };
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function failed(diagnostic: Diagnostic): LoadResult {
  return { ok: false, diagnostics: [diagnostic] };
}
