import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [file] = process.argv.slice(2);
process.stdout.write(`sha256:${createHash("sha256").update(readFileSync(file)).digest("hex")}\n`);
