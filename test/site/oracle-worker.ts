/** The conformance tests' comparisons in a worker of a page: the same records, the same code, the page's engine. */
import type { JsonObject, Verdict } from "../conformance/ossec-oracle.js";
import { giveFiles } from "./oracle-host.js";

export interface OracleRequest {
  readonly files: Readonly<Record<string, string>>;
  /** Records that a clone has, by their family. */
  readonly recorded: readonly (readonly [family: string, record: JsonObject])[];
  /** Families of the oracle that are left out; null: there is no oracle. */
  readonly without: readonly string[] | null;
}

export interface OracleReply {
  readonly families: Readonly<Record<string, { readonly cases: number; readonly milliseconds: number }>>;
  readonly differences: readonly string[];
}

// A worker's own, which the library of Node's tests does not name.
declare function addEventListener(
  name: "message",
  listener: (event: { readonly data: OracleRequest }) => void,
): void;
declare function postMessage(reply: OracleReply): void;

addEventListener("message", ({ data }) => {
  run(data).then(
    (reply) => postMessage(reply),
    (error: unknown) => postMessage({ families: {}, differences: [String(error)] }),
  );
});

async function run({ files, recorded, without }: OracleRequest): Promise<OracleReply> {
  giveFiles(files);
  // They read as they are loaded.
  const { recordedVerdicts } = await import("../conformance/recorded-verdicts.js");
  const { families } = await import("../conformance/ossec-families.js");
  const { wazuhFamilies } = await import("../conformance/wazuh-families.js");
  const all: Readonly<Record<string, () => readonly Verdict[]>> = {
    recorded: () => recorded.flatMap(([family, record]) => recordedVerdicts(family, record)),
    ...(without === null ? {} : { ...families, ...wazuhFamilies }),
  };
  const counts: Record<string, { cases: number; milliseconds: number }> = {};
  const differences: string[] = [];
  for (const [name, family] of Object.entries(all)) {
    if (without?.includes(name) === true) continue;
    const start = performance.now();
    const verdicts = family();
    counts[name] = { cases: verdicts.length, milliseconds: performance.now() - start };
    for (const { family: of, name: one, difference } of verdicts)
      if (difference !== null) differences.push(`${of}: ${one}: ${difference}`);
  }
  return { families: counts, differences };
}
