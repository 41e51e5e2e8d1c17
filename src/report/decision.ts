import type { Admission } from "../ledger/admission.ts";
import type { Kind } from "../ledger/record.ts";
import { formatCount, formatInstant } from "../pipeline/format.ts";
import { neutraliseForMarkdown } from "./neutralise.ts";

const text = neutraliseForMarkdown;

/** The summary of an admission, in GitHub Markdown: the decision in one sentence, and every reason. */
export function renderDecision(decision: {
  readonly stage: string;
  readonly version: string;
  readonly kind: Kind;
  readonly reason: string;
  readonly admission: Admission;
  readonly targets: number;
  readonly now: number;
}): string {
  const { stage, version, kind, reason, admission, targets } = decision;
  const who = `**${text(version)}**${kind === "hotfix" ? " (hotfix)" : ""}`;
  const lines: string[] = [];
  switch (admission.decision) {
    case "admitted": {
      const after = admission.previous
        ? `, after ${text(admission.previous.payload.candidate.version)}`
        : ", the first one here";
      lines.push(`### ✅ admitted: ${who} may enter ${text(stage)}${after}`);
      if (targets > 0) lines.push("", `It goes to ${formatCount(targets, "target")}.`);
      lines.push(...admission.notes.map((note) => `- ${text(note)}`));
      break;
    }
    case "resume":
      lines.push(
        `### ▶️ resumed: deployment ${admission.record.id} of ${who} to ${text(stage)} goes on${admission.record.step ? ` after "${admission.record.step}"` : ""}`,
      );
      break;
    case "done":
      lines.push(`### ✅ nothing to do: ${who} is live and good in ${text(stage)} (deployment ${admission.record.id})`);
      break;
    case "wait":
      lines.push(
        `### ⏳ waiting: ${who} may not enter ${text(stage)} yet${admission.until === undefined ? "" : `; worth asking again at ${formatInstant(admission.until)}`}`,
        "",
      );
      lines.push(...admission.because.map((one) => `- ${text(one)}`));
      break;
    case "refused":
      lines.push(`### ❌ refused: ${who} may not enter ${text(stage)}`, "");
      lines.push(...admission.because.map((one) => `- ${text(one)}`));
  }
  if (reason !== "") lines.push("", `Reason given: ${text(reason)}`);
  return `${lines.join("\n")}\n`;
}

/** The summary of a rollback's beginning, in GitHub Markdown. */
export function renderRollback(rollback: {
  readonly stage: string;
  readonly from: string;
  readonly to?: string;
  readonly reason?: string;
  readonly because?: string;
  readonly targets: number;
  readonly hold: number | undefined;
  readonly now: number;
}): string {
  const { stage, from, to, reason, because, targets, hold } = rollback;
  const lines =
    to === undefined
      ? [`### ${text(stage)} is not rolled back: ${text(because ?? "")}`]
      : [
          `### ↩️ rolling ${text(stage)} back from ${text(from)} to **${text(to)}**${targets > 0 ? ` on ${formatCount(targets, "target")}` : ""}`,
          "",
          `Because: ${text(reason ?? "")}`,
        ];
  if (hold !== undefined) lines.push("", `The stage is on hold until #${hold} is closed.`);
  return `${lines.join("\n")}\n`;
}
