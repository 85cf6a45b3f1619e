import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Diagnostic, DiagnosticFactory } from "../../diagnostics/diagnostic.js";
import { reasonAndPath } from "../../files/system-error.js";
import type { EmittedFile } from "../../targets/file.js";
import { formatManifest, type Manifest, readManifest, sha256 } from "../../targets/manifest.js";
import { readRegularFile } from "../load/read.js";
import { codes } from "./codes.js";

export interface BundleOutput {
  readonly name: string;
  /** One, or one a target. */
  readonly hosts: readonly HostOutput[];
}

export interface HostOutput {
  /** Name of the target: its folder below the bundle's; null: the bundle's folder itself. */
  readonly target: string | null;
  readonly files: readonly EmittedFile[];
  readonly manifest: Manifest;
}

/** What compiled bundles write: those of one name are the hosts of one bundle. */
export function outputsOf(
  bundles: readonly {
    readonly model: { readonly name: string; readonly host: { readonly name: string } | null };
    readonly files: readonly EmittedFile[];
    readonly manifest: Manifest;
  }[],
): readonly BundleOutput[] {
  const hosts = new Map<string, HostOutput[]>();
  for (const { model, files, manifest } of bundles) {
    const host = { target: model.host?.name ?? null, files, manifest };
    const known = hosts.get(model.name);
    if (known === undefined) hosts.set(model.name, [host]);
    else known.push(host);
  }
  return [...hosts].map(([name, all]) => ({ name, hosts: all }));
}

/** The paths of a bundle's output below its folder. */
export function outputPaths({ hosts }: BundleOutput): readonly string[] {
  return hosts.flatMap(({ target, files }) =>
    [manifestName, ...files.map(({ path }) => path)].map((path) => below(target, path)),
  );
}

function below(target: string | null, path: string): string {
  return target === null ? path : `${target}/${path}`;
}

/** A file beside the output that goes with it: the lock file. */
export interface SideFile {
  readonly path: string;
  /** null: the file is not wanted. */
  readonly content: string | null;
}

export interface WritePlan {
  readonly changed: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
  readonly writes: readonly { readonly path: string; readonly content: string; readonly mode: number }[];
  readonly removes: readonly string[];
  /** Folders of bundles that are not built any more. They stay: only who renamed the bundle knows that it is gone. */
  readonly stale: readonly string[];
}

const manifestName = "manifest.json";

/**
 * The output is a folder that people commit: of a mode git keeps only whether a file can be executed. What
 * the host needs stands in the manifest.
 */
function diskMode(mode: number): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

/**
 * Compares what is to be written with what lies there, changing nothing. Foreign files stay; one in the way
 * is an error unless `force` (docs/reference/cli.md#build).
 */
export function planOutput(
  out: string,
  bundles: readonly BundleOutput[],
  sides: readonly SideFile[],
  options: PlanOptions,
): WritePlan {
  const planner = new OutputPlanner(options);
  if (existsSync(out) && !lstatSync(out).isDirectory() && !isFolder(out))
    planner.report(codes.output, out, "is a file, not a folder", "name another folder with --out");
  else {
    for (const bundle of bundles) planner.bundle(join(out, bundle.name), bundle);
    for (const side of sides) planner.side(side, bundles);
    if (options.whole) planner.staleFolders(out, bundles);
  }
  return planner;
}

interface PlanOptions {
  readonly force: boolean;
  /** These are all bundles whose output lies there: every other folder of a bundle is stale. */
  readonly whole: boolean;
  readonly show: (path: string) => string;
}

/** A plan as it grows, bundle by bundle. */
class OutputPlanner implements WritePlan {
  readonly changed = new Set<string>();
  readonly diagnostics: Diagnostic[] = [];
  readonly writes: { path: string; content: string; mode: number }[] = [];
  readonly removes: string[] = [];
  readonly stale: string[] = [];
  readonly #options: PlanOptions;

  constructor(options: PlanOptions) {
    this.#options = options;
  }

