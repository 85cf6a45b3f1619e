import { Args, Flags } from "@oclif/core";
import { formatFlag, outputFlag, showPath, ZopfCommand } from "../cli/command.js";
import { build, bundleFiles } from "../compiler/build.js";
import { compileBundles } from "../compiler/compile.js";
import { compiledFile } from "../compiler/output/compiled-file.js";
import { buildJson, buildText } from "../report/build.js";

const statuses = { written: 0, unchanged: 0, stale: 1, failed: 2 } as const;

export default class Build extends ZopfCommand {
  static override summary = "Compile bundles into everything that Zeek, OSSEC and the packet filter need.";
  static override description =
    "Without BUNDLE every *.zopf.ts below the working directory is built. All bundles are written, or none.";
  static override examples = [
    "<%= config.bin %> build perimeter.zopf.ts",
    "<%= config.bin %> build --check --format json",
  ];
  static override strict = false;
  static override args = { BUNDLE: Args.string({ description: "bundle files (*.zopf.ts)" }) };
  static override flags = {
    out: Flags.string({ description: "Output folder.", default: "generated", helpValue: "DIR" }),
    check: Flags.boolean({ description: "Write nothing; exit 1 when the output would differ." }),
    force: Flags.boolean({ description: "Overwrite files that zopf did not write." }),
    cache: Flags.boolean({ description: "Reuse what was compiled before.", default: true, allowNo: true }),
    compiled: Flags.string({
      description: "Also write the bundles as one file that the playground plays (docs/playground.md).",
      helpValue: "FILE",
    }),
    format: formatFlag(["text", "json"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Build);
    const files = argv.map(String);
    const report = await build({ ...flags, files, show: showPath });
    const text = flags.format === "json" ? buildJson(report) : buildText(report, showPath(flags.out));
    const isBuilt = report.outcome === "written" || report.outcome === "unchanged";
    const written =
      (flags.compiled === undefined ||
        !isBuilt ||
        (await this.#writeCompiled(files, flags.compiled, flags))) &&
      (await this.result(text, flags.output));
    if (flags.format !== "json") await this.show(report.diagnostics);
    this.finish(written ? statuses[report.outcome] : 2);
  }

  /** What was just compiled comes from the cache. */
  async #writeCompiled(
    given: readonly string[],
    file: string,
    { out, cache }: { readonly out: string; readonly cache: boolean },
  ): Promise<boolean> {
    const { bundles } = await compileBundles(bundleFiles(given, out).files, { show: showPath, cache });
    return this.result(compiledFile(bundles), file);
  }
}
