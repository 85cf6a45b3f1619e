import { readFileSync } from "node:fs";
import type { ErrorObject, ValidateFunction } from "ajv";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.js";
import { fileStatus } from "../files/file-status.js";
import { readWhole } from "../files/read-whole.js";
import { reasonOf } from "../files/system-error.js";
import { parseDuration } from "../model/duration.js";
import type { EngineVersion, Model } from "../model/model.js";
import { ruleIdsOf } from "../model/rule-ids.js";
import { lineTime } from "../replay/syslog-time.js";
import { codes } from "./codes.js";

/** What must happen: how often something that all the given properties fit is seen (default: at least once). */
export interface Expectation {
  readonly exactly?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly source?: string;
  readonly detection?: string;
  readonly rule?: number;
  /** From this time on: epoch seconds, or a date with a time. */
  readonly from?: number | string;
  readonly until?: number | string;
  readonly note?: string;
  readonly level?: number;
  /** Length of the block as first given. */
  readonly for?: string;
  readonly table?: string;
  /** The host, where the bundle has targets. */
  readonly target?: string;
  /** Part of the reason. */
  readonly reason?: string;
}

export const expectationKinds = ["notices", "alerts", "blocks", "unblocks", "refused"] as const;
export type ExpectationKind = (typeof expectationKinds)[number];

/** `case.json` (schemas/case.schema.json). */
export interface CaseFile {
  readonly description?: string;
  readonly bundle?: string;
  readonly zeek?: readonly string[];
  readonly syslog?: readonly string[];
  /** An OSSEC home whose rules stand around the bundle's own. */
  readonly ossec?: string;
  readonly year?: number;
  /** When lines without any date count as written: epoch seconds, or a date with a time. */
  readonly assumeDate?: number | string;
  readonly engine?: EngineVersion;
  /** The host that the logs are of, where the bundle's hosts stand alone. */
  readonly target?: string;
  readonly expect: { readonly [kind in ExpectationKind]?: readonly Expectation[] };
  readonly unexpected?: "fail" | "warn" | "ignore";
}

export type ReadCase =
  | { readonly ok: true; readonly value: CaseFile }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

let validator: ValidateFunction<CaseFile> | null = null;

async function validate(): Promise<ValidateFunction<CaseFile>> {
  if (validator === null) {
    const { Ajv2020 } = await import("ajv/dist/2020.js");
    const schema: object = JSON.parse(
      readFileSync(new URL("../schemas/case.schema.json", import.meta.url), "utf8"),
    );
    validator = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<CaseFile>(schema);
  }
  return validator;
}

/** Reads a case and checks its shape; positions are those of the offending value where the text tells. */
export async function readCase(path: string, shown: string): Promise<ReadCase> {
  const at = (line: number, column: number) => ({ file: shown, line, column });
  let text: string;
  const status = fileStatus(path);
  // A device may never end.
  if (status !== null && !status.isFile())
    return { ok: false, diagnostics: [codes.file(at(1, 1), "is not a regular file")] };
  try {
    text = readWhole(path).toString("utf8");
  } catch (error) {
    return { ok: false, diagnostics: [codes.file(at(1, 1), `cannot be read: ${reasonOf(error)}`)] };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, diagnostics: [codes.file(at(1, 1), `is not JSON: ${reasonOf(error)}`)] };
  }
  const check = await validate();
  if (check(value)) return { ok: true, value };
  return {
    ok: false,
    diagnostics: (check.errors ?? []).map((error) => {
      const place = placeOf(text, error);
      return codes.shape(at(place.line, place.column), describe(error));
    }),
  };
}

/** Expectations that can never be judged: a rename must not pass silently. */
export function checkReferences(file: CaseFile, model: Model, shown: string): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const names = model.detections.map(({ name }) => name);
  const hosts = model.hosts.map(({ name }) => name);
  const ids = ruleIdsOf(model);
  const notes = model.detections.flatMap((detection) => (detection.kind === "zeek" ? [detection.note] : []));
  const at = { file: shown, line: 1, column: 1 };
  if (file.assumeDate !== undefined && momentOf(file.assumeDate) === null)
    diagnostics.push(notTime(at, "assumeDate", file.assumeDate));
  for (const kind of expectationKinds)
    for (const [index, expectation] of (file.expect[kind] ?? []).entries()) {
      const label = `expect.${kind}[${index}]`;
      if (expectation.detection !== undefined && !names.includes(expectation.detection))
        diagnostics.push(
          codes.reference(
            at,
            `${label}: no detection is called "${expectation.detection}"`,
            `there are: ${names.join(", ")}`,
          ),
        );
      if (expectation.target !== undefined && !hosts.includes(expectation.target))
        diagnostics.push(
          codes.reference(
            at,
            `${label}: no target is called "${expectation.target}"`,
            hosts.length === 0 ? "the bundle is for one host" : `there are: ${hosts.slice(0, 12).join(", ")}`,
          ),
        );
      if (expectation.note !== undefined && !notes.includes(expectation.note))
        diagnostics.push(
          codes.reference(
            at,
            `${label}: no notice is called "${expectation.note}"`,
            `there are: ${notes.join(", ")}`,
          ),
        );
      // Other rules exist only where a rule set is given around the bundle's own.
      if (expectation.rule !== undefined && file.ossec === undefined && !ids.includes(expectation.rule))
        diagnostics.push(
          codes.reference(
            at,
            `${label}: the bundle has no rule ${expectation.rule}`,
            `its rules are: ${ids.join(", ")}`,
          ),
        );
      if (expectation.for !== undefined && parseDuration(expectation.for) === null)
        diagnostics.push(
          codes.shape(at, `${label}.for: "${expectation.for}" is not a length of time`, 'write "10 min"'),
        );
      for (const bound of ["from", "until"] as const) {
        const time = expectation[bound];
        if (time !== undefined && momentOf(time) === null)
          diagnostics.push(notTime(at, `${label}.${bound}`, time));
      }
    }
  return diagnostics;
}

function notTime(at: Span, label: string, time: number | string): Diagnostic {
  return codes.shape(at, `${label}: "${time}" is not a time`, "write epoch seconds or 2026-06-11T11:04:47Z");
}

/** Epoch seconds of a bound, or null. */
export function momentOf(time: number | string): number | null {
  return typeof time === "number" ? time : lineTime(time, { year: null, newest: 0, utc: true });
}

function describe(error: ErrorObject): string {
  const where = error.instancePath === "" ? "the case" : error.instancePath.slice(1).replaceAll("/", ".");
  const extra =
    error.keyword === "additionalProperties" ? ` ("${String(error.params.additionalProperty)}")` : "";
  return `${where}: ${error.message ?? "has the wrong shape"}${extra}`;
}

/** The place of the innermost named property on the way to the error. */
function placeOf(text: string, error: ErrorObject): { readonly line: number; readonly column: number } {
  const names = error.instancePath.split("/").filter((part) => part !== "" && !/^\d+$/.test(part));
  if (error.keyword === "additionalProperties") names.push(String(error.params.additionalProperty));
  let offset = 0;
  for (const name of names) {
    const found = text.indexOf(JSON.stringify(name), offset);
    if (found !== -1) offset = found;
  }
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: [...(before.at(-1) ?? "")].length + 1 };
}
