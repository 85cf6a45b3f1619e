import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
const parsed: unknown = JSON.parse(text);

/** The version of the zopf that runs, as in package.json. */
export const version: string =
  typeof parsed === "object" && parsed !== null && "version" in parsed && typeof parsed.version === "string"
    ? parsed.version
    : "unknown";
