import { expect, it } from "vitest";
import { type Series, stack, toColumns } from "./columns";

const series = (times: number[], values: (number | null)[], step: number): Series => ({
  name: "",
  refId: "A",
  expr: "",
  labels: {},
  times,
  values,
  step,
});

it("breaks a line where a point is missing", () =>
  expect(toColumns([series([10, 30], [1, 3], 10)], 10, 40)).toEqual([
    [10, 20, 30, 40],
    [1, null, 3, null],
  ]));

it("draws over the points of a series with a smaller step", () =>
  expect(toColumns([series([0, 10, 20], [1, 2, 3], 10), series([0, 20], [5, 6], 20)], 0, 20)).toEqual([
    [0, 10, 20],
    [1, 2, 3],
    [5, undefined, 6],
  ]));

it("starts the grid before the first point of a late series", () =>
  expect(toColumns([series([20], [1], 10)], 0, 20)).toEqual([
    [0, 10, 20],
    [null, null, 1],
  ]));

it("adds up columns of a group and leaves others alone", () =>
  expect(
    stack(
      [
        [0, 1],
        [1, 2],
        [3, null],
        [9, 9],
        [1, 1],
      ],
      ["A", "A", null, "A"],
      false,
    ),
  ).toEqual([
    [0, 1],
    [1, 2],
    [4, null],
    [9, 9],
    [5, 3],
  ]));

it("scales to hundred", () => expect(stack([[0], [1], [3]], ["A", "A"], true)).toEqual([[0], [25], [100]]));
