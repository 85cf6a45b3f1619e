import type { Model } from "../model/model.js";
import type { Emit, EmittedFile } from "./file.js";
import { emitIpfw } from "./ipfw/emit.js";
import { emitIplog } from "./iplog/emit.js";
import { emitIptables } from "./iptables/emit.js";
import { emitNftables } from "./nftables/emit.js";
import { emitOssec } from "./ossec/emit.js";
import { emitPf } from "./pf/emit.js";
import { emitScript } from "./script/emit.js";
import { emit as emitZeek } from "./zeek/index.js";

/** Every target; each gives no file where the Model does not use it. */
const targets: readonly Emit[] = [
  emitZeek,
  emitOssec,
  emitScript,
  emitPf,
  emitIpfw,
  emitNftables,
  emitIptables,
  emitIplog,
];

/** All files of a bundle, in the order of the targets. */
export function emitAll(model: Model): readonly EmittedFile[] {
  return targets.flatMap((emit) => emit(model));
}
