import type { Observation } from "../evidence/observation.ts";
import { formatCount, formatDuration, formatInstant, formatNumber } from "../pipeline/format.ts";
import type { Check } from "../pipeline/model.ts";
import { mainValue } from "../verdict/main-value.ts";
import { type Phase, phases } from "../verdict/phase.ts";
import type { Evidence, Finding } from "./evidence.ts";
import { describeLogs } from "./logs.ts";
import { neutraliseForMarkdown as safe } from "./neutralise.ts";
import { describeRule, formatMain } from "./rules.ts";
import { explain, plotSides } from "./series.ts";
import { sparkline } from "./sparkline.ts";

/** What the summary of one gate or bake says. Every text in it may come from outside. */
export interface SummaryFacts {
  readonly evidence: Evidence;
  /** The verdict in one sentence. */
  readonly headline: string;
  /** What happens next, in one sentence. */
  readonly next: string;
}

/** GitHub drops a step's summary of more than 1 MiB; one step may write several. */
export const LARGEST_SUMMARY = 900 * 1024;

/** Checks and targets whose logs are described. */
const MOST_LOGS = 20;

const SIGNS: Readonly<Record<Phase, string>> = { pass: "✅", inconclusive: "⚠️", error: "🟠", fail: "❌" };

/** How much is shown, the most first; what a lower one leaves out, it says. */
const details = [
  { rows: Number.POSITIVE_INFINITY, plots: Number.POSITIVE_INFINITY },
  { rows: 2_000, plots: 200 },
  { rows: 500, plots: 50 },
  { rows: 100, plots: 0 },
  { rows: 20, plots: 0 },
] as const;

/** The job summary in GitHub Markdown, at most `largest` bytes; a summary too long first loses plots, then its best rows. */
export function renderSummary(facts: SummaryFacts, largest: number = LARGEST_SUMMARY): string {
  const rows = collectRows(facts.evidence);
  let text = "";
  for (const detail of details) {
    text = render(facts, rows, detail);
    if (Buffer.byteLength(text) <= largest) return text;
  }
  return [title(facts), "", "The table is too long to show: it is in the evidence document.", ""].join("\n");
}

/** Everything seen of one check in one place. */
interface Row {
  readonly name: string;
  readonly target: string | undefined;
  readonly check: Check | undefined;
  readonly values: readonly (number | undefined)[];
  readonly newest: Finding & { readonly observation: Observation };
  readonly failures: number;
}

function collectRows({ checks, observations, measurements }: Evidence): readonly Row[] {
  const byName = new Map(checks.map((check, order) => [check.name, { check, order }]));
  const rows = new Map<string, { -readonly [Key in keyof Row]: Row[Key] } & { values: (number | undefined)[] }>();
  for (const [index, observation] of observations.entries()) {
    const finding = measurements[index];
    if (!finding) continue;
    const check = byName.get(observation.check)?.check;
    const value = check && mainValue(check, observation.values);
    const newest = { ...finding, observation };
    const failed = finding.phase === "fail" ? 1 : 0;
    const key = JSON.stringify([observation.check, observation.target ?? null]);
    const row = rows.get(key);
    if (row) {
      row.values.push(value);
      row.newest = newest;
      row.failures += failed;
    } else {
      rows.set(key, {
        name: observation.check,
        target: observation.target,
        check,
        values: [value],
        newest,
        failures: failed,
      });
    }
  }
  const order = (row: Row) => byName.get(row.name)?.order ?? checks.length;
  return [...rows.values()].sort(
    (a, b) => phases.indexOf(b.newest.phase) - phases.indexOf(a.newest.phase) || order(a) - order(b),
  );
}

