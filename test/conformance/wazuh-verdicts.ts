/** What the config check said of trees: the verdict and the file it is about. */
import { loadWazuh, wazuhVerdict } from "../../src/wazuh/load/index.js";
import { objects, text, type Verdict } from "./ossec-oracle.js";
import { homeOf, homeSource } from "./wazuh-home.js";
import { readWazuhOracle } from "./wazuh-oracle.js";

/** The file that the last message names. */
const namedFile = /(?:at|rules:|file) '((?:etc|ruleset)\/[^']*)'/;

export function wazuhVerdicts(): readonly Verdict[] {
  return objects(readWazuhOracle("config_verdicts.json")).map((record): Verdict => {
    const loaded = loadWazuh(homeSource(homeOf(record.files)));
    const verdict = wazuhVerdict(loaded.problems);
    const expected = text(record.verdict);
    const messages = Array.isArray(record.messages) ? record.messages.map(text) : [];
    const place = messages.flatMap((message) => namedFile.exec(message)?.[1] ?? []).at(-1);
    const first = loaded.problems.find((problem) => problem.first && problem.programs.includes("analysisd"));
    const said = loaded.problems.map(
      ({ file, line, message, outcome }) => `${outcome} ${file}:${line} ${message}`,
    );
    let difference: string | null = null;
    if (verdict !== expected) {
      difference = `${expected} (${messages.join(" | ").slice(0, 400)}), here ${verdict}: ${said.join(" | ")}`;
    } else if (expected === "refused" && place !== undefined && first?.file !== place) {
      difference = `refused at ${place}, here at ${first?.file ?? "none"}: ${said.join(" | ")}`;
    }
    return { family: `wazuh verdicts: ${text(record.topic)}`, name: text(record.name), difference };
  });
}
