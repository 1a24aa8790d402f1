import uPlot from "uplot";
import type { Thresholds } from "../../api/types/dashboard";
import { cssColor, withAlpha } from "../../lib/colors";
import { timeTicks } from "../../lib/timeTicks";
import { formatTick } from "../../lib/units";
import type { ChartAxis, ChartSeries } from "./chartSeries";

export interface PlotRequest {
  series: readonly ChartSeries[];
  axes: readonly ChartAxis[];
  thresholds?: { values: Thresholds; style: string; scale: string };
  /** Names of series that the reader has switched off. */
  hidden: ReadonlySet<string>;
  fromSeconds: number;
  toSeconds: number;
  syncKey?: string;
  locale: string;
  onZoom?: (fromMs: number, toMs: number) => void;
  onCursor: (index: number | null, x: number, y: number) => void;
}

const binaryUnits = new Set(["bytes", "kbytes", "mbytes", "gbytes", "bits", "binBps", "binbps", "KiBs"]);
const binaryIncrements = Array.from({ length: 80 }, (_, i) => 2 ** (i - 10));

/** Charts share where the cursor is; what is dragged over belongs to one of them. */
const movesOnly = (type: string): boolean => type === "mousemove" || type === "mouseleave";

const cssVariable = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** uPlot's options for a chart; colors are read from the page's style now, so they must be made anew when the scheme changes. */
export function plotOptions(request: PlotRequest, width: number, height: number): uPlot.Options {
  const text = cssVariable("--vigie-muted");
  const grid = cssVariable("--vigie-grid");
  const font = `11px ${cssVariable("--mantine-font-family") || "sans-serif"}`;
  return {
    width,
    height,
    padding: [8, 16, 0, request.axes.some((axis) => axis.side === "left" && !axis.hidden) ? 0 : 8],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7, width: 0, fill: (_, i) => request.series[i - 1]?.color ?? text },
      drag: { x: request.onZoom !== undefined, y: false, setScale: false },
      focus: { prox: -1 },
      ...(request.syncKey && { sync: { key: request.syncKey, setSeries: false, scales: ["x", null], filters: { pub: movesOnly } } }),
    },
    scales: {
      x: { time: true, range: () => [request.fromSeconds, request.toSeconds] },
      ...Object.fromEntries(request.axes.map((axis) => [axis.scale, scaleOf(axis)])),
    },
    axes: [
      {
        stroke: text,
        font,
        size: 26,
        gap: 4,
        grid: { stroke: grid, width: 1 },
        ticks: { stroke: grid, width: 1, size: 4 },
        space: 72,
        values: (_, splits, __, ___, increment) => timeTicks(splits, increment, request.locale),
      },
      ...request.axes.map((axis, i): uPlot.Axis => axisOf(axis, i, text, grid, font)),
    ],
    series: [{}, ...request.series.map((one) => seriesOf(one, request.hidden.has(one.name)))],
    bands: bandsOf(request.series, request.hidden),
    hooks: {
      setCursor: [
        (plot) => {
          const { idx, left = -1, top = -1 } = plot.cursor;
          const over = plot.over.matches(":hover");
          request.onCursor(over && left >= 0 && idx !== null && idx !== undefined ? idx : null, left, top);
        },
      ],
      setSelect: [
        (plot) => {
          if (plot.select.width < 6) return;
          const fromMs = plot.posToVal(plot.select.left, "x") * 1000;
          const toMs = plot.posToVal(plot.select.left + plot.select.width, "x") * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          request.onZoom?.(Math.round(fromMs), Math.round(toMs));
        },
      ],
      drawClear: request.thresholds ? [(plot) => drawThresholds(plot, request.thresholds as NonNullable<PlotRequest["thresholds"]>)] : [],
    },
  };
}

function scaleOf(axis: ChartAxis): uPlot.Scale {
  return {
    ...(axis.log && { distr: 3 as const, log: (axis.log === 2 ? 2 : 10) as 2 | 10 }),
    range: (_, dataMin, dataMax): uPlot.Range.MinMax => {
      if (axis.log) return [axis.min && axis.min > 0 ? axis.min : Math.max(dataMin || 1, 1e-9), axis.max ?? (dataMax || 10)];
      let lowest = Math.min(dataMin ?? 0, axis.softMin ?? Number.POSITIVE_INFINITY);
      let highest = Math.max(dataMax ?? 1, axis.softMax ?? Number.NEGATIVE_INFINITY);
      // What hardly changes is drawn hardly changing, not as a mountain range of rounding errors.
      const least = Math.max(Math.abs(highest), Math.abs(lowest)) * 0.05 || 1;
      const missing = Math.max(0, least - (highest - lowest)) / 2;
      const flat = highest === lowest;
      [lowest, highest] = [lowest - missing, highest + missing];
      // Lines that stay far from zero are shown close; all others from zero, which is what most people expect of counts and rates.
      const fromZero = (dataMin ?? 0) >= 0 && (flat || lowest < (highest - lowest) * 2.5);
      const [min, max] = uPlot.rangeNum(fromZero ? 0 : lowest, highest, 0.08, true);
      return [axis.min ?? ((dataMin ?? 0) >= 0 && (min ?? 0) < 0 ? 0 : (min ?? 0)), axis.max ?? max ?? 1];
    },
  };
}

