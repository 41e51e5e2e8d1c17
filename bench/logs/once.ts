// One measurement in a process of its own, so that its peak memory is its own: node once.ts FILE count|kinds|SINCE
import { openLogFiles } from "../../src/logs/files.ts";

const [file = "", mode = "count"] = process.argv.slice(2);
const since = /^\d+$/.test(mode) ? Number(mode) : Number.NEGATIVE_INFINITY;
const started = performance.now();
const cpu = process.cpuUsage();
const scanner = openLogFiles({ files: file, format: "auto", signatures: mode === "kinds" }, { directory: "/" });
const report = await scanner.scan({ since, until: Number.POSITIVE_INFINITY });
const milliseconds = performance.now() - started;
const used = process.cpuUsage(cpu);
await scanner.close();
process.stdout.write(
  JSON.stringify({
    milliseconds,
    cpu: (used.user + used.system) / 1000,
    lines: report.lines,
    errors: report.errors,
    kinds: report.newSignatureCount ?? 0,
    unsorted: report.unsorted ?? 0,
    bytes: report.bytes,
    unreadable: report.unreadable,
    megabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
