import type { Measurement } from "../evidence/observation.ts";
import type { Folded } from "../ledger/fold.ts";
import { cut } from "../pipeline/format.ts";
import { neutraliseForMarkdown } from "./neutralise.ts";

/** What an issue that holds a stage tells. */
export interface HoldReport {
  readonly service: string;
  readonly stage: string;
  readonly run: string;
  readonly bad: Folded;
  readonly good?: Folded;
  readonly reason: string;
  /** The result of the gate or bake that failed, where it is known. */
  readonly failure: { readonly reasons: readonly string[]; readonly measurements?: readonly Measurement[] } | undefined;
}

/** The line by which the hold of a failure is found again. */
export function holdMarker(deployment: number): string {
  return `<!-- rocksolid:hold deployment=${deployment} -->`;
}

/** Title and body (GitHub Markdown) of the issue that holds a stage. */
export function renderHold(hold: HoldReport): { title: string; body: string } {
  const { bad, good, stage, service, reason, failure, run } = hold;
  const text = neutraliseForMarkdown;
  const { version, commit, digest } = bad.payload.candidate;
  const reasons = failure?.reasons.length ? failure.reasons : [reason];
  const lines = [
    `**${text(stage)} of ${text(service)} is on hold.** Nothing is promoted to it while this issue is open; closing it releases the stage.`,
    "",
    `| | |`,
    `|---|---|`,
    `| candidate | ${text(version)} |`,
    `| commit | ${text(commit)} |`,
    `| digest | ${text(digest)} |`,
    `| deployment | ${bad.id}, ${text(bad.payload.kind)} by ${text(bad.payload.actor)} in ${bad.payload.run.url} |`,
    `| rolled back to | ${good ? `${text(good.payload.candidate.version)} (deployment ${good.id})` : "nothing: the ledger knows no other good candidate"} |`,
    `| rolled back in | ${run} |`,
    "",
    "### Why",
    ...reasons.slice(0, 20).map((one) => `- ${text(one)}`),
    ...evidenceTable(failure?.measurements ?? []),
    "",
    "### What next",
    `- The candidate is known bad: it, and commits that descend from it without a trailer \`Fixes-bad: ${text(commit)}\`, are refused here.`,
    "- Release the fix under a new version, then close this issue.",
    "",
    holdMarker(bad.id),
  ];
  return {
    title: cut(`${stage} is on hold: ${version} failed: ${oneLine(reason)}`, 200),
    body: cut(lines.join("\n"), 60_000),
  };
}

function evidenceTable(measurements: readonly Measurement[]): string[] {
  if (measurements.length === 0) return [];
  return [
    "",
    "### Evidence",
    "| check | target | phase | reason | values |",
    "|---|---|---|---|---|",
    ...measurements.map(
      ({ check, target, phase, reason, values }) =>
        `| ${[
          check,
          target ?? "",
          phase,
          reason,
          Object.entries(values)
            .map(([name, value]) => `${name}=${value}`)
            .join(" "),
        ]
          .map(neutraliseForMarkdown)
          .join(" | ")} |`,
    ),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
