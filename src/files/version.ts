import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
const parsed: unknown = JSON.parse(text);

function field(name: "name" | "version" | "homepage"): string | null {
  if (typeof parsed !== "object" || parsed === null || !(name in parsed)) return null;
  const value: unknown = Object.getOwnPropertyDescriptor(parsed, name)?.value;
  return typeof value === "string" ? value : null;
}

/** The version of the zopf that runs, as in package.json. */
export const version: string = field("version") ?? "unknown";

/** Where the project lives, as in package.json, without a final `/`. */
export const homepage: string = (field("homepage") ?? "").replace(/(?:#.*|\/)$/, "");

/** What a registry calls the package. The command, and what bundles import, is `zopf`. */
export const packageName: string = field("name") ?? "zopf";
