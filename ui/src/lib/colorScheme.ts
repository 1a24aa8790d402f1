import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";
import { readKept, writeKept } from "./kept";

/** Keeps the chosen scheme in this browser, under the name that public/scheme.js reads before the first paint. */
export const schemeManager: MantineColorSchemeManager = {
  get: (fallback) => {
    const kept = readKept("scheme");
    return kept === "dark" || kept === "light" || kept === "auto" ? kept : fallback;
  },
  set: (value: MantineColorScheme) => writeKept("scheme", value),
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => writeKept("scheme", "auto"),
};
