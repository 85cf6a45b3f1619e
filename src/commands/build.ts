import { Args, Flags } from "@oclif/core";
import { formatFlag, outputFlag, showPath, ZopfCommand } from "../cli/command.js";
import { build } from "../compiler/build.js";
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
    format: formatFlag(["text", "json"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Build);
    const report = await build({ ...flags, files: argv.map(String), show: showPath });
    const text = flags.format === "json" ? buildJson(report) : buildText(report, showPath(flags.out));
    const written = await this.result(text, flags.output);
    if (flags.format !== "json") await this.show(report.diagnostics);
    this.finish(written ? statuses[report.outcome] : 2);
  }
}
