/** What of the engine that a bundle is for decides how an expression is written. */
import type { HomeKind } from "../../files/home-kind.js";
import type { Dialect } from "../../ossec/dialect.js";
import { ossecDialects } from "../../ossec/dialects.js";
import { wazuh4 } from "../../wazuh/dialect.js";

export interface LineEngine {
  readonly kind: HomeKind;
  readonly product: "OSSEC" | "Wazuh";
  /** Cuts lines into header and message. */
  readonly dialect: Dialect;
  /** Bytes of a pattern at most. */
  readonly longestPattern: number;
  /** It takes control bytes out of a line before anything else sees it. */
  readonly deletesControls: boolean;
  /** Events of a burst at most. */
  readonly mostEvents: number;
  /** A client's burst hides earlier lines of others from the same rule. */
  readonly countsTogether: boolean;
}

export const lineEngines: Readonly<Record<HomeKind, LineEngine>> = {
  ossec: {
    kind: "ossec",
    product: "OSSEC",
    dialect: ossecDialects["4.3"],
    // OSSEC drops longer values of some elements.
    longestPattern: 2_000,
    deletesControls: true,
    mostEvents: 129,
    countsTogether: true,
  },
  wazuh: {
    kind: "wazuh",
    product: "Wazuh",
    dialect: wazuh4,
    // 1,023 (docs/reference/wazuh.md#fields-in-wazuh) without the `(?i)` that may have to stand before it.
    longestPattern: 1_019,
    deletesControls: false,
    mostEvents: 9_999,
    countsTogether: false,
  },
};
