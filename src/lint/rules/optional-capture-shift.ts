import { shiftingGroup } from "../../ossec/patterns/optional-groups.js";
import type { LintRule } from "../model.js";

export const optionalCaptureShift: LintRule = {
  code: "OSSEC-OPTIONAL-CAPTURE-SHIFT",
  trap: "optional-capture-shift",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A capture that may move into another field",
  why: "Groups that take no part are skipped, and the following captures move to the left: a host name ends up in srcip, a name chosen by an attacker in the address that is blocked.",
  instead:
    "Write one decoder for each form (same name, so that they form a chain), or the same number of groups in each alternative.",
  reference: "docs/reference/ossec.md#decoder-fields (Groups that did not take part are skipped)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">«^ip=(\S+)|^host=(\S+)»</regex><order>srcip, system_name</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^ip=(\S+) host=(\S+)</regex><order>srcip, system_name</order></decoder>`,
  },
  check(context, report) {
    for (const { name, order, regex } of context.loaded.decoders.all) {
      if (order === null || regex === null) continue;
      // There a group that takes no part gives the empty text.
      if (context.dialect === "wazuh" && regex.language === "pcre2") continue;
      const group = shiftingGroup(regex, order.length);
      const field = group === null ? undefined : order[group - 1];
      if (field === undefined) continue;
      const slot = field.kind === "slot" ? field.slot : field.name;
      report(
        context.written.pattern(regex)[0],
        `when group ${group} of decoder "${name}" takes no part, what a later group captured becomes ${slot}`,
      );
    }
  },
};
