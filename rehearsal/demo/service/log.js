import { mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

const levels = { debug: 10, info: 20, warn: 30, error: 40 };

/** A log of one JSON object a line in `directory`; events below `level` are not written. */
export function openLog({ directory, level, host, now }) {
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, "storage-node.log"), "a");
  const least = levels[level];
  if (least === undefined) throw new Error(`unknown log level "${level}": use ${Object.keys(levels).join(", ")}`);
  const write = (name) => (msg, fields) => {
    if (levels[name] < least) return;
    const event = { time: new Date(now()).toISOString(), level: name, msg, host, ...fields };
    writeSync(file, `${JSON.stringify(event)}\n`);
  };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
