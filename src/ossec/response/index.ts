/** Active response: what runs on a reported event, and the life of blocks in execd. */

export { Execd, type ExecdEvent, type ExecdOptions, type RestartedTimer, type ScriptCall } from "./execd.js";
export {
  commandKey,
  type RefusedResponse,
  type ResponseOutcome,
  type ResponseRequest,
  type ResponseSettings,
  responsesOf,
  scriptArguments,
  whiteListed,
} from "./responses.js";