  report(code: DiagnosticFactory, path: string, message: string, help: string): void {
    this.diagnostics.push(code({ file: this.#options.show(path), line: 1, column: 1 }, message, help));
  }

  bundle(folder: string, bundle: BundleOutput): void {
    const existing = listFiles(folder);
    const previous = readPrevious(folder, bundle.name, existing);
    const wanted = wantedFiles(bundle);
    const blocked = blockedFolder(folder, wanted);
    if (blocked !== null) {
      const message = blocked.link
        ? "is a link where a folder is to be: what it leads to may not be zopf's"
        : "is a file where a folder is to be";
      this.report(codes.output, blocked.path, message, "move it away");
      return;
    }
    for (const [path, file] of wanted) {
      const full = join(folder, path);
      const found = existing.get(path);
      existing.delete(path);
      if (found === "folder")
        this.report(codes.output, full, "is a folder where a file is to be written", "remove it");
      else if (found === undefined || this.#mayReplace(full, file, path, previous)) {
        this.changed.add(bundle.name);
        this.writes.push({ path: full, content: file.content, mode: file.mode });
      }
    }
    for (const [path, kind] of existing)
      if (kind !== "folder") this.#leftOver(join(folder, path), path, bundle.name, previous);
  }

  /** Whether a file that is there has to be replaced, and may be. */
  #mayReplace(full: string, { hash, mode }: WantedFile, path: string, previous: Previous): boolean {
    const there = fileHash(full);
    if (there === hash) return (lstatSync(full).mode & 0o100) !== (mode & 0o100);
    if (isOurs(previous, path, there) || this.#options.force) return true;
    this.report(
      codes.foreign,
      full,
      previous.hashes.has(path) ? "was changed by hand since zopf wrote it" : "was not written by zopf",
      "move it away, or overwrite it with --force",
    );
    return false;
  }

  /** A file that nothing wants any more. */
  #leftOver(full: string, path: string, bundle: string, previous: Previous): void {
    if (isOurs(previous, path, fileHash(full))) {
      this.changed.add(bundle);
      this.removes.push(full);
    } else
      this.report(
        codes.stray,
        full,
        "was not written by zopf; it stays where it is",
        "move it out of the output",
      );
  }

  /** A renamed bundle leaves the folder of its old name, which somebody may go on to deploy. */
  staleFolders(out: string, bundles: readonly BundleOutput[]): void {
    const built = new Set(bundles.map(({ name }) => name));
    for (const name of foldersIn(out)) {
      const folder = join(out, name);
      if (built.has(name) || readPrevious(folder, name, listFiles(folder)).manifests.size === 0) continue;
      this.stale.push(folder);
      this.report(
        codes.staleFolder,
        folder,
        `is the output of a bundle "${name}" that no file builds any more: it was renamed or removed`,
        "remove the folder; on hosts that have it, take its part out before another goes in (zopf deploy --rollback, or by hand)",
      );
    }
  }

  side({ path, content }: SideFile, bundles: readonly BundleOutput[]): void {
    const found = existsSync(path) ? readFileSync(path, "utf8") : null;
    if (found === content) return;
    for (const { name } of bundles) this.changed.add(name);
    if (content === null) this.removes.push(path);
    else this.writes.push({ path, content, mode: 0o644 });
  }
}

interface WantedFile {
  readonly content: string;
  readonly mode: number;
  readonly hash: string;
}

/** By path below the bundle's folder. */
function wantedFiles({ hosts }: BundleOutput): ReadonlyMap<string, WantedFile> {
  const wanted = new Map<string, WantedFile>();
  for (const { target, files, manifest } of hosts) {
    for (const [index, { path, content, mode }] of files.entries())
      wanted.set(below(target, path), {
        content,
        mode: diskMode(mode),
        hash: manifest.files[index]?.sha256 ?? sha256(content),
      });
    const content = formatManifest(manifest);
    wanted.set(below(target, manifestName), { content, mode: 0o644, hash: sha256(content) });
  }
  return wanted;
}

/** What an earlier build wrote, as its manifests say. */
interface Previous {
  readonly manifests: ReadonlySet<string>;
  readonly hashes: ReadonlyMap<string, string>;
}

function readPrevious(
  folder: string,
  bundle: string,
  existing: ReadonlyMap<string, "file" | "folder">,
): Previous {
  const manifests = new Set<string>();
  const hashes = new Map<string, string>();
  for (const [path, kind] of existing) {
    const [target = "", name, ...deeper] = path === manifestName ? ["", path] : path.split("/");
    if (kind === "folder" || name !== manifestName || deeper.length > 0) continue;
    const read = readRegularFile(join(folder, path));
    const found = read.ok ? readManifest(read.bytes.toString("utf8")) : null;
    // A copy of somebody's in a folder of another name is not ours.
    if (found === null || (target !== "" && (found.host !== target || found.bundle !== bundle))) continue;
    manifests.add(path);
    for (const [file, hash] of found.hashes) hashes.set(target === "" ? file : `${target}/${file}`, hash);
  }
  return { manifests, hashes };
}

function isOurs({ manifests, hashes }: Previous, path: string, hash: string | null): boolean {
  return manifests.has(path) || (hash !== null && hashes.get(path) === hash);
}

/**
 * Carries a plan out: everything is first written beside its place, so that a full disk or a missing
 * permission leaves the old output whole; then each file is renamed into place.
 */
export function carryOut(
  out: string,
  plan: WritePlan,
  show: (path: string) => string,
): readonly Diagnostic[] {
  const staged: { readonly from: string; readonly to: string }[] = [];
  const folders = new Set<string>();
  const suffix = `.zopf-${process.pid}.tmp`;
  try {
    for (const { path, content, mode } of plan.writes) {
      const folder = dirname(path);
      if (!folders.has(folder)) makeFolder(folder);
      folders.add(folder);
      const from = `${path}${suffix}`;
      staged.push({ from, to: path });
      writeFileSync(from, content, { mode });
    }
    for (const { from, to } of staged) renameSync(from, to);
    for (const path of plan.removes) {
      rmSync(path, { force: true });
      removeEmptyFolders(dirname(path), out);
    }
    return [];
  } catch (error) {
    for (const { from } of staged) discard(from);
    const reason = reasonAndPath(error).replace(suffix, "");
    return [
      codes.output(
        { file: show(out), line: 1, column: 1 },
        `cannot be written: ${reason}`,
        "nothing was changed",
      ),
    ];
  }
}

/** What cannot be taken away was never there: a part of its path is no folder. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The failure that led here is reported.
  }
}

/** Not `recursive: true`: below /proc that never returns on Node 20. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The first thing that stands where a bundle's folder or one below it is to be and is none. Links are not
 * followed: one in a folder that others may write to would lead our files, and the removal of stale ones, away.
 */
function blockedFolder(
  folder: string,
  files: ReadonlyMap<string, unknown>,
): { readonly path: string; readonly link: boolean } | null {
  const folders = new Set([folder]);
  for (const file of files.keys())
    for (let path = dirname(file); path !== "."; path = dirname(path)) folders.add(join(folder, path));
  for (const path of folders) {
    const found = statOf(path);
    if (found !== null && !found.isDirectory()) return { path, link: found.isSymbolicLink() };
  }
  return null;
}

/** null where nothing is, or nothing can be: what hinders there is reported when it is written. */
function statOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

function fileHash(path: string): string | null {
  const read = readRegularFile(path);
  return read.ok ? sha256(read.bytes) : null;
}

/** Files and folders below `folder` by their path with `/`; links count as files. */
function listFiles(folder: string): Map<string, "file" | "folder"> {
  const found = new Map<string, "file" | "folder">();
  const walk = (path: string): void => {
    let entries: ReturnType<typeof readEntries>;
    try {
      entries = readEntries(path);
    } catch {
      return;
    }
    for (const entry of entries) {
      const full = join(path, entry.name);
      const name = relative(folder, full).split(sep).join("/");
      if (entry.isDirectory()) {
        found.set(name, "folder");
        walk(full);
      } else found.set(name, "file");
    }
  };
  walk(folder);
  return found;
}

/** Names of the folders in a folder, sorted; none where it cannot be read. */
function foldersIn(folder: string): readonly string[] {
  try {
    return readEntries(folder)
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function readEntries(path: string) {
  return readdirSync(path, { withFileTypes: true });
}

function removeEmptyFolders(folder: string, root: string): void {
  for (let path = folder; path.startsWith(`${root}${sep}`); path = dirname(path)) {
    try {
      rmdirSync(path);
    } catch {
      return; // not empty: somebody's files
    }
  }
}
