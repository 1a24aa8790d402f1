import type { Panel } from "../../../api/types/dashboard";
import type { ChartAxis, ChartSeries } from "../../../components/chart/chartSeries";
import { type Series, toColumns } from "../../../lib/columns";
import { type FieldLook, lineColor, lookOf } from "../../../lib/fields";
import { reduce } from "../../../lib/reducers";
import type { AbsoluteRange } from "../../../lib/timeRange";

/** More lines than this nobody can tell apart; drawing them only costs time. */
export const seriesMax = 150;

/** A panel's series as a chart draws them. */
export function toChart(panel: Panel, all: readonly Series[], range: AbsoluteRange) {
  const drawn = all.slice(0, seriesMax);
  const [times, ...columns] = toColumns(drawn, range.fromMs / 1000, range.toMs / 1000);
  const series = drawn.map((one, i): ChartSeries => {
    const look = lookOf(panel.fieldConfig, { name: one.name, refId: one.refId });
    const mode = look.custom.stacking?.mode ?? "none";
    const scale = scaleName(look);
    return {
      name: look.displayName && !look.displayName.includes("${") ? look.displayName : one.name,
      labels: one.labels,
      color: lineColor(look, i, reduce("lastNotNull", one.values)),
      look,
      scale,
      group: mode === "none" ? null : `${scale}/${look.custom.stacking?.group ?? "A"}/${look.custom.transform ?? ""}`,
      negative: look.custom.transform === "negative-Y",
      values: columns[i] ?? [],
      inLegend: !look.custom.hideFrom?.legend,
    };
  });
  const visible = series.filter((one) => !one.look.custom.hideFrom?.viz);
  const defaults = panel.fieldConfig.defaults;
  const style = defaults.custom.thresholdsStyle?.mode ?? "off";
  const axes = axesOf(visible);
  return {
    times,
    series: visible,
    axes,
    percent: visible.some((one) => one.look.custom.stacking?.mode === "percent"),
    thresholds:
      style !== "off" && defaults.thresholds && axes[0] ? { values: defaults.thresholds, style, scale: axes[0].scale } : undefined,
  };
}

const scaleName = (look: FieldLook): string => `${look.unit ?? "short"}${look.custom.axisPlacement === "right" ? "/right" : ""}`;

function axesOf(series: readonly ChartSeries[]): ChartAxis[] {
  const axes = new Map<string, ChartAxis>();
  for (const { look, scale } of series) {
    const { custom } = look;
    if (axes.has(scale)) continue;
    const percent = custom.stacking?.mode === "percent";
    axes.set(scale, {
      scale,
      unit: look.unit,
      label: custom.axisLabel || undefined,
      side: custom.axisPlacement === "right" || (axes.size > 0 && custom.axisPlacement !== "left") ? "right" : "left",
      hidden: custom.axisPlacement === "hidden",
      min: look.min ?? (percent ? 0 : undefined),
      max: look.max ?? (percent ? (look.unit === "percentunit" ? 1 : 100) : undefined),
      softMin: custom.axisSoftMin ?? undefined,
      softMax: custom.axisSoftMax ?? undefined,
      log: custom.scaleDistribution?.type === "log" ? (custom.scaleDistribution.log ?? 10) : undefined,
    });
  }
  return axes.size > 0 ? [...axes.values()] : [{ scale: "y", unit: undefined, label: undefined, side: "left", hidden: false }];
}
