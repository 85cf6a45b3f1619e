import type { OssecSource } from "../files/ossec-source.js";
import type { Model } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import { loadOssec } from "../ossec/load/index.js";
import { loadWazuh } from "../wazuh/load/index.js";
import { dialectOf } from "./ossec/dialect.js";

/** A home of the suite that a bundle is for, loaded as the engine loads it. */
export function loadHome(
  { ossec }: Pick<Model, "ossec">,
  source: OssecSource,
  dialect: Dialect = dialectOf(ossec),
): LoadedOssec {
  const { home } = ossec;
  return dialect.name === "wazuh4"
    ? loadWazuh(source, { home, dialect })
    : loadOssec(source, { engine: dialect.name, home });
}
