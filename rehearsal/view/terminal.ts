import { boardLines } from "./board.ts";
import type { Happening, Progress, View } from "./progress.ts";

/** The happenings that stay below the board. */
const KEPT = 6;

/** What a terminal is to a board. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

/** A board that is drawn anew in its place at each update. */
export function terminalView(screen: Screen): View {
  let drawn = 0;
  let paused = false;
  let latest: Progress | undefined;
  const happenings: Happening[] = [];
  const draw = (): void => {
    if (latest === undefined || paused) return;
    const lines = boardLines(latest, happenings, { columns: Math.max(20, screen.columns - 1), colored: true });
    // What has scrolled out of a small window cannot be drawn over.
    const visible = lines.slice(0, Math.max(1, screen.rows - 1));
    const up = drawn > 0 ? `\u001b[${drawn}A\r` : "";
    screen.write(`${up}\u001b[J${visible.join("\n")}\n`);
    drawn = visible.length;
  };
  return {
    happened(happening) {
      happenings.push(happening);
      if (happenings.length > KEPT) happenings.shift();
      draw();
    },
    update(progress) {
      latest = progress;
      draw();
    },
    pause() {
      paused = true;
      drawn = 0;
    },
    resume() {
      paused = false;
      draw();
    },
    close: draw,
  };
}