function axisOf(axis: ChartAxis, index: number, text: string, grid: string, font: string): uPlot.Axis {
  return {
    scale: axis.scale,
    side: axis.side === "left" ? 3 : 1,
    show: !axis.hidden,
    stroke: text,
    font,
    gap: 4,
    grid: { show: index === 0, stroke: grid, width: 1 },
    ticks: { show: false },
    space: 34,
    ...(axis.label && { label: axis.label, labelSize: 18, labelFont: font, labelGap: 2 }),
    ...(binaryUnits.has(axis.unit ?? "") && !axis.log && { incrs: binaryIncrements }),
    values: (_, splits, __, ___, increment) => splits.map((value) => (value === null ? "" : formatTick(value, increment, axis.unit))),
    size: (_, values) => {
      const longest = (values ?? []).reduce((most, value) => Math.max(most, value?.length ?? 0), 0);
      return Math.max(24, Math.ceil(longest * 6.3) + 12);
    },
  };
}

function seriesOf({ name, color, look, scale, group }: ChartSeries, hidden: boolean): uPlot.Series {
  const { custom } = look;
  const bars = custom.drawStyle === "bars";
  const pointsOnly = custom.drawStyle === "points";
  const opacity = (custom.fillOpacity ?? 0) / 100;
  const dash =
    custom.lineStyle?.fill === "dash" ? (custom.lineStyle.dash ?? [10, 10]) : custom.lineStyle?.fill === "dot" ? [1, 6] : undefined;
  return {
    label: name,
    scale,
    show: !hidden,
    stroke: () => color,
    width: custom.lineWidth ?? 1.5,
    fill:
      opacity === 0
        ? undefined
        : group || bars
          ? () => withAlpha(color, bars ? Math.max(opacity, 0.5) : opacity)
          : (plot) => gradient(plot, color, opacity),
    ...(dash && { dash }),
    spanGaps: custom.spanNulls === true || typeof custom.spanNulls === "number",
    points: {
      show: pointsOnly || custom.showPoints === "always" ? true : custom.showPoints === "never" ? false : undefined,
      filter: (plot, i, show) => (show ? null : lonePoints(plot.data[i] as (number | null | undefined)[])),
      size: custom.pointSize ?? 5,
      fill: color,
    },
    paths: pathsOf(custom.drawStyle, custom.lineInterpolation),
  };
}

/** A value between two gaps has no line: it is drawn as a point. */
function lonePoints(values: readonly (number | null | undefined)[]): number[] | null {
  const lone: number[] = [];
  let before: number | null = null;
  let candidate = -1;
  values.forEach((value, i) => {
    if (value === undefined) return;
    if (candidate >= 0 && value === null) lone.push(candidate);
    candidate = value !== null && before === null ? i : -1;
    before = value;
  });
  if (candidate >= 0) lone.push(candidate);
  return lone.length > 0 ? lone : null;
}

function pathsOf(style: string | undefined, interpolation: string | undefined): uPlot.Series.PathBuilder | undefined {
  const { bars, stepped, spline } = uPlot.paths;
  if (style === "points") return () => null;
  if (style === "bars") return bars?.({ size: [0.7, 60] });
  if (interpolation === "stepAfter") return stepped?.({ align: 1 });
  if (interpolation === "stepBefore") return stepped?.({ align: -1 });
  return interpolation === "smooth" ? spline?.() : undefined;
}

/** Strong at the line, fading to the axis. */
function gradient(plot: uPlot, color: string, opacity: number): CanvasGradient | string {
  const { top, height } = plot.bbox;
  if (!Number.isFinite(top) || !Number.isFinite(height) || height <= 0) return withAlpha(color, opacity);
  const fill = plot.ctx.createLinearGradient(0, top, 0, top + height);
  fill.addColorStop(0, withAlpha(color, Math.min(0.85, opacity * 1.7)));
  fill.addColorStop(1, withAlpha(color, opacity * 0.35));
  return fill;
}

/** Each stacked series is filled down to the one below it in its stack. */
function bandsOf(series: readonly ChartSeries[], hidden: ReadonlySet<string>): uPlot.Band[] {
  const below = new Map<string, number>();
  const bands: uPlot.Band[] = [];
  series.forEach(({ group, name }, i) => {
    if (!group || hidden.has(name)) return;
    const under = below.get(group);
    if (under !== undefined) bands.push({ series: [i + 1, under] });
    below.set(group, i + 1);
  });
  return bands;
}

function drawThresholds(plot: uPlot, { values, style, scale }: NonNullable<PlotRequest["thresholds"]>): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const steps = values.steps.filter((step) => step.value !== undefined);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  steps.forEach((step, i) => {
    const y = plot.valToPos(step.value as number, scale, true);
    const color = cssColor(step.color, "#e5484d");
    if (style.includes("area")) {
      const next = steps[i + 1];
      const until = next ? plot.valToPos(next.value as number, scale, true) : top;
      ctx.fillStyle = withAlpha(color, 0.1);
      ctx.fillRect(left, until, width, y - until);
    }
    if (style.includes("line") || style.includes("dashed")) {
      ctx.strokeStyle = withAlpha(color, 0.8);
      ctx.lineWidth = Math.max(1, devicePixelRatio);
      ctx.setLineDash(style.includes("dashed") ? [8, 6] : []);
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(left + width, y);
      ctx.stroke();
    }
  });
  ctx.restore();
}
