import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_GROUP, type Entry, enter, type Group, leave, QUEUE_LIMIT } from "../../rehearsal/runner/concurrency.ts";

const single = (id: string): Entry => ({ id, queue: "single", cancelInProgress: false });
const max = (id: string): Entry => ({ id, queue: "max", cancelInProgress: false });
const filled = (...entries: Entry[]): Group => entries.reduce((group, entry) => enter(group, entry).group, EMPTY_GROUP);

test("a free group is entered at once", () => {
  expect(enter(EMPTY_GROUP, single("a")).start).toBe("a");
});

test("queue: single cancels the one that waits and takes its place", () => {
  const change = enter(filled(single("a"), single("b")), single("c"));
  expect(change).toMatchObject({ drop: ["b"], cancel: [], start: undefined });
  expect(leave(change.group, "a").start).toBe("c");
});

test("queue: max lets them wait in line, one after the other", () => {
  const group = filled(max("a"), max("b"), max("c"));
  const first = leave(group, "a");
  expect(first.start).toBe("b");
  expect(leave(first.group, "b").start).toBe("c");
});

test("queue: max cancels the newest when a hundred wait already", () => {
  const full = filled(...Array.from({ length: QUEUE_LIMIT + 1 }, (_, i) => max(String(i))));
  expect(full.pending).toHaveLength(QUEUE_LIMIT);
  expect(enter(full, max("late"))).toMatchObject({ group: full, drop: ["late"], start: undefined });
});

test("cancel-in-progress cancels the one that runs; the new one starts when that has ended", () => {
  const change = enter(filled(single("a")), { id: "b", queue: "single", cancelInProgress: true });
  expect(change).toMatchObject({ cancel: ["a"], start: undefined });
  expect(leave(change.group, "a").start).toBe("b");
});

test("one that waits may leave without anyone starting", () => {
  const change = leave(filled(max("a"), max("b"), max("c")), "b");
  expect(change.start).toBeUndefined();
  expect(change.group.pending.map((entry) => entry.id)).toEqual(["c"]);
});

test("whatever comes and goes, at most one runs, nobody starts twice, and nobody is forgotten", () => {
  const step = fc.record({
    enters: fc.boolean(),
    queue: fc.constantFrom("single" as const, "max" as const),
    cancels: fc.boolean(),
    who: fc.nat(30),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let group = EMPTY_GROUP;
      const started = new Set<string>();
      const inside = new Set<string>();
      steps.forEach(({ enters, queue, cancels, who }, index) => {
        const present = [group.running?.id, ...group.pending.map((entry) => entry.id)].filter((id) => id !== undefined);
        const id = enters ? String(index) : present[who % Math.max(1, present.length)];
        if (id === undefined) return;
        const change = enters
          ? enter(group, { id, queue, cancelInProgress: cancels && queue === "single" })
          : leave(group, id);
        if (enters) inside.add(id);
        else inside.delete(id);
        for (const dropped of change.drop) inside.delete(dropped);
        if (change.start !== undefined) {
          expect(started.has(change.start)).toBe(false);
          started.add(change.start);
        }
        group = change.group;
        const now = [group.running?.id, ...group.pending.map((entry) => entry.id)].filter((one) => one !== undefined);
        expect(new Set(now)).toEqual(inside);
        expect(group.running === undefined).toBe(now.length === 0);
      });
    }),
  );
});
