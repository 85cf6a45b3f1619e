import { join, resolve } from "node:path";
import { Args } from "@oclif/core";
import { formatFlag, outputFlag, showPath, ZopfCommand } from "../cli/command.js";
import { build } from "../compiler/build.js";
import { callOf } from "../compiler/init/call.js";
import { initialise } from "../compiler/init/init.js";
import { jsonOf } from "../diagnostics/schema-version.js";

export default class Init extends ZopfCommand {
  static override summary =
    "Write a first bundle with a quiet-day case, and build it; never over existing files.";
  static override examples = ["<%= config.bin %> init", "<%= config.bin %> init sensors/gateway"];
  static override args = { DIR: Args.string({ description: "folder to write to", default: "." }) };
  static override flags = { format: formatFlag(["text", "json"]), output: outputFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Init);
    const report = initialise(args.DIR);
    if (!report.ok) {
      const diagnostics = [
        {
          code: "init/folder",
          severity: "error" as const,
          message: `cannot be set up: ${report.reason}`,
          file: showPath(args.DIR),
          line: 1,
          column: 1,
        },
      ];
      if (flags.format === "json") await this.result(jsonOf("init", { diagnostics }), flags.output);
      else await this.show(diagnostics);
      this.finish(2);
      return;
    }
    const built = report.written.includes("perimeter.zopf.ts")
      ? await build({
          files: [join(args.DIR, "perimeter.zopf.ts")],
          out: join(args.DIR, "generated"),
          check: false,
          force: false,
          cache: true,
          show: showPath,
        })
      : null;
    const zopf = callOf(args.DIR);
    const diagnostics = built?.diagnostics ?? [];
    const at = (path: string) => showPath(join(args.DIR, path));
    // From elsewhere `build` would write its output beside the folder, not in it.
    const enter = resolve(args.DIR) === process.cwd() ? "" : `cd ${showPath(args.DIR)}, `;
    const text =
      flags.format === "json"
        ? jsonOf("init", { written: report.written.map(at), kept: report.kept.map(at), diagnostics })
        : [
            ...report.written.map((path) => `wrote ${at(path)}\n`),
            ...report.kept.map((path) => `kept  ${at(path)}\n`),
            built === null || built.outcome === "failed" ? "" : `built ${at("generated")}\n`,
            `\nNext: ${enter}${report.written.includes("package.json") ? "npm install (types for your editor), " : ""}put your own addresses into neverBlock, then: ${zopf} build && ${zopf} test\n`,
          ].join("");
    await this.result(text, flags.output);
    if (flags.format !== "json") await this.show(diagnostics);
    this.finish(built?.outcome === "failed" ? 2 : 0);
  }
}
