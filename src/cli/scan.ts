import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { LogCounts } from "../logs/types.ts";
import type { LogFormat } from "../pipeline/model.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import type { Command } from "./command.ts";
import { describeScan } from "./scan-report.ts";

const FORMATS: readonly LogFormat[] = ["auto", "json", "logfmt", "syslog", "access", "plain"];

/** `rocksolid scan`: what the log checks would count in some files. */
export const scan: Command = {
  name: "scan",
  summary: "Counts the events and errors of log files, and lists the kinds of errors.",
  usage: `Usage: rocksolid scan [OPTION…] FILE…

FILE may be a pattern; rotations (.1, .2.gz) of a file are read too.
--since T, --until T   only this time: an ISO date, Unix seconds, or an age (90s, 5m, 12h, 2d)
--baseline D           read D (90s, 5m, 12h, 2d) before --since too, and say which kinds of errors are new
--format F             ${FORMATS.join(", ")}; auto unless said
--match R, --ignore R  only, or never, events with a match of the regular expression; (?i) first ignores case
--zone Z               zone of times that name none: Europe/Berlin, +02:00; this machine's unless said
--json                 writes everything that was found as JSON
Exit status: 0 no errors in the logs, 1 errors, 2 something could not be read or the command line is wrong.`,
  async run(args, io) {
    const { files, json, since, until, counts } = argumentsOf(args);
    const { openLogFiles } = await import("../logs/files.ts");
    const reports: LogCounts[] = [];
    for (const file of files) {
      const scanner = openLogFiles(
        { ...counts, files: file, signatures: true },
        // There is no second look, so that a last line without a line break counts however new its file is.
        { directory: resolve(io.cwd), warn: (text) => io.err(`${text}\n`), now: () => Number.POSITIVE_INFINITY },
      );
      try {
        reports.push(await scanner.scan({ since, until }));
      } finally {
        await scanner.close();
      }
    }
    const one = reports.length === 1 ? reports[0] : undefined;
    if (json) io.out(`${JSON.stringify(one ?? reports, undefined, 2)}\n`);
    else for (const [i, report] of reports.entries()) io.out(describeScan(files[i] ?? "", report));
    for (const { path, reason } of reports.flatMap((report) => report.unreadable)) {
      io.err(`rocksolid scan: ${path}: ${reason}\n`);
    }
    if (reports.some((report) => report.unreadable.length > 0)) return 2;
    return reports.some((report) => report.errors > 0) ? 1 : 0;
  },
};

function argumentsOf(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        since: { type: "string" },
        until: { type: "string" },
        baseline: { type: "string" },
        format: { type: "string", default: "auto" },
        match: { type: "string" },
        ignore: { type: "string" },
        zone: { type: "string" },
        json: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
    const now = Date.now();
    const format = FORMATS.find((one) => one === values.format);
    if (format === undefined) throw new Error(`"${values.format}" is no format; use ${FORMATS.join(", ")}`);
    if (positionals.length === 0) throw new Error("it needs a file");
    if (values.baseline !== undefined && values.since === undefined) throw new Error("--baseline needs --since");
    return {
      files: positionals,
      json: values.json,
      since: values.since === undefined ? Number.NEGATIVE_INFINITY : timeOf("--since", values.since, now),
      until: values.until === undefined ? Number.POSITIVE_INFINITY : timeOf("--until", values.until, now),
      counts: {
        format,
        ...(values.baseline === undefined ? {} : { baseline: ageOf("--baseline", values.baseline) }),
        ...(values.match === undefined ? {} : { match: values.match }),
        ...(values.ignore === undefined ? {} : { ignore: values.ignore }),
        ...(values.zone === undefined ? {} : { zone: values.zone }),
      },
    };
  } catch (error) {
    throw new ConfigurationError(`${messageOf(error)}; write rocksolid scan [OPTION…] FILE…`);
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function ageOf(option: string, text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`${option}: "${text}" is no duration; write 90s, 5m, 12h or 2d`);
  return Number(count) * (UNITS[unit ?? ""] ?? 0);
}

function timeOf(option: string, text: string, now: number): number {
  if (/^\d+[smhd]$/.test(text)) return now - ageOf(option, text);
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new Error(`${option}: "${text}" is no time; write 2026-11-20T10:00:00Z, Unix seconds, or 5m`);
  return time;
}
