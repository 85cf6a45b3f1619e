import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Bundle } from "../../dsl/bundle.js";
import { burstDetection } from "./burst.js";
import {
  type Accepts,
  type Decoder,
  type Input,
  list,
  type Output,
  object,
  optional,
  variants,
} from "./decoder.js";
import { type Locator, Places, rootField } from "./field.js";
import { firewalls } from "./firewall.js";
import { iplogDetection } from "./iplog.js";
import { logDetection } from "./log.js";
import { bundleName } from "./names.js";
import { networks } from "./network.js";
import { ossecSettings } from "./ossec.js";
import { rawXml } from "./raw.js";
import { response } from "./response.js";
import { ruleDetection } from "./rule-detection.js";
import { scanDetection } from "./scan.js";
import { sequenceDetection } from "./sequence.js";
import { type ServiceDeclaration, serviceDetection } from "./service.js";
import { targets } from "./targets.js";
import { logRowsDetection, zeekDetection } from "./zeek-detection.js";
import { zeekSettings } from "./zeek-settings.js";

const detectionKinds = variants(
  "kind",
  zeekDetection,
  logRowsDetection,
  scanDetection,
  iplogDetection,
  logDetection,
  burstDetection,
  ruleDetection,
  sequenceDetection,
  serviceDetection,
);

const detection: Decoder<Output<typeof detectionKinds>, Input<typeof detectionKinds>> = (field) =>
  detectionKinds(field.asDetection());

/** All detections; a preset for a service's log is those that it stands for. */
const detections: Decoder<readonly DetectionDeclaration[], readonly Input<typeof detection>[]> = (field) => {
  const written = list(detection)(field);
  return written === null
    ? null
    : field.declare(
        written.flatMap((one): readonly DetectionDeclaration[] =>
          one.kind === "service" ? one.detections : [one],
        ),
      );
};

const bundle = object({
  name: bundleName,
  zeek: optional(zeekSettings),
  ossec: ossecSettings,
  neverBlock: optional(networks),
  ownAddresses: optional(networks),
  detections,
  raw: optional(list(rawXml)),
  responses: optional(list(response)),
  firewall: optional(firewalls),
  targets: optional(targets),
}) satisfies Accepts<Bundle>;

export type DetectionDeclaration = Exclude<Output<typeof detection>, ServiceDeclaration>;
export type BundleDeclaration = Output<typeof bundle>;

/** A bundle whose shape is right, and where each of its declarations stands. */
export interface DecodedBundle {
  readonly declared: BundleDeclaration;
  readonly places: Places;
}

/**
 * Reads what `defineBundle` got. Everything that is wrong with a shape is reported, each thing once; null where an
 * error was.
 */
export function decodeBundle(
  value: unknown,
  locator: Locator,
): { readonly decoded: DecodedBundle | null; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const places = new Places();
  const root = rootField(value, locator, diagnostics, places);
  const declared = root.plain() ? bundle(root) : null;
  const failed = declared === null || diagnostics.some(({ severity }) => severity === "error");
  return { decoded: failed ? null : { declared, places }, diagnostics };
}
