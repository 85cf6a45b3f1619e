import { commentLine, number, plainName, text, unfit } from "../escape.js";
import { type EscapeHelper, renderer } from "../render.js";
import { zeekIdentifier, zeekString } from "./escape.js";

/** Source text that was made by an emitter, every value in it already escaped. */
export interface ZeekCode {
  readonly code: string;
}

export function code(source: string): ZeekCode {
  return { code: source };
}

const longestComment = 240;

/** The rest of a comment line; long texts are cut, since nobody reads 10,000 characters there. */
const comment: EscapeHelper = (value) => {
  const line = commentLine(value).trim();
  const characters = [...line];
  return characters.length <= longestComment
    ? line
    : commentLine(`${characters.slice(0, longestComment).join("")}...`);
};

/** A name in Zeek, maybe with its module. */
const identifier: EscapeHelper = (value) => zeekIdentifier(text("identifier", value));

/** A string constant with its quotes. */
const string: EscapeHelper = (value) => zeekString(text("string", value));

/** The name of a script of the bundle, for `@load ./name`. */
const scriptName: EscapeHelper = (value) => {
  const name = text("scriptName", value);
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) throw unfit("scriptName", value);
  return name;
};

/** A script along Zeek's path, for `@load`. */
const loadPath: EscapeHelper = (value) => {
  const path = text("loadPath", value);
  if (!/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(path) || path.includes("..")) throw unfit("loadPath", value);
  return path;
};

const emitted: EscapeHelper = (value) => {
  if (typeof value === "object" && value !== null && "code" in value && typeof value.code === "string")
    return value.code;
  throw unfit("code", value);
};

export const render = renderer("zeek", {
  code: emitted,
  comment,
  identifier,
  loadPath,
  number,
  plainName,
  scriptName,
  string,
});
