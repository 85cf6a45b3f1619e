/** What an import did, counted and grouped: the same for text, JSON, Markdown and the page. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { ImportResult } from "../import/import.js";
import type { Proof } from "../import/proof/prove.js";

/** What became of the rules of one file. */
export interface FileSummary {
  readonly file: string;
  readonly rules: number;
  /** Rules by the kind of detection that they became; `raw`: none. */
  readonly as: Readonly<Record<string, number>>;
  readonly raw: readonly {
    readonly rules: readonly number[];
    readonly line: number;
    readonly because: string;
  }[];
}

export function fileSummaries({ draft }: ImportResult): readonly FileSummary[] {
  const found = new Map<string, { as: Record<string, number>; raw: FileSummary["raw"][number][] }>();
  const of = (file: string) => {
    const known = found.get(file) ?? { as: {}, raw: [] };
    found.set(file, known);
    return known;
  };
  // A rule without an id may have become several detections: it counts once.
  const counted = new Set<string>();
  for (const { detections, raw } of [...(draft?.modules ?? []), ...(draft?.unused ?? [])]) {
    for (const { value, origin, isGround } of detections) {
      if (isGround === true) continue;
      const { as } = of(origin.place.file);
      const { file, line, column } = origin.place;
      const place = `${file}:${line}:${column}`;
      if (origin.rules.length === 0 && counted.has(place)) continue;
      counted.add(place);
      as[value.kind] = (as[value.kind] ?? 0) + Math.max(1, origin.rules.length);
    }
    for (const { origin, because } of raw) {
      const known = of(origin.place.file);
      if (origin.rules.length === 0) continue;
      known.as.raw = (known.as.raw ?? 0) + origin.rules.length;
      known.raw.push({ rules: origin.rules, line: origin.place.line, because });
    }
  }
  return [...found].map(([file, { as, raw }]) => ({
    file,
    rules: Object.values(as).reduce((sum, count) => sum + count, 0),
    as,
    raw,
  }));
}

/** Files of one folder, where there are too many to name each. */
export interface FolderSummary {
  readonly folder: string;
  readonly files: number;
  readonly rules: number;
  readonly as: Readonly<Record<string, number>>;
}

export function byFolder(files: readonly FileSummary[]): readonly FolderSummary[] {
  const found = new Map<string, { files: number; rules: number; as: Record<string, number> }>();
  for (const { file, rules, as } of files) {
    const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : ".";
    const known = found.get(folder) ?? { files: 0, rules: 0, as: {} };
    found.set(folder, known);
    known.files += 1;
    known.rules += rules;
    for (const [kind, count] of Object.entries(as)) known.as[kind] = (known.as[kind] ?? 0) + count;
  }
  return [...found].map(([folder, counts]) => ({ folder, ...counts }));
}

/** Parts with the same reason. */
export interface Reason {
  /** With `…` in the place of names and values in which the parts differ. */
  readonly reason: string;
  readonly help: string | null;
  readonly parts: readonly {
    readonly what: string;
    readonly place: string;
    /** What stands in the place of `…`. */
    readonly about: string;
  }[];
}

/** Reasons, the most frequent first. Names in double quotes and ids of rules make no other reason of them. */
function grouped(
  all: readonly {
    readonly reason: string;
    readonly help: string | null;
    readonly what: string;
    readonly place: string;
  }[],
): readonly Reason[] {
  const found = new Map<string, (typeof all)[number][]>();
  for (const one of all) {
    const key = JSON.stringify([withoutNames(one.reason), withoutNames(one.help ?? "")]);
    const known = found.get(key);
    if (known === undefined) found.set(key, [one]);
    else known.push(one);
  }
  return [...found.values()]
    .map((parts): Reason => {
      const [first] = parts;
      const isOne = parts.every(({ reason }) => reason === first?.reason);
      return {
        reason: isOne ? (first?.reason ?? "") : withoutNames(first?.reason ?? ""),
        help: first?.help ?? null,
        parts: parts.map(({ what, place, reason }) => ({ what, place, about: isOne ? "" : namesIn(reason) })),
      };
    })
    .sort((one, other) => other.parts.length - one.parts.length);
}

const named = /"[^"]*"|\brule \d+/g;
const withoutNames = (text: string): string =>
  text.replace(named, (name) => (name.startsWith('"') ? '"…"' : "rule …"));
const namesIn = (text: string): string => (text.match(named) ?? []).join(", ");

