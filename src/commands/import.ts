import { Args, Errors, Flags } from "@oclif/core";
import { formatFlag, outputFlag, paintFor, showPath, worst, ZopfCommand } from "../cli/command.js";
import { interrupted } from "../cli/reading.js";
import { sourceKinds } from "../import/sources.js";
import { engineVersions } from "../logtest/arguments.js";
import { setInlining } from "../logtest/start/inlining.js";
import { noPaint } from "../report/diagnostics-text.js";

/**
 * Bytes of bytecode inlined into a function. An import runs much code a few times: to optimise it and to collect garbage
 * took nearly half of the CPU time. With this bound, as with 100 and 300, it takes about a seventh less in all, and the
 * main thread as long as before (Node 20.20, stock rules, interleaved runs on a busy machine).
 */
const inlining = 200;

export default class Import extends ZopfCommand {
  static override summary = "Turn rules that are there already into a bundle.";
  static override description =
    "PATH is a file, a folder of rules, or a home of OSSEC or Wazuh (then only what is not stock comes over). " +
    "What has no form in a bundle goes over as it is, and it is said why. docs/import.md has a walk through a migration.";
  static override examples = [
    "<%= config.bin %> import /var/ossec --into bundles --name local",
    "<%= config.bin %> import local_rules.xml local_decoder.xml",
    "<%= config.bin %> import rules decoder.xml --order rules.txt --name stock",
  ];
  static override strict = false;
  static override args = {
    PATH: Args.string({ description: "what is imported: files or folders", ignoreStdin: true }),
  };
  static override flags = {
    from: Flags.option({
      options: sourceKinds,
      description: "Whose files they are (default: as they look).",
    })(),
    into: Flags.string({ description: "Folder that is written to.", default: ".", helpValue: "DIR" }),
    with: Flags.string({ description: "The home whose own rules stand below.", helpValue: "HOME" }),
    dialect: Flags.option({
      options: ["ossec", "wazuh"] as const,
      description: "fail2ban: the engine of the bundle (default: that of --with, else OSSEC).",
    })(),
    engine: Flags.option({
      options: engineVersions,
      description: "Version of OSSEC whose files they are, and for which the bundle is (default: 4.3).",
    })(),
    name: Flags.string({
      description: "The bundle's name (default: made of the first PATH).",
      helpValue: "BUNDLE",
    }),
    order: Flags.string({
      description: "File with the names of rule files in load order, one a line.",
      helpValue: "FILE",
    }),
    fix: Flags.boolean({ description: "Apply the safe fixes of lint first; PATH itself stays as it is." }),
    force: Flags.boolean({ description: "Write over files that are no import, or were changed since." }),
    logs: Flags.string({
      description:
        "A log whose lines the files and the bundle have to answer alike (several times: several).",
      helpValue: "FILE",
      multiple: true,
    }),
    webserver: Flags.option({
      options: ["zeek", "access-log"] as const,
      description:
        "Where Sigma's rules about web servers look: Zeek's http.log, or access logs (default: access logs where a file of --logs is one or HOME reads one, else Zeek).",
    })(),
    placeholders: Flags.string({
      description: "YAML with the values of Sigma's placeholders, a line `name: [value, value]` each.",
      helpValue: "FILE",
    }),
    check: Flags.boolean({
      description: "Write nothing: compare the bundle that is there with PATH once more, as in CI.",
    }),
    format: formatFlag(["text", "json", "html", "markdown"]),
    output: outputFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Import);
    if (argv.length === 0) throw new Errors.CLIError("no path is given: name files or folders");
    setInlining(inlining);
    const { runImport } = await import("../import/import.js");
    const { importDiagnostics, importJson, importText } = await import("../report/import.js");
    const watch = this.progress().listen();
    const result = await runImport({
      paths: argv.map(String),
      from: flags.from ?? null,
      into: flags.into,
      home: flags.with ?? null,
      ...(flags.dialect === undefined ? {} : { dialect: flags.dialect }),
      ...(flags.engine === undefined ? {} : { engine: flags.engine }),
      name: flags.name ?? null,
      order: flags.order ?? null,
      fix: flags.fix,
      force: flags.force,
      check: flags.check,
      logs: flags.logs ?? [],
      ...(flags.placeholders === undefined ? {} : { placeholders: flags.placeholders }),
      ...(flags.webserver === undefined ? {} : { accessLogs: flags.webserver === "access-log" }),
      timeZone: process.env.TZ,
      show: showPath,
      watch,
    });
    watch.end();
    const paint =
      flags.output === undefined && flags.format === "text" ? await paintFor(process.stdout) : noPaint;
    const called = {
      paths: argv.map(String),
      into: flags.into,
      home: flags.with ?? null,
      engine: flags.engine,
      check: flags.check,
    };
    const formats = {
      json: () => importJson(result, showPath),
      html: async () => (await import("../report/html/import.js")).importHtml(result, called),
      markdown: async () => (await import("../report/markdown/import.js")).importMarkdown(result, called),
      text: () => importText(result, called, showPath, paint),
    };
    // A difference is an error of the bundle's, not of the files.
    const bad = result.diagnostics.some(
      ({ severity, code }) => severity === "error" && code !== "import/differs",
    );
    const differs =
      (result.proof !== null && result.proof.same < result.proof.lines) ||
      (flags.check && result.diagnostics.some(({ code }) => code === "import/differs"));
    this.finish(worst(bad ? 2 : 0, differs ? 1 : 0, watch.stopped() ? interrupted : 0));
    // First, so that a terminal ends with what was done and what is to be done.
    if (flags.format !== "json")
      process.stderr.write(importDiagnostics(result.diagnostics, await paintFor(process.stderr)));
    if (!(await this.result(await formats[flags.format](), flags.output))) this.finish(2);
  }
}
