import { readSync } from "node:fs";
import { parentPort, Worker } from "node:worker_threads";
import type { LogFormat } from "../pipeline/model.ts";
import { EventReader } from "./events.ts";
import { CHUNK, Kernel } from "./kernel.ts";
import { LineParser } from "./line.ts";
import { compilePattern } from "./pattern.ts";
import { Tally, type TallyData } from "./tally.ts";
import { zoneOrLocal } from "./time.ts";

/** A piece of a file, beginning with a line that has a time of its own. The file is the process's, so its number is enough. */
export interface Piece {
  readonly descriptor: number;
  readonly start: number;
  readonly end: number;
  readonly source: string;
  readonly control: boolean;
  readonly format: LogFormat;
  readonly reference: number;
  readonly zone: string | undefined;
  readonly since: number;
  readonly until: number;
  readonly before: number;
  readonly signatures: boolean;
  readonly match: string | undefined;
  readonly ignore: string | undefined;
  readonly bucket: number | undefined;
}

export interface PieceResult {
  readonly data: TallyData;
  readonly cut: number;
  readonly bytes: number;
}

/** Counts one piece of a file; the kernel's memory is what it is read into. */
export function scanPiece(piece: Piece, kernel: Kernel | undefined): PieceResult {
  const buffer = kernel?.chunk ?? Buffer.allocUnsafeSlow(CHUNK);
  const tally = new Tally(
    {
      since: piece.since,
      until: piece.until,
      before: piece.before,
      signatures: piece.signatures,
      match: piece.match === undefined ? undefined : compilePattern(piece.match, "match"),
      ignore: piece.ignore === undefined ? undefined : compilePattern(piece.ignore, "ignore"),
    },
    piece.bucket,
  );
  tally.source = piece.source;
  tally.control = piece.control;
  const parser = new LineParser(piece.format, { reference: piece.reference, offset: zoneOrLocal(piece.zone) });
  const reader = new EventReader(parser, tally);
  reader.kernel = kernel;
  let at = piece.start;
  while (at < piece.end) {
    const length = readSync(piece.descriptor, buffer, 0, Math.min(CHUNK, piece.end - at), at);
    if (length === 0) break;
    reader.push(length === CHUNK ? buffer : buffer.subarray(0, length));
    at += length;
  }
  reader.finish();
  return { data: tally.data(), cut: reader.cut, bytes: at - piece.start };
}

/** What a thread does that {@link ScanThread} started: counts the pieces it is sent. */
export function serveScanThread(): void {
  const port = parentPort;
  if (port === null) throw new Error("not a thread");
  const kernel = Kernel.create();
  port.on("message", (piece: Piece) => {
    try {
      port.postMessage({ result: scanPiece(piece, kernel) });
    } catch (error) {
      port.postMessage({ failed: String(error) });
    }
  });
}

/** The module that threads load: this file, or in a bundle the one that `scripts/bundle.ts` puts beside it. */
export const ownEntry = /\/logs\/worker\.[jt]s$/.test(import.meta.url)
  ? import.meta.url
  : import.meta.url.replace(/[^/]*$/, "scan-thread.js");

/** A thread that counts pieces. */
export class ScanThread {
  readonly #worker: Worker;

  /** `entry`: URL of a module that exports {@link serveScanThread}, as CommonJS or not. */
  constructor(entry: string) {
    // The thread begins with a text instead of a file, so that a module of either kind will do.
    const code = `import(require("node:worker_threads").workerData.entry).then((all) => (all.serveScanThread ?? all.default.serveScanThread)())`;
    this.#worker = new Worker(code, {
      eval: true,
      workerData: { entry },
      stdout: true,
      stderr: true,
      // A table of kinds is a few megabytes; with the usual limits what is left of old ones would be collected late.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
    });
    this.#worker.unref();
  }

  async scan(piece: Piece): Promise<PieceResult> {
    const worker = this.#worker;
    worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        const settle = (action: () => void): void => {
          worker.off("message", onMessage);
          worker.off("error", onError);
          worker.off("exit", onExit);
          action();
        };
        const onMessage = (message: { result?: PieceResult; failed?: string }): void =>
          settle(() =>
            message.result ? resolve(message.result) : reject(new Error(message.failed ?? "a thread sent no result")),
          );
        const onError = (error: unknown): void => settle(() => reject(error));
        const onExit = (): void => settle(() => reject(new Error("a thread ended before its result")));
        worker.on("message", onMessage);
        worker.on("error", onError);
        worker.on("exit", onExit);
        worker.postMessage(piece);
      });
    } finally {
      worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
