import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The sea at the foot of the mast: the one accent color. */
const sea: MantineColorsTuple = [
  "#e3f8fa",
  "#c9eef1",
  "#97dce3",
  "#62c9d4",
  "#3ab9c7",
  "#1fafbf",
  "#0ca3b4",
  "#00879a",
  "#006f80",
  "#005663",
];

const ink: MantineColorsTuple = [
  "#d7dee6",
  "#b4c0cc",
  "#8896a6",
  "#5f7084",
  "#3b4a5c",
  "#2b3848",
  "#1d2733",
  "#151d27",
  "#10171f",
  "#0b1017",
];

export const theme = createTheme({
  primaryColor: "sea",
  primaryShade: { light: 7, dark: 6 },
  colors: { sea, dark: ink },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, "DejaVu Sans Mono", monospace',
  defaultRadius: "md",
  headings: { fontWeight: "650" },
  cursorType: "pointer",
});
