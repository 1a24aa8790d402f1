import { expect, it } from "vitest";
import { reduce } from "./reducers";

const values = [4, null, 1, 7, null];

it.each([
  ["lastNotNull", 7],
  ["last", null],
  ["first", 4],
  ["min", 1],
  ["max", 7],
  ["mean", 4],
  ["sum", 12],
  ["count", 3],
  ["range", 6],
  ["diff", 3],
  ["delta", 6],
  ["median", 4],
  ["p50", 4],
  ["unheard", 7],
])("%s of a line with gaps is %s", (name, expected) => expect(reduce(name, values)).toBe(expected));

it("has nothing to say about nothing", () => {
  expect(reduce("mean", [null])).toBeNull();
  expect(reduce("count", [])).toBe(0);
});
