import { expect, it } from "vitest";
import { en } from "./en";
import { fr } from "./fr";

it("has the same texts in every language", () => expect(Object.keys(fr)).toEqual(Object.keys(en)));

/** Words that both languages share. */
const shared = [
  "active",
  "annotations",
  "appName",
  "configuration",
  "description",
  "healthy",
  "inactive",
  "labels",
  "limitJob",
  "limitLabel",
  "managedAlerts",
  "silences",
  "variables",
];

it("translates all but shared words", () => {
  const same = Object.entries(en).filter(([key, text]) => typeof text === "string" && fr[key as keyof typeof fr] === text);
  expect(same.map(([key]) => key).sort()).toEqual(shared);
});
