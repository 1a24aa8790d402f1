import { expect, it } from "vitest";
import type { Panel } from "../api/types/dashboard";
import { layOut } from "./layout";

const panel = (id: number, x: number, y: number, w: number, h: number, more: Partial<Panel> = {}): Panel => ({
  id,
  type: "stat",
  title: "",
  gridPos: { x, y, w, h },
  targets: [],
  fieldConfig: { defaults: { mappings: [], custom: {} }, overrides: [] },
  options: {},
  transformations: [],
  transparent: false,
  links: [],
  collapsed: false,
  ...more,
});
const places = (panels: Panel[], toggled: number[] = [], variables = {}) =>
  layOut(panels, variables, new Set(toggled)).map(({ key, place }) => `${key}@${place.x},${place.y} ${place.w}x${place.h}`);

const rows = [
  panel(1, 0, 0, 24, 4),
  panel(2, 0, 4, 24, 1, { type: "row", title: "open" }),
  panel(3, 0, 5, 12, 8),
  panel(4, 0, 13, 24, 1, { type: "row", collapsed: true, panels: [panel(5, 6, 14, 12, 6)] }),
];

it("leaves out the panels of closed rows", () => expect(places(rows)).toEqual(["1@0,0 24x4", "2@0,4 24x1", "3@0,5 12x8", "4@0,13 24x1"]));

it("closes and opens rows, and moves up what follows", () =>
  expect(places(rows, [2, 4])).toEqual(["1@0,0 24x4", "2@0,4 24x1", "4@0,5 24x1", "5@6,6 12x6"]));

it("repeats a panel for each value and pushes down what follows", () => {
  const variables = { node: { values: ["a", "b", "c"], text: "All", isList: true } };
  expect(places([panel(1, 0, 0, 24, 4, { repeat: "node", maxPerRow: 2 }), panel(2, 0, 4, 24, 2)], [], variables)).toEqual([
    "1/node=a@0,0 12x4",
    "1/node=b@12,0 12x4",
    "1/node=c@0,4 12x4",
    "2@0,8 24x2",
  ]);
});

it("repeats a row with all in it", () => {
  const variables = { node: { values: ["a", "b"], text: "All", isList: true } };
  expect(places([panel(1, 0, 0, 24, 1, { type: "row", repeat: "node" }), panel(2, 0, 1, 24, 2)], [], variables)).toEqual([
    "1/node=a@0,0 24x1",
    "2/node=a@0,1 24x2",
    "1/node=b@0,3 24x1",
    "2/node=b@0,4 24x2",
  ]);
});
