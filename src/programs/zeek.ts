import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { EngineCheck } from "./context.js";
import { outcome, verdict } from "./files.js";
import { plural, skipped } from "./outcome.js";
import { run } from "./process.js";

/** `zeek -a` on each bundle's package, loaded by its name as local.zeek would. */
export const checkZeek: EngineCheck = async (context) => {
  const diagnostics: Diagnostic[] = [];
  let count = 0;
  for (const laid of context.bundles) {
    if (!laid.bundle.files.some(({ reader }) => reader === "zeek")) continue;
    count += 1;
    const { name } = laid.bundle.model;
    const ran = await run(context.program, ["-a", `./${name}`], { cwd: join(laid.folder, "zeek") });
    const found = verdict(context, laid, `zeek/${name}`, ran, true);
    if (found !== null) diagnostics.push(found);
  }
  return count === 0
    ? skipped("no bundle has a Zeek script")
    : outcome(diagnostics, plural(count, "package"));
};
