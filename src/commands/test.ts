import { Args, Flags } from "@oclif/core";
import type { Observed, TestReport } from "../cases/run.js";
import { formatFlag, outputFlag, paintFor, showPath, worst, ZopfCommand } from "../cli/command.js";
import { bundleFiles } from "../compiler/build.js";
import { noPaint } from "../report/diagnostics-text.js";
import { summaryOf, testGithub, testJson, testJunit, testText } from "../report/test.js";

export default class Test extends ZopfCommand {
  static override summary =
    "Run the cases beside bundles: sample logs, and what must and must not happen on them.";
  static override description =
    "A case is a folder cases/<name>/ with a case.json and its logs (docs/cases.md). Without BUNDLE every " +
    "*.zopf.ts below the working directory is tested.";
  static override examples = [
    "<%= config.bin %> test",
    "<%= config.bin %> test perimeter.zopf.ts --format junit",
  ];
  static override strict = false;
  static override args = { BUNDLE: Args.string({ description: "bundle files (*.zopf.ts)" }) };
  static override flags = {
    why: Flags.boolean({
      description:
        "Show for each case what became of all rows and lines on their way to each detection. Failed cases name the cause of what was missed in any case.",
    }),
    update: Flags.boolean({ description: "Write what was seen into the cases, for review." }),
    format: formatFlag(["text", "json", "html", "markdown", "junit", "github"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Test);
    const found = bundleFiles(argv.map(String), null);
    const observed: Observed[] = [];
    const report =
      found.diagnostics.length > 0
        ? { cases: [], diagnostics: found.diagnostics }
        : await this.test(found.files, flags.update, flags.why, observed);
    const paint =
      flags.output === undefined && flags.format === "text" ? await paintFor(process.stdout) : noPaint;
    const formats = {
      json: testJson,
      junit: testJunit,
      github: testGithub,
      html: (one: TestReport) => testPage(one, observed),
      markdown: async (one: TestReport) => (await import("../report/markdown/test.js")).testMarkdown(one),
      text: (one: TestReport) => testText(one, paint),
    };
    const written = await this.result(await formats[flags.format](report), flags.output);
    if (flags.format !== "json") await this.show(report.diagnostics);
    const { failed, invalid } = summaryOf(report.cases);
    const error = invalid > 0 || report.diagnostics.some(({ severity }) => severity === "error");
    this.finish(worst(failed > 0 ? 1 : 0, error || !written ? 2 : 0));
  }

  private async test(
    bundles: readonly string[],
    update: boolean,
    why: boolean,
    observed: Observed[],
  ): Promise<TestReport> {
    const { runCases } = await import("../cases/run.js");
    const { updateCase } = await import("../cases/update.js");
    const options = { bundles, cache: true, why, show: showPath };
    const report = await runCases(options, (one) => observed.push(one));
    if (!update) return report;
    for (const one of observed) {
      const path = updateCase(one);
      if (path !== null) process.stderr.write(`updated ${showPath(path)}\n`);
    }
    return {
      ...report,
      cases: report.cases.map((one) =>
        one.status === "failed" ? { ...one, status: "passed", failures: [] } : one,
      ),
    };
  }
}

async function testPage(report: TestReport, observed: readonly Observed[]): Promise<string> {
  const [{ caseRows, testCases, testHtml }, { withRows }] = await Promise.all([
    import("../report/html/test.js"),
    import("../report/html/event-rows.js"),
  ]);
  const cases = testCases(report, observed).map((one) => withRows(one, undefined, caseRows));
  return testHtml(report, await Promise.all(cases));
}
