import type { EngineVersion, OssecModel, WazuhVersion } from "../../model/model.js";
import { codes } from "./codes.js";
import {
  child,
  describe,
  type Field,
  type LinkContext,
  readBoolean,
  readObject,
  readOneOf,
} from "./field.js";
import { defaultFirstId, localIds } from "./rule-ids.js";
import { readPath } from "./texts.js";

const ossecVersions: readonly EngineVersion[] = ["3.7", "3.8", "4.3"];
const wazuhVersions: readonly WazuhVersion[] = [
  "4.3",
  "4.4",
  "4.5",
  "4.6",
  "4.7",
  "4.8",
  "4.9",
  "4.10",
  "4.11",
  "4.12",
  "4.13",
  "4.14",
];

export interface LinkedOssec {
  readonly model: OssecModel;
  readonly first: number;
  /** The host's ossec.conf names local_decoder.xml before decoder.xml. */
  readonly decodersFirst: boolean;
}

/** Where the engine lives and which one it is; ids and names of the bundle's entries there. */
export function readOssec(context: LinkContext, field: Field, bundle: string): LinkedOssec | null {
  if (readObject(context, field) === null) return null;
  const home = readPath(context, child(context, field, "home"));
  const engine = readEngine(context, field);
  const installation = readOneOf(
    context,
    child(context, field, "installation"),
    ["local", "server"],
    "local",
  );
  const decodersFirst = readBoolean(context, child(context, field, "decodersFirst"), false);
  const firstField = child(context, field, "firstRuleId");
  let first: number | null = defaultFirstId(bundle);
  if (firstField.value !== undefined) {
    const asked = firstField.value;
    first =
      typeof asked === "number" &&
      Number.isInteger(asked) &&
      asked >= localIds.least &&
      asked <= localIds.most
        ? asked
        : null;
    if (first === null)
      context.diagnostics.push(
        codes.ruleId(
          firstField.span(),
          `${firstField.label} is ${describe(asked)}, which is not an id for local rules`,
          `use a whole number from ${localIds.least} to ${localIds.most}`,
        ),
      );
  }
  if (home === null || engine === null || installation === null || first === null) return null;
  return {
    model: {
      home,
      ...engine,
      installation,
      decoder: `zopf-${bundle}`,
      command: `${bundle}-firewall-drop`,
      executable: `${bundle}-firewall-drop.sh`,
    },
    first,
    decodersFirst,
  };
}

type Engine =
  | { readonly dialect: "ossec"; readonly version: EngineVersion }
  | { readonly dialect: "wazuh"; readonly version: WazuhVersion };

function readEngine(context: LinkContext, field: Field): Engine | null {
  const dialect = readOneOf(context, child(context, field, "dialect"), ["ossec", "wazuh"], "ossec");
  const versionField = child(context, field, "version");
  switch (dialect) {
    case "ossec": {
      const version = readOneOf(context, versionField, ossecVersions, "4.3");
      return version === null ? null : { dialect, version };
    }
    case "wazuh": {
      const version = readOneOf(context, versionField, wazuhVersions, "4.14");
      return version === null ? null : { dialect, version };
    }
    case null:
      return null;
  }
}
