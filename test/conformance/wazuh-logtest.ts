/** Lists, and what `zopf logtest` prints on Wazuh homes, beside what the real engine and wazuh-logtest said. */
import { LogtestSession } from "../../src/logtest/session.js";
import { WazuhOutput } from "../../src/logtest/wazuh-output.js";
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import { compare, isObject, objects, text, type Verdict } from "./ossec-oracle.js";
import { eventsDifference, loadWazuhHome, stockWazuhHome, wazuhEngine, wazuhHome } from "./wazuh-events.js";
import { bytesOf, readWazuhOracle, wazuhRecords } from "./wazuh-oracle.js";

const startTime = 1_700_000_000;

/** Rules that look into lists: a fresh session a line. */
export function wazuhLists(): readonly Verdict[] {
  const shared = readWazuhOracle("lists_files.json");
  return wazuhRecords("lists.json").map((record) => {
    const files = isObject(shared) && isObject(record.files) ? { ...shared, ...record.files } : {};
    const bytes = Object.fromEntries(
      Object.entries(files).map(([path, content]) => [path, content === null ? null : bytesOf(content)]),
    );
    const loaded = loadWazuhHome(wazuhHome(bytes));
    let { prefilters } = wazuhEngine(loaded);
    let difference: string | null = null;
    for (const event of objects(record.events)) {
      const engine = wazuhEngine(loaded, { prefilters });
      ({ prefilters } = engine);
      difference ??= eventsDifference(engine, [event]);
    }
    return { family: "wazuh lists", name: text(record.name), difference };
  });
}

function sessionOn(loaded: LoadedOssec, verbose: boolean): LogtestSession {
  const engine = wazuhEngine(loaded);
  const options = { format: "text", alerts: false, verbose, control: false, now: () => startTime } as const;
  const output = new WazuhOutput({ ...options, ownHostname: "vm", unitTest: null }, engine.clock);
  return new LogtestSession(engine, options, output);
}

/** Lines of zopf logtest and of wazuh-logtest; the stock rule set has a session a line. */
export function wazuhLogtestTexts(): readonly Verdict[] {
  const recorded = readWazuhOracle("logtest_text.json");
  if (!isObject(recorded)) return [];
  let stock: LoadedOssec | null = null;
  const files = isObject(recorded.files) ? recorded.files : {};
  const own = loadWazuhHome(
    wazuhHome(Object.fromEntries(Object.entries(files).map(([path, content]) => [path, bytesOf(content)]))),
  );
  const sessions = new Map<boolean, LogtestSession>();
  return objects(recorded.texts).map((record) => {
    const verbose = record.verbose === true;
    if (record.stock === true) stock ??= loadWazuhHome(stockWazuhHome());
    let session = record.stock === true && stock !== null ? sessionOn(stock, verbose) : sessions.get(verbose);
    if (session === undefined) {
      session = sessionOn(own, verbose);
      sessions.set(verbose, session);
    }
    const seen = session.line(bytesOf(record.line));
    return {
      family: "wazuh logtest_text",
      name: text(record.name),
      difference: compare(seen, bytesOf(record.text)),
    };
  });
}
