/** The thread that reads conn.log for `createLogReader`. */
import { parentPort, workerData } from "node:worker_threads";
import { type ReaderData, readingFor } from "../detections/reader.js";
import { serveLogs } from "../zeek/logs/remote.js";

const data: ReaderData = workerData;
if (parentPort !== null) serveLogs(parentPort, readingFor(data));
