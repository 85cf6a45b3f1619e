import { Flags } from "@oclif/core";
import { engineVersions } from "../logtest/arguments.js";

/** Which decoders and rules lines are run through. */
export const ruleFlags = {
  ossec: Flags.string({
    description: "OSSEC home: etc/ossec.conf, etc/decoder.xml, rules/.",
    helpValue: "DIR",
  }),
  wazuh: Flags.string({
    description: "Wazuh home: etc/ossec.conf, ruleset/; or the folder ruleset/ by itself.",
    helpValue: "DIR",
  }),
  decoders: Flags.string({ description: "Decoder files, in this order.", multiple: true, helpValue: "FILE" }),
  rules: Flags.string({ description: "Rule files, in this order.", multiple: true, helpValue: "FILE" }),
  engine: Flags.option({
    options: engineVersions,
    default: engineVersions[0],
    description: "OSSEC version.",
  })(),
};
