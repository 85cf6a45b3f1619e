import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** Settings of the log of notices that the log, or Wazuh, cannot have. */
export const checkNoticeLog: Policy = ({ declared: { zeek, ossec }, places }) => {
  if (zeek === undefined) return [];
  const { noticeLog, noticeKey, noticeFormat } = zeek;
  const found: Diagnostic[] = [];
  if (noticeKey !== undefined && noticeLog === "notice.log") {
    const { label, span } = places.at(zeek, "noticeKey");
    found.push(
      codes.text(
        span(),
        `${label} is for the dedicated log: Zeek's notice.log is not the bundle's to change`,
        'leave it out, or leave noticeLog at "dedicated"',
      ),
    );
  }
  if (ossec.dialect !== "wazuh") return found;
  if (noticeKey !== undefined)
    found.push(
      codes.wazuh(
        places.at(zeek, "noticeKey").span(),
        "Wazuh's own JSON decoder knows an address only by the name srcip, so a key cannot stand in it",
        "leave it out: the rule asks for the name of the log instead, which no line can forge",
      ),
    );
  if (noticeLog === "notice.log" && noticeFormat === "json")
    found.push(
      codes.wazuh(
        places.at(zeek, "noticeFormat").span(),
        "Wazuh's own JSON decoder takes the lines of this log, and no response gets an address out of its column src",
        'leave noticeLog at "dedicated", whose column is called srcip, or have Zeek write TSV',
      ),
    );
  return found;
};
