import { TextInput } from "@mantine/core";
import { IconLayoutDashboard, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { DashboardListItem } from "../../api/types/dashboard";
import { useDashboardProblems, useDashboards } from "../../api/useDashboards";
import { Busy, Message } from "../../components/Message";
import { Notice } from "../../components/Notice";
import { PageHead } from "../../components/PageHead";
import { useTexts } from "../../lib/i18n";
import { Link } from "../../lib/router";
import { AlertSummary } from "./AlertSummary";
import { StoreSummary } from "./StoreSummary";
import { TargetSummary } from "./TargetSummary";

export default function HomePage() {
  const t = useTexts();
  const [filter, setFilter] = useState("");
  return (
    <>
      <PageHead title={t.dashboards}>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} />}
          aria-label={t.filterDashboards}
          placeholder={t.filterDashboards}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          style={{ width: 230 }}
        />
      </PageHead>
      <div className="summaries">
        <AlertSummary />
        <TargetSummary />
        <StoreSummary />
      </div>
      <DashboardList filter={filter.trim().toLowerCase()} />
      <Problems />
    </>
  );
}

function DashboardList({ filter }: { filter: string }) {
  const t = useTexts();
  const list = useDashboards();
  if (list.isPending) return <Busy />;
  if (list.isError) return <Message title={t.serverGone} text={list.error.message} />;
  if (list.data.length === 0) return <Message title={t.noDashboards} text={t.noDashboardsHint} />;
  const shown = list.data.filter((one) =>
    [one.title, one.folderTitle ?? "", ...one.tags].some((text) => text.toLowerCase().includes(filter)),
  );
  if (shown.length === 0) return <Message title={t.nothingMatches(filter)} />;
  const folders = Map.groupBy(shown, (one) => one.folderTitle ?? "");
  return [...folders].map(([folder, dashboards]) => (
    <section key={folder} style={{ marginTop: 18 }}>
      {(folders.size > 1 || folder) && (
        <h2 className="muted" style={{ fontSize: "0.85rem", fontWeight: 600, margin: "0 0 8px" }}>
          {folder || t.generalFolder}
        </h2>
      )}
      <div className="tiles">
        {dashboards.map((dashboard) => (
          <Tile key={dashboard.uid} dashboard={dashboard} />
        ))}
      </div>
    </section>
  ));
}

function Tile({ dashboard }: { dashboard: DashboardListItem }) {
  return (
    <Link href={dashboard.url} className="card tile">
      <IconLayoutDashboard size={20} stroke={1.6} aria-hidden />
      <span style={{ minWidth: 0 }}>
        <strong>{dashboard.title}</strong>
        {dashboard.description && <span className="muted tile-text">{dashboard.description}</span>}
        {dashboard.tags.length > 0 && (
          <span className="labels" style={{ marginTop: 4 }}>
            {dashboard.tags.map((tag) => (
              <span key={tag} className="label">
                {tag}
              </span>
            ))}
          </span>
        )}
      </span>
    </Link>
  );
}

/** What is wrong in the dashboard files, so that nobody looks for a dashboard in vain. */
function Problems() {
  const t = useTexts();
  const { data = [] } = useDashboardProblems();
  if (data.length === 0) return null;
  return (
    <div style={{ marginTop: 20 }}>
      <Notice mood="warning" title={t.fileProblems(data.length)}>
        <ul className="mono" style={{ margin: 0, paddingLeft: 18, overflowWrap: "anywhere" }}>
          {data.slice(0, 30).map(({ file, line, column, field, message }) => (
            <li key={`${file}${line}${column}${field}`}>
              {file}:{line}:{column}: {field && `${field}: `}
              {message}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
