/** The thread that reads conn.log for `createLogReader`. */
import { parentPort, workerData } from "node:worker_threads";
import { serveLogs } from "../zeek/logs/remote.js";
import { type ReaderData, readingFor } from "./reader.js";

const data: ReaderData = workerData;
if (parentPort !== null) serveLogs(parentPort, readingFor(data));
