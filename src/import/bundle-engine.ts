/** The engine of a bundle whose source is for neither OSSEC nor Wazuh. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { OssecSettings } from "../dsl/bundle.js";
import { folderSource } from "../files/folder-source.js";
import { type HomeKind, homeKind } from "../files/home-kind.js";
import { codes } from "./codes.js";
import type { ReadOptions } from "./source.js";

export type BundleEngine =
  | { readonly ok: true; readonly kind: HomeKind; readonly settings: OssecSettings }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** As `--dialect` says it, else as the home of `--with` is, else OSSEC. */
export function bundleEngine({ dialect, home, show }: ReadOptions): BundleEngine {
  const found = home === null ? null : homeKind(folderSource(home, show));
  const wrong = (message: string, help: string): BundleEngine => ({
    ok: false,
    diagnostic: codes.input({ file: show(home ?? ""), line: 1, column: 1 }, message, help),
  });
  if (home !== null && found === null)
    return wrong(
      "is no home of OSSEC or Wazuh (--with)",
      "name the folder that has etc/ossec.conf and rules/ or ruleset/, or leave --with out",
    );
  if (dialect !== undefined && found !== null && found !== dialect)
    return wrong(
      `is a home of ${found === "wazuh" ? "Wazuh" : "OSSEC"}, and --dialect says ${dialect}`,
      "leave --dialect out: the home says whose engine it is",
    );
  const kind = dialect ?? found ?? "ossec";
  const installed = home !== null && isAbsolute(home) && existsSync(join(home, "bin")) ? home : "/var/ossec";
  return {
    ok: true,
    kind,
    settings: kind === "wazuh" ? { dialect: kind, home: installed } : { home: installed },
  };
}
