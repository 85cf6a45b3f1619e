/** `zopf import`: from files of another system to a bundle, as far as that is not about a terminal. */
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { HomeKind } from "../files/home-kind.js";
import type { StepWatch } from "../files/reading-watch.js";
import type { EngineVersion } from "../model/model.js";
import { bundleName } from "./bundle-name.js";
import { codes } from "./codes.js";
import { compileAny } from "./compile-draft.js";
import type { Draft, Refused } from "./draft.js";
import { type ImportOutput, writeImport } from "./output.js";
import type { Proof } from "./proof/prove.js";
import type { Emitted } from "./proof/surroundings.js";
import { recogniseSource } from "./recognise.js";
import { loadSource, type SourceKind } from "./sources.js";
import { writeDraft } from "./writer/bundle-file.js";

export interface ImportOptions {
  readonly paths: readonly string[];
  /** null: what the paths look like. */
  readonly from: SourceKind | null;
  readonly into: string;
  readonly home: string | null;
  /** The engine of the bundle, where its source is for neither. Default: that of the home, else OSSEC. */
  readonly dialect?: HomeKind;
  /** The version of OSSEC whose files these are, and for which the bundle is. Default: 4.3. */
  readonly engine?: EngineVersion;
  readonly name: string | null;
  readonly order: string | null;
  readonly fix: boolean;
  readonly force: boolean;
  /** Nothing is written: the bundle that is there is compared with the files once more. */
  readonly check: boolean;
  /** Files of lines that the files and the bundle have to answer alike. */
  readonly logs: readonly string[];
  /** Rules of Sigma's about web servers are about access logs (default: where one of the logs is one). */
  readonly accessLogs?: boolean;
  /** File of YAML with the values of Sigma's placeholders. */
  readonly placeholders?: string;
  /** Text of TZ, for the dates of logs. */
  readonly timeZone: string | undefined;
  readonly show: (path: string) => string;
  /** Follows the import. Stopped before files are written it writes none; `import/partial` says so. */
  readonly watch?: StepWatch;
}

export interface ImportResult {
  readonly from: SourceKind;
  readonly draft: Draft | null;
  /** What did not come over; there is a diagnostic about each. */
  readonly refused: readonly Refused[];
  readonly written: ImportOutput["files"];
  /** Null: there is nothing that both could be run in. */
  readonly proof: Proof | null;
  readonly diagnostics: readonly Diagnostic[];
}

export async function runImport(options: ImportOptions): Promise<ImportResult> {
  const { paths, into, force, show, watch } = options;
  const from = options.from ?? recogniseSource(paths);
  const failed = (diagnostics: readonly Diagnostic[], refused: readonly Refused[] = []): ImportResult => ({
    from,
    draft: null,
    refused,
    written: [],
    proof: null,
    diagnostics,
  });
  const name = bundleName(options.name, paths[0] ?? "");
  if (name === null)
    return failed([
      codes.name(
        { file: "--name", line: 1, column: 1 },
        `"${options.name}" cannot be a bundle's name`,
        "use lower case letters, digits and hyphens, starting with a letter, at most 31 characters",
      ),
    ]);
  if (options.dialect !== undefined && from !== "fail2ban" && options.dialect !== from)
    return failed([
      codes.input(
        { file: paths[0] ?? "", line: 1, column: 1 },
        `is read as files of ${from}, and --dialect says ${options.dialect}`,
        "--dialect is for fail2ban: leave it out",
      ),
    ]);
  if (options.engine !== undefined && from !== "ossec")
    return failed([
      codes.input(
        { file: paths[0] ?? "", line: 1, column: 1 },
        `is read as files of ${from}, and --engine says OSSEC ${options.engine}`,
        "--engine is for files of OSSEC: leave it out",
      ),
    ]);
  const unwritten = (said: readonly Diagnostic[]): ImportResult =>
    failed([
      ...said,
      codes.partial({ file: paths[0] ?? "", line: 1, column: 1 }, "stopped before anything was written"),
    ]);
  await watch?.step("reading");
  const read = await loadSource(from);
  const { draft, diagnostics, ...more } = await read({ ...options, name });
  await breath(watch);
  if (watch?.stopped() === true) return unwritten(diagnostics);
  const refused = draft?.refused ?? more.refused ?? [];
  const said = [
    ...diagnostics,
    ...refused.map(({ what, place, reason, help, isBroken }) =>
      (isBroken === true ? codes.broken : codes.refused)(place, `${what} did not come over: ${reason}`, help),
    ),
  ];
  if (draft === null) {
    const start = { file: paths[0] ?? "", line: 1, column: 1 };
    const isSaid = diagnostics.some(({ severity }) => severity === "error");
    return failed(
      [...said, ...(isSaid ? [] : [codes.input(start, "holds nothing that can be imported")])],
      refused,
    );
  }
  await watch?.step("compiling");
  const files = writeDraft(draft);
  const compiled = more.emitted ?? (await compileAny(draft, files, more.compiled));
  if (!compiled.ok)
    return failed([
      ...said,
      ...compiled.diagnostics
        .filter(({ severity }) => severity === "error")
        .map((one) => codes.uncompiled(one, `a bundle of it does not compile: ${one.message}`, one.help)),
    ]);
  await breath(watch);
  if (watch?.stopped() === true) return unwritten(diagnostics);
  const prove = async (emitted: Emitted): Promise<Proof | null> => {
    if (more.prove !== undefined) return more.prove(emitted, options);
    if (more.old === undefined) return null;
    const { joinedProofs } = await import("./proof/joined.js");
    const { proveImport } = await import("./proof/prove-import.js");
    const proofs = [await proveImport(draft, emitted, more.old, options)];
    for (const { draft: own, compiled: made, old } of more.unused ?? [])
      if (made.ok) proofs.push(await proveImport(own, made.entry, old, { ...options, logs: [] }));
    return joinedProofs(proofs.filter((one) => one !== null));
  };
  if (options.check) {
    const { compileBundles } = await import("../compiler/compile.js");
    const {
      ok,
      bundles,
      diagnostics: trouble,
    } = await compileBundles([join(into, `${name}.zopf.ts`)], {
      show,
      cache: true,
    });
    const [bundle] = bundles;
    const proof = ok && bundle !== undefined ? await prove(bundle) : null;
    const changed: Diagnostic[] = [];
    if (bundle !== undefined && proof?.by === "engines") {
      const { changedUnreached } = await import("./proof/unreached.js");
      const unreached = new Set(proof.unproven.map(({ rule }) => rule));
      changed.push(...changedUnreached(draft, compiled.emitted, bundle, unreached));
    }
    const errors = trouble.filter(({ severity }) => severity === "error");
    return {
      from,
      draft,
      refused,
      written: [],
      proof,
      diagnostics: [...said, ...errors, ...changed, ...(proof?.diagnostics ?? [])],
    };
  }
  const output = writeImport(
    into,
    files,
    { bundle: draft.settings.name, ids: draft.ids ?? new Map() },
    { force, show },
  );
  const proof = await prove(compiled.emitted);
  return {
    from,
    draft,
    refused,
    written: output.files,
    proof,
    diagnostics: [...said, ...output.diagnostics, ...(proof?.diagnostics ?? [])],
  };
}

/** Lets signals in: what comes next may be long, or write files. */
async function breath(watch: StepWatch | undefined): Promise<void> {
  if (watch !== undefined) await new Promise((resolve) => setImmediate(resolve));
}
