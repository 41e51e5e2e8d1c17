// Sums up an lcov report from standard input: the share of the service's lines that the unit tests ran, in percent.
import { readFileSync } from "node:fs";

let file = "";
let found = 0;
let hit = 0;
for (const line of readFileSync(0, "utf8").split("\n")) {
  if (line.startsWith("SF:")) file = line;
  if (!file.includes("service/")) continue;
  if (line.startsWith("LF:")) found += Number(line.slice(3));
  if (line.startsWith("LH:")) hit += Number(line.slice(3));
}
if (found === 0) throw new Error("the coverage report names no line of service/");
const pct = Math.round((hit / found) * 1000) / 10;
process.stdout.write(`${JSON.stringify({ total: { lines: { total: found, covered: hit, pct } } })}\n`);
