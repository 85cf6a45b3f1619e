/** Loading of Wazuh homes and files (docs/reference/wazuh.md#home-and-rule-set, #configuration-of-wazuh). */
export { type BegunLoad, beginWazuh, loadWazuh, type WazuhOptions } from "./load-home.js";
export { loadLooseWazuh } from "./load-loose.js";
export { type WazuhVerdict, wazuhVerdict } from "./verdict.js";
