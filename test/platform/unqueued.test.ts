import { describe, expect, test } from "vitest";
import { Unqueued } from "../../src/platform/unqueued.ts";

describe("the queue that does not queue", () => {
  test("runs a task again as long as its listener names a time to wait, and counts the tries", async () => {
    const limiter = new Unqueued();
    const told: unknown[] = [];
    limiter.on("failed", async (error: Error, info: { args: unknown[]; retryCount: number }) => {
      told.push([error.message, info.args, info.retryCount]);
      return info.retryCount < 2 ? 0 : undefined;
    });
    let tries = 0;
    const task = async (of: string) => {
      tries += 1;
      throw new Error(`${of} ${tries}`);
    };
    await expect(limiter.schedule(task, "try")).rejects.toThrow("try 3");
    expect(told).toEqual([
      ["try 1", ["try"], 0],
      ["try 2", ["try"], 1],
      ["try 3", ["try"], 2],
    ]);
  });

  test("hands on what a task answers, in a group as well", async () => {
    expect(await new Unqueued().schedule(async (a: number, b: number) => a + b, 1, 2)).toBe(3);
    expect(await new Unqueued.Group().key("any").schedule({}, async (a: number) => a, 4)).toBe(4);
  });
});
