/** Colors of series and Grafana's color names. All read well on light and dark ground. */

const palette = [
  "#2f9e8f",
  "#e8a33d",
  "#4c8dff",
  "#e5636b",
  "#9775fa",
  "#74b816",
  "#f06595",
  "#22b8cf",
  "#d9733a",
  "#7b93b8",
  "#c0a62b",
  "#b76fd6",
  "#49b26b",
  "#5c7cfa",
  "#c4626f",
  "#3ba3d0",
  "#a58b5f",
  "#8a9a2c",
  "#d6569c",
  "#66808f",
];

/** The color of the n-th series. */
export const seriesColor = (index: number): string => palette[index % palette.length] as string;

const named: Record<string, string> = {
  green: "#37b24d",
  yellow: "#f2c037",
  orange: "#f08c2e",
  red: "#e5484d",
  blue: "#3b82f6",
  purple: "#9560e8",
  white: "#e9ecef",
  black: "#1f2933",
  gray: "#868e96",
  grey: "#868e96",
  text: "var(--mantine-color-text)",
  transparent: "transparent",
};

/** A color as a dashboard names it ("dark-red", "semi-dark-blue", "#ff0", "rgb(…)") as CSS. */
export function cssColor(name: string | null | undefined, fallback = "var(--mantine-color-text)"): string {
  if (!name) return fallback;
  if (/^(#|rgba?\(|hsla?\(|var\()/.test(name)) return name;
  const parts = /^(?:(super-light|light|semi-dark|dark)-)?([a-z]+)$/.exec(name);
  const base = parts?.[2] ? named[parts[2]] : undefined;
  if (!base) return fallback;
  const shade = { "super-light": ["white", 45], light: ["white", 22], "semi-dark": ["black", 14], dark: ["black", 28] }[parts?.[1] ?? ""];
  return shade ? mix(base, shade[0] === "white" ? 255 : 0, (shade[1] as number) / 100) : base;
}

/** The color with an opacity from 0 to 1; works for hexadecimal and rgb colors, others stay as they are. */
export function withAlpha(color: string, alpha: number): string {
  const rgb = channels(color);
  return rgb ? `rgba(${rgb.join(", ")}, ${Math.round(alpha * 1000) / 1000})` : color;
}

/** A color between green and red (or blue and yellow) for a share from 0 to 1: Grafana's continuous scales. */
export function continuousColor(mode: string, share: number): string {
  const stops: Record<string, string[]> = {
    "continuous-GrYlRd": ["#37b24d", "#f2c037", "#e5484d"],
    "continuous-RdYlGr": ["#e5484d", "#f2c037", "#37b24d"],
    "continuous-BlYlRd": ["#3b82f6", "#f2c037", "#e5484d"],
    "continuous-YlRd": ["#f2c037", "#e5484d"],
    "continuous-BlPu": ["#3b82f6", "#9560e8"],
    "continuous-YlBl": ["#f2c037", "#3b82f6"],
    "continuous-blues": ["#d0e4ff", "#1c5fd4"],
    "continuous-reds": ["#ffd9da", "#c92a2a"],
    "continuous-greens": ["#d3f2da", "#2b8a3e"],
    "continuous-purples": ["#e6dbff", "#6236c9"],
  };
  const colors = stops[mode] ?? ["#37b24d", "#f2c037", "#e5484d"];
  const at = Math.min(1, Math.max(0, share)) * (colors.length - 1);
  const low = channels(colors[Math.floor(at)] as string) as number[];
  const high = channels(colors[Math.ceil(at)] as string) as number[];
  const mixed = low.map((channel, i) => Math.round(channel + ((high[i] as number) - channel) * (at - Math.floor(at))));
  return `rgb(${mixed.join(", ")})`;
}

/** Black or white, whichever can be read on the color. */
export function readableOn(color: string): string {
  const rgb = channels(color);
  if (!rgb) return "inherit";
  const [r, g, b] = rgb as [number, number, number];
  return (r * 299 + g * 587 + b * 114) / 1000 > 150 ? "#16202a" : "#ffffff";
}

function channels(color: string): number[] | null {
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(color);
  if (long) return long.slice(1, 4).map((part) => Number.parseInt(part, 16));
  const brief = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(color);
  if (brief) return brief.slice(1, 4).map((part) => Number.parseInt(part + part, 16));
  const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(color);
  return rgb ? rgb.slice(1, 4).map(Number) : null;
}

function mix(color: string, towards: number, share: number): string {
  const rgb = channels(color) as number[];
  return `#${rgb
    .map((channel) =>
      Math.round(channel + (towards - channel) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
