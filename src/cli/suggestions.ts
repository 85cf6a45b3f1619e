import { didYouMean } from "../diagnostics/near-names.js";

/** What oclif says of a wrong word on the command line, with the word that may have been meant. */
export function withSuggestion(
  message: string,
  {
    flags = [],
    commands = [],
  }: { readonly flags?: readonly string[]; readonly commands?: readonly string[] },
): string {
  const flag = /^Nonexistent flags?: --(\S+?)(?:,|$)/.exec(message)?.[1];
  if (flag !== undefined) {
    const near = didYouMean(
      `--${flag}`,
      flags.map((name) => `--${name}`),
    );
    return `${message.replace(/^Nonexistent flag/, "there is no flag").replace(/^(there is no flag)s?:/, "$1")}.${near}`;
  }
  const [, value, options] = /^Expected --\S+?=(.*) to be one of: ([^\n]*)$/m.exec(message) ?? [];
  if (value !== undefined && options !== undefined)
    return `${message}.${didYouMean(value, options.split(", "))}`;
  const command = /^command (\S+) not found$/.exec(message)?.[1];
  if (command !== undefined) return `there is no command ${command}.${didYouMean(command, commands)}`;
  return message;
}
