import type { LintRule } from "../model.js";

export const wazuhChainCut: LintRule = {
  code: "WAZUH-CHAIN-CUT",
  trap: "sibling-cut-by-other-name",
  effect: "misread",
  dialects: ["wazuh"],
  title: "A chain of decoders with another one in between",
  why: "Children of one name form a chain that goes on with the next child of the file. One of another name in between is tried in place of the namesake, and the chain ends there.",
  instead: "Put decoders of one name one behind the other.",
  reference: "docs/reference/wazuh.md#selection-in-wazuh",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch></decoder>
<decoder name="app-f"><parent>app</parent><regex>a=(\S+)</regex><order>user</order></decoder>
<decoder name="other"><parent>app</parent><regex>b=(\S+)</regex><order>url</order></decoder>
<decoder name="«app-f»"><parent>app</parent><regex>c=(\S+)</regex><order>id</order></decoder>`,
  },
  good: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch></decoder>
<decoder name="app-f"><parent>app</parent><regex>a=(\S+)</regex><order>user</order></decoder>
<decoder name="app-f"><parent>app</parent><regex>c=(\S+)</regex><order>id</order></decoder>`,
  },
  check(context, report) {
    const { withProgramName, withoutProgramName } = context.loaded.decoders;
    for (const { children } of [...withProgramName, ...withoutProgramName]) {
      const seen = new Set<string>();
      for (const [index, child] of children.entries()) {
        const before = children[index - 1];
        if (seen.has(child.name) && before !== undefined && before.name !== child.name)
          report(
            context.written.decoder(child).namePlace,
            `"${before.name}" stands between the decoders "${child.name}" and ends their chain`,
          );
        seen.add(child.name);
      }
    }
  },
};
