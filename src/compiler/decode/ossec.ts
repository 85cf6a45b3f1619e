import type { OssecSettings } from "../../dsl/bundle.js";
import { type Accepts, flag, type Output, object, oneOf, optional, variants } from "./decoder.js";
import { localId, path } from "./scalars.js";

/** Where the engine lives, on one host of several. */
export const ossecPlace = object({ home: path }) satisfies Accepts<Pick<OssecSettings, "home">>;

const settings = {
  home: path,
  installation: optional(oneOf("local", "server")),
  decodersFirst: optional(flag),
  firstRuleId: optional(localId),
};

const ossec = object({
  ...settings,
  dialect: optional(oneOf("ossec")),
  version: optional(oneOf("3.7", "3.8", "4.3")),
});

const wazuh = object({
  ...settings,
  dialect: oneOf("wazuh"),
  version: optional(
    oneOf("4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9", "4.10", "4.11", "4.12", "4.13", "4.14"),
  ),
});

/** The engine that reads the logs; without a dialect it is OSSEC. */
export const ossecSettings = variants("dialect", ossec, wazuh) satisfies Accepts<OssecSettings>;

export type OssecDeclaration = Output<typeof ossecSettings>;
