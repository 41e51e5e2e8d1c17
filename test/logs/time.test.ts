import { describe, expect, it } from "vitest";
import { localOffset, timeAtStart, zoneOffset } from "../../src/logs/time.ts";

const timeIn = (zone: string, text: string): string => {
  const found = timeAtStart(text, { reference: Date.parse("2026-12-01T00:00:00Z"), offset: zoneOffset(zone) });
  return new Date(found?.time ?? Number.NaN).toISOString();
};

describe("a time without an offset, in a zone whose clocks are put forward and back", () => {
  it.each([
    ["Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59.000Z", "before"],
    ["Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00.000Z", "that never came"],
    ["Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00.000Z", "after"],
    ["Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24T23:59:59.000Z", "before it comes twice"],
    ["Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T01:30:00.000Z", "that comes twice: the later"],
    ["America/New_York", "2026-11-01 01:30:00", "2026-11-01T06:30:00.000Z", "that comes twice: the later"],
    ["America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00.000Z", "that never came"],
    ["Asia/Kolkata", "2026-03-29 02:30:00", "2026-03-28T21:00:00.000Z", "of a zone of half hours"],
    ["+02:00", "2026-03-29 02:30:00", "2026-03-29T00:30:00.000Z", "of a fixed offset"],
  ])("%s %s is %s: %s", (zone, text, expected) => {
    expect(timeIn(zone, text)).toBe(expected);
  });

  it("is the same by the machine's own zone as by its name", () => {
    const offset = zoneOffset(Intl.DateTimeFormat().resolvedOptions().timeZone);
    for (let wall = Date.UTC(2026, 0, 1); wall < Date.UTC(2027, 0, 1); wall += 1_800_000) {
      if (localOffset(wall) !== offset(wall)) expect([wall, localOffset(wall)]).toEqual([wall, offset(wall)]);
    }
  });
});
