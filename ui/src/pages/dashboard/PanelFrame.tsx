import { ActionIcon, Loader, Menu, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconArrowsMaximize, IconCode, IconDotsVertical, IconInfoCircle } from "@tabler/icons-react";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import type { Panel } from "../../api/types/dashboard";
import { ErrorBoundary } from "../../components/ErrorBoundary";
import { useTexts } from "../../lib/i18n";
import type { PlacedPanel } from "../../lib/layout";
import { queryPageLink } from "../../lib/queryState";
import { Link, navigate } from "../../lib/router";
import type { AbsoluteRange } from "../../lib/timeRange";
import { fillText, type VariableValues } from "../../lib/variables";
import { isOurs, type PanelData, usePanelData } from "./panelData";
import { panelTypes } from "./panels";
import { TablePanel } from "./panels/TablePanel";
import { TextPanel } from "./panels/TextPanel";

interface PanelFrameProps {
  placed: PlacedPanel;
  dashboardUid: string;
  range: AbsoluteRange;
  variables: VariableValues;
  syncKey?: string;
  style?: CSSProperties;
  onZoom: (fromMs: number, toMs: number) => void;
  onEnlarge?: () => void;
}

/** A panel's frame: title, actions, and instead of the drawing what there is to say when there is none. */
export function PanelFrame({ placed, dashboardUid, range, variables, syncKey, style, onZoom, onEnlarge }: PanelFrameProps) {
  const t = useTexts();
  const { panel, key } = placed;
  const scoped = { ...variables, ...placed.scope };
  const frame = useRef<HTMLElement>(null);
  const { width, seen } = useSeen(frame);
  const data = usePanelData(panel, `${dashboardUid}/${key}`, range, scoped, width, seen && panel.type !== "text");
  const title = fillText(panel.title, scoped);
  const state = panel.type === "text" ? "drawn" : data.state;
  const description = panel.description ? fillText(panel.description, scoped) : null;
  return (
    <section
      ref={frame}
      className={`card panel ${sizeClasses(panel)}`}
      style={style}
      data-transparent={panel.transparent || undefined}
      aria-label={title || panel.type}
      data-panel-id={panel.id}
      data-panel-type={panel.type}
      data-panel-state={state}
      data-series-count={data.series.length}
      aria-busy={state === "loading"}
    >
      {(title || data.exprs.length > 0) && (
        <header className="panel-head">
          <h2 title={title}>{title}</h2>
          {data.warnings.length > 0 && (
            <Tooltip label={data.warnings.join("\n")} multiline maw={420}>
              <IconAlertTriangle size={15} color="var(--vigie-warning)" aria-label={t.warnings} />
            </Tooltip>
          )}
          {data.refreshing && data.state !== "loading" && <Loader size={12} color="gray" />}
          {description && (
            <Tooltip label={description} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
              <button
                type="button"
                className="panel-hint"
                style={{ border: 0, padding: 0, background: "none" }}
                aria-label={`${t.description}: ${description}`}
              >
                <IconInfoCircle size={14} />
              </button>
            </Tooltip>
          )}
          <span className="panel-actions">
            <Menu position="bottom-end" shadow="md">
              <Menu.Target>
                <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t.panelMenu(title)}>
                  <IconDotsVertical size={15} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown maw={320}>
                {description && <Menu.Label style={{ whiteSpace: "normal" }}>{description}</Menu.Label>}
                {onEnlarge && (
                  <Menu.Item leftSection={<IconArrowsMaximize size={15} />} onClick={onEnlarge}>
                    {t.viewPanel}
                  </Menu.Item>
                )}
                {data.exprs.length > 0 && (
                  <Menu.Item leftSection={<IconCode size={15} />} onClick={() => navigate(queryPageLink(data.exprs, data.range))}>
                    {t.tryInQuery}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          </span>
        </header>
      )}
      <div className="panel-body">
        <ErrorBoundary>
          {panel.type === "text" ? (
            <TextPanel panel={panel} variables={scoped} />
          ) : data.state === "drawn" ? (
            <Drawing placed={placed} data={data} syncKey={syncKey} onZoom={onZoom} title={title} />
          ) : (
            <Instead placed={placed} data={data} />
          )}
        </ErrorBoundary>
      </div>
    </section>
  );
}

function Drawing({
  placed,
  data,
  syncKey,
  onZoom,
  title,
}: {
  placed: PlacedPanel;
  data: PanelData;
  syncKey?: string;
  onZoom: (from: number, to: number) => void;
  title: string;
}) {
  const t = useTexts();
  const panel = title === placed.panel.title ? placed.panel : { ...placed.panel, title };
  const Drawn = panelTypes[panel.type];
  if (Drawn) return <Drawn panel={panel} data={data} syncKey={syncKey} onZoom={onZoom} />;
  return (
    <>
      <div className="muted" style={{ fontSize: "0.8rem" }}>
        {t.unknownPanel(panel.type)}
      </div>
      <TablePanel panel={panel} data={data} />
    </>
  );
}

/** Panels that are low or narrow say less around their drawing. */
function sizeClasses({ type, gridPos: { w, h } }: Panel): string {
  const compact = w <= 6 && (type === "stat" || type === "gauge");
  return [h <= 3 && "panel-small", h <= 5 && "panel-low", w <= 3 && "panel-narrow", compact && "panel-compact"].filter(Boolean).join(" ");
}

/** Why nothing is drawn, and where to look. */
function Instead({ placed: { panel }, data }: { placed: PlacedPanel; data: PanelData }) {
  const t = useTexts();
  if (data.state === "loading")
    return (
      <div className="panel-message">
        <Loader size="sm" type="dots" aria-label={t.loading} />
      </div>
    );
  const foreign = [panel.datasource?.type, ...panel.targets.map((target) => target.datasource?.type)].find((type) => !isOurs(type));
  if (data.exprs.length === 0) return <div className="panel-message">{foreign ? t.needsDatasource(foreign) : t.noQuery}</div>;
  const link = <Link href={queryPageLink(data.exprs, data.range)}>{t.tryInQuery}</Link>;
  if (data.state === "error")
    return (
      <div className="panel-message" role="alert">
        <strong className="error-text">{t.panelError}</strong>
        <span className="error-text">{data.error}</span>
        {link}
      </div>
    );
  return (
    <div className="panel-message">
      <strong>{t.noData}</strong>
      <span>{t.noSeriesMatch}</span>
      <code className="mono">{data.exprs[0]}</code>
      {link}
    </div>
  );
}

/** The frame's width, and whether it has come near the window: panels far below ask when one scrolls there. */
function useSeen(frame: React.RefObject<HTMLElement | null>) {
  const [state, setState] = useState({ width: 0, seen: false });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    // Steps of 50 px, so that a scroll bar coming or going does not ask everything anew.
    setState((before) => ({ ...before, width: Math.max(100, Math.round(element.clientWidth / 50) * 50) }));
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setState((before) => ({ ...before, seen: true }));
        observer.disconnect();
      },
      { rootMargin: "2500px 0px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return state;
}
