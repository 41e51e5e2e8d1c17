import type { LogFindings } from "../evidence/log-findings.ts";
import type { Signature } from "../logs/types.ts";
import { formatCount, formatDuration, formatInstant, formatNumber, formatPercent } from "../pipeline/format.ts";
import { neutraliseForMarkdown as safe } from "./neutralise.ts";
import { sparkline } from "./sparkline.ts";

/** {@link LogFindings} with the check and the target that they belong to. */
export interface NamedLogFindings extends LogFindings {
  readonly check: string;
  readonly target?: string;
}

/** What the logs said, for at most `most` checks and targets, those with news and then those with errors first, in Markdown. */
export function describeLogs(all: readonly NamedLogFindings[], most: number): string[] {
  const news = ({ all: { newKinds, risenKinds, silent } }: LogFindings) => newKinds + risenKinds + silent;
  const sorted = [...all].sort((a, b) => news(b) - news(a) || b.fatal - a.fatal || b.errors - a.errors);
  const lines = sorted.slice(0, most).flatMap(describeOne);
  if (lines.length > 0 && all.length > most)
    lines.push(`The logs of ${formatNumber(all.length - most)} more are in the evidence document.`, "");
  return lines;
}

function describeOne(found: NamedLogFindings): string[] {
  const { check, target, lines, errors, fatal, warnings, requests, all } = found;
  const counts = [
    formatCount(lines, "line"),
    `${formatCount(errors, "error")}${lines > 0 ? ` (${formatPercent(errors / lines)})` : ""}`,
    `${formatNumber(fatal)} fatal`,
    formatCount(warnings, "warning"),
    ...(requests > 0 ? [formatCount(requests, "request")] : []),
    ...(all.newKinds > 0 ? [`${formatCount(all.newKinds, "new kind")} of errors`] : []),
    ...(all.risenKinds > 0 ? [`${formatNumber(all.risenKinds)} risen`] : []),
    ...(all.silent > 0 ? [`${formatNumber(all.silent)} silent`] : []),
  ];
  const name = `${safe(check, 100)}${target === undefined ? "" : ` (${safe(target, 100)})`}`;
  return [
    `<details><summary>Logs of ${name}: ${counts.join(", ")}</summary>`,
    "",
    ...overTime(found),
    ...kinds("New kinds of errors", found.newKinds, all.newKinds),
    ...kinds("Kinds of errors that became more frequent", found.risenKinds, all.risenKinds),
    ...silence(found),
    ...sources(found),
    "</details>",
    "",
  ];
}

function overTime({ buckets, width }: LogFindings): string[] {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (!first || !last || buckets.length < 2) return [];
  const byStart = new Map(buckets.map((one) => [one.start, one]));
  const steps = Math.round((last.start - first.start) / width) + 1;
  const series = (pick: "lines" | "errors") =>
    Array.from({ length: Math.min(steps, 3_000) }, (_, i) => byStart.get(first.start + i * width)?.[pick] ?? 0);
  const most = (values: readonly number[]) => formatNumber(Math.max(...values));
  const [written, failed] = [series("lines"), series("errors")];
  const minutes = (values: readonly number[]) => formatNumber(Math.max(...values) / (width / 60_000));
  return [
    `By ${formatDuration(width)} from ${formatInstant(first.start)} to ${formatInstant(last.start + width)}:`,
    "",
    "```",
    `lines  ${sparkline(written)} at most ${most(written)} (${minutes(written)} a minute)`,
    `errors ${sparkline(failed)} at most ${most(failed)} (${minutes(failed)} a minute)`,
    "```",
    "",
  ];
}

function kinds(title: string, shown: readonly Signature[], all: number): string[] {
  if (shown.length === 0) return [];
  return [
    `**${title}**`,
    "",
    "| count | before | first | hosts | kind | one of them |",
    "| ---: | ---: | --- | --- | --- | --- |",
    ...shown.map(({ count, before, first, sources: hosts, template, sample }) =>
      row([
        formatNumber(count),
        formatNumber(before),
        Number.isFinite(first) ? formatInstant(first) : "",
        hosts.map((host) => safe(host, 60)).join(", "),
        safe(template, 200),
        safe(sample, 200),
      ]),
    ),
    ...(all > shown.length ? ["", `and ${formatNumber(all - shown.length)} more.`] : []),
    "",
  ];
}

function silence({ silent, all }: LogFindings): string[] {
  if (silent.length === 0) return [];
  return [
    "**Silent**",
    "",
    "| host | silent for | wrote before | longest pause before |",
    "| --- | ---: | --- | ---: |",
    ...silent.map(({ name, quiet, wroteIn, spans, span, pause }) =>
      row([
        safe(name, 100),
        formatDuration(quiet),
        `in ${formatNumber(wroteIn)} of ${formatNumber(spans)} spans of ${formatDuration(span)}`,
        formatDuration(pause),
      ]),
    ),
    ...(all.silent > silent.length ? ["", `and ${formatNumber(all.silent - silent.length)} more.`] : []),
    "",
  ];
}

function sources({ sources: shown, all }: LogFindings): string[] {
  if (shown.length === 0) return [];
  return [
    "| host, file or stream | lines | errors | fatal | lines before | errors before |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...shown.map(({ name, lines, errors, fatal, before, beforeErrors }) =>
      row([safe(name, 100), ...[lines, errors, fatal, before, beforeErrors].map((count) => formatNumber(count))]),
    ),
    ...(all.sources > shown.length ? ["", `and ${formatNumber(all.sources - shown.length)} more.`] : []),
    "",
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
