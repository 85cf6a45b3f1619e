/** What zopf.config.json says about lint: rules off, severities, paths, each with a reason. */
import type { Diagnostic, Severity } from "../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import type { PlacedFinding } from "./finding.js";

/** `lint.ignore[]`: findings of a rule below some paths. */
export interface IgnoreSetting {
  readonly rule: string;
  /** Globs with `*` and `**`; none: everywhere. */
  readonly paths: readonly string[];
  readonly reason: string;
}

export interface LintSettings {
  readonly file: string | null;
  /** Codes that are switched off everywhere. */
  readonly off: ReadonlySet<string>;
  /** Milder severities by code. */
  readonly severities: ReadonlyMap<string, Severity>;
  readonly ignore: readonly IgnoreSetting[];
}

export const noSettings: LintSettings = { file: null, off: new Set(), severities: new Map(), ignore: [] };

export type SettingsResult =
  | { readonly ok: true; readonly settings: LintSettings }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSeverity(value: unknown): value is Severity {
  return value === "error" || value === "warning" || value === "info";
}

/**
 * Reads `{"lint": {"rules": {CODE: {"set": "off"|"info"|"warning", "reason"}}, "ignore": [{"rule", "paths",
 * "reason"}]}}`. Other keys of the file are not lint's.
 *
 * @param known - is this the code of a rule?
 */
export function readSettings(file: string, text: string, known: (code: string) => boolean): SettingsResult {
  const diagnostics: Diagnostic[] = [];
  const complain = (message: string): void => {
    diagnostics.push(codes.config({ file, line: 1, column: 1 }, message));
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    complain(`is no JSON: ${error instanceof Error ? error.message : String(error)}`);
    return { ok: false, diagnostics };
  }
  const lint = isRecord(parsed) ? (parsed.lint ?? {}) : null;
  if (!isRecord(lint)) {
    complain('"lint" is an object with "rules" and "ignore"');
    return { ok: false, diagnostics };
  }
  const off = new Set<string>();
  const severities = new Map<string, Severity>();
  const ignore: IgnoreSetting[] = [];
  for (const key of Object.keys(lint)) {
    if (key !== "rules" && key !== "ignore") complain(`"lint" has no key "${key}"`);
  }
  const wantedRules = lint.rules ?? {};
  if (!isRecord(wantedRules)) complain('"lint.rules" is an object by code');
  else {
    for (const [code, value] of Object.entries(wantedRules)) {
      const set = isRecord(value) ? value.set : undefined;
      const reason = isRecord(value) ? value.reason : undefined;
      if (!known(code)) complain(`there is no rule ${code}`);
      else if (typeof reason !== "string" || reason.trim() === "") complain(`${code} needs a "reason"`);
      else if (set === "off") off.add(code);
      else if (isSeverity(set)) severities.set(code, set);
      else complain(`${code}: "set" is "off", "info", "warning" or "error"`);
    }
  }
  const wantedIgnore = lint.ignore ?? [];
  if (!Array.isArray(wantedIgnore)) complain('"lint.ignore" is a list');
  else {
    for (const value of wantedIgnore) {
      const rule: unknown = isRecord(value) ? value.rule : undefined;
      const reason: unknown = isRecord(value) ? value.reason : undefined;
      const paths: unknown = isRecord(value) ? (value.paths ?? []) : [];
      if (typeof rule !== "string" || !known(rule))
        complain(`"lint.ignore": there is no rule ${String(rule)}`);
      else if (typeof reason !== "string" || reason.trim() === "") {
        complain(`"lint.ignore": ${rule} needs a "reason"`);
      } else if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string")) {
        complain(`"lint.ignore": the "paths" of ${rule} are texts`);
      } else ignore.push({ rule, reason, paths: paths.map(String) });
    }
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, settings: { file, off, severities, ignore } };
}

/** `*` stops at `/`, `**` does not; a glob without `/` is for the file name. */
export function matchesGlob(glob: string, path: string): boolean {
  const subject = glob.includes("/") ? path : path.slice(path.lastIndexOf("/") + 1);
  const pattern = glob
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) =>
      part === "**" || part === "**/"
        ? ".*"
        : part === "*"
          ? "[^/]*"
          : part === "?"
            ? "[^/]"
            : part.replace(/[\\^$.|+()[\]{}]/g, "\\$&"),
    )
    .join("");
  return (
    new RegExp(`^${pattern}$`).test(subject) || (glob.includes("/") && new RegExp(`/${pattern}$`).test(path))
  );
}

const ranks: readonly Severity[] = ["info", "warning", "error"];

/** Takes out what is to be ignored, softens what is to be milder, reports what ignored nothing. */
export function applySettings(
  placed: readonly PlacedFinding[],
  { file, severities, ignore }: LintSettings,
): readonly PlacedFinding[] {
  if (severities.size === 0 && ignore.length === 0) return placed;
  const used = new Set<IgnoreSetting>();
  const kept = placed.flatMap((one) => {
    const { finding } = one;
    if (finding.effect === "refused") return [one];
    const setting = ignore.find(
      ({ rule, paths }) =>
        rule === finding.code &&
        (paths.length === 0 || paths.some((glob) => matchesGlob(glob, finding.file))),
    );
    if (setting !== undefined) {
      used.add(setting);
      return [];
    }
    const wanted = severities.get(finding.code) ?? finding.severity;
    const milder = ranks.indexOf(wanted) < ranks.indexOf(finding.severity) ? wanted : finding.severity;
    return [{ ...one, finding: { ...finding, severity: milder } }];
  });
  const unused = ignore
    .filter((setting) => !used.has(setting))
    .map(({ rule, paths }): PlacedFinding => {
      const where = paths.length === 0 ? "" : ` below ${paths.join(", ")}`;
      return {
        place: null,
        fix: null,
        finding: {
          code: "LINT-SUPPRESSION-UNUSED",
          severity: "info",
          effect: "style",
          message: `nothing is found${where} that ${rule} would ignore`,
          help: "Take the entry out of lint.ignore.",
          file: file ?? "zopf.config.json",
          line: 1,
          column: 1,
        },
      };
    });
  return [...kept, ...unused];
}
