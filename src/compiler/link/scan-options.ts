import type { Options, Preset } from "../../catalogue/preset.js";
import { parsePort } from "../../zeek/values/port.js";
import { codes } from "./codes.js";
import {
  child,
  type Field,
  type LinkContext,
  readInteger,
  readList,
  readString,
  wrongShape,
} from "./field.js";

/** Further settings of a preset: the bundle's where it has them, the preset's else. null: told what is wrong. */
export function readOptions(context: LinkContext, field: Field, preset: Preset): Options | null {
  const defaults = { ...nothing, ...preset.options };
  let failed = false;
  const read = <T>(name: keyof Options, fallback: T, reading: (field: Field) => T | null): T => {
    const option = child(context, field, name);
    if (preset.options?.[name] === undefined || option.value === undefined) return fallback;
    const value = reading(option);
    failed ||= value === null;
    return value ?? fallback;
  };
  const options: Options = {
    paths: read("paths", defaults.paths, (option) =>
      readTexts(context, option, 50, path, "a part of a path"),
    ),
    statuses: read("statuses", defaults.statuses, (option) => readStatuses(context, option)),
    allow: read("allow", defaults.allow, (option) => readTexts(context, option, 1_000, domain, "a domain")),
    labels: read("labels", defaults.labels, (option) => readInteger(context, option, { least: 1, most: 10 })),
    length: read("length", defaults.length, (option) =>
      readInteger(context, option, { least: 0, most: 250 }),
    ),
    bits: read("bits", defaults.bits, (option) => readBits(context, option)),
    port: read("port", defaults.port, (option) => readPort(context, option)),
  };
  return failed ? null : options;
}

const nothing: Options = { paths: [], statuses: [], allow: [], labels: 2, length: 0, bits: 0, port: "0/tcp" };

const path = /^[\x21-\x7e]{1,200}$/;
const domain = /^[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}$/;

/** Lower case: what they are compared with is. */
function readTexts(
  context: LinkContext,
  field: Field,
  most: number,
  form: RegExp,
  what: string,
): readonly string[] | null {
  const list = readList(context, field);
  if (list === null) return null;
  if (list.length === 0 || list.length > most) return wrongShape(context, field, `a list of 1 to ${most}`);
  const texts = list.map((entry) => {
    const text = readString(context, entry);
    if (text === null || form.test(text)) return text?.toLowerCase() ?? null;
    return wrongShape(context, entry, `${what} in ASCII`);
  });
  const known = texts.filter((text) => text !== null);
  return known.length === texts.length ? [...new Set(known)] : null;
}

function readStatuses(context: LinkContext, field: Field): readonly number[] | null {
  const list = readList(context, field);
  if (list === null) return null;
  if (list.length === 0 || list.length > 50)
    return wrongShape(context, field, "a list of 1 to 50 status codes");
  const codesOf = list.map((entry) => readInteger(context, entry, { least: 100, most: 599 }));
  const known = codesOf.filter((code) => code !== null);
  return known.length === codesOf.length ? [...new Set(known)] : null;
}

function readBits(context: LinkContext, field: Field): number | null {
  if (typeof field.value === "number" && field.value >= 0 && field.value <= 8) return field.value;
  context.diagnostics.push(
    codes.number(field.span(), `${field.label} must be a number from 0 to 8: bits a byte`),
  );
  return null;
}

function readPort(context: LinkContext, field: Field): string | null {
  const text = readString(context, field);
  if (text === null || parsePort(text) !== undefined) return text?.replace(/^0+(?=\d)/, "") ?? null;
  context.diagnostics.push(codes.port(field.span(), `${field.label} is not a port such as "22/tcp"`));
  return null;
}
