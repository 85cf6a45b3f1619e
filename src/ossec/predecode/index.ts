export { type Predecoded, type PredecodeOptions, predecode } from "./predecode.js";
