import { useEffect, useMemo, useRef } from "react";
import { parseSample } from "../../../lib/results";
import { timeTicks } from "../../../lib/timeTicks";
import { formatValue } from "../../../lib/units";
import { useSize } from "../../../lib/useSize";
import type { PanelProps } from "./PanelProps";

const axisWidth = 56;
const axisHeight = 20;

/** Buckets of a classic histogram over time; the more observations, the stronger the color. */
export function HeatmapPanel({ panel, data }: PanelProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const rows = useMemo(() => {
    const ordered = data.series
      .map((one) => ({ one, bound: parseSample(one.labels.le ?? one.name) }))
      .sort((a, b) => a.bound - b.bound || a.one.name.localeCompare(b.one.name));
    // Buckets with "le" count everything below as well; a cell shows what is new in its bucket.
    const cumulative =
      ordered.length > 1 && ordered.every(({ one }) => one.labels.le !== undefined) && data.series.every((one) => one.expr.includes("le"));
    return ordered.map(({ one }, i) => {
      const below = cumulative && i > 0 ? ordered[i - 1]?.one : undefined;
      const lower = new Map(below?.times.map((time, at) => [time, below.values[at] ?? 0]));
      return {
        name: one.labels.le ?? one.name,
        cells: one.times.map((time, at) => [time, Math.max(0, (one.values[at] ?? 0) - (lower.get(time) ?? 0))] as const),
        step: one.step,
      };
    });
  }, [data.series]);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current || width < 80 || height < 40) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = width * ratio;
    canvas.current.height = height * ratio;
    context.scale(ratio, ratio);
    context.clearRect(0, 0, width, height);
    const most = Math.max(1e-12, ...rows.flatMap((row) => row.cells.map(([, value]) => value)));
    const [from, to] = [data.range.fromMs / 1000, data.range.toMs / 1000];
    const x = (time: number) => axisWidth + ((time - from) / (to - from)) * (width - axisWidth);
    const rowHeight = (height - axisHeight) / rows.length;
    rows.forEach((row, i) => {
      const y = height - axisHeight - (i + 1) * rowHeight;
      for (const [time, value] of row.cells) {
        if (value <= 0) continue;
        context.fillStyle = `rgba(15, 160, 178, ${0.12 + 0.88 * Math.sqrt(value / most)})`;
        context.fillRect(x(time - row.step), y, Math.max(1, x(time) - x(time - row.step)) + 0.5, Math.max(1, rowHeight - 0.5));
      }
    });
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--vigie-muted");
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "right";
    const every = Math.ceil(14 / rowHeight);
    rows.forEach((row, i) => {
      if (i % every !== 0) return;
      const bound = parseSample(row.name);
      context.fillText(
        Number.isNaN(bound) ? row.name.slice(0, 8) : formatValue(bound, panel.fieldConfig.defaults.unit ?? "short"),
        axisWidth - 6,
        height - axisHeight - i * rowHeight,
      );
    });
    context.textAlign = "center";
    const count = Math.max(2, Math.floor(width / 120));
    const ticks = Array.from({ length: count }, (_, i) => from + ((i + 0.5) / count) * (to - from));
    timeTicks(ticks, (to - from) / ticks.length, navigator.language).forEach((text, i) => {
      context.fillText(text, x(ticks[i] as number), height - 5);
    });
  }, [rows, width, height, data.range, panel]);

  return (
    <div className="chart" ref={box}>
      <canvas ref={canvas} className="chart-canvas" style={{ width: "100%", height: "100%" }} role="img" aria-label={panel.title} />
    </div>
  );
}
