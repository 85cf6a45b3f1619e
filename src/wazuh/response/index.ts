/** Active response of Wazuh: which messages are sent, and what execd makes of them. */
export { type MessageSettings, type ResponseMessage, responseMessages } from "./messages.js";
