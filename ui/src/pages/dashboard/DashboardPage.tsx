import { Button, Modal } from "@mantine/core";
import { IconArrowLeft, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useIsFetching } from "@tanstack/react-query";
import { type CSSProperties, useMemo, useState } from "react";
import type { Dashboard } from "../../api/types/dashboard";
import { useDashboard } from "../../api/useDashboards";
import { useVariables } from "../../api/useVariables";
import { Busy, Message } from "../../components/Message";
import { Notice } from "../../components/Notice";
import { PageHead } from "../../components/PageHead";
import { RefreshPicker } from "../../components/RefreshPicker";
import { TimeRangePicker } from "../../components/TimeRangePicker";
import { useTexts } from "../../lib/i18n";
import { layOut, type PlacedPanel } from "../../lib/layout";
import { valuesOf } from "../../lib/resolveVariables";
import { Link, useQueryParams } from "../../lib/router";
import { isRelative, resolveRange } from "../../lib/timeRange";
import { useClock } from "../../lib/useClock";
import { fillText } from "../../lib/variables";
import { PanelFrame } from "./PanelFrame";
import { VariablesBar } from "./VariablesBar";

export default function DashboardPage({ uid }: { uid: string }) {
  const t = useTexts();
  const answer = useDashboard(uid);
  if (answer.isPending) return <Busy />;
  if (answer.isError)
    return (
      <Message title={t.dashboardMissing} text={t.dashboardMissingHint}>
        <Link href="/">{t.goHome}</Link>
      </Message>
    );
  return <DashboardView dashboard={answer.data.dashboard} problems={answer.data.meta.problems} />;
}

function DashboardView({ dashboard, problems }: { dashboard: Dashboard; problems: string[] }) {
  const t = useTexts();
  const [params, setParams] = useQueryParams();
  const range = { from: params.get("from") ?? dashboard.time.from, to: params.get("to") ?? dashboard.time.to };
  const refresh = params.get("refresh") ?? dashboard.refresh ?? "30s";
  const { nowMs, tick } = useClock(isRelative(range) && refresh !== "off" ? refresh : "");
  const absolute = useMemo(() => resolveRange({ from: range.from, to: range.to }, nowMs), [range.from, range.to, nowMs]);
  const variables = useVariables(dashboard.uid, dashboard.templating.list, params, absolute);
  const busy = useIsFetching({ queryKey: ["panel"] }) > 0;
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const values = useMemo(() => valuesOf(variables.data ?? []), [variables.data]);
  const placed = useMemo(() => layOut(dashboard.panels, values, toggled), [dashboard.panels, values, toggled]);
  const viewed = placed.find((one) => one.key === params.get("viewPanel"));
  const zoom = (fromMs: number, toMs: number) => setParams({ from: String(fromMs), to: String(toMs) });
  const toggle = (id: number) => {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  };

  const frame = (one: PlacedPanel, style?: CSSProperties, enlarge = true) => (
    <PanelFrame
      key={one.key}
      placed={one}
      dashboardUid={dashboard.uid}
      range={absolute}
      variables={values}
      style={style}
      onZoom={zoom}
      syncKey={dashboard.graphTooltip > 0 ? dashboard.uid : undefined}
      onEnlarge={enlarge ? () => setParams({ viewPanel: one.key }) : undefined}
    />
  );

  return (
    <>
      <PageHead title={dashboard.title}>
        <DashboardLinks dashboard={dashboard} />
        <TimeRangePicker range={range} absolute={absolute} onChange={({ from, to }) => setParams({ from, to })} />
        <RefreshPicker
          interval={refresh === "off" ? "" : refresh}
          busy={busy}
          onInterval={(interval) => setParams({ refresh: interval || "off" })}
          onRefresh={tick}
        />
      </PageHead>
      {problems.length > 0 && <FileProblems problems={problems} />}
      <VariablesBar live={variables.data ?? []} onChange={setParams} />
      {placed.length === 0 && <Message title={t.emptyDashboard} />}
      {variables.isPending ? (
        <Busy />
      ) : viewed ? (
        <>
          <Button
            size="xs"
            variant="subtle"
            mb={8}
            leftSection={<IconArrowLeft size={15} />}
            onClick={() => setParams({ viewPanel: null })}
          >
            {t.closePanel}
          </Button>
          <div style={{ display: "grid", height: "max(360px, calc(100vh - 200px))" }}>{frame(viewed, { minHeight: 0 }, false)}</div>
        </>
      ) : (
        <div className="grid">
          {placed.map((one) => {
            const style = placeStyle(one);
            if (one.panel.type !== "row") return frame(one, style);
            const title = fillText(one.panel.title, { ...values, ...one.scope }) || t.row;
            return (
              <button
                key={one.key}
                type="button"
                className="row-head"
                style={style}
                aria-expanded={!one.closed}
                aria-label={one.closed ? t.expandRow(title) : t.collapseRow(title)}
                onClick={() => toggle(one.panel.id)}
              >
                {one.closed ? <IconChevronRight size={17} aria-hidden /> : <IconChevronDown size={17} aria-hidden />} {title}
              </button>
            );
          })}
        </div>
      )}
    </>
  );
}

/** On the grid, and on phones one below the other: as high as on the grid, but never too low to read. */
function placeStyle({ panel, place: { x, y, w, h } }: PlacedPanel): CSSProperties {
  const least = panel.type === "stat" || panel.type === "bargauge" ? 110 : panel.type === "row" ? 34 : 230;
  return {
    gridColumn: `${x + 1} / span ${w}`,
    gridRow: `${y + 1} / span ${h}`,
    "--phone-height": `${Math.min(420, Math.max(least, panel.type === "stat" ? Math.min(150, h * 38) : h * 38))}px`,
  } as CSSProperties;
}

function DashboardLinks({ dashboard }: { dashboard: Dashboard }) {
  const links = dashboard.links.filter((link) => link.type === "link");
  if (links.length === 0) return null;
  return (
    <span style={{ display: "flex", gap: 10, fontSize: "0.85rem" }}>
      {links.map((link) => (
        <a key={link.url} href={link.url} target={link.targetBlank ? "_blank" : undefined} rel="noreferrer noopener">
          {link.title || link.url}
        </a>
      ))}
    </span>
  );
}

function FileProblems({ problems }: { problems: string[] }) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Notice mood="warning">
        <button type="button" className="row-head" style={{ fontWeight: 500, fontSize: "0.85rem" }} onClick={() => setOpen(true)}>
          {t.problemsInFile(problems.length)}
        </button>
      </Notice>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        size="xl"
        title={t.problemsInFile(problems.length)}
        closeButtonProps={{ "aria-label": t.close }}
      >
        <ul className="mono" style={{ margin: 0, paddingLeft: 18, overflowWrap: "anywhere" }}>
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
