import type { Happening, Progress, StageProgress } from "./progress.ts";
import { harmless, shorten, stamp } from "./text.ts";

const colors = { green: 32, red: 31, yellow: 33, blue: 36, dim: 2 } as const;
type Color = keyof typeof colors;

const marks: Readonly<Record<StageProgress["state"], { readonly mark: string; readonly color: Color }>> = {
  "not reached": { mark: "·", color: "dim" },
  waiting: { mark: "…", color: "yellow" },
  running: { mark: "▸", color: "blue" },
  queued: { mark: "…", color: "yellow" },
  pending: { mark: "…", color: "yellow" },
  in_progress: { mark: "▸", color: "blue" },
  success: { mark: "✓", color: "green" },
  failure: { mark: "✗", color: "red" },
  error: { mark: "!", color: "red" },
  inactive: { mark: "–", color: "dim" },
};

function paint(text: string, color: Color, colored: boolean): string {
  return colored ? `\u001b[${colors[color]}m${text}\u001b[0m` : text;
}

/** The lines of the board, none wider than `columns`. Pure. */
export function boardLines(
  progress: Progress,
  happenings: readonly Happening[],
  { columns, colored }: { readonly columns: number; readonly colored: boolean },
): string[] {
  const width = Math.max(...progress.stages.map(({ name }) => name.length), 6);
  const lines = [shorten(harmless(progress.title), columns), ""];
  for (const { name, state, description, hosts } of progress.stages) {
    const { mark, color } = marks[state];
    const text = shorten(`${mark} ${harmless(name).padEnd(width)}  ${harmless(description || state)}`, columns);
    lines.push(paint(text, color, colored));
    if (hosts.length > 0) {
      const versions = hosts.map(
        (host) => `${harmless(host.name)} ${host.version === null ? "✗" : harmless(host.version)}`,
      );
      lines.push(paint(shorten(`${" ".repeat(width + 4)}${versions.join("   ")}`, columns), "dim", colored));
    }
  }
  const { sent, failed, unreachable } = progress.traffic;
  lines.push(
    "",
    shorten(
      `${stamp(progress.seconds).trim()}   requests ${sent}, failed ${failed}, unanswered ${unreachable}`,
      columns,
    ),
    paint(
      shorten(progress.jobs.length === 0 ? "no job runs" : `jobs: ${progress.jobs.map(harmless).join(", ")}`, columns),
      "dim",
      colored,
    ),
    "",
    ...happenings.map(({ seconds, text }) => shorten(`${stamp(seconds)}  ${harmless(text)}`, columns)),
  );
  return lines;
}
