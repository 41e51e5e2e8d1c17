import { EventReader } from "../../src/logs/events.ts";
import type { Kernel } from "../../src/logs/kernel.ts";
import { levels } from "../../src/logs/level.ts";
import { LineParser } from "../../src/logs/line.ts";
import { Tally, type TallyData } from "../../src/logs/tally.ts";
import type { LogFormat } from "../../src/pipeline/model.ts";

export interface SeenEvent {
  readonly level: string;
  readonly time: number;
  readonly text: string;
  readonly host: string | undefined;
}

const context = { reference: Date.parse("2026-11-20T12:00:00Z"), offset: () => 0 };

/** The events of some chunks, and what a tally makes of them. */
export function readEvents(
  chunks: readonly Buffer[],
  format: LogFormat = "auto",
  hosts = false,
): { events: SeenEvent[]; data: TallyData; cut: number } {
  const tally = new Tally({
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    before: Number.NEGATIVE_INFINITY,
    signatures: true,
  });
  const events: SeenEvent[] = [];
  const reader = new EventReader(new LineParser(format, context, hosts), {
    event(level, from) {
      events.push({
        level: levels[level] ?? "?",
        time: from.time,
        text: from.bytes.toString("utf8", from.start, from.end),
        host: from.host,
      });
      tally.event(level, from);
    },
  });
  for (const chunk of chunks) {
    // The reader may not keep what it was given: the memory is overwritten, as that of a file's next block is.
    const copy = Buffer.from(chunk);
    reader.push(copy);
    copy.fill(0x5a);
  }
  reader.finish();
  return { events, data: tally.data(), cut: reader.cut };
}

/** What a tally makes of a text that is read by way of the kernel, in chunks of the given size, or without it. */
export function tallyOf(
  text: string,
  size: number,
  kernel: Kernel | undefined,
  since = Number.NEGATIVE_INFINITY,
  signatures = true,
  before = since,
  control = false,
): TallyData {
  const tally = new Tally({ since, until: Number.POSITIVE_INFINITY, before, signatures });
  tally.control = control;
  const reader = new EventReader(new LineParser("auto", context), tally);
  reader.kernel = kernel;
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    const chunk = kernel?.chunk ?? Buffer.alloc(size);
    part.copy(chunk);
    reader.push(chunk.subarray(0, part.length));
  }
  reader.finish();
  return tally.data();
}

/** Cuts a buffer at the given places. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Buffer[] = [];
  let from = 0;
  for (const place of [...sorted, bytes.length]) {
    chunks.push(bytes.subarray(from, place));
    from = place;
  }
  return chunks;
}
