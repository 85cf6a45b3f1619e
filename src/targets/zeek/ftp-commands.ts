import type { ZeekDetectionModel } from "../../model/model.js";
import { walk } from "../../model/walk.js";

/** `FTP::logged_commands` of Zeek's own scripts. */
const logged: ReadonlySet<string> = new Set("APPE DELE RETR STOR STOU ACCT PORT PASV EPRT EPSV".split(" "));

/**
 * Commands that a detection on ftp.log asks for and that Zeek leaves out of it: the script has to add them, or
 * their rows never come. Passwords stay hidden in them, but for those of anonymous users.
 */
export function ftpCommands({ rows, where }: ZeekDetectionModel): readonly string[] {
  if (rows?.record !== "FTP::Info" || where === null) return [];
  const asked = new Set<string>();
  for (const node of walk(where)) {
    if (node.kind !== "binary" || node.left.kind !== "field" || node.left.path.join("$") !== "command")
      continue;
    const values = node.right.kind === "set" ? node.right.elements : [node.right];
    for (const value of values)
      if (value.kind === "literal" && typeof value.value === "string" && !logged.has(value.value))
        asked.add(value.value);
  }
  return [...asked].sort();
}
