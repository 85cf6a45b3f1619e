import type { EscapeHelper, EscapeHelpers } from "./render.js";

/**
 * Escapes that several targets share. Each makes one value safe in one language or throws: what a user may
 * write is decided in `link`, so that a throw here is a bug in zopf.
 */

/** A whole number, written in decimal. */
export const number: EscapeHelper = (value) => {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw unfit("number", value);
  return String(value);
};

/** The rest of a `#` comment line: one line, printable, never ending in a backslash. */
export const commentLine: EscapeHelper = (value) => {
  return text("commentLine", value)
    .replace(unprintable, " ")
    .replace(/[\\\s]+$/, "")
    .trimStart();
};

/** A word of a POSIX shell: always in single quotes, so that nothing in it is expanded. */
export const shellWord: EscapeHelper = (value) => {
  const word = text("shellWord", value);
  if (word.includes("\0")) throw unfit("shellWord", value);
  return `'${word.replaceAll("'", "'\\''")}'`;
};

/** A name that stands in a shell script, a crontab or a firewall's configuration without quotes. */
export const plainName: EscapeHelper = (value) => {
  const name = text("plainName", value);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw unfit("plainName", value);
  return name;
};

/** An absolute path without blanks or quoting needs: what crontabs, pf.conf and comments take as it is. */
export const plainPath: EscapeHelper = (value) => {
  const path = text("plainPath", value);
  if (!/^\/[A-Za-z0-9._/@+,:=-]*$/.test(path)) throw unfit("plainPath", value);
  return path;
};

/** An address or a prefix: hexadecimal digits, dots, colons and at most one slash. */
export const network: EscapeHelper = (value) => {
  const entry = text("network", value);
  if (!/^[0-9A-Fa-f.:]+(\/[0-9]{1,3})?$/.test(entry)) throw unfit("network", value);
  return entry;
};

/** Helpers that any target may use. */
export const sharedEscapes: EscapeHelpers = { number, commentLine, shellWord, plainName, plainPath, network };

/** The error for a value that `link` ought to have refused. */
export function unfit(helper: string, value: unknown): Error {
  const shown = JSON.stringify(typeof value === "string" ? value.slice(0, 80) : value) ?? typeof value;
  return new Error(`bug in zopf: ${helper} got ${shown}`);
}

/** The value as a string; anything else is a mistake in a template's context. */
export function text(helper: string, value: unknown): string {
  if (typeof value !== "string") throw unfit(helper, value);
  return value;
}

// Controls, line separators, and marks that change the reading direction.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