/** Rules that went over as raw XML. */
export function rawReasons(files: readonly FileSummary[]): readonly Reason[] {
  return grouped(
    files.flatMap(({ file, raw }) =>
      raw.flatMap(({ rules, line, because }) =>
        rules.map((rule) => ({
          reason: because,
          help: null,
          what: `rule ${rule}`,
          place: `${file}:${line}`,
        })),
      ),
    ),
  );
}

/** Parts that did not come over. */
export function refusedReasons({ refused }: ImportResult): readonly Reason[] {
  return grouped(
    refused.map(({ what, place: { file, line, column }, reason, help }) => ({
      reason,
      help: help ?? null,
      what,
      place: `${file}:${line}:${column}`,
    })),
  );
}

/** Rules that no line of the proof reached. */
export function unprovenReasons({ unproven }: Proof): readonly Reason[] {
  return grouped(unproven.map(({ rule, reason }) => ({ reason, help: null, what: String(rule), place: "" })));
}

/** Diagnostics that differ in names and places alone, together; in the order of the first of each. */
export function alike(diagnostics: readonly Diagnostic[]): readonly (readonly Diagnostic[])[] {
  const found = new Map<string, Diagnostic[]>();
  for (const one of diagnostics) {
    const key = `${one.code} ${withoutNames(one.message)}`;
    const known = found.get(key) ?? [];
    found.set(key, known);
    known.push(one);
  }
  return [...found.values()];
}

export interface Totals {
  readonly rules: number;
  readonly raw: number;
  readonly files: number;
  readonly as: Readonly<Record<string, number>>;
}

export function totalsOf(files: readonly FileSummary[]): Totals {
  const as: Record<string, number> = {};
  for (const one of files)
    for (const [kind, count] of Object.entries(one.as)) as[kind] = (as[kind] ?? 0) + count;
  const rules = files.reduce((sum, one) => sum + one.rules, 0);
  return { rules, raw: as.raw ?? 0, files: files.length, as };
}

/** How an import was called, for the commands that it recommends. */
export interface Called {
  readonly paths: readonly string[];
  readonly into: string;
  readonly home: string | null;
  /** `--engine`, where it was given. */
  readonly engine?: string | undefined;
  readonly check: boolean;
}

/** What is to be done next, one sentence each; `command`: what to type for it. */
export function nextSteps(
  result: ImportResult,
  called: Called,
): readonly { readonly text: string; readonly command?: string }[] {
  const { from, draft, proof, refused, written, diagnostics } = result;
  const steps: { text: string; command?: string }[] = [];
  const isBroken = diagnostics.some(({ code }) => code === "import/broken" || code === "import/input");
  if (isBroken) steps.push({ text: "Errors above name what is broken: mend it, and import again." });
  if (draft === null) return steps;
  const bundle = shellWord(`${called.into === "." ? "" : `${called.into}/`}${draft.settings.name}.zopf.ts`);
  const differs = proof !== null && proof.same < proof.lines;
  if (differs)
    steps.push({
      text: "The bundle does not answer as before: look at the lines above before it is deployed.",
    });
  if (refused.length > 0)
    steps.push({
      text:
        from === "sigma"
          ? "Rules that did not come over are looked for by nobody here: the reasons above say what they would need."
          : "What did not come over is not in the bundle: leave it where it works today.",
    });
  if (called.check || written.length === 0) return steps;
  const home = called.home === null ? "" : ` --with ${shellWord(called.home)}`;
  const engine = called.engine === undefined ? "" : ` --engine ${called.engine}`;
  steps.push({
    text: "Read the bundle, then check it beside the rules that the host has.",
    command: `zopf check ${bundle}${home === "" && from !== "zopf" ? " --with HOME" : home}`,
  });
  if (from === "sigma")
    steps.push({
      text: "See what it says of traffic and lines that you have.",
      command: `zopf replay ${bundle} --zeek /opt/zeek/logs/current --syslog /var/log/auth.log`,
    });
  else if (from === "fail2ban")
    steps.push({
      text: "As long as both run, compare them on the lines of each day.",
      command: `zopf import ${called.paths.map(shellWord).join(" ")} --from fail2ban --into ${shellWord(called.into)} --name ${draft.settings.name} --check --logs /var/log/auth.log`,
    });
  else if (from !== "zopf")
    steps.push({
      text: "As long as both exist, compare them in CI, and on lines of your own.",
      command: `zopf import ${called.paths.map(shellWord).join(" ")} --into ${shellWord(called.into)} --name ${draft.settings.name}${engine}${home} --check --logs /var/log/auth.log`,
    });
  return steps;
}

/** A word of a shell's command. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
