/** Active response of Wazuh: which messages are sent, and what execd makes of them. */
export { type ScriptRun, WazuhExecd, type WazuhExecdOptions } from "./execd.js";
export { jsonMessage, type MessageSettings, type ResponseMessage, responseMessages } from "./messages.js";
