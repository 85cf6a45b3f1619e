import type { OssecModel } from "../../model/model.js";
import type { OssecDeclaration } from "../decode/ossec.js";

/** Which engine it is, where it lives, and the names of the bundle's entries there. */
export function linkOssec(declared: OssecDeclaration, bundle: string): OssecModel {
  const { home, installation = "local" } = declared;
  const names = {
    home,
    installation,
    decoder: `zopf-${bundle}`,
    command: `${bundle}-firewall-drop`,
    executable: `${bundle}-firewall-drop.sh`,
  };
  return declared.dialect === "wazuh"
    ? { ...names, dialect: "wazuh", version: declared.version ?? "4.14" }
    : { ...names, dialect: "ossec", version: declared.version ?? "4.3" };
}
