/** Where imports come from: each source is a folder of its own and exports one {@link ReadSource}. */
import type { HomeKind } from "../files/home-kind.js";
import type { StepWatch } from "../files/reading-watch.js";
import type { EngineVersion } from "../model/model.js";
import type { Imported } from "./draft.js";

export interface ReadOptions {
  /** Files and folders as they were given. */
  readonly paths: readonly string[];
  /** The home whose stock rules stand below (`--with`). */
  readonly home: string | null;
  /** The engine of the bundle, where its source is for neither (`--dialect`). Default: that of the home, else OSSEC. */
  readonly dialect?: HomeKind;
  /** The version of OSSEC whose files these are, and for which the bundle is (`--engine`; default 4.3). */
  readonly engine?: EngineVersion;
  /** The bundle's name; null: that of the first path. */
  readonly name: string | null;
  /** File with the names of rule files in load order (`--order`). */
  readonly order: string | null;
  /** Safe fixes of lint's findings are applied first. */
  readonly fix: boolean;
  /** How diagnostics and comments show a path. */
  readonly show: (path: string) => string;
  /** Files of lines that the import is held against (`--logs`). */
  readonly logs?: readonly string[];
  /** Rules of Sigma's about web servers are about access logs; absent: where one of the logs is such a log. */
  readonly accessLogs?: boolean;
  /** File of YAML with the values of Sigma's placeholders (`--placeholders`). */
  readonly placeholders?: string;
  /** Follows the reading; what it stops is not used. */
  readonly watch?: StepWatch;
}

/** Never throws for what is in the files; what can be read comes over, whatever else is broken. */
export type ReadSource = (options: ReadOptions) => Promise<Imported>;
