import { Args, Errors, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, ZopfCommand } from "../cli/command.js";
import { targetFlag } from "../cli/target-flag.js";
import { compileBundles } from "../compiler/compile.js";
import { selectTarget } from "../compiler/select-target.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { deployJson, deployText } from "../report/deploy.js";
import { noPaint } from "../report/diagnostics-text.js";

const statuses = { installed: 0, unchanged: 0, planned: 0, "rolled-back": 0, refused: 1, failed: 2 } as const;

export default class Deploy extends ZopfCommand {
  static override summary =
    "Install a bundle below a file system root: this host's /, an image, a jail, a folder for rsync.";
  static override description =
    "Shared files (ossec.conf, local rules and decoders, pf.conf) get the bundle's part between markers; nobody " +
    "else's entries are touched. Everything is verified before, kept for --rollback, and written so that a crash " +
    "at any point is finished or undone by the next run.";
  static override examples = [
    "<%= config.bin %> deploy perimeter.zopf.ts --root / --dry-run",
    "<%= config.bin %> deploy perimeter.zopf.ts --root /",
    "<%= config.bin %> deploy perimeter.zopf.ts --root / --rollback",
    "<%= config.bin %> deploy fleet.zopf.ts --target web-1 --root staging/web-1",
  ];
  static override args = { BUNDLE: Args.string({ description: "bundle file (*.zopf.ts)", required: true }) };
  static override flags = {
    root: Flags.string({
      description: "File system root to install below; / is this host.",
      helpValue: "DIR",
      required: true,
    }),
    target: targetFlag("The host of the bundle that this is."),
    "dry-run": Flags.boolean({ description: "Only say what would be done." }),
    rollback: Flags.boolean({ description: "Restore the state before the last deploy." }),
    force: Flags.boolean({ description: "With --rollback: although files were changed since." }),
    reload: Flags.boolean({
      description: "Run the reload commands instead of printing them (only with --root /).",
    }),
    format: formatFlag(["text", "json"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Deploy);
    const { realpathSync } = await import("node:fs");
    if (flags.reload && real(realpathSync, flags.root) !== "/")
      throw new Errors.CLIError(
        `--reload runs commands on this host, and --root ${flags.root} is not this host`,
      );
    const compiled = await compileBundles([args.BUNDLE], { show: showPath, cache: true });
    const selected = selectTarget(compiled.bundles, flags.target ?? null, showPath);
    const { deploy } = await import("../deploy/deploy.js");
    const { nodeFileOps } = await import("../deploy/file-ops.js");
    const { askEngines } = await import("../deploy/ask-engines.js");
    const report =
      !compiled.ok || !selected.ok
        ? {
            outcome: "failed" as const,
            changes: [],
            reload: [],
            diagnostics: [...compiled.diagnostics, ...selected.diagnostics],
          }
        : await deploy({
            bundle: selected.bundle,
            root: flags.root,
            dryRun: flags["dry-run"],
            rollback: flags.rollback,
            force: flags.force,
            ops: nodeFileOps,
            show: showPath,
            askEngines: (plan, home) => askEngines(selected.bundle, plan, home, showPath),
          });
    const reloaded = flags.reload && report.outcome === "installed";
    const trouble = reloaded ? await this.reload(report.reload) : [];
    const diagnostics = [...report.diagnostics, ...trouble];
    const paint = flags.output === undefined ? await paintFor(process.stdout) : noPaint;
    const text =
      flags.format === "json"
        ? deployJson({ ...report, diagnostics })
        : deployText(report, paint, reloaded && trouble.length === 0);
    const written = await this.result(text, flags.output);
    if (flags.format !== "json") await this.show(diagnostics);
    const status = statuses[report.outcome];
    this.finish(!written ? 2 : status === 0 && trouble.length > 0 ? 1 : status);
  }

  /** Stops at the first that fails: what follows relies on it (`pfctl -nf` before `pfctl -f`). */
  private async reload(commands: readonly (readonly string[])[]): Promise<readonly Diagnostic[]> {
    const { run, lastWords } = await import("../programs/process.js");
    const { codes } = await import("../deploy/codes.js");
    for (const [program = "", ...words] of commands) {
      const ran = await run(program, words, { cwd: "/", timeout: 600 });
      if (ran.status !== 0)
        return [
          codes.reload(
            { file: program, line: 1, column: 1 },
            `${[program, ...words].join(" ")} failed: ${lastWords(ran)}`,
            "the files are installed; put the old ones back with --rollback",
          ),
        ];
    }
    return [];
  }
}

function real(resolve: (path: string) => string, path: string): string {
  try {
    return resolve(path);
  } catch {
    return path;
  }
}
