import { expect, it } from "vitest";
import { parseMoment } from "./timeRange";
import { formatLocal, timeTicks } from "./timeTicks";

const at = (day: number, hour: number, minute = 0, second = 0) => new Date(2026, 10, day, hour, minute, second).getTime() / 1000;

it("says a new day once", () =>
  expect(timeTicks([at(20, 18), at(21, 0), at(21, 6)], 21600, "en-GB")).toEqual(["18:00", "21 Nov", "06:00"]));
it("shows seconds when ticks are close", () => expect(timeTicks([at(21, 6, 0, 15)], 15, "en-GB")).toEqual(["06:00:15"]));
it("shows days when ticks are far", () => expect(timeTicks([at(20, 0), at(21, 0)], 86400, "en-GB")).toEqual(["20 Nov", "21 Nov"]));
it("writes moments that can be read back", () => expect(parseMoment(formatLocal(at(21, 6, 7, 8) * 1000), 0)).toBe(at(21, 6, 7, 8) * 1000));
