import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const decodedAsChildName: LintRule = {
  code: "OSSEC-DECODED-AS-CHILD-NAME",
  trap: "decoded-as-child-name",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "<decoded_as> names a child decoder",
  why: "Events carry the name of the parent decoder, unless the child has use_own_name. A rule for the child's name never matches.",
  instead: "Name the parent, or give the child <use_own_name>true</use_own_name>.",
  reference: "docs/reference/ossec.md#decoder-selection (reported name)",
  bad: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-login"><parent>app</parent><regex offset="after_parent">^login (\S+)</regex><order>user</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>«app-login»</decoded_as><description>a</description></rule>`,
  },
  good: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-login"><parent>app</parent><regex offset="after_parent">^login (\S+)</regex><order>user</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>a</description></rule>`,
  },
  check(context, report) {
    const reported = new Set(context.loaded.decoders.all.map(({ reportedName }) => reportedName));
    const parents = new Map(context.loaded.decoders.all.map(({ name, parent }) => [name, parent]));
    for (const written of context.rules) {
      const element = elementsNamed(written, "decoded_as").at(-1);
      if (element === undefined || reported.has(element.value)) continue;
      const parent = parents.get(element.value);
      if (parent === undefined || parent === null) continue;
      report(
        element.content,
        `rule ${written.rule.id} never matches: events of decoder "${element.value}" carry the name "${parent}"`,
      );
    }
  },
};
