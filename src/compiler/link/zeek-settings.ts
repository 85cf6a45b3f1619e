import type { OssecModel, ZeekModel } from "../../model/model.js";
import type { ZeekDeclaration } from "../decode/zeek-settings.js";
import { moduleName } from "./names.js";

/** The module, and how the bundle's notices reach the engine. */
export function linkZeek(
  declared: ZeekDeclaration,
  bundle: string,
  dialect: OssecModel["dialect"],
): ZeekModel {
  const { logs, site, noticeLog: kind = "dedicated", noticeFormat: format = "tsv" } = declared;
  const path = `zopf_${bundle.replaceAll("-", "_")}`;
  return {
    module: moduleName(bundle),
    logs,
    site,
    localNets: declared.localNets ?? [],
    tests: declared.tests ?? false,
    noticeLog:
      kind === "dedicated"
        ? {
            kind,
            path,
            filter: `zopf-${bundle}`,
            file: `${logs}/${path}.log`,
            key: declared.noticeKey ?? null,
            source: dialect === "wazuh" ? "srcip" : "src",
          }
        : { kind, format, file: `${logs}/notice.log` },
  };
}
