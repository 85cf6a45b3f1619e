import { codes } from "../codes.js";
import { list, text } from "./decoder.js";
import type { Field } from "./field.js";
import { named } from "./scalars.js";
import { isColumnName, isReserved, logPathProblem } from "./zeek-words.js";

/** `base`, `policy`, `site` and `zeek` are folders of Zeek's own; `packages` is the package manager's. */
const takenFolders = new Set(["base", "policy", "site", "zeek", "packages"]);

const form = /^[a-z][a-z0-9-]{0,30}$/;

/** A bundle's name, which every generated name carries. */
export const bundleName = named(
  (name) => form.test(name) && !takenFolders.has(name),
  (name) => ({
    message: takenFolders.has(name)
      ? `"${name}" cannot be the bundle's name: Zeek has a folder of that name`
      : `${JSON.stringify(name.slice(0, 60))} cannot be the bundle's name`,
    help: "use lower case letters, digits and hyphens, starting with a letter, at most 31 characters",
  }),
);

/** The name of a detection that stands in OSSEC's files alone. */
export const detectionName = nameOfDetection(false);

/** The name of a detection that becomes an enum value of the Zeek script. */
export const noticeName = nameOfDetection(true);

function nameOfDetection(inZeek: boolean): ReturnType<typeof named> {
  return named(
    (name) => detectionNameProblem(name, inZeek) === null,
    (name) => ({
      message: `${JSON.stringify(name.slice(0, 60))} cannot be a detection's name: ${detectionNameProblem(name, inZeek)}`,
      help: "use letters, digits and underscores, starting with an upper case letter, at most 64 characters: Port_Scan_S0_Detected",
    }),
  );
}

function detectionNameProblem(name: string, inZeek: boolean): string | null {
  if (inZeek && isReserved(name)) return "Zeek reserves that word";
  if (!/^[A-Z][A-Za-z0-9_]{0,63}$/.test(name)) return "Zeek would not take it as the name of a notice";
  if (name.endsWith("_") || name.includes("__"))
    return "Zeek keeps double and trailing underscores for itself";
  if (/_(?:LOG|Info|Capacity)$/.test(name))
    return "names ending in _LOG, _Info and _Capacity are made by zopf";
  return null;
}

/** The path of a detection's own log. */
export const logPath = named(
  (path) => logPathProblem(path) === null,
  (path, { label }) => ({
    message: `${label} ${logPathProblem(path)}`,
    help: "use lower case letters, digits and underscores, starting with a letter: port_scan",
  }),
);

/** Reports a name that cannot be a column of a detection's own log. */
export function refuseColumn(name: string, field: Field): boolean {
  if (isColumnName(name)) return false;
  field.report(
    codes.name(
      field.span(),
      `${JSON.stringify(name.slice(0, 60))} cannot be a column of a Zeek log`,
      "use lower case letters, digits and underscores, starting with a letter; Zeek's reserved words are taken",
    ),
  );
  return true;
}

/** Names of targets; which there are is for policy. */
export const targetNames = list(text, { least: 1, most: 1_000, expected: "a list of names of targets" });
