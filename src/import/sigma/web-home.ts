/** The home that Sigma rules are imported for: whose it is, and whether it knows access logs itself. */
import { folderSource } from "../../files/folder-source.js";
import { homeKind } from "../../files/home-kind.js";
import { type OssecSource, withFiles } from "../../files/ossec-source.js";
import { mergedFiles } from "../../merge/merge-home.js";
import type { LoadedOssec } from "../../ossec/definitions.js";
import { loadOssec } from "../../ossec/load/index.js";
import { loadHome } from "../../targets/home.js";
import { dialectOf } from "../../targets/ossec/dialect.js";
import { wazuh4 } from "../../wazuh/dialect.js";
import { loadWazuh } from "../../wazuh/load/index.js";
import type { Emitted } from "../proof/surroundings.js";

export interface SigmaHome {
  readonly source: OssecSource;
  readonly dialect: "ossec" | "wazuh";
  /** It follows an access log. */
  readonly readsAccessLogs: boolean;
  /** The group of its own rules about them; null: it has none. */
  readonly webGroup: "accesslog" | null;
}

/** The group of the stock rules about web servers, of OSSEC and Wazuh. */
const webGroup = "accesslog";

export function sigmaHome(path: string, show: (path: string) => string): SigmaHome {
  const source = folderSource(path, show);
  const dialect = homeKind(source) === "wazuh" ? "wazuh" : "ossec";
  const home = "/var/ossec";
  const { rules, conf } =
    dialect === "wazuh"
      ? loadWazuh(source, { home, dialect: wazuh4 })
      : loadOssec(source, { engine: "4.3", home });
  return {
    source,
    dialect,
    readsAccessLogs: conf.localfiles.some(
      ({ format, location }) => format === "apache" || /access[._]?log/i.test(location ?? ""),
    ),
    webGroup: rules.some((rule) => rule.category === "web-log" && rule.group.split(",").includes(webGroup))
      ? webGroup
      : null,
  };
}

/** What is emitted, beside the home's own files. */
export function inHome({ source }: SigmaHome, { model, files }: Emitted): LoadedOssec {
  const dialect = dialectOf(model.ossec);
  return loadHome(model, withFiles(source, mergedFiles(source, model, files, dialect)), dialect);
}
