import { describe, expect, it } from "vitest";
import { boardLines } from "../../rehearsal/view/board.ts";
import { plainView } from "../../rehearsal/view/plain.ts";
import { describe as describeEvent, type Progress, stageOfJob } from "../../rehearsal/view/progress.ts";
import { terminalView } from "../../rehearsal/view/terminal.ts";
import { harmless } from "../../rehearsal/view/text.ts";

const progress = (description: string, version: string | null = "1.4.0"): Progress => ({
  title: "storage-node 1.5.0",
  stages: [
    { name: "beta", state: "in_progress", description, hosts: [{ name: "beta-eu-1", version }] },
    { name: "prod", state: "not reached", description: "", hosts: [] },
  ],
  jobs: ["beta / validate"],
  traffic: { sent: 1000, failed: 50, unreachable: 1 },
  seconds: 12.34,
});

describe("plain lines", () => {
  const show = (...updates: Progress[]): string[] => {
    const lines: string[] = [];
    const view = plainView((text) => lines.push(text));
    for (const update of updates) view.update(update);
    return lines;
  };

  it("tell each change once", () => {
    const lines = show(
      progress("deploying"),
      progress("deploying"),
      progress("deployed", null),
      progress("deployed", "1.5.0"),
    );
    expect(lines).toEqual([
      "  12.3s  beta     in_progress: deploying\n",
      "  12.3s  beta     in_progress: deployed\n",
      "  12.3s  beta     beta-eu-1 does not answer\n",
      "  12.3s  beta     beta-eu-1 runs 1.5.0\n",
    ]);
  });

  it("carry nothing that a terminal or a workflow log would obey", () => {
    const lines = show(progress("bad\u001b[2J\r\n::set-output name=x::y\u202e"));
    expect(lines).toEqual(["  12.3s  beta     in_progress: bad [2J ::set-output name=x::y\n"]);
  });
});

describe("the board", () => {
  it("shows stages, hosts, samples, jobs and traffic", () => {
    const text = boardLines(
      progress("baking 5m of 1h: 1 sample, 0 failed"),
      [{ seconds: 1, text: "pipeline starts" }],
      { columns: 100, colored: false },
    ).join("\n");
    for (const part of [
      "▸ beta",
      "baking 5m of 1h: 1 sample, 0 failed",
      "beta-eu-1 1.4.0",
      "· prod",
      "failed 50",
      "beta / validate",
      "pipeline starts",
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each([20, 33, 80])("is never wider than %i columns, whatever comes from outside", (columns) => {
    for (const line of boardLines(progress("x".repeat(500)), [{ seconds: 1, text: "y\u0000".repeat(300) }], {
      columns,
      colored: false,
    })) {
      expect(Array.from(line).length).toBeLessThanOrEqual(columns);
    }
  });

  it("is drawn over itself, and not over a question", () => {
    const written: string[] = [];
    const view = terminalView({
      columns: 80,
      rows: 40,
      write: (text) => written.push(text.replaceAll("\u001b", "ESC")),
    });
    view.update(progress("deploying"));
    view.update(progress("deployed"));
    expect(written[1]).toMatch(/^ESC\[\d+A\rESC\[J/);
    view.pause();
    view.update(progress("gate"));
    expect(written).toHaveLength(2);
    view.resume();
    expect(written[2]).toMatch(/^ESC\[J/);
  });

  it("stays inside a small window", () => {
    const written: string[] = [];
    terminalView({ columns: 80, rows: 4, write: (text) => written.push(text) }).update(progress("deploying"));
    expect(written.join("").split("\n").length).toBeLessThanOrEqual(4);
  });
});

describe("what is told of a run", () => {
  it("finds the stage in a job's name", () => {
    const stages = ["beta", "one-box"];
    expect(stageOfJob("one-box / deploy one-box-eu-1", stages)).toBe("one-box");
    expect(stageOfJob("hotfix / beta / plan", stages)).toBe("beta");
    expect(stageOfJob("build", stages)).toBeUndefined();
  });

  it("tells failures and refusals, and not every log line", () => {
    const event = { at: 0, run: 1, attempt: 1, job: "beta / validate", step: [] } as const;
    expect(describeEvent({ ...event, type: "job-finished", conclusion: "failure" })).toBe("beta / validate: failure");
    expect(describeEvent({ ...event, type: "job-finished", conclusion: "success" })).toBeUndefined();
    expect(describeEvent({ ...event, type: "log", line: "hello" })).toBeUndefined();
  });

  it("leaves printable text as it is", () => {
    expect(harmless("5.2% ≤ 0.5 – naïve 日本")).toBe("5.2% ≤ 0.5 – naïve 日本");
  });
});
