import { describe, expect, test } from "vitest";
import {
  chiSquareQuantile,
  logSumExp,
  normalQuantile,
  normalTail,
  studentQuantile,
} from "../../../src/verdict/series/distributions.ts";

describe("distributions agree with published tables", () => {
  test.each([
    [0, 0.5],
    [1, 0.158655254],
    [1.96, 0.0249978951],
    [3, 0.001349898],
    [6, 9.8658765e-10],
    [-2, 0.977249868],
  ])("normal tail beyond %s is %s", (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 6);
  });

  test.each([
    [0.5, 0],
    [0.975, 1.959963985],
    [0.99, 2.326347874],
    [0.001, -3.090232306],
    [1e-9, -5.997807015],
  ])("normal quantile of %s is %s", (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 6);
  });

  test.each([
    [0.975, 1, 12.7062],
    [0.995, 2, 9.9248],
    [0.975, 3, 3.1824],
    [0.995, 4, 4.6041],
    [0.95, 8, 1.8595],
    [0.999, 10, 4.1437],
    [0.975, 30, 2.0423],
    [0.025, 10, -2.2281],
  ])("Student quantile of %s with %s degrees of freedom is %s", (p, dof, t) => {
    expect(studentQuantile(p, dof) / t).toBeCloseTo(1, 2);
  });

  test.each([
    [0.1, 5, 1.6103],
    [0.9, 5, 9.2364],
    [0.1, 20, 12.4426],
    [0.75, 3, 4.1083],
    [0.99, 10, 23.2093],
  ])("χ² quantile of %s with %s degrees of freedom is %s", (p, dof, x) => {
    expect(Math.abs(chiSquareQuantile(p, dof) / x - 1)).toBeLessThan(0.02);
  });

  test("log of a sum neither overflows nor invents anything", () => {
    expect(logSumExp([1_000, 1_000])).toBeCloseTo(1_000 + Math.LN2, 10);
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
    expect(logSumExp([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
  });
});
