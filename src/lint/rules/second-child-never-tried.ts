import { childChains } from "../finals.js";
import type { LintRule } from "../model.js";

export const secondChildNeverTried: LintRule = {
  code: "OSSEC-SECOND-CHILD-NEVER-TRIED",
  trap: "second-child-never-tried",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A child decoder behind one without a prematch",
  why: "The first child without a prematch is taken, whether its regex matches or not. Later children are never tried.",
  instead: "Give the earlier child a prematch, or give both the same name, so that they form a chain.",
  reference: "docs/reference/ossec.md#decoder-selection (Children)",
  bad: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-a"><parent>app</parent><regex offset="after_parent">^a (\S+)</regex><order>user</order></decoder>` +
      "\n" +
      String.raw`<decoder name="«app-b»"><parent>app</parent><regex offset="after_parent">^b (\S+)</regex><order>srcip</order></decoder>`,
  },
  good: {
    decoders:
      String.raw`<decoder name="app"><prematch>^app </prematch></decoder>` +
      "\n" +
      String.raw`<decoder name="app-a"><parent>app</parent><prematch offset="after_parent">^a </prematch><regex offset="after_prematch">^(\S+)</regex><order>user</order></decoder>` +
      "\n" +
      String.raw`<decoder name="app-b"><parent>app</parent><regex offset="after_parent">^b (\S+)</regex><order>srcip</order></decoder>`,
  },
  check(context, report) {
    const { withProgramName, withoutProgramName } = context.loaded.decoders;
    const parents = [...withProgramName, ...withoutProgramName];
    // A child hangs below every decoder with the name of its parent.
    const tried = new Set(parents.flatMap(({ children }) => childChains(children).chains.flat()));
    for (const { decoder, children } of parents) {
      const { unreachable, taker } = childChains(children);
      for (const child of unreachable) {
        if (tried.has(child)) continue;
        const { place, namePlace } = context.written.decoder(child);
        const other = taker === null ? null : context.written.decoder(taker);
        if (!context.ordered && other?.place.source.file !== place.source.file) continue;
        report(
          namePlace,
          `decoder "${child.name}" is never tried: "${taker?.name ?? ""}", a child of "${decoder.name}" without prematch, takes every line`,
          other === null ? {} : { cause: other.namePlace },
        );
      }
    }
  },
};
