import { Flags } from "@oclif/core";

/** `--target NAME` of the commands that are about hosts. */
export function targetFlag(description: string) {
  return Flags.string({ description, helpValue: "NAME" });
}
