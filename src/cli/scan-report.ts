import type { Bucket, LogCounts, Signature } from "../logs/types.ts";
import { formatCount, formatDuration, formatNumber, formatPercent } from "../pipeline/format.ts";
import { neutraliseForLog, oneLine } from "../report/neutralise.ts";
import { sparkline } from "../report/sparkline.ts";

const MOST_SOURCES = 10;
const MOST_HOSTS = 5;

/** What a scan found, for a terminal or the log of a job: nothing in it moves a cursor or is a workflow command. */
export function describeScan(file: string, report: LogCounts): string {
  const { first, last, sources = [], newSignatures = [], risenSignatures = [], silent = [] } = report;
  const lines = [`${shown(file)}: ${totals(report)}`];
  if (first !== undefined && last !== undefined) lines.push(`  from ${instant(first)} to ${instant(last)}`);
  lines.push(...overTime(report.buckets ?? [], report.bucketWidth ?? 60_000));
  if (sources.length > 1) {
    const sorted = [...sources].sort((a, b) => b.errors - a.errors || b.lines - a.lines);
    lines.push("  by host, file or stream:");
    for (const { name, lines: events, errors, fatal } of sorted.slice(0, MOST_SOURCES)) {
      lines.push(
        `  ${formatNumber(errors).padStart(9)}  errors in ${formatCount(events, "event")}, ${formatNumber(fatal)} fatal: ${shown(name)}`,
      );
    }
    if (sources.length > MOST_SOURCES) lines.push(`             and ${sources.length - MOST_SOURCES} more`);
  }
  lines.push(...kinds(report.baseline ? "new kinds of errors" : "kinds of errors", newSignatures));
  lines.push(...kinds("kinds of errors that became more frequent", risenSignatures));
  for (const { name, quiet, wroteIn, spans, span } of silent) {
    lines.push(
      `  silent: ${shown(name)}, for ${formatDuration(quiet)}; before that it wrote in ${wroteIn} of ${spans} spans of ${formatDuration(span)}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function totals({ lines, errors, fatal, requests = 0, first, last, buckets = [] }: LogCounts): string {
  const warnings = buckets.reduce((total, one) => total + one.warnings, 0);
  const minutes = first === undefined || last === undefined ? 0 : (last - first) / 60_000;
  const rates = [
    ...(lines > 0 ? [formatPercent(errors / lines)] : []),
    ...(minutes >= 1 && errors > 0 ? [`${formatNumber(errors / minutes)} a minute`] : []),
    ...(requests > 0 ? [`${formatPercent(errors / requests)} of ${formatCount(requests, "request")}`] : []),
  ];
  const parts = [
    formatCount(lines, "event"),
    `${formatCount(errors, "error")}${rates.length > 0 ? ` (${rates.join(", ")})` : ""}`,
    `of these ${formatNumber(fatal)} fatal`,
    ...(warnings > 0 ? [formatCount(warnings, "warning")] : []),
  ];
  return parts.join(", ");
}

function overTime(buckets: readonly Bucket[], width: number): string[] {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (!first || !last || buckets.length < 2 || buckets.every(({ errors }) => errors === 0)) return [];
  const steps = Math.min(100_000, Math.round((last.start - first.start) / width) + 1);
  const values = new Array<number>(steps).fill(0);
  for (const { start, errors } of buckets) values[Math.round((start - first.start) / width)] = errors;
  const most = buckets.reduce((greatest, { errors }) => Math.max(greatest, errors), 0);
  return [`  errors ${sparkline(values)} at most ${formatNumber(most)} in ${formatDuration(width)}`];
}

function kinds(title: string, all: readonly Signature[]): string[] {
  if (all.length === 0) return [];
  const lines = [`  ${title}:`];
  for (const { count, template, first, sources, sample } of all) {
    const hosts = sources.slice(0, MOST_HOSTS).map(shown).join(", ");
    const more = sources.length > MOST_HOSTS ? ", …" : "";
    lines.push(`  ${formatNumber(count).padStart(9)}  ${shown(template)}`);
    lines.push(
      `             ${Number.isFinite(first) ? `first ${instant(first)}` : "first"} in ${hosts}${more}: ${shown(sample)}`,
    );
  }
  return lines;
}

function instant(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : "an unknown time";
}

function shown(text: string): string {
  return neutraliseForLog(oneLine(text));
}
