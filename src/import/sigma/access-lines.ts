/** The detection that takes the lines of access logs, and which rules about them stand below. */
import type { Detection } from "../../dsl/detection.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Drafted } from "../draft.js";
import { accessAddress, accessDate, accessHost, quotedText } from "./line-formats.js";

const sample =
  '198.51.100.66 - - [14/Nov/2026:18:09:08 +0000] "GET /index.html?a=b HTTP/1.1" 200 162 "-" "Mozilla/5.0"';

/** @param place - of the first rule about them */
export function accessLines(name: string, place: Span): Drafted<Detection> {
  return {
    value: {
      kind: "log",
      name,
      regex: {
        language: "pcre2",
        text: `^${accessHost}(${accessAddress}) \\S+ [^\\["]*${accessDate}"${quotedText}" (\\d+) `,
      },
      order: ["srcip", "id"],
      samples: [{ line: sample, fields: { srcip: "198.51.100.66", id: "200" } }, `www.example.org:443 ${sample}`],
      rule: { level: 0, description: "A line of a web server's access log", groups: ["sigma"] },
    },
    comments: [
      "Lines of access logs, common and combined, with or without the virtual host. OSSEC has to read the log: name it here as log, or in ossec.conf.",
      "Where the host's own decoders take these lines (OSSEC's and Wazuh's web-accesslog does), import with --with HOME: the rules then stand below those of the host.",
    ],
    origin: { place, rules: [] },
    isGround: true,
  };
}
