import type { OssecModel, RuleModel, ZeekModel } from "../../model/model.js";
import { suiteOf } from "../../targets/ossec/suite.js";
import type { ZeekDeclaration } from "../decode/zeek-settings.js";
import { moduleName } from "./names.js";

/** The module, and how the bundle's notices reach the engine. */
export function linkZeek(
  declared: ZeekDeclaration,
  bundle: string,
  ossec: OssecModel,
  capacityId: number | undefined,
): ZeekModel {
  const { logs, site, noticeLog: kind = "dedicated", noticeFormat: format = "tsv" } = declared;
  const path = `zopf_${bundle.replaceAll("-", "_")}`;
  return {
    module: moduleName(bundle),
    logs,
    site,
    localNets: declared.localNets ?? [],
    tests: declared.tests ?? false,
    ...(capacityId === undefined ? {} : { capacity: capacityRuleOf(capacityId) }),
    noticeLog:
      kind === "dedicated"
        ? {
            kind,
            path,
            filter: `zopf-${bundle}`,
            file: `${logs}/${path}.log`,
            key: declared.noticeKey ?? null,
            source: suiteOf(ossec).ownJson ? "srcip" : "src",
          }
        : { kind, format, file: `${logs}/notice.log` },
  };
}

/**
 * Below the levels that bundles respond to, and in no group of detections: the notice has no source, so that nobody
 * could be blocked.
 */
function capacityRuleOf(id: number): RuleModel {
  return {
    id,
    level: 5,
    groups: ["zopf_capacity"],
    description: "Zeek: a detection follows as many keys as it may (a flood of sources?)",
  };
}