function render(facts: SummaryFacts, rows: readonly Row[], detail: (typeof details)[number]): string {
  const { evidence } = facts;
  const { candidate, verdict } = evidence;
  const shown = rows.slice(0, detail.rows);
  const plotted = shown
    .filter(({ values }) => values.length > 1 && values.some((value) => value !== undefined))
    .slice(0, detail.plots);
  const lines = [title(facts), ""];
  lines.push(
    `**${safe(evidence.service)} ${safe(candidate.version)}** (\`${candidate.commit.replace(/[^0-9a-zA-Z]/g, "").slice(0, 12)}\`), ` +
      `${formatCount(verdict.looks, "look")} from ${formatInstant(evidence.since)} to ${formatInstant(evidence.until)}` +
      `${verdict.span > 0 ? ` (${formatDuration(verdict.span)})` : ""}.`,
    "",
  );
  if (verdict.phase !== "pass" && verdict.reasons.length > 0) {
    const reasons = verdict.reasons.slice(0, detail.rows);
    lines.push(...reasons.map((reason) => `- ${safe(reason, 600)}`));
    if (reasons.length < verdict.reasons.length)
      lines.push(`- and ${formatNumber(verdict.reasons.length - reasons.length)} more`);
    lines.push("");
  }
  if (shown.length > 0) {
    lines.push("| check | target | rule | value | phase | reason |", "| --- | --- | --- | ---: | --- | --- |");
    lines.push(...shown.map(tableRow), "");
  }
  if (shown.length < rows.length)
    lines.push(
      `${formatNumber(rows.length - shown.length)} better rows are left out here; the evidence document has them.`,
      "",
    );
  lines.push(...explain(evidence, detail.rows));
  lines.push(`**Next:** ${safe(facts.next, 600)}`, "");
  if (plotted.length > 0)
    lines.push("<details><summary>Over time</summary>", "", ...plotTable(plotted), "", "</details>", "");
  lines.push(...plotSides(evidence, detail.plots));
  lines.push(...describeLogs(evidence.logs ?? [], Math.min(detail.plots, MOST_LOGS)));
  if (evidence.dropped) {
    lines.push(
      `The evidence document leaves out ${formatCount(evidence.dropped.notes, "note")} and the oldest ${formatCount(evidence.dropped.looks, "look")}.`,
      "",
    );
  }
  return lines.join("\n");
}

function title({ evidence, headline }: SummaryFacts): string {
  const { phase } = evidence.verdict;
  return `### ${SIGNS[phase]} ${phase}: ${safe(evidence.stage)} ${evidence.kind}: ${safe(headline, 600)}`;
}

function tableRow({ name, target, check, newest }: Row): string {
  const value = check && mainValue(check, newest.observation.values);
  const prefix = `${name}${target === undefined ? "" : ` (${target})`}: `;
  const reason = newest.reason.startsWith(prefix) ? newest.reason.slice(prefix.length) : newest.reason;
  const { note } = newest.observation;
  const why =
    note !== undefined && newest.phase !== "pass" && !reason.includes(note)
      ? `${safe(reason)}<br>${safe(note)}`
      : safe(reason);
  const cells = [
    safe(name, 100),
    safe(target ?? "", 100),
    check ? safe(describeRule(check)) : "",
    check && value !== undefined ? safe(formatMain(check, value)) : "",
    `${SIGNS[newest.phase]} ${newest.phase}${check?.dryRun ? " (dry run)" : ""}`,
    why,
  ];
  return `| ${cells.join(" | ")} |`;
}

function plotTable(rows: readonly Row[]): string[] {
  return [
    "| check | target | least | greatest | looks | failed | oldest to newest |",
    "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ...rows.map(({ name, target, check, values, failures }) => {
      const known = values.filter((value) => value !== undefined);
      const show = (value: number) => (check ? safe(formatMain(check, value)) : "");
      const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const greatest = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const cells = [
        safe(name, 100),
        safe(target ?? "", 100),
        show(least),
        show(greatest),
        formatNumber(values.length),
        formatNumber(failures),
      ];
      return `| ${cells.join(" | ")} | ${sparkline(values)} |`;
    }),
  ];
}
