import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/** How long GitHub's runner waits after SIGINT, then after SIGTERM, before it kills, in real milliseconds. */
export const CANCEL_GRACE = { interrupt: 7500, terminate: 2500 };
/** How long output of a process that has ended is still awaited from children that hold its pipes. */
const OUTPUT_GRACE = 500;

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Aborted: SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL, to the process itself as GitHub's runner does. */
  readonly cancel: AbortSignal;
  /** Aborted: SIGKILL at once to the process and all that it started. */
  readonly kill: AbortSignal;
}

/** Runs a process to its end and answers its exit code, 128 + n for a signal. Rejects when it cannot be started. */
export function runProcess(request: ProcessRequest, grace = CANCEL_GRACE): Promise<number> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that killing reaches what the process has started.
    const child = spawn(request.command, [...request.args], {
      cwd: request.cwd,
      env: request.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const timers: NodeJS.Timeout[] = [];
    const killAll = (): void => {
      if (child.pid !== undefined) signalGroup(child.pid);
    };
    const cancel = (): void => {
      child.kill("SIGINT");
      timers.push(setTimeout(() => child.kill("SIGTERM"), grace.interrupt));
      timers.push(setTimeout(killAll, grace.interrupt + grace.terminate));
    };
    const end = (): void => {
      for (const timer of timers) clearTimeout(timer);
      request.cancel.removeEventListener("abort", cancel);
      request.kill.removeEventListener("abort", killAll);
    };
    const flush = [splitLines(child.stdout, request.onLine), splitLines(child.stderr, request.onLine)];
    child.once("error", (error) => {
      end();
      reject(error);
    });
    child.once("exit", () => {
      timers.push(
        setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, OUTPUT_GRACE),
      );
    });
    child.once("close", (code, signal) => {
      end();
      for (const one of flush) one();
      resolve(code ?? 128 + signalNumber(signal));
    });
    request.cancel.addEventListener("abort", cancel);
    request.kill.addEventListener("abort", killAll);
    if (request.cancel.aborted) cancel();
    if (request.kill.aborted) killAll();
  });
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: all of it has ended already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === "SIGINT" ? 2 : signal === "SIGTERM" ? 15 : signal === "SIGKILL" ? 9 : 1;
}

/** Calls `onLine` for each whole line of a stream; the returned function gives out what stands after the last one. */
function splitLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const text = decoder.write(chunk);
    const end = text.lastIndexOf("\n");
    if (end < 0) {
      rest += text;
      return;
    }
    const lines = (rest + text.slice(0, end)).split("\n");
    rest = text.slice(end + 1);
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  });
  return () => {
    rest += decoder.end();
    if (rest !== "") onLine(rest);
  };
}
