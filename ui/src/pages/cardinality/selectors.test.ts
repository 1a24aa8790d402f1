import { expect, test } from "vitest";
import { countByName } from "./selectors";

test("names and values are quoted where they must be", () => {
  expect(countByName({ job: "api", "http.method": 'a"b' })).toBe('sort_desc(count by (__name__) ({job="api", "http.method"="a\\"b"}))');
});
